"""The two big libraries, imported late and with one sentence where the machine lacks something.

OpenCV and MediaPipe take a third of a second to import, and their wheels expect a few
shared libraries from the system that slim Linux images leave out. Every module that
needs them gets them here, inside a function.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from posecoach.errors import MachineError

OPENCV = "opencv-contrib-python"
"""The OpenCV that MediaPipe needs, and the only one."""

OTHER_OPENCVS = ("opencv-python", "opencv-python-headless", "opencv-contrib-python-headless")

DEBIAN_PACKAGES: dict[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGLESv2.so.2": "libgles2",
    "libGL.so.1": "libgl1",
    "libxcb.so.1": "libxcb1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
}
"""What the wheels leave to the system, and the Debian or Ubuntu package that brings it.

The first two are MediaPipe's, the others OpenCV's (the ``NEEDED`` entries of the shared
objects in the wheels of mediapipe 1.2.3 and opencv-contrib-python 5.1.0, less the C library).
"""

_MISSING = re.compile(r"(?P<library>[\w.+-]+\.so[\w.]*): cannot open shared object file")


@contextmanager
def system_libraries() -> Iterator[None]:
    """Turn the loader's complaint about a missing shared library into a ``MachineError``.

    For the whole of an import or a first use of a native library; other errors pass.

    Raises:
        MachineError: a shared library of the system is missing; the sentence names it and
            the packages that bring everything PoseCoach needs.
    """
    try:
        yield
    except (ImportError, OSError) as error:
        missing = _MISSING.search(str(error))
        if missing is None:
            raise
        library = missing["library"]
        how = "with your system's package manager"
        if library in DEBIAN_PACKAGES:
            packages = " ".join(dict.fromkeys(DEBIAN_PACKAGES.values()))
            how = f"and its companions, on Debian or Ubuntu: apt install {packages}"
        raise MachineError(
            f"This machine lacks the system library {library}; install it {how}"
        ) from error


def import_cv2() -> Any:
    """Return OpenCV.

    Raises:
        MachineError: it is not installed, or twice in versions that differ, or a system library
            it needs is missing.
    """
    with system_libraries():
        try:
            import cv2
        except ModuleNotFoundError as error:
            raise _not_installed(OPENCV) from error
    if not hasattr(cv2, "__version__"):  # a folder is left of it, and nothing inside
        raise _not_installed(OPENCV)
    problem = _mixed_opencv(Path(cv2.__file__).parent.parent, cv2.__version__)
    if problem:
        raise MachineError(problem)
    return cv2


@cache
def _mixed_opencv(folder: Path, module: str) -> str:
    """Whether several OpenCVs lie in one another's files; a sentence, empty where all is well.

    They all unpack into ``cv2/``, whichever comes last over the others.

    Args:
        folder: where ``cv2/`` is.
        module: the version that the module says it is.
    """
    found = {}
    for package in (OPENCV, *OTHER_OPENCVS):
        for info in folder.glob(f"{package.replace('-', '_')}-*.dist-info"):
            found[package] = info.name.removesuffix(".dist-info").partition("-")[2]
    if all(f"{version}.".startswith(f"{module}.") for version in found.values()):
        return ""
    there = ", ".join(f"{package} {version}" for package, version in found.items())
    pip = f"{sys.executable} -m pip"
    wanted = f"{OPENCV}=={found[OPENCV]}" if OPENCV in found else OPENCV
    return (
        f"OpenCV is installed in versions that differ ({there}; the module is {module}); mend it "
        f"with: {pip} uninstall -y {' '.join(found)} && {pip} install {wanted}"
    )


def import_mediapipe() -> Any:
    """Return MediaPipe. Its native library is loaded when the first task is created.

    Raises:
        MachineError: it is not installed, or a system library it needs is missing.
    """
    with system_libraries(), _without_unused():
        try:
            import mediapipe
        except ModuleNotFoundError as error:
            raise _not_installed("mediapipe") from error
    return mediapipe


class _Later(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what the import system itself looks for
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


UNUSED = ("matplotlib", "matplotlib.pyplot", "sounddevice")
"""What MediaPipe imports and PoseCoach does not use: Matplotlib for drawing helpers, half of the
time that its import takes; the microphone's library for hearing, which looks for PortAudio with
the compiler and opens the sound system."""


@contextmanager
def _without_unused() -> Iterator[None]:
    """Let MediaPipe be imported without ``UNUSED``; who does use them gets the real ones then."""
    absent = [name for name in UNUSED if name.partition(".")[0] not in sys.modules]
    if "mediapipe" in sys.modules:
        absent = []
    for name in absent:
        package, _, module = name.partition(".")
        sys.modules[name] = later = _Later(name)
        if module:
            sys.modules[package].__dict__[module] = later
            sys.modules[package].__path__ = []
    try:
        yield
    finally:
        for name in absent:
            if isinstance(sys.modules.get(name), _Later):
                del sys.modules[name]


@contextmanager
def native_name(path: Path) -> Iterator[str]:
    """Give a name of a file that a native library can open, for as long as the block lasts.

    OpenCV and MediaPipe take names for UTF-8, and crash where one is not. Such a file gets a
    link with a plain name; what has been opened by it stays open.

    Raises:
        OSError: no link can be made.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        with tempfile.TemporaryDirectory(prefix="posecoach-") as folder:
            ending = path.suffix if path.suffix.isascii() else ""
            link = Path(folder) / f"file{ending}"
            link.symlink_to(path.absolute())
            yield str(link)
    else:
        # Absolute: FFmpeg takes "cam:1.mp4" for a protocol, and "-" for its standard input.
        yield str(path.absolute())


def _not_installed(package: str) -> MachineError:
    return MachineError(
        f"The Python package {package} is not installed properly; install it with: "
        f"{sys.executable} -m pip install --force-reinstall {package}"
    )
