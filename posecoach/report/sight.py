"""What the camera could not see, and how to place it better."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posecoach.body.catalogue import split_name
from posecoach.body.view_words import SEEN_FROM
from posecoach.coach.events import Seen, Unseen
from posecoach.errors import MeasureError
from posecoach.pose.landmarks import Landmark
from posecoach.report import wording
from posecoach.report.facts import Known, Sight
from posecoach.session.seeing import ABSENT, WRONG_VIEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from posecoach.pose.pose import Floats
    from posecoach.report.facts import Span
    from posecoach.report.stage import Stage

    Rows = NDArray[np.bool_]

UNKNOWN = 0.15
"""Share of the frames with a person in which a measure may be unknown without a word."""
SMALL = 0.3
"""Part of the picture's longer way a body should fill: landmarks are sure to some pixels."""
SLOW = 8.0
"""Frames a second below which quick movements are lost (docs/smoothing.md)."""

_EDGES = {
    "your head": (Landmark.NOSE,),
    "your hands": (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST),
    "your hips": (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
    "your feet": (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE),
}


def sight(stage: Stage, tried: Sequence[Span]) -> Sight:
    """Say what was seen, over the whole exercise; of the measures, while it was tried."""
    seen = stage.stored.seen
    person = float(seen.mean()) if len(seen) else 0.0
    duration = float(stage.times[-1]) if len(stage.times) else 0.0
    rate = (len(stage.times) - 1) / duration if duration > 0 else 0.0
    rows = seen & (stage.within(tried) if tried else np.ones(len(seen), dtype=bool))
    measures = tuple(_known(stage, name, rows) for name in _names(stage))
    said = tuple(_said(stage, duration))
    tips = tuple(_tips(stage, person, rate, rows, measures)) if len(seen) else ()
    return Sight(person, rate, measures, said, tips)


def _names(stage: Stage) -> tuple[str, ...]:
    names = [name for _, _, goal in stage.goals() for name in goal.reader.names]
    return tuple(dict.fromkeys(names)) or tuple(stage.stored.measures)


def _known(stage: Stage, name: str, rows: Rows) -> Known:
    values = stage.measure(name)[rows]
    try:
        views = [SEEN_FROM[view] for view in split_name(name)[0].views if view in SEEN_FROM]
    except MeasureError:
        views = []
    return Known(
        title=wording.measure_title(name),
        known=float(np.isfinite(values).mean()) if values.size else 0.0,
        error=wording.error_of(name, stage.stored.row.exercise),
        unit=wording.unit_of(name),
        views=wording.listed(views),
    )


def _said(stage: Stage, duration: float) -> list[tuple[float, float, str]]:
    found: list[tuple[float, float, str]] = []
    since: tuple[float, str] | None = None
    for event in stage.stored.events:
        if isinstance(event, Unseen):
            since = (stage.at(event.time_s), event.text)
        elif isinstance(event, Seen) and since is not None:
            found.append((since[0], stage.at(event.time_s) - since[0], since[1]))
            since = None
    if since is not None:
        found.append((since[0], max(duration - since[0], 0.0), since[1]))
    return found


def _tips(
    stage: Stage, person: float, rate: float, rows: Rows, measures: Sequence[Known]
) -> list[str]:
    tips: list[str] = []
    hidden = [each for each in measures if each.known < 1 - UNKNOWN]
    if person < 1 - ABSENT:
        away = float(stage.lasting[~stage.stored.seen].sum())
        tips.append(
            f"You could not be found for {wording.seconds(away)}. Stay in the picture, with "
            "light from the front rather than from behind."
        )
    tips += _wrong_view(stage, rows)
    if hidden:
        parts = [f"{each.title} ({wording.percent(1 - each.known)} of the time)" for each in hidden]
        tips.append(
            f"What could not be read: {wording.listed(parts[:4])}. It was neither scored nor "
            "called a fault."
        )
    tips += _framing(stage, rows)
    if 0 < rate < SLOW:
        tips.append(
            f"Only {rate:.0f} pictures a second came from the camera; more light or fewer other "
            "programs make it quicker."
        )
    if tips and stage.plan is not None:
        tips.append(f"For this stretch: {wording.sentence(stage.plan.exercise.camera)}")
    return tips


def _wrong_view(stage: Stage, rows: Rows) -> list[str]:
    if stage.plan is None:
        return []
    right = stage.plan.exercise.view
    faced = [
        view.facing
        for view, row in zip(stage.stored.views, rows, strict=True)
        if row and view.facing != "unknown"
    ]
    wrong = [facing for facing in faced if facing not in right]
    if not faced or len(wrong) < WRONG_VIEW * len(faced):
        return []
    most = max(sorted(set(wrong)), key=wrong.count)
    wanted = " or ".join(SEEN_FROM[view] for view in right if view in SEEN_FROM)
    return [
        f"For {wording.percent(len(wrong) / len(faced))} of the time the camera saw you from "
        f"{SEEN_FROM[most]}; this stretch is read best from {wanted}."
    ]


def _framing(stage: Stage, rows: Rows) -> list[str]:
    """Whether the body was too small, or cut off where a target needs it."""
    poses = stage.stored.poses
    if poses is None or not rows.any():
        return []
    tips = []
    width, height = poses.size
    points = poses.image[rows][:: max(1, int(rows.sum()) // 500)]
    with np.errstate(all="ignore"):
        tall = np.nanmax(points, axis=1) - np.nanmin(points, axis=1)
    filled = float(np.nanmedian(np.nanmax(tall, axis=1))) / max(width, height)
    if filled < SMALL:
        tips.append(
            f"You filled only {wording.percent(filled)} of the picture; come nearer to the camera, "
            "or move it nearer."
        )
    needed = _needed(stage)
    cut = [
        words
        for words, marks in _EDGES.items()
        if needed & set(marks) and _outside(points[:, list(marks)], width, height) > UNKNOWN
    ]
    if cut:
        tips.append(
            f"{wording.listed(cut).capitalize()} left the picture; move the camera back, or "
            "tilt it."
        )
    return tips


def _needed(stage: Stage) -> set[Landmark]:
    found: set[Landmark] = set()
    for name in _names(stage):
        try:
            found |= set(split_name(name)[0].landmarks)
        except MeasureError:
            continue
    return found


def _outside(points: Floats, width: int, height: int) -> float:
    known = np.isfinite(points).all(axis=-1)
    x, y = points[..., 0], points[..., 1]
    out = known & ((x < 0) | (y < 0) | (x > width) | (y > height))
    return float(out.any(axis=1).mean())
