"""What the camera could not see, and how to place it better."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from posecoach.body.catalogue import split_name
from posecoach.body.view_words import SEEN_FROM
from posecoach.coach.events import Seen, Unseen
from posecoach.errors import MeasureError
from posecoach.pose.landmarks import Landmark
from posecoach.report import wording
from posecoach.report.facts import MeasureVisibility, Visibility
from posecoach.session.seeing import ABSENT, WRONG_VIEW
from posecoach.shares import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from posecoach.pose.pose import Floats
    from posecoach.report.exercise_record import ExerciseRecord
    from posecoach.report.facts import Span

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


def visibility_of(
    record: ExerciseRecord, tried: Sequence[Span], *, well: bool = True, live: bool = True
) -> Visibility:
    """Say what was seen, over the whole exercise; of the measures, while it was tried.

    Args:
        well: whether the person did what can be seen, and in the posture it is done in.
        live: whether it came from a camera, or may have.
    """
    seen = record.stored.seen
    person = 1.0 - record.away().share if len(seen) else 0.0
    duration = float(record.times[-1]) if len(record.times) else 0.0
    rate = (len(record.times) - 1) / duration if duration > 0 else 0.0
    rows = seen & (record.within(tried) if tried else np.ones(len(seen), dtype=bool))
    measures = tuple(_known(record, name, rows) for name in _names(record))
    said = tuple(_said(record, duration))
    found = Visibility(person, rate, measures, said, ())
    return (
        replace(found, tips=tuple(_tips(record, found, rows, well, live))) if len(seen) else found
    )


def _names(record: ExerciseRecord) -> tuple[str, ...]:
    names = [name for _, _, goal in record.goals() for name in goal.reader.names]
    return tuple(dict.fromkeys(names)) or tuple(record.stored.measures)


def _known(record: ExerciseRecord, name: str, rows: Rows) -> MeasureVisibility:
    values = record.measure(name)[rows]
    try:
        views = [SEEN_FROM[view] for view in split_name(name)[0].views if view in SEEN_FROM]
    except MeasureError:
        views = []
    return MeasureVisibility(
        title=wording.measure_title(name),
        known=float(np.isfinite(values).mean()) if values.size else 0.0,
        error=wording.error_of(name),
        unit=wording.unit_of(name),
        views=wording.listed(views),
        needed=name in _needed(record),
    )


def _said(record: ExerciseRecord, duration: float) -> list[tuple[float, float, str]]:
    found: list[tuple[float, float, str]] = []
    since: tuple[float, str] | None = None
    for event in record.stored.events:
        if isinstance(event, (Unseen, Seen)) and since is not None:
            found.append((since[0], record.at(event.time_s) - since[0], since[1]))
            since = None
        if isinstance(event, Unseen):
            since = (record.at(event.time_s), event.text)
    if since is not None:
        found.append((since[0], max(duration - since[0], 0.0), since[1]))
    return found


def _tips(
    record: ExerciseRecord, found: Visibility, rows: Rows, well: bool, live: bool
) -> list[str]:
    """What to do about what was ``found``."""
    tips: list[str] = []
    hidden = [each for each in found.measures if each.known < 1 - UNKNOWN]
    if found.person < 1 - ABSENT:
        tips.append(
            f"You could not be found{_away(record)}. Stay in the picture, with light from the "
            "front rather than from behind."
        )
    if well:
        # In another posture, to be seen from the right side is no help.
        tips += _wrong_view(record, rows)
    tips += _framing(record, rows)
    if live and 0 < found.frames_a_second < SLOW:
        # Of a recording its own remark tells, and nothing makes it quicker.
        tips.append(
            f"Only {found.frames_a_second:.0f} pictures a second could be used; with a camera, "
            "more light or fewer other programs make it quicker."
        )
    amiss = bool(tips) or not well or any(each.needed for each in hidden)
    if hidden:
        parts = [f"{each.title} ({percent(1 - each.known)} of the time)" for each in hidden]
        tips.append(
            f"What could not be read: {wording.listed(parts[:4])}. It was neither scored nor "
            "called a fault."
        )
    if amiss and record.plan is not None:
        tips.append(f"For this stretch: {wording.sentence(record.plan.exercise.camera)}")
    return tips


def _away(record: ExerciseRecord) -> str:
    """For how long; of a film that stands still one picture is kept, which lasts no time."""
    if not record.stored.seen.any():
        return " in any picture"
    return f" for {wording.seconds(record.away().away_s)}"


def _wrong_view(record: ExerciseRecord, rows: Rows) -> list[str]:
    if record.plan is None:
        return []
    right = record.plan.exercise.view
    faced = [
        view.facing
        for view, row in zip(record.stored.views, rows, strict=True)
        if row and view.facing != "unknown"
    ]
    wrong = [facing for facing in faced if facing not in right]
    if not faced or len(wrong) < WRONG_VIEW * len(faced):
        return []
    most = max(sorted(set(wrong)), key=wrong.count)
    wanted = " or ".join(SEEN_FROM[view] for view in right if view in SEEN_FROM)
    return [
        f"For {percent(len(wrong) / len(faced))} of the time the camera saw you from "
        f"{SEEN_FROM[most]}; this stretch is read best from {wanted}."
    ]


def _framing(record: ExerciseRecord, rows: Rows) -> list[str]:
    """Whether the body was too small, or cut off so that what is needed could not be read.

    What is read all the same, or need not be, may lie beyond the edge: arms at a desk do.
    """
    poses = record.stored.poses
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
            f"You filled only {percent(filled)} of the picture; come nearer to the camera, "
            "or move it nearer."
        )
    missed = _missed(record, rows)
    cut = [
        words
        for words, marks in _EDGES.items()
        if missed & set(marks) and _outside(points[:, list(marks)], width, height) > UNKNOWN
    ]
    if cut:
        tips.append(
            f"{wording.listed(cut).capitalize()} left the picture; move the camera back, or "
            "tilt it."
        )
    return tips


def _needed(record: ExerciseRecord) -> frozenset[str]:
    """The measures that the stretch cannot do without: of the others a definition says so."""
    if record.plan is None:
        return frozenset(_names(record))
    return record.plan.shown | frozenset(record.circled())


def _missed(record: ExerciseRecord, rows: Rows) -> set[Landmark]:
    """What was to be seen for the needed measures that could not be read."""
    found: set[Landmark] = set()
    for name in _needed(record):
        if _known(record, name, rows).known >= 1 - UNKNOWN:
            continue
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
