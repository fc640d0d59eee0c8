"""Recordings that are dropped onto the page: taken in, coached one after the other, reported."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from posecoach.errors import OutputError, PoseCoachError, SourceError
from posecoach.plan.plan import make_plan
from posecoach.store.saving import Saving
from posecoach.web.house import House
from posecoach.web.jobs import Coaching, Job
from posecoach.web.learning import Learning, learning
from posecoach.web.pages import go_to, house_of, page

LONGEST_NAME = 120
"""Letters of a file's name, to be shown in a line of the list."""

ROOM_BYTES = 100 * 1024**2
"""To be left free on the disk while a recording is taken in."""


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [
        Route("/recordings", recordings),
        Route("/recordings/take", take, methods=["PUT"]),
        Route("/recordings/jobs", jobs),
        Route("/recordings/{number:int}/cancel", cancel, methods=["POST"]),
    ]


def recordings(request: Request) -> Response:
    """Where they are dropped."""
    house = house_of(request)
    return page(
        request,
        "recordings.html",
        title="Recordings",
        exercises=[(each.id, each.name) for each in house.exercises()],
    )


async def take(request: Request) -> Response:
    """Take a recording in; it waits for its turn."""
    house = house_of(request)
    name = plain_name(request.query_params.get("name", ""))
    try:
        make = _wanted(house, name, request)
        path = await _written(request, Path(name).suffix)
    except PoseCoachError as error:
        return JSONResponse({"problem": str(error)}, 400)
    job = make(path)
    house.jobs.add(job)
    return JSONResponse({"number": job.number})


def _wanted(house: House, name: str, request: Request) -> Callable[[Path], Job]:
    """What is to be done with a recording.

    Raises:
        PoseCoachError: there is no such exercise, or it cannot be called so.
    """
    new = request.query_params.get("learn")
    if new is not None:
        target = learning(new)
        return lambda path: Learning(path, name, target)
    exercise = house.exercise(request.query_params.get("exercise", ""))
    person = house.person()
    plan = make_plan(exercise, ranges=None if person is None else person.scale())
    saving = Saving(house.folder, profile=house.who)
    return lambda path: Coaching(path, name, plan, saving)


async def jobs(request: Request) -> Response:
    """How far each is."""
    return JSONResponse([each.told() for each in house_of(request).jobs.all()])


async def cancel(request: Request) -> Response:
    """The person has thought better of it; nothing of it is kept."""
    house_of(request).jobs.cancel(request.path_params["number"])
    return go_to(request, "/recordings")


def plain_name(name: str) -> str:
    """A file's name to show, whatever it was called; never a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(letter if letter.isprintable() else " " for letter in last).strip()
    return shown[:LONGEST_NAME] or "recording"


async def _written(request: Request, suffix: str) -> Path:
    """Write the body into a file of its own, for as long as it is needed.

    Raises:
        SourceError: it broke off, or was empty.
        OutputError: the disk is full.
    """
    folder = Path(tempfile.mkdtemp(prefix="posecoach-recording-"))
    plain = suffix if suffix.isascii() and suffix[1:].isalnum() and len(suffix) < 8 else ""
    path = folder / f"recording{plain}"
    try:
        size = 0
        with path.open("wb") as file:
            async for chunk in request.stream():
                size += len(chunk)
                if shutil.disk_usage(folder).free < ROOM_BYTES:
                    raise OutputError("The disk is too full to take the recording in; make room.")
                await asyncio.to_thread(file.write, chunk)
        if not size:
            raise SourceError("The recording is empty.")
    except ClientDisconnect:
        shutil.rmtree(folder, ignore_errors=True)
        raise SourceError("The recording did not come whole; drop it again.") from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return path
