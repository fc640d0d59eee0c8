"""Every number on which a decision hangs has its reason or its source beside it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import posecoach
from tools.counts import is_number

PACKAGE = Path(posecoach.__file__).parent
ROOMS = ("pose", "body", "observe", "plan", "coach", "learn")
"""The rooms that decide what is seen and what it means."""

LACKING = {
    "the instrument's, measured or to be replaced by what is measured": {
        "body/facing.py": {"_SIDE_LEVEL", "_STEEP_DEG"},
        "body/girdle.py": {
            "_ELBOW_OUT",
            "_FORWARD",
            "_SHOULDER_TO_EARS",
            "_TURNED_DEG",
            "_WIDENS",
        },
        "body/joints.py": {"_ALONG", "_KNEE_NONE", "_OTHER_VIEW"},
        "body/neck.py": {"_EARS_SINK", "_PITCH"},
        "body/outline.py": {
            "(LOWEST, HIGHEST)",
            "(_INSIDE, _REACH, _STEP)",
            "RAYS",
            "_MIN_LENGTH_PX",
        },
        "body/posture.py": {"_CROWN_DEG", "_LEGS_SEEN", "_STANDING_LEG", "_STAY_DEG"},
        "body/spine.py": {"_LEANING_DEG", "_MIN_POINTS", "_ON_FLOOR_DEG", "_ROUNDS"},
        "body/trunk.py": {"_ALONG"},
        "body/view_tracker.py": {"_AVERAGE_S", "_FORGET_S", "_LASTING_S", "_STEP_DEG"},
    },
}
"""What has neither reason nor source yet, by why it may. Nothing is added here."""

NO_REASON = re.compile(r"\b(chosen|works well|tuned|by trial|empirical(ly)?)\b", re.IGNORECASE)
REASON = re.compile(
    r"[:;(]|\b(because|for|so|since|than|as|which|who|whoever|whose|where|while|until|nobody)\b"
    r"|MediaPipe|schema|truth clips|\.md\b",
    re.IGNORECASE,
)
"""Signs of a reason or a source in what is written beside a number: more than its name again."""

USUAL = {0.0, 0.5, 1.0, -1.0, 2.0, 60.0, 90.0, 100.0, 180.0, 360.0, 1000.0}
"""Numbers that are no tuning: halves, wholes, and how many of one unit make another."""


@dataclass(frozen=True)
class Constant:
    """A number at the top of a module, and what is written beside it."""

    module: str
    names: str
    text: str

    @property
    def has_reason(self) -> bool:
        words = len(self.text.split()) >= 4
        return words and bool(REASON.search(self.text)) and not NO_REASON.search(self.text)


def _modules() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            yield path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")


def _constants(module: str, source: str) -> Iterator[Constant]:
    lines, body = source.splitlines(), ast.parse(source).body
    for index, node in enumerate(body):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        if not is_number(node.value):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        yield Constant(module, ast.unparse(target), _beside(lines, body, index))


def _beside(lines: list[str], body: list[ast.stmt], index: int) -> str:
    """The comment above or behind a constant, and the string after it or its neighbours."""
    node = body[index]
    above = []
    line = node.lineno - 2
    while line >= 0 and lines[line].startswith("#"):
        above.append(lines[line])
        line -= 1
    behind = lines[node.lineno - 1].partition("#")[2]
    after = index + 1
    while after < len(body) and isinstance(body[after], ast.Assign | ast.AnnAssign):
        if body[after].lineno != (body[after - 1].end_lineno or 0) + 1:
            break
        after += 1
    text = ""
    if after < len(body) and isinstance(body[after], ast.Expr):
        value = body[after].value  # type: ignore[attr-defined]
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            text = value.value
    return " ".join((*reversed(above), behind, text)).strip()


def _lacking() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for module, source in _modules():
        for constant in _constants(module, source):
            if not constant.has_reason:
                found.setdefault(module, set()).add(constant.names)
    return found


def test_every_number_has_its_reason_beside_it() -> None:
    allowed: dict[str, set[str]] = {}
    for modules in LACKING.values():
        for module, names in modules.items():
            allowed.setdefault(module, set()).update(names)
    new = {
        module: sorted(names - allowed.get(module, set()))
        for module, names in _lacking().items()
        if names - allowed.get(module, set())
    }
    assert not new, f"write beside each of these why it is so large, or where it is from: {new}"


@pytest.mark.parametrize("room", ["pose", "observe", "plan", "coach", "learn"])
def test_no_number_is_hidden_in_a_function(room: str) -> None:
    hidden = []
    for module, source in _modules():
        if not module.startswith(f"{room}/") or module.startswith("observe/instrument/"):
            continue
        for function in ast.walk(ast.parse(source)):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in (each for line in function.body for each in ast.walk(line)):
                value = getattr(node, "value", None)
                if isinstance(node, ast.Constant) and isinstance(value, float):
                    hidden += [f"{module}:{node.lineno} {value}"] if value not in USUAL else []
    assert not hidden, f"give each a name and a reason: {sorted(set(hidden))}"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("A = 3.0\n", False),
        ('A = 3.0\n"""How long it lasts at most."""\n', False),
        ('A = 3.0\n"""How long it lasts: this works well."""\n', False),
        ('A = 3.0\n"""How long it lasts: nobody breathes in for longer."""\n', True),
        ("# How long it lasts, for nobody breathes in longer.\nA, B = 3.0, 4.0\n", True),
        ('A = 3.0\nB = 4.0\n"""How long and how far: more is another\'s."""\n', True),
        ('A = 3.0\n\nB = 4.0\n"""How far: more is another\'s."""\n', False),
    ],
)
def test_a_reason_is_told_from_a_name_said_again(source: str, reason: bool) -> None:
    first = next(_constants("made_up.py", source))
    assert first.has_reason == reason
