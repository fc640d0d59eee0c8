"""Once the model is there, nothing opens a socket: not Python, not the libraries' own code."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.broken_videos import written

WATCH = """
import os, sys, threading, time

LOG = os.environ["SOCKET_LOG"]


def tell(what):
    with open(LOG, "a") as log:
        log.write(what + "\\n")


def heard(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.")):
        tell(f"{event} {arguments!r}")
        raise OSError(f"the network is cut off: {event}")


def watch():
    # What native libraries open is told by no audit event, but has a file descriptor.
    while True:
        for name in os.listdir("/proc/self/fd"):
            try:
                target = os.readlink(f"/proc/self/fd/{name}")
            except OSError:
                continue
            if target.startswith("socket:") and target not in inherited:
                inherited.add(target)
                tell(target)
        time.sleep(0.01)


if os.path.isdir("/proc/self/fd"):
    inherited = set()
    for name in os.listdir("/proc/self/fd"):
        try:
            inherited.add(os.readlink(f"/proc/self/fd/{name}"))
        except OSError:
            pass
    threading.Thread(target=watch, daemon=True).start()
sys.addaudithook(heard)
"""


def cut_off() -> list[str]:
    """What runs a command without any network, where this system allows it."""
    command = ["unshare", "--user", "--map-root-user", "--net"]
    if shutil.which("unshare") is None:
        return []
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if tried.returncode == 0 else []


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    return {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "SOCKET_LOG": str(tmp_path / "sockets.log"),
        "POSECOACH_DATA": str(tmp_path / "kept"),
    }


def posecoach(environment: dict[str, str], *arguments: str) -> str:
    command = [*cut_off(), sys.executable, "-m", "posecoach", *arguments]
    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_watch_sees_a_socket(environment: dict[str, str], tmp_path: Path) -> None:
    script = (
        "import socket, time\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9), 1)\n"
        "except OSError:\n    time.sleep(0.1)\n"
    )
    subprocess.run([sys.executable, "-c", script], env=environment, timeout=60, check=True)
    assert "socket." in (tmp_path / "sockets.log").read_text()


def test_a_session_and_its_report_open_no_socket(
    environment: dict[str, str], tmp_path: Path, bundle: Path
) -> None:
    clip = str(written(tmp_path / "clip.mp4", 40))
    said = posecoach(
        environment, "analyze", clip, "--exercise", "wall-stretch", "--hold", "2", "--save"
    )
    assert "wall-stretch" in said
    posecoach(environment, "run", "wall-stretch", "--source", clip, "--no-window", "--mute")
    posecoach(environment, "sessions")
    posecoach(environment, "replay", "last")
    page = tmp_path / "report.html"
    posecoach(environment, "report", "last", "--output", str(page))
    posecoach(environment, "history")
    posecoach(environment, "models", "verify")
    log = tmp_path / "sockets.log"
    assert not log.exists() or log.read_text() == ""
    text = page.read_text("utf-8")
    for address in ('src="http', 'href="http', "url(http", "@import", "<script src"):
        assert address not in text, f"the report fetches {address}"
