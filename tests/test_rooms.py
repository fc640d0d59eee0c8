"""The rooms of the house: who may import whom (docs/design.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import posecoach
from tools import counts

PACKAGE = Path(posecoach.__file__).parent

GROUND = {"closing", "data", "errors", "film", "kinds", "outputs", "shares", "system", "writing"}
"""Single modules that belong to no room and that all may use."""

ORDER = (
    "source",
    "pose",
    "body",
    "observe",
    "exercise",
    "plan",
    "figure",
    "coach",
    "session",
    "learn",
    "profile",
    "store",
    "report",
)
"""From the camera to what is kept: each may import those before it."""

TERMINAL = "terminal"
"""Whose words reach the terminal; stands for itself, for the front ends that are processes."""

API = "api"
"""The front door, ``import posecoach``: whole jobs for programs, without a person before them."""

FRONT = ("screen", "voice")
"""What a person sees and hears: above ``session``, beside each other and beside what is kept."""

USES: dict[str, set[str]] = {room: set(ORDER[:index]) for index, room in enumerate(ORDER)}
USES |= dict.fromkeys(FRONT, USES["profile"])
USES[TERMINAL] = set()
USES[API] = {*ORDER}
"""What each room may import besides itself and the ground. ``cli`` stands above all of them."""

USES["clinic"] = {*ORDER, TERMINAL}
"""Many recordings at once: whole jobs, for worker processes too."""

USES["practice"] = {*ORDER, *FRONT}
USES["web"] = {*USES["practice"], "practice", TERMINAL}


def _imported(module: Path) -> set[str]:
    """First names below ``posecoach`` of all that a module imports, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module == "posecoach":
                names = [f"posecoach.{each.name}" for each in node.names]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("posecoach.")}
    return found - {"__version__"}


@pytest.mark.parametrize("room", USES)
def test_a_room_imports_only_what_stands_below_it(room: str) -> None:
    modules = sorted((PACKAGE / room).rglob("*.py"))
    assert modules
    for module in modules:
        beyond = _imported(module) - GROUND - {room} - USES[room]
        assert not beyond, f"{module.relative_to(PACKAGE)} imports {sorted(beyond)}"


def test_the_ground_knows_no_room() -> None:
    for module in sorted(GROUND):
        beyond = _imported(PACKAGE / f"{module}.py") - GROUND
        assert not beyond, f"{module}.py imports {sorted(beyond)}"


@pytest.mark.parametrize("room", ["plan", "coach"])
def test_the_coach_and_its_plan_read_no_file_and_no_clock(room: str) -> None:
    forbidden = {"time", "datetime", "os", "io", "pathlib", "socket", "threading", "cv2"}
    for module in sorted((PACKAGE / room).rglob("*.py")):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
        assert not {name.split(".")[0] for name in names} & forbidden, module.name


def test_no_function_is_longer_than_one_look() -> None:
    long = [
        f"{module.path}:{function.name} has {counts.lines(function)} lines"
        for module in counts.modules(PACKAGE.parent)
        for function in module.functions()
        if counts.lines(function) > counts.LONG
    ]
    assert not long


def test_every_room_is_known_here() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == set(USES) | {"cli"}
    modules = {path.stem for path in PACKAGE.glob("*.py")}
    assert modules == GROUND | {"__init__", "__main__"}


TESTS = Path(__file__).parent


def test_no_test_imports_from_another() -> None:
    """What two of them need is in ``tests/helpers``, and there is no test in there."""
    for module in sorted(TESTS.rglob("*.py")):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        named = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        named += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
        last = {part for name in named for part in name.split(".")}
        assert not {name for name in last if name.startswith("test_")}, module.relative_to(TESTS)
    assert not list((TESTS / "helpers").glob("test_*.py"))


def test_every_test_can_be_collected_on_every_system() -> None:
    """What a system lacks is asked for inside a test, after it was skipped: asked for where a
    module begins, all of its tests are lost there."""
    for module in sorted(TESTS.rglob("*.py")):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        named = {each.split(".")[0] for each in _named_at_once(tree)} | _named_at_once(tree)
        assert not named & NOT_ON_WINDOWS, f"{module.relative_to(TESTS)}: {named & NOT_ON_WINDOWS}"


NOT_ON_WINDOWS = {
    *("fcntl", "grp", "pty", "pwd", "resource", "termios"),
    *("os.fork", "os.getegid", "os.geteuid", "os.getgid", "os.getuid", "os.killpg", "os.mkfifo"),
    *("signal.SIGALRM", "signal.SIGCHLD", "signal.SIGHUP", "signal.SIGKILL", "signal.SIGUSR1"),
}
"""Modules and names that Python has on Unix alone, as far as a test may want them."""


def _named_at_once(tree: ast.Module) -> set[str]:
    """Modules and ``module.name`` that are asked for when a module is imported.

    What is asked for only where a system has it (``hasattr(os, ...) and ...``) is not, nor what a
    module does only where it is a program.
    """
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                waiting += [*node.decorator_list, node.args]
                continue
            case ast.BoolOp(values=[ast.Call(func=ast.Name(id="hasattr")), *_]) | ast.Lambda():
                continue
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                continue
            case ast.Import(names=names):
                found |= {each.name for each in names}
            case ast.ImportFrom(module=str(name), names=names):
                found |= {name} | {f"{name}.{each.name}" for each in names}
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                found.add(f"{name}.{attribute}")
        waiting += ast.iter_child_nodes(node)
    return found


def test_the_tests_have_the_rooms_of_the_house() -> None:
    folders = {path.parent.name for path in TESTS.glob("*/test_*.py")}
    assert folders <= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
