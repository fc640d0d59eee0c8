"""What is installed is what was tested: the lock, the bounds, one version, one OpenCV."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import posecoach
from posecoach.system import OPENCV, OTHER_OPENCVS
from tools import lock

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
DIRECT = [
    Requirement(each)
    for each in (
        *PROJECT["project"]["dependencies"],
        *(n for names in EXTRAS.values() for n in names),
    )
]


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def locked() -> dict[str, Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert len({_name(each.name) for each in found}) == len(found), "one version each"
    return {_name(each.name): each for each in found}


def _pinned(requirement: Requirement) -> Version:
    (only,) = requirement.specifier
    assert only.operator == "=="
    return Version(only.version)


def test_the_lock_names_versions_and_no_places(locked: dict[str, Requirement]) -> None:
    for requirement in locked.values():
        assert requirement.url is None
        _pinned(requirement)


@pytest.mark.parametrize("wanted", DIRECT, ids=str)
def test_bounds_are_on_both_sides_and_hold_the_lock(
    wanted: Requirement, locked: dict[str, Requirement]
) -> None:
    operators = {each.operator for each in wanted.specifier}
    assert operators == {">=", "<"}
    assert _pinned(locked[_name(wanted.name)]) in wanted.specifier


def test_whatever_is_wanted_is_in_the_lock(locked: dict[str, Requirement]) -> None:
    """From what is installed here: every requirement of a requirement, on this system."""
    waiting, seen = list(DIRECT), set()
    while waiting:
        name = _name(waiting.pop().name)
        if name in seen:
            continue
        seen.add(name)
        assert name in locked, "run: python -m tools.lock --keep"
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:  # an extra that is not installed here
            continue
        requirements = map(Requirement, needs)
        waiting += [
            each
            for each in requirements
            if each.marker is None or each.marker.evaluate({"extra": ""})
        ]


def test_the_lock_has_one_opencv(locked: dict[str, Requirement]) -> None:
    assert OPENCV in locked
    assert not set(OTHER_OPENCVS) & set(locked)


def test_what_builds_it_is_exact() -> None:
    required = [Requirement(each) for each in PROJECT["build-system"]["requires"]]
    there = {_name(each.name): _pinned(each) for each in required}
    for wanted in map(Requirement, lock.BUILD):
        assert there[_name(wanted.name)] in wanted.specifier


def test_what_moved_is_told() -> None:
    before = lock.versions("# why\na==1\nb==1 ; sys_platform == 'win32'\nc==1\n")
    after = lock.versions("a==2\nb==1 ; sys_platform == 'win32'\nd==1\n")
    told = [line.split(maxsplit=1) for line in lock.moved(before, after)]
    assert told == [["a", "1 -> 2"], ["c", "1 -> (gone)"], ["d", "(new) -> 1"]]


def test_the_readme_installs_the_lock() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [line for line in text.splitlines() if line.startswith("    python3 -m venv .venv")]
    assert len(commands) == 2
    assert all("pip install -c constraints.txt " in command for command in commands)


def test_the_version_stands_in_one_place() -> None:
    assert importlib.metadata.version("posecoach") == posecoach.__version__
    assert f"## {posecoach.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


# --- one OpenCV ------------------------------------------------------------------------


def test_the_module_is_what_is_installed() -> None:
    import cv2

    there = [version for package in (OPENCV, *OTHER_OPENCVS) for version in _version(package)]
    assert there
    assert all(version.startswith(f"{cv2.__version__}.") for version in there)


def _version(package: str) -> list[str]:
    try:
        return [importlib.metadata.version(package)]
    except importlib.metadata.PackageNotFoundError:
        return []


def _site(folder: Path, module: str | None, *installed: str) -> dict[str, str]:
    """The environment of a person with such OpenCVs."""
    (folder / "cv2").mkdir()
    if module is not None:
        (folder / "cv2" / "__init__.py").write_text(f"__version__ = {module!r}\n")
    for each in installed:
        (folder / f"{each}.dist-info").mkdir()
    return os.environ | {
        "PYTHONPATH": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "POSECOACH_DATA": str(folder / "data"),
    }


def _run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "posecoach", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, env=environment
    )


@pytest.mark.parametrize(
    ("module", "installed"),
    [
        ("5.1.0", ("opencv_python-5.0.0.93", "opencv_contrib_python-5.1.0.95")),
        ("5.0.0", ("opencv_python-5.0.0.93", "opencv_contrib_python-5.1.0.95")),
        ("5.0.0", ("opencv_contrib_python-5.1.0.95",)),
        ("4.9.0", ("opencv_python_headless-4.9.0.80", "opencv_contrib_python-5.1.0.95")),
    ],
)
def test_two_opencvs_are_told_with_what_mends_it(
    module: str, installed: tuple[str, ...], tmp_path: Path, bundle: Path
) -> None:
    clip = ROOT / "demo" / "wall-stretch.mp4"
    done = _run(_site(tmp_path, module, *installed), "measure", str(clip), "--model", str(bundle))
    assert done.returncode == 2
    (said,) = done.stderr.splitlines()
    for each in installed:
        package, version = each.split("-")
        assert f"{package.replace('_', '-')} {version}" in said
        assert package.replace("_", "-") in said.partition(" uninstall -y ")[2]
    assert said.endswith(f"{sys.executable} -m pip install opencv-contrib-python==5.1.0.95")


def test_the_doctor_tells_two_opencvs(tmp_path: Path) -> None:
    environment = _site(
        tmp_path, "5.1.0", "opencv_python-5.0.0.93", "opencv_contrib_python-5.1.0.95"
    )
    done = _run(environment, "doctor")
    assert done.returncode == 1
    assert re.search(r"problem +versions +OpenCV is installed in versions that differ", done.stdout)


@pytest.mark.parametrize(
    "installed", [(), ("opencv_python-5.1.0.95", "opencv_contrib_python-5.1.0.95")]
)
def test_one_opencv_or_two_that_agree_are_well(installed: tuple[str, ...], tmp_path: Path) -> None:
    environment = _site(tmp_path, "5.1.0", *installed)
    program = "from posecoach.system import import_cv2; print(import_cv2().__version__)"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)
    assert done.stdout == "5.1.0\n"


def test_what_is_left_of_an_opencv_is_none(tmp_path: Path) -> None:
    program = """
import sys
sys.path[:] = [p for p in sys.path if "site-packages" not in p] + [sys.argv[1], sys.argv[2]]
from posecoach.system import import_cv2
try:
    import_cv2()
except Exception as error:
    print(type(error).__name__, error)
"""
    (tmp_path / "cv2").mkdir()
    command = [sys.executable, "-S", "-c", program, str(tmp_path), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("MachineError The Python package opencv-contrib-python is not")
