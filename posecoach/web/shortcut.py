"""An icon that opens the page: for people who never open a terminal."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from posecoach.errors import MachineError

NAME = "PoseCoach"
ICON = Path(__file__).parent / "static" / "icon.svg"


def make_shortcut(data: Path | None = None, *, platform: str = sys.platform) -> Path:
    """Put the icon where this system keeps such; one that is there already is written anew.

    Args:
        data: the data folder it is to open; None for the usual one.

    Returns:
        The file made.

    Raises:
        MachineError: it cannot be written.
    """
    command = [sys.executable, "-m", "posecoach", "app"]
    if data is not None:
        command += ["--data-dir", str(data.expanduser().resolve())]
    try:
        if platform == "win32":
            return _windows(command)
        return _mac(command) if platform == "darwin" else _linux(command)
    except (OSError, subprocess.SubprocessError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MachineError(f"The icon cannot be made: {reason.lower()}.") from None


def _linux(command: list[str]) -> Path:
    """An entry of the menu (freedesktop.org, Desktop Entry Specification 1.5)."""
    shared = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    icon = shared / "icons" / "hicolor" / "scalable" / "apps" / "posecoach.svg"
    path = shared / "applications" / "posecoach.desktop"
    for each in (icon, path):
        each.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ICON, icon)
    path.write_text(
        "[Desktop Entry]\nType=Application\nVersion=1.5\n"
        f"Name={NAME}\nComment=Coaches stretches through the webcam\n"
        f"Exec={' '.join(map(_quoted, command))}\nIcon={icon}\n"
        "Terminal=false\nCategories=Sports;MedicalSoftware;\nStartupNotify=false\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


def _quoted(argument: str) -> str:
    """As the specification quotes an argument of ``Exec``; a backslash is escaped twice."""
    escaped = argument.replace("\\", "\\\\\\\\")
    for sign in ('"', "`", "$"):
        escaped = escaped.replace(sign, f"\\\\{sign}")
    return f'"{escaped}"'.replace("%", "%%")


def _mac(command: list[str]) -> Path:
    path = Path.home() / "Desktop" / f"{NAME}.command"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\nexec {shlex.join(command)}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def _windows(command: list[str]) -> Path:
    """A shortcut on the desktop, made by the shell that every Windows has."""
    script = (
        "$s = New-Object -ComObject WScript.Shell; "
        "$p = Join-Path ([Environment]::GetFolderPath('Desktop')) 'PoseCoach.lnk'; "
        "$l = $s.CreateShortcut($p); $l.TargetPath = $env:POSECOACH_TARGET; "
        "$l.Arguments = $env:POSECOACH_ARGUMENTS; $l.WindowStyle = 7; $l.Save(); $p"
    )
    told = os.environ | {
        "POSECOACH_TARGET": command[0],
        "POSECOACH_ARGUMENTS": subprocess.list2cmdline(command[1:]),
    }
    done = subprocess.run(
        ["powershell", "-NoProfile", "-Command", script],
        env=told,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return Path(done.stdout.strip())
