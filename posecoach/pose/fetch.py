"""The two ways a pose model reaches this machine.

Both write one file into a folder of the caller's and check it against the manifest; no
way leaves anything elsewhere. ``FetchError`` says why a way did not work, so that the
next can be tried; errors of the disk are ``OSError``, for no other way would help.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import os
import queue
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from posecoach.pose.assemble import assemble
from posecoach.pose.manifest import Assembly, Variant

Progress = Callable[[str, int, int], None]
"""Called with what is being done, bytes done, bytes in all."""

Way = Callable[[Variant, Path, Progress], Path]
"""Brings a variant's bundle into an existing empty folder and returns its path there.

Raises ``FetchError`` where this way is barred, ``OSError`` where the disk is the trouble.
"""

_PATIENCE_S = 5.0  # for the first answer: an unreachable host must cost only seconds
_STALL_S = 30.0  # for each later piece: slow lines are allowed
_GLANCE_S = 0.1  # how often is told how far it has come: as fluent as eyes need it
_PIECE = 1 << 16  # bytes read at once: some tenths of a second on a slow line


class FetchError(Exception):
    """A way to a model is barred; the text says why, as a clause without a full stop."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(variant: Variant, folder: Path, progress: Progress) -> Path:
    """The official download (a ``Way``)."""
    path = folder / variant.file_name
    done = 0
    with _answer(variant.url) as response, path.open("wb") as file:
        while piece := _read(response):
            done += len(piece)
            if done > variant.size:
                break
            file.write(piece)
            progress("Pose model, official download", done, variant.size)
    if done < variant.size:
        raise FetchError(f"the official download broke off after {done} of {variant.size} bytes")
    if done > variant.size or sha256_of(path) != variant.sha256:
        raise FetchError("the official download is not the file that the manifest names (SHA-256)")
    return path


def from_wheel(variant: Variant, folder: Path, progress: Progress) -> Path:
    """Assembly from a MediaPipe wheel that pip gets, configured as it is (a ``Way``)."""
    assembly = variant.assembly
    if assembly is None:
        raise FetchError(f"no wheel holds the model {variant.name!r}")
    wheel = _pip_download(assembly, folder, progress)
    bundle = assemble_wheel(assembly, wheel)
    path = folder / variant.file_name
    path.write_bytes(bundle)
    return path


def assemble_wheel(assembly: Assembly, wheel: Path) -> bytes:
    """Return the bundle made from a wheel, checked.

    Raises:
        FetchError: the wheel does not hold the networks that the manifest names.
    """
    models = {}
    try:
        with zipfile.ZipFile(wheel) as archive:
            for member in assembly.members:
                model = archive.read(member.source)
                if hashlib.sha256(model).hexdigest() != member.sha256:
                    raise FetchError(
                        f"{wheel.name} holds another {member.name} than the manifest names"
                    )
                models[member.name] = (model, member.normalization)
    except (zipfile.BadZipFile, KeyError) as error:
        raise FetchError(f"{wheel.name} does not hold the pose model ({error})") from error
    bundle = assemble(models)
    if hashlib.sha256(bundle).hexdigest() != assembly.sha256:
        raise FetchError("the assembled bundle is not the one that the manifest names (SHA-256)")
    return bundle


def _answer(url: str) -> Any:
    """Open ``url``, waiting no longer than a few seconds.

    In a thread of its own, because a socket's timeout does not cover the name look-up,
    which can take half a minute on a machine that is not connected.
    """
    import http.client  # a model that is here needs no network
    import urllib.request

    box: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:
        try:
            box.put(urllib.request.urlopen(url, timeout=_STALL_S))
        except (OSError, http.client.HTTPException, ValueError) as error:
            box.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = box.get(timeout=_PATIENCE_S)
    except queue.Empty:
        raise FetchError(f"the official download gave no answer in {_PATIENCE_S:.0f} s") from None
    if isinstance(answer, Exception):
        reason = getattr(answer, "reason", None) or answer
        raise FetchError(f"the official download is out of reach ({reason})")
    return answer


def _read(response: Any) -> bytes:
    import http.client

    try:
        piece: bytes = response.read(_PIECE)
    except (OSError, http.client.HTTPException) as error:
        raise FetchError(f"the official download broke off ({error})") from error
    return piece


def _pip_download(assembly: Assembly, folder: Path, progress: Progress) -> Path:
    """Let pip download the wheel into ``folder`` and return its path."""
    if importlib.util.find_spec("pip") is None:
        raise FetchError(
            f"this Python environment has no pip to get {assembly.requirement} with "
            f"(bring it with: {sys.executable} -m ensurepip, or: uv pip install pip)"
        )
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--no-deps"),
        *("--disable-pip-version-check", "--progress-bar", "off", "--retries", "2"),
        *("--only-binary", ":all:", "--implementation", "cp"),
        *("--python-version", assembly.python, "--platform", assembly.platform),
        *("--dest", str(folder), assembly.requirement),
    ]
    # pip's own temporary files go into the same folder: it is removed whatever happens,
    # and how much it holds is how far pip has come.
    scratch = folder / "pip"
    scratch.mkdir()
    environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))
    task = "Pose model, through pip"
    # What it complains of is kept in memory: a file of it would be empty where the disk is full.
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=folder,
    ) as pip:
        try:
            while True:
                try:
                    log = pip.communicate(timeout=_GLANCE_S)[1]
                    break
                except subprocess.TimeoutExpired:
                    done = min(_weight(folder), assembly.wheel_size)
                    progress(task, done, assembly.wheel_size)
        finally:
            pip.kill()  # nothing where it has ended; else this is being interrupted
    if pip.returncode != 0:
        raise _pip_error(assembly, log.decode(errors="replace"))
    progress(task, assembly.wheel_size, assembly.wheel_size)
    wheel = next(folder.glob("*.whl"), None)
    if wheel is None:
        raise FetchError(f"pip brought no wheel of {assembly.requirement}")
    return wheel


def _pip_error(assembly: Assembly, log: str) -> Exception:
    if os.strerror(errno.ENOSPC) in log or "No space left on device" in log:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    reason = (errors or lines or ["no reason given"])[0].rstrip(".")
    return FetchError(f"pip could not download {assembly.requirement} ({reason})")


def _weight(folder: Path) -> int:
    """Bytes of all files in a folder that others are writing to."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # gone meanwhile
            continue
    return total
