"""The best and the worst moment of an exercise, to be drawn as skeletons."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Literal

import numpy as np

from posecoach.plan.target import ZERO_SCORE_DEG
from posecoach.pose.landmarks import Landmark
from posecoach.report import wording
from posecoach.report.exercise_record import direction
from posecoach.report.facts import Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posecoach.plan.plan import StepPlan
    from posecoach.plan.quantity import Reader
    from posecoach.plan.target import Goal
    from posecoach.pose.pose import Floats
    from posecoach.report.exercise_record import ExerciseRecord
    from posecoach.report.facts import AttemptFacts, FaultFacts, Hold

STEADY_S = 0.4
"""Moments are judged by their mean over so long: a single wrong frame is no moment."""
SHOWN_LIKELY = 0.3
"""Landmarks of less visibility are not drawn."""

_AT: dict[str, Landmark] = {
    "elbow_flexion": Landmark.LEFT_ELBOW,
    "shoulder_flexion": Landmark.LEFT_SHOULDER,
    "shoulder_abduction": Landmark.LEFT_SHOULDER,
    "hip_flexion": Landmark.LEFT_HIP,
    "knee_flexion": Landmark.LEFT_KNEE,
}
"""The joint beside which a measure is written."""


def pictures(
    record: ExerciseRecord,
    holds: Sequence[Hold],
    attempts: Sequence[AttemptFacts],
    faults: Sequence[FaultFacts],
) -> tuple[Picture, ...]:
    """Find the moments and what is to be seen in them; none without kept landmarks."""
    poses = record.stored.poses
    if poses is None or record.plan is None or not record.stored.seen.any():
        return ()
    score, where = _scores(record, holds, attempts)
    faulty = record.within([(each.start_s, each.end_s) for each in faults])
    if not np.isfinite(score).any():
        # Movements without a position to keep (circles): what counted, and what was at fault.
        counted = record.within([(a.start_s, a.end_s) for a in attempts if a.counted])
        tried = record.within([(a.start_s, a.end_s) for a in attempts])
        score = np.where(counted, 1.0, np.where(tried | faulty, 0.5, np.nan))
    judged = _steady(np.where(faulty, score - 0.5, score), record.times)
    judged[~record.stored.seen] = np.nan
    if not np.isfinite(judged).any():
        return ()
    best = _middle_of_run(judged, float(np.nanmax(judged)))
    worst = _middle_of_run(judged, float(np.nanmin(judged)))
    found = [_picture(record, "best", best, where, faults)]
    if judged[worst] < 0.99 and judged[worst] < judged[best] - 0.02:
        found.append(_picture(record, "worst", worst, where, faults))
    return tuple(found)


_Where = list[tuple["StepPlan", tuple[float, float]]]


def _scores(
    record: ExerciseRecord, holds: Sequence[Hold], attempts: Sequence[AttemptFacts]
) -> tuple[Floats, _Where]:
    """(N,) how well the targets were met in each position, NaN outside."""
    assert record.plan is not None
    score = np.full(len(record.times), np.nan)
    where: _Where = []
    for side in record.plan.sides:
        for step in side.steps:
            spans = [
                (h.start_s, h.end_s) for h in holds if h.step == step.id and h.side == side.side
            ]
            if len(side.steps) == 1:
                spans += [
                    (a.start_s + 0.3 * (a.end_s - a.start_s), a.end_s - 0.3 * (a.end_s - a.start_s))
                    for a in attempts
                    if a.side == side.side
                    and not any(a.start_s <= start <= a.end_s for start, _ in spans)
                ]
            if not spans:
                continue
            inside = record.within(spans)
            score[inside] = _goal_scores(record, step.goals)[inside]
            where += [(step, span) for span in spans]
    return score, where


def _goal_scores(record: ExerciseRecord, goals: Sequence[Goal]) -> Floats:
    """(N,) weighted mean of the known targets' scores (``coach.target.frame_score``)."""
    total = np.zeros(len(record.times))
    weight = np.zeros(len(record.times))
    for goal in goals:
        values = record.values(goal.reader)
        missed = np.maximum(np.maximum(goal.low - values, values - goal.high), 0.0)
        known = np.isfinite(values)
        total[known] += goal.weight * np.clip(1.0 - missed[known] / ZERO_SCORE_DEG, 0.0, 1.0)
        weight[known] += goal.weight
    return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)


