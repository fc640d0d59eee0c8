"""A guided calibration as the work of a sitting: the same pictures, voice and keys."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from posecoach.errors import ProfileError
from posecoach.plan.plan import Plan, make_plan
from posecoach.practice.calibration import CalibrationPractice, calibration_of
from posecoach.profile import range_words as words
from posecoach.profile.files import Profiles
from posecoach.profile.motion import motions_of_plan
from posecoach.profile.outcome import calibration_from, remarks
from posecoach.profile.person import Profile
from posecoach.session.result import Result
from posecoach.web.camera import PageCamera
from posecoach.web.cards import shown_moving
from posecoach.web.house import House
from posecoach.web.pages import form, go_to, house_of, page
from posecoach.web.sitting import Ending


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [
        Route("/calibrate", about),
        Route("/calibrate", begin, methods=["POST"]),
    ]


def about(request: Request) -> Response:
    """What a calibration is, and of what."""
    house = house_of(request)
    return page(
        request,
        "calibrate.html",
        title="Calibrate",
        who=house.who,
        people=house.profiles.names(),
        plans=[_told(plan) for plan in _plans(house)],
        chosen=request.query_params.get("id", ""),
    )


async def begin(request: Request) -> Response:
    """Begin with what the form says."""
    house = house_of(request)
    given = await form(request)
    name = given.get("new") or given.get("who", "")
    if not name:
        raise ProfileError("A calibration is somebody's: choose who you are, or write your name.")
    house.choose(name)
    house.profiles.check_writable()
    person = house.profiles.load(name)
    plan = make_plan(house.exercise(given.get("id", "")))
    if not motions_of_plan(plan):
        raise ProfileError(f"No target of {plan.exercise.name} depends on your range.")
    house.begin(CalibrationWork(house.profiles, person, plan))
    return go_to(request, "/practise/now")


class CalibrationWork:
    """See ``sitting.Work``.

    Args:
        profiles: where it is kept.
        person: whose range it is.
        plan: the exercise whose targets depend on it.
    """

    def __init__(self, profiles: Profiles, person: Profile, plan: Plan) -> None:
        self.title = f"Calibration: {plan.exercise.name}"
        self.order = (plan.exercise.id,)
        self.muted = person.preferences.voice is False
        self._profiles, self._person, self._plan = profiles, person, plan
        self._practice = calibration_of([plan], [], mirror=True)
        self.needs_mask = self._practice.needs_mask
        self._source = ""

    def begin(self, stack: ExitStack, camera: PageCamera, model: str) -> CalibrationPractice:
        """Lead the person through it."""
        self._source = camera.name
        return self._practice

    def unsaved(self) -> bool:
        """It is kept at its end, or not at all."""
        return False

    def end(self, results: Sequence[Result]) -> Ending:
        """Keep what was found and say it.

        Raises:
            ProfileError: no range was found, or it cannot be kept.
        """
        found = self._practice.findings()
        now = datetime.now().astimezone()
        exercise = self._plan.exercise.id
        calibration = calibration_from(found, now, "live", self._source, exercise)
        self._profiles.save(self._person.with_calibration(calibration))
        told = [
            f"{each.motion.title}: {words.with_uncertainty(each)}." for each in calibration.ranges
        ]
        there = f"/people/one?{urlencode({'name': self._person.name})}"
        return Ending((*told, *remarks(found), *found.notes), there)


def _plans(house: House) -> list[Plan]:
    """The exercises with a target that depends on the person's range."""
    plans = [make_plan(each) for each in house.exercises()]
    return [plan for plan in plans if motions_of_plan(plan)]


def _told(plan: Plan) -> dict[str, object]:
    return {
        "id": plan.exercise.id,
        "name": plan.exercise.name,
        "moving": shown_moving(plan.exercise.id),
        "motions": [motion.title for motion in motions_of_plan(plan)],
        "camera": plan.exercise.camera,
    }
