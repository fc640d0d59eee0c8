"""All measures by name, and the ways to compute them.

``measure`` is for one moment, or N moments seen in one view; ``measure_series`` for N
moments whose view changes. Both compute only what is asked for.

    readings = measure(pose, ["elbow_flexion_near", "trunk_inclination"], view)
    readings["elbow_flexion_near"].value
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from posecoach.body import (
    girdle,
    hands,
    inclinations,
    joints,
    knees,
    legs,
    neck,
    reach,
    spine,
    trunk,
    turn,
)
from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.view import UNKNOWN, Side, View
from posecoach.errors import MeasureError
from posecoach.pose.pose import Pose

CATALOGUE: Mapping[str, Measure] = MappingProxyType(
    {
        each.name: each
        for part in (
            joints,
            trunk,
            spine,
            neck,
            turn,
            girdle,
            knees,
            legs,
            reach,
            hands,
            inclinations,
        )
        for each in part.MEASURES
    }
)
"""Every measure by its name without a side."""

_SIDES = ("left", "right", "near", "far")
_OTHER: Mapping[Side, Side] = {"left": "right", "right": "left"}


def _split_all() -> dict[str, tuple[Measure, str | None]]:
    split: dict[str, tuple[Measure, str | None]] = {}
    for name, each in CATALOGUE.items():
        if each.sided:
            split.update((f"{name}_{side}", (each, side)) for side in _SIDES)
        else:
            split[name] = (each, None)
    return split


_SPLIT = _split_all()


def names(near_far: bool = False) -> tuple[str, ...]:
    """Return the full names of all measures, with left and right; on wish also near and far."""
    wanted = _SIDES if near_far else _SIDES[:2]
    return tuple(name for name, (_, side) in _SPLIT.items() if side is None or side in wanted)


def split_name(name: str, view: View = UNKNOWN) -> tuple[Measure, Side | None]:
    """Split a full name into the measure and its side.

    Args:
        name: e.g. "elbow_flexion_left", "elbow_flexion_near", "trunk_inclination".
        view: tells which side is near.

    Raises:
        MeasureError: there is no measure of this name.
    """
    try:
        found, side = _SPLIT[name]
    except KeyError:
        raise MeasureError(_unknown(name)) from None
    match side:
        case None:
            return found, None
        case "left":
            return found, "left"
        case "right":
            return found, "right"
    return found, view.near if side == "near" else _OTHER[view.near]


def _unknown(name: str) -> str:
    if name in CATALOGUE:
        return f"the measure {name!r} needs a side: {name}_left, _right, _near or _far"
    close = difflib.get_close_matches(name, _SPLIT, n=1) or [
        known for known in _SPLIT if name and known.startswith(f"{name}_")
    ]
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return f"there is no measure {name!r}{hint or '; posecoach measure --list names them all'}"


def needs_silhouette(name: str) -> bool:
    """Whether a measure, or an ``angle(a,vertex,b)``, is read from the silhouette."""
    return not name.startswith("angle(") and split_name(name)[0].needs_mask


def raw(
    pose: Pose, names: Iterable[str], view: View = UNKNOWN, neutral: Neutral | None = None
) -> dict[str, Reading]:
    """Compute measures as the picture shows them, no start value subtracted.

    Args:
        pose: one moment, or N moments seen in one view.
        names: full names.
        view: how the camera sees the body.
        neutral: for the measures that compare the pose with it.

    Raises:
        MeasureError: there is no measure of one of the names.
    """
    readings: dict[str, Reading] = {}
    for name in names:
        found, side = split_name(name, view)
        readings[name] = found.estimate(pose, view, side, neutral)
    return readings


def measure(
    pose: Pose, names: Iterable[str], view: View = UNKNOWN, neutral: Neutral | None = None
) -> dict[str, Reading]:
    """Compute measures by name.

    A measure whose zero is the person's start pose is unknown without a ``neutral``: the
    picture alone does not show where its zero is, and a guess would look like a value.

    Args:
        pose: one moment, or N moments seen in one view.
        names: full names, e.g. "elbow_flexion_left", "elbow_flexion_near".
        view: how the camera sees the body.
        neutral: the person's start pose, see ``neutral_of``.

    Returns:
        By the names as given, a reading of () or (N,).

    Raises:
        MeasureError: there is no measure of one of the names.
    """
    readings: dict[str, Reading] = {}
    for name in names:
        found, side = split_name(name, view)
        reading = found.estimate(pose, view, side, neutral)
        if found.zero_from == "start":
            full = name if side is None else f"{found.name}_{side}"
            zero = np.nan if neutral is None else neutral.values.get(full, np.nan)
            reading = _from_zero(reading, zero)
        readings[name] = reading
    return readings


def _from_zero(reading: Reading, zero: float) -> Reading:
    if np.isnan(zero):
        return Reading(np.full_like(reading.value, np.nan), np.zeros_like(reading.confidence))
    return Reading(np.asarray(reading.value - zero), reading.confidence)


def measure_series(
    poses: Pose, views: Sequence[View], names: Sequence[str], neutral: Neutral | None = None
) -> dict[str, Reading]:
    """Compute measures for N moments, each seen in its own view.

    Moments of equal view are computed together, so a whole session takes a few array
    operations for each view in it.

    Args:
        poses: N moments.
        views: N views.
        names: full names.
        neutral: the person's start pose.

    Returns:
        By name, a reading of (N,).

    Raises:
        MeasureError: there is no measure of one of the names.
        ValueError: the numbers of poses and views differ.
    """

    def here(part: Pose, view: View) -> dict[str, Reading]:
        return measure(part, names, view, neutral)

    return _by_view(poses, views, names, here)


def _by_view(
    poses: Pose,
    views: Sequence[View],
    names: Sequence[str],
    compute: Callable[[Pose, View], dict[str, Reading]],
) -> dict[str, Reading]:
    """Compute moments of equal view together, and put them back in order.

    Those in which nobody is seen are left out: without landmarks nothing is computed.
    """
    if poses.image.ndim != 3 or len(views) != len(poses.image):
        raise ValueError("a series needs one view for each moment")
    seen = np.asarray(poses.seen)
    groups = rows_by_view(views)
    if len(groups) == 1 and seen.all():
        return compute(poses, views[0])
    values = {name: np.full(len(views), np.nan) for name in names}
    confidences = {name: np.zeros(len(views)) for name in names}
    for view, members in groups.items():
        rows = members[seen[members]]
        if not len(rows):
            continue
        for name, reading in compute(moments(poses, rows), view).items():
            values[name][rows] = reading.value
            confidences[name][rows] = reading.confidence
    return {name: Reading(values[name], confidences[name]) for name in names}


def rows_by_view(views: Sequence[View]) -> dict[View, NDArray[np.intp]]:
    """Return which moments are seen in each view."""
    groups: dict[View, list[int]] = {}
    last: View | None = None
    group: list[int] = []
    for index, view in enumerate(views):
        if view is not last:  # which lasts, so that it is seldom looked up
            last, group = view, groups.setdefault(view, [])
        group.append(index)
    return {view: np.array(members) for view, members in groups.items()}


def moments(poses: Pose, rows: NDArray[np.intp] | slice) -> Pose:
    """Return the chosen moments of a series."""
    return replace(
        poses,
        time_s=poses.time_s[rows],
        image=poses.image[rows],
        world=poses.world[rows],
        visibility=poses.visibility[rows],
        mask=None if poses.mask is None else poses.mask[rows],
    )


def neutral_of(poses: Pose, views: Sequence[View], names: Iterable[str] | None = None) -> Neutral:
    """Make a neutral of the moments in which the start pose was held.

    Args:
        poses: N moments, with masks if measures that need one are to have a zero.
        views: N views.
        names: full names of the measures to read a start value of; without it all whose
            zero is the start pose. Names of other measures are passed over.

    Returns:
        The median pose, and the median of the known values. A measure that was never
        known has no value.
    """
    wanted: set[str] = set()
    for name in _SPLIT if names is None else names:
        found, _ = split_name(name)
        if found.zero_from == "start":
            wanted.update(
                [f"{found.name}_left", f"{found.name}_right"] if found.sided else [found.name]
            )
    pose = _median(poses)
    own = Neutral(pose, {})
    full = sorted(wanted)
    readings = _by_view(poses, views, full, lambda part, view: raw(part, full, view, own))
    values: dict[str, float] = {}
    for name, reading in readings.items():
        known = reading.value[np.isfinite(reading.value)]
        if known.size:
            values[name] = float(np.median(known))
    return Neutral(pose, MappingProxyType(values))


def _median(poses: Pose) -> Pose:
    """Return the median of the moments in which a person was seen."""
    seen = poses.seen
    if not seen.any():
        return Pose.absent(float(poses.time_s[0]), poses.size)
    return Pose(
        time_s=np.asarray(np.median(poses.time_s[seen])),
        image=np.median(poses.image[seen], axis=0),
        world=np.median(poses.world[seen], axis=0),
        visibility=np.median(poses.visibility[seen], axis=0),
        size=poses.size,
    )
