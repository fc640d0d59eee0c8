"""How the camera sees the body, kept steady over time.

The view decides which side is measured and what may be trusted, so it must not flicker:
it is read from the pose averaged over a third of a second, what is has a margin over what
may be, and a change must last. A body does not turn round in one frame, but the model's
idea of it does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.body.facing import Stance, facing, near_side, stance
from posecoach.body.points import Points, points
from posecoach.body.posture import Legs, legs, posture
from posecoach.body.view import UNKNOWN, Facing, Posture, Side, View
from posecoach.pose.landmarks import COUNT
from posecoach.pose.pose import Pose

_AVERAGE_S = 0.3
_LASTING_S = 0.7
_FORGET_S = 2.0
_STEP_DEG = 5.0

Rows = NDArray[np.intp]
_What = tuple[Facing, Posture, Side]


class ViewTracker:
    """Tells the view of one body, pose by pose.

    Call ``update`` with each single moment in order of time, or ``follow`` with some of them.
    In the first moments with a person each is taken at its word, so that a photo has a view too.
    """

    def __init__(self) -> None:
        self._view = UNKNOWN
        self._average: Pose | None = None
        self._candidate: _What = (UNKNOWN.facing, UNKNOWN.posture, UNKNOWN.near)
        self._since_s = math.inf
        self._seen_since_s = math.inf

    @property
    def view(self) -> View:
        """The view as of the last pose."""
        return self._view

    def update(self, pose: Pose) -> View:
        """Take the next moment and return the view; the last one while nobody is seen.

        ``turned_deg`` comes in steps of 5 degrees: it is not known better, and equal views are
        measured together.
        """
        time_s = float(pose.time_s)
        average = self._average
        last_s = None if average is None else float(average.time_s)
        if not pose.seen:
            if _forgotten(last_s, time_s):
                self._forget()
            return self._view
        share = _share(last_s, time_s)
        if share is None or average is None or average.size != pose.size:
            image, world, visibility = pose.image, pose.world, pose.visibility
        else:
            image = average.image + share * (pose.image - average.image)
            world = average.world + share * (pose.world - average.world)
            visibility = average.visibility + share * (pose.visibility - average.visibility)
        self._average = average = Pose(pose.time_s, image, world, visibility, pose.size)
        p = points(average)
        return self._tell(time_s, stance(p), lambda side: legs(p, side))

    def follow(self, poses: Pose) -> list[View]:
        """Take the next N moments together and return the views ``update`` would.

        A fifth of the work: landmarks are averaged and read over arrays, and only what is made
        of them goes moment by moment.
        """
        seen, times = poses.seen, poses.time_s.tolist()
        averages, forgotten = self._averages(poses, np.flatnonzero(seen))
        readings = iter(()) if averages is None else _readings(points(averages))
        views: list[View] = []
        for time_s, there, forgets in zip(times, seen.tolist(), forgotten, strict=True):
            if there:
                self._tell(time_s, *next(readings))
            elif forgets:
                self._forget()
            views.append(self._view)
        last = np.flatnonzero(seen)[-1:]
        if averages is not None and not any(forgotten[int(last[0]) :]):
            self._average = Pose(
                poses.time_s[last[0]],
                averages.image[-1],
                averages.world[-1],
                averages.visibility[-1],
                poses.size,
            )
        return views

    def _averages(self, poses: Pose, rows: Rows) -> tuple[Pose | None, list[bool]]:
        """The running average after each moment in ``rows``, in which somebody is seen.

        Also (N,) whether the average is forgotten in a moment. None where nobody is seen at all.
        """
        count = len(rows)
        now = np.empty((count, _FLAT))
        now[:, :_IMAGE] = poses.image[rows].reshape(count, _IMAGE)
        now[:, _IMAGE:_WORLD] = poses.world[rows].reshape(count, 3 * COUNT)
        now[:, _WORLD:] = poses.visibility[rows]
        averages = np.empty_like(now)
        average, last_s = None, None
        before = self._average
        if before is not None:
            last_s = float(before.time_s)
            if before.size == poses.size:
                parts = (before.image.ravel(), before.world.ravel(), before.visibility)
                average = np.concatenate(parts)
        forgotten = []
        row = 0
        for time_s, there in zip(poses.time_s.tolist(), poses.seen.tolist(), strict=True):
            forgets = not there and _forgotten(last_s, time_s)
            forgotten.append(forgets)
            if forgets:
                last_s = None
            if not there:
                continue
            share = _share(last_s, time_s)
            blended = averages[row]
            if share is None or average is None:
                blended[:] = now[row]
            else:
                np.subtract(now[row], average, out=blended)
                blended *= share
                blended += average
            average, last_s = blended, time_s
            row += 1
        if not count:
            return None, forgotten
        return (
            Pose(
                poses.time_s[rows],
                averages[:, :_IMAGE].reshape(count, COUNT, 2),
                averages[:, _IMAGE:_WORLD].reshape(count, COUNT, 3),
                averages[:, _WORLD:],
                poses.size,
            ),
            forgotten,
        )

    def _forget(self) -> None:
        self._average, self._view = None, UNKNOWN

    def _tell(self, time_s: float, now: Stance, leg_of: Callable[[Side], Legs]) -> View:
        """Take what is seen of the average now, and tell the view."""
        view = self._view
        if view.facing == "unknown":
            self._seen_since_s = time_s
        first = time_s - self._seen_since_s < _LASTING_S
        before = UNKNOWN if first else view
        near = near_side(now, before)
        seen_from = facing(now, near, before.facing)
        if seen_from == "left" or seen_from == "right":
            near = seen_from
        told: _What = (seen_from, posture(leg_of(near), now, seen_from, view.posture), near)
        turned = view.turned_deg
        if math.isfinite(now.turned_deg) and not abs(now.turned_deg - turned) <= 0.8 * _STEP_DEG:
            turned = round(now.turned_deg / _STEP_DEG) * _STEP_DEG
        same: _What = (view.facing, view.posture, view.near)
        if first or told == same:
            self._candidate, self._since_s = told, math.inf
        else:
            if self._candidate != told:
                self._candidate, self._since_s = told, time_s
            if not time_s - self._since_s >= _LASTING_S:
                told = same
        self._view = view = _view(*told, turned)
        return view


_IMAGE, _WORLD, _FLAT = 2 * COUNT, 5 * COUNT, 6 * COUNT
"""Where image, world and visibility end in a row of numbers."""


def _forgotten(last_s: float | None, time_s: float) -> bool:
    """Whether who was averaged last is gone for too long."""
    return last_s is not None and time_s - last_s > _FORGET_S


def _share(last_s: float | None, time_s: float) -> float | None:
    """Share of the next moment in the average, which is exponential in time.

    None where it begins anew: after a gap, and where the clock went back.
    """
    if last_s is None or not 0 <= time_s - last_s <= _FORGET_S:
        return None
    return -math.expm1((last_s - time_s) / _AVERAGE_S)


def _readings(p: Points) -> Iterator[tuple[Stance, Callable[[Side], Legs]]]:
    """Stance and legs of each moment; the legs of a side are read when they are asked for."""

    @cache
    def legs_of(side: Side) -> list[Legs]:
        return [Legs(*each) for each in _rows(legs(p, side))]

    for index, each in enumerate(_rows(stance(p))):
        yield Stance(*each), lambda side, index=index: legs_of(side)[index]  # type: ignore[misc]


def _rows(columns: Stance | Legs) -> Iterator[tuple[Any, ...]]:
    """Python's numbers, moment by moment."""
    return zip(*(np.asarray(column).tolist() for column in columns), strict=True)


@lru_cache(maxsize=1024)
def _view(facing: Facing, posture: Posture, near: Side, turned_deg: float) -> View:
    return View(facing, posture, near, turned_deg)
