"""Definitions: to read, and one's own file checked with each mistake at its line."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from posecoach.errors import ExerciseError
from posecoach.exercise.check import check_file
from posecoach.exercise.definition import Exercise
from posecoach.exercise.definition_words import fault_words, fill, target_words
from posecoach.exercise.library import SUFFIXES, load
from posecoach.exercise.problem import Problem
from posecoach.exercise.routine_check import check_routine_file, is_routine
from posecoach.web.cards import shown_moving
from posecoach.web.pages import form, house_of, page

NAME = "my-stretch.yaml"

LONGEST_NAME = 200
"""Bytes of a file's name before its ending: disks take 255."""


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [
        Route("/stretches", stretches),
        Route("/stretches/check", check),
        Route("/stretches/check", checked, methods=["POST"]),
        Route("/stretches/{id}", stretch),
    ]


def stretches(request: Request) -> Response:
    """All definitions there are, and those that cannot be used."""
    library = house_of(request).library()
    found, broken = [], []
    for entry in library.entries():
        try:
            exercise = load(entry.path)
        except ExerciseError as error:
            broken.append(str(error))
        else:
            found.append((exercise, entry.origin))
    return page(request, "stretches.html", title="Stretches", found=found, broken=broken)


def stretch(request: Request) -> Response:
    """One definition, as a page to read and as its text."""
    entry = house_of(request).library().entry(request.path_params["id"])
    exercise = load(entry.path)
    return page(
        request,
        "stretch.html",
        title=exercise.name,
        exercise=exercise,
        moving=shown_moving(exercise.id),
        steps=_steps(exercise),
        faults=[
            (fill(each.name) if each.name else each.id, fault_words(each))
            for each in exercise.faults
        ],
        text=entry.path.read_text(encoding="utf-8", errors="replace"),
    )


def check(request: Request) -> Response:
    """Where one's own file is checked."""
    return _checking(request, "", None, NAME)


async def checked(request: Request) -> Response:
    """The mistakes of a file, each at its line."""
    given = await form(request)
    text, name = given.get("text", ""), _plain(given.get("name", ""))
    return _checking(request, text, problems_of(text, name), name)


def problems_of(text: str, name: str) -> list[Problem]:
    """What `posecoach exercises check` says of a text; it is read as every definition is."""
    with tempfile.TemporaryDirectory(prefix="posecoach-check-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        if is_routine(path):
            return list(check_routine_file(path).problems)
        return list(check_file(path).problems)


def _checking(request: Request, text: str, problems: list[Problem] | None, name: str) -> Response:
    told: dict[int, list[Problem]] = {}
    for each in problems or []:
        told.setdefault(each.line, []).append(each)
    errors = sum(each.severity == "error" for each in problems or [])
    return page(
        request,
        "check.html",
        title="Check a stretch",
        text=text,
        name=name,
        problems=problems,
        errors=errors,
        lines=list(enumerate(text.splitlines(), 1)) if problems else [],
        told=told,
    )


def _steps(exercise: Exercise) -> list[dict[str, Any]]:
    poses = [("Before", exercise.setup), ("Start", exercise.start)]
    found = [
        {"name": name, "say": fill(pose.say), "targets": list(map(target_words, pose.targets))}
        for name, pose in poses
        if pose is not None
    ]
    for number, step in enumerate(exercise.steps, 1):
        targets = list(map(target_words, step.targets))
        found.append({"name": str(number), "say": fill(step.say), "targets": targets})
    return found


def _plain(name: str) -> str:
    """A file name without any way out of its folder."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isalnum() or letter in "-_.")
    if kept.startswith(".") or not kept.endswith(SUFFIXES):
        return NAME
    stem, _, ending = kept.rpartition(".")
    return f"{stem.encode()[:LONGEST_NAME].decode(errors='ignore')}.{ending}"
