"""The cards of the first page: routines, stretches, what was done lately, moving pictures."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from posecoach.data import data_dir
from posecoach.errors import StoreError
from posecoach.exercise.definition import Exercise
from posecoach.exercise.routine import Routine
from posecoach.plan.plan import make_plan
from posecoach.practice.prescribing import duration_s, exercise_s, fit, whole_minutes
from posecoach.shares import percent
from posecoach.store.store import Store
from posecoach.web.done import done_today, rest_of
from posecoach.web.house import House
from posecoach.web.pages import house_of, page
from posecoach.web.tones import tone
from posecoach.web.words import day

LATELY = 4
"""Sessions told on the first page."""


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [
        Route("/cards", cards),
        Route("/demonstrations/{name}.mp4", demonstration),
        Route("/tones/{name}.wav", tone),
    ]


def cards(request: Request) -> Response:
    """Routines, stretches, and what was done lately."""
    house = house_of(request)
    lately, trouble = _lately(house)
    return page(
        request,
        "cards.html",
        who=house.who,
        people=house.profiles.names(),
        routines=[_routine(house, each) for each in house.routines()],
        stretches=[_card(each) for each in house.exercises()],
        filmed=[each.id for each in house.exercises() if shown_moving(each.id)],
        lately=lately,
        trouble=trouble,
    )


async def demonstration(request: Request) -> Response:
    """The moving picture of a stretch."""
    house = house_of(request)
    name = request.path_params["name"]
    path = data_dir("demonstrations") / f"{name}.mp4"
    known = name in house.library().ids()
    if not known or not path.is_file():
        return Response(status_code=404)
    return FileResponse(path, headers={"cache-control": "private, max-age=3600"})


def shown_moving(id_: str) -> bool:
    """Whether there is a moving picture of a stretch."""
    return (data_dir("demonstrations") / f"{id_}.mp4").is_file()


def _card(exercise: Exercise) -> dict[str, object]:
    plan = make_plan(exercise)
    return {
        "id": exercise.id,
        "name": exercise.name,
        "purpose": exercise.purpose,
        "minutes": whole_minutes(exercise_s(plan)),
        "moving": shown_moving(exercise.id),
    }


def _routine(house: House, routine: Routine) -> dict[str, object]:
    fitted = fit(routine, routine.exercises, house.exercise)
    ids = [each.plan.exercise.id for each in fitted.parts]
    return {
        "id": routine.id,
        "name": routine.name,
        "purpose": routine.purpose,
        "count": len(fitted.parts),
        "minutes": whole_minutes(duration_s(fitted.parts)),
        "ids": ids,
        "begun": bool(rest_of(ids, done_today(house, routine.id))),
    }


def _lately(house: House) -> tuple[list[dict[str, object]], str]:
    """The last sessions of who practises; or why they cannot be read."""
    try:
        with Store.open(house.folder) as store:
            rows = store.sessions(profile=house.who or None, limit=LATELY)
    except StoreError as error:
        return [], str(error)
    today = datetime.now().astimezone().date()
    return [
        {
            "number": row.number,
            "when": _day((today - row.started.date()).days, row.started),
            "what": ", ".join(dict.fromkeys(e.name for e in row.exercises)) or "nothing begun",
            "accuracy": percent(row.accuracy),
        }
        for row in rows
    ], ""


def _day(ago: int, when: datetime) -> str:
    if ago in (0, 1):
        return f"{('Today', 'Yesterday')[ago]}, {when:%H:%M}"
    return day(when)
