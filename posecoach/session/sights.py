"""What a session says at its end of what was seen: the same whether it was just done or kept."""

from __future__ import annotations

from posecoach.exercise.definition_words import fill
from posecoach.plan.plan import Plan
from posecoach.session.result import Result
from posecoach.session.seeing import Seeing


def sights(result: Result, seeing: Seeing, plan: Plan) -> list[str]:
    """Return sentences on what was not as the exercise needs it; see ``Result.sights``."""
    found = result.unseen_in_holds() + seeing.notes(plan.exercise, all_read=_all_read(result))
    return found or _untried(result, plan)


def remarks(result: Result, seeing: Seeing, plan: Plan) -> list[str]:
    """Return those of them that are no matter of where the camera stands."""
    placing = seeing.placing(plan.exercise)
    return [each for each in sights(result, seeing, plan) if each not in placing]


def as_done(result: Result, seeing: Seeing, plan: Plan) -> bool:
    """Whether somebody was there, and as the exercise is done."""
    return not seeing.amiss(plan.exercise, all_read=_all_read(result))


def _all_read(result: Result) -> bool:
    return not result.hidden and any(result.repetitions.values())


def _untried(result: Result, plan: Plan) -> list[str]:
    """Of a stretch done on both sides it is not known for which of them somebody stood there."""
    side, asked = plan.sides[0], plan.exercise
    if not side.steps:
        return []
    if len(plan.sides) > 1:
        return result.untried(fill(asked.start.say), fill(asked.steps[0].say))
    return result.untried(side.start_say, side.steps[0].say)