def _steady(score: Floats, times: Floats) -> Floats:
    """(N,) means over ``STEADY_S`` around each frame, of the known ones."""
    known = np.isfinite(score)
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, score, 0.0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    first = np.searchsorted(times, times - STEADY_S / 2, side="left")
    last = np.searchsorted(times, times + STEADY_S / 2, side="right")
    number = counts[last] - counts[first]
    mean = np.divide(
        sums[last] - sums[first], number, out=np.full(len(score), np.nan), where=number > 0
    )
    return np.where(known, mean, np.nan)


def _middle_of_run(judged: Floats, value: float) -> int:
    """The middle of the longest run of frames judged alike: nobody is on the way there."""
    like = np.flatnonzero(np.abs(judged - value) < 0.01)
    breaks = np.flatnonzero(np.diff(like) > 1) + 1
    run = max(np.split(like, breaks), key=len)
    return int(run[len(run) // 2])


def _picture(
    record: ExerciseRecord,
    kind: Literal["best", "worst"],
    row: int,
    where: _Where,
    faults: Sequence[FaultFacts],
) -> Picture:
    poses = record.stored.poses
    assert poses is not None
    time_s = float(record.times[row])
    step = next((s for s, (start, end) in where if start <= time_s <= end), None)
    joints: list[tuple[int, str, bool]] = []
    said: list[tuple[float, str]] = []
    for goal in step.goals if step else ():
        value = float(record.values(goal.reader)[row])
        if not isfinite(value):
            continue
        unit = wording.unit_of(goal.reader.name)
        error = wording.reader_error(goal.reader)
        met = bool(goal.met(value, goal.stay))
        missed = max(goal.low - value, value - goal.high, 0.0)
        title, way = movement_of(goal)
        low, high = sorted((way * goal.low, way * goal.high))
        said.append(
            (
                missed,
                f"{title} {wording.unsure(way * value, error, unit)}"
                + ("" if met else f" (wanted {wording.wanted(low, high, unit)})"),
            )
        )
        at = _place(goal.reader, record.stored.views[row].near)
        if at is not None:
            joints.append((at, wording.degrees(value, unit), met))
    said.sort(key=lambda each: -each[0])
    now = [fault.name for fault in faults if fault.start_s <= time_s <= fault.end_s]
    parts = list(dict.fromkeys(now)) if kind == "worst" else []
    parts += [words for _, words in said[:3]]
    shown = poses.visibility[row] >= SHOWN_LIKELY
    return Picture(
        kind=kind,
        time_s=time_s,
        points=np.where(shown[:, None], poses.image[row], np.nan),
        seen=poses.visibility[row],
        joints=tuple(joints),
        words=". ".join(wording.sentence(part).rstrip(".") for part in parts),
    )


def movement_of(goal: Goal) -> tuple[str, int]:
    """What a target's movement is called, and -1 where its degrees count up the other way.

    As among the ranges: one report has one sign for one movement.
    """
    way = direction(goal)
    up, down = wording.motion_title(goal.reader, 1), wording.motion_title(goal.reader, way)
    return (up, 1) if up == down else (down, way)


def _place(reader: Reader, near: str) -> int | None:
    """The joint beside which a quantity is written; None of a change and of a difference, which
    would be read there as the angle of the joint."""
    stem, _, side = reader.name.rpartition("_")
    if stem not in _AT or reader.from_start or reader.minus is not None:
        return None
    if side in ("near", "far"):
        side = near if side == "near" else {"left": "right", "right": "left"}[near]
    return int(Landmark[_AT[stem].name.replace("LEFT", side.upper())])
