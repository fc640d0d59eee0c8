"""The targets of a plan that a person's own range has set, for who tells or keeps them."""

from __future__ import annotations

from posecoach.plan.plan import Plan


def scaled_targets(plan: Plan) -> list[dict[str, object]]:
    """The targets of a plan that are scaled by the person's own range, as plain values.

    Degrees: ``low`` is asked for, of ``own_range``; ``textbook`` without a calibration. They count
    up from neutral towards the side or direction of the movement.
    """
    return [
        {
            "step": step,
            "side": side,
            "measure": goal.reader.name,
            "low": round(goal.low, 1),
            "own_range": None if goal.own_range is None else round(goal.own_range, 2),
            "textbook": goal.textbook,
        }
        for side, step, goal in plan.scaled
    ]
