"""Write ``docs/api.md`` from the docstrings of what ``import posecoach`` gives.

    python -m tools.api            # writes docs/api.md

A test holds the page to the docstrings.
"""

from __future__ import annotations

import ast
import dataclasses
import enum
import inspect
import re
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import posecoach

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api.md"

GROUPS = {
    "An exercise and a plan": ("load_exercise", "make_plan", "Exercise", "Plan"),
    "From pictures to poses": ("open_source", "estimate_poses", "Frame", "Pose", "Landmark"),
    "From poses to angles": ("measure", "MEASURES", "Told", "Reading"),
    "Coaching": ("coach_recording", "coach_poses", "Session", "Snapshot", "Result", "events"),
    "What is kept": ("keep_session", "Store", "write_report"),
    "What can go wrong": ("errors", "PoseCoachError"),
    "Which PoseCoach": ("__version__",),
}

HEAD = """\
# Building on PoseCoach

What `import posecoach` gives. A name is loaded when it is first used; importing needs no camera,
no MediaPipe and no model. These names stay from one minor version to the next; other modules may
change. Five programs of about twenty lines are in [examples/](../examples).

Angles are degrees in the clinical convention, times are seconds of the source, left and right are
the person's own.

Written from the docstrings by `python -m tools.api`.
"""


def page() -> str:
    """The whole page."""
    told = [name for names in GROUPS.values() for name in names]
    missing = set(posecoach.__all__) ^ set(told)
    if missing:
        raise ValueError(f"in posecoach.__all__ or in GROUPS, but not in both: {missing}")
    parts = [HEAD]
    for title, names in GROUPS.items():
        parts.append(f"## {title}\n")
        parts += [_entry(name) for name in names]
    return "\n".join(parts)


def text_of(name: str) -> str:
    """The words of one name: its docstring, or a constant's below its assignment."""
    found = getattr(posecoach, name)
    if inspect.isclass(found) or inspect.isfunction(found) or isinstance(found, ModuleType):
        return inspect.getdoc(found) or ""
    place = posecoach if name == "__version__" else _module_of(name)
    body = ast.parse(inspect.getsource(place)).body
    for node, after in pairwise(body):
        named = [each.id for each in getattr(node, "targets", ()) if isinstance(each, ast.Name)]
        if name in named and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            return inspect.cleandoc(str(after.value.value))
    return ""


def _module_of(name: str) -> ModuleType:
    from importlib import import_module

    return import_module(posecoach._PLACES[name])


def _entry(name: str) -> str:
    found: Any = getattr(posecoach, name)
    parts = [f"### `{name}`\n"]
    if inspect.isfunction(found):
        parts.append(_code(name, inspect.signature(found)))
    parts.append(_plain(text_of(name)) + "\n")
    described = getattr(found, "model_fields", {}) if inspect.isclass(found) else {}
    if described:  # a definition's fields, which a schema describes
        lines = (
            f"- `{key}`: {each.description or ''}".rstrip(": ") for key, each in described.items()
        )
        parts.append("Attributes:\n\n" + "\n".join(lines) + "\n")
    if isinstance(found, ModuleType):
        parts.append(_members(found))
    elif inspect.isclass(found):
        parts += [f"What it offers:\n\n{each}\n" for each in [_offers(found)] if each]
    return "\n".join(parts)


def _code(name: str, signature: inspect.Signature) -> str:
    shown = list(_parameters(signature))
    result = _annotation(signature.return_annotation)
    line = f"{name}({', '.join(shown)}) -> {result}"
    if len(line) > 100:
        inside = ",\n    ".join(shown)
        line = f"{name}(\n    {inside},\n) -> {result}"
    return f"```python\n{line}\n```\n"


def _parameters(signature: inspect.Signature) -> Iterator[str]:
    """As they are written, with the star before those that must be named."""
    starred = False
    for each in signature.parameters.values():
        if each.kind is inspect.Parameter.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        default = "" if each.default is inspect.Parameter.empty else f" = {each.default!r}"
        yield f"{each.name}: {_annotation(each.annotation)}{default}"


def _annotation(of: object) -> str:
    return of if isinstance(of, str) else inspect.formatannotation(of).rpartition(".")[2]


def _offers(found: type) -> str:
    """Properties and methods of a class, a line each."""
    if issubclass(found, enum.Enum | Exception):
        return ""
    fields = _fields(found)
    kinds = property, classmethod, staticmethod
    return "\n".join(
        _method(found, name)
        for name, value in vars(found).items()
        if name not in fields and not name.startswith("_")
        if inspect.isfunction(value) or isinstance(value, kinds)
    )


def _fields(found: Any) -> tuple[str, ...]:
    return tuple(each.name for each in dataclasses.fields(found)) if _is_data(found) else ()


def _is_data(found: Any) -> bool:
    return dataclasses.is_dataclass(found)


def _method(found: type, name: str) -> str:
    value = inspect.getattr_static(found, name)
    if isinstance(value, property):
        return f"- `{name}`: {_first(value.__doc__ or '')}"
    bound = getattr(found, name)
    parameters = [each for each in inspect.signature(bound).parameters if each != "self"]
    return f"- `{name}({', '.join(parameters)})`: {_first(inspect.getdoc(bound) or '')}"


def _members(module: ModuleType) -> str:
    """The classes of a module, a line each."""
    own = {
        name: value
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__
    }
    lines = []
    for name, value in own.items():
        fields = ", ".join(_fields(value))
        words = _first(inspect.getdoc(value) or "")
        lines.append(f"- `{name}`: {words}" + (f" (`{fields}`)" if fields else ""))
    return "\n".join(lines) + "\n"


def _first(words: str) -> str:
    """The first paragraph, in one line."""
    return _inline(" ".join(words.split("\n\n")[0].split()))


def _plain(words: str) -> str:
    """A docstring as Markdown: its sections as lists."""
    parts = []
    for paragraph in words.split("\n\n"):
        head, _, rest = paragraph.partition("\n")
        if re.fullmatch(r"(Args|Attributes|Raises|Returns):", head):
            parts.append(f"{head.rstrip(':')}:\n\n{_list(textwrap.dedent(rest))}")
        elif paragraph.startswith("    ") or "\n    " in paragraph:
            parts.append("```\n" + textwrap.dedent(paragraph) + "\n```")
        else:
            parts.append(_inline(" ".join(paragraph.split())))
    return "\n\n".join(parts)


def _list(text: str) -> str:
    """``name: words`` that may go on in deeper lines, as a list."""
    items: list[str] = []
    for line in text.splitlines():
        if line.startswith(" ") and items:
            items[-1] += " " + line.strip()
        else:
            items.append(line.strip())
    return "\n".join(f"- {_item(each)}" for each in items)


def _item(text: str) -> str:
    name, colon, words = text.partition(": ")
    return f"`{name}`: {_inline(words)}" if colon and len(name) < 40 else _inline(text)


def _inline(text: str) -> str:
    return text.replace("``", "`")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
