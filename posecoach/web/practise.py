"""Practising: what one is about to do, and the stage on which it is done."""

from __future__ import annotations

from math import isfinite
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from posecoach.errors import ExerciseError
from posecoach.exercise.definition_words import fill
from posecoach.exercise.routine import Routine
from posecoach.exercise.routines import Routines
from posecoach.plan.plan import make_plan
from posecoach.practice.practice import Part
from posecoach.practice.prescribing import chosen, fit, whole_minutes
from posecoach.screen.keys import HELP, KEYS
from posecoach.store.saving import Saving
from posecoach.web.cards import shown_moving
from posecoach.web.done import done_today, rest_of
from posecoach.web.house import House
from posecoach.web.pages import form, go_to, house_of, page
from posecoach.web.practice_work import PracticeWork

MOST_REPETITIONS, MOST_HOLD_S, MOST_MINUTES = 50, 300.0, 240.0
"""What a form may ask for at most, beyond what is prescribed to anybody; more is a slip of the
hand."""


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [
        Route("/practise", begin, methods=["POST"]),
        Route("/practise/now", stage),
        Route("/practise/{id}", about),
    ]


def about(request: Request) -> Response:
    """One stretch or routine: what it is, how to place the camera, and how much of it."""
    house = house_of(request)
    id_ = request.path_params["id"]
    routines = Routines(house.library())
    if id_ in routines.ids():
        return _about_routine(request, routines.find(id_))
    exercise = house.exercise(id_)
    return page(
        request,
        "exercise.html",
        title=exercise.name,
        exercise=exercise,
        steps=[fill(say) for say in (exercise.start.say, *(step.say for step in exercise.steps))],
        holds=any(step.hold for step in exercise.steps),
        moving=shown_moving(id_),
        who=house.who,
    )


def _about_routine(request: Request, routine: Routine) -> Response:
    house = house_of(request)
    fitted = fit(routine, routine.exercises, house.exercise)
    exercises = [part.plan.exercise for part in fitted.parts]
    rest = rest_of([each.id for each in exercises], done_today(house, routine.id))
    return page(
        request,
        "routine.html",
        title=routine.name,
        routine=routine,
        parts=[
            {
                "id": each.id,
                "name": each.name,
                "moving": shown_moving(each.id),
                "wanted": not rest or each.id in rest,
            }
            for each in exercises
        ],
        going_on_with=next((each.name for each in exercises if each.id in rest), ""),
        minutes=whole_minutes(fitted.seconds),
        who=house.who,
    )


async def begin(request: Request) -> Response:
    """Begin a practice with what the form says."""
    house = house_of(request)
    given = await form(request)
    house.begin(work_of(house, given))
    house.remember(exercise=given["id"])
    return go_to(request, "/practise/now")


def work_of(house: House, given: dict[str, str]) -> PracticeWork:
    """The practice that a form asks for.

    Raises:
        ExerciseError: there is no such exercise or routine, or a number is out of range.
        ProfileError: the person's profile is damaged.
    """
    id_ = given.get("id", "")
    person = house.person()
    ranges = None if person is None else person.scale()
    muted = person is not None and person.preferences.voice is False
    saving = Saving(house.folder, profile=house.who)
    setup = given.get("setup") != "no"
    repetitions = _number(given, "repetitions", 1, MOST_REPETITIONS)
    hold = _number(given, "hold", 0.5, MOST_HOLD_S)
    routines = Routines(house.library())
    if id_ in routines.ids():
        routine = routines.find(id_)
        wanted = {"repetitions": None if repetitions is None else int(repetitions), "hold": hold}
        wanted["rest"] = _number(given, "rest", 0, 600)
        changes = {name: value for name, value in wanted.items() if value is not None}
        only = [each for each in given.get("only", "").split(",") if each]
        items = [item.model_copy(update=changes) for item in chosen(routine, only)]
        minutes = _number(given, "minutes", 0.5, MOST_MINUTES)
        fitted = fit(routine, items, house.exercise, minutes, ranges)
        return PracticeWork(
            fitted.parts, routine.name, saving, routine=id_, muted=muted, setup=setup
        )
    exercise = house.exercise(id_)
    side = given.get("side") or None
    if side is not None and exercise.sides != "each":
        raise ExerciseError(f"{exercise.name} has no sides.")
    if side not in (None, "left", "right"):
        raise ExerciseError("A side is left or right.")
    count = None if repetitions is None else int(repetitions)
    plan = make_plan(exercise, side=side, repetitions=count, hold=hold, ranges=ranges)
    return PracticeWork((Part(plan),), exercise.name, saving, muted=muted, setup=setup)


def stage(request: Request) -> Response:
    """Where the practice that is going on is shown; without one, back to the first page."""
    house = house_of(request)
    if house.sitting is None:
        return go_to(request, "/")
    return page(
        request,
        "stage.html",
        title=house.sitting.work.title,
        keys={key: action.name.lower() for key, action in KEYS.items()},
        help=HELP,
        camera=_camera(house),
    )


def _camera(house: House) -> str:
    from posecoach.practice.preferences import load_preferences

    return load_preferences(house.folder).camera


def _number(given: dict[str, str], name: str, low: float, high: float) -> Any:
    text = given.get(name, "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not (isfinite(value) and low <= value <= high):
        raise ExerciseError(f"{name.capitalize()} must be a number from {low:g} to {high:g}.")
    return value
