"""What a demonstration showed: the measured values of every moment, as arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from posecoach.body.catalogue import moments, names, split_name
from posecoach.body.measure import Reading
from posecoach.body.view import Facing, Posture, Side, View
from posecoach.errors import LearningError
from posecoach.observe.measures import Measures, at
from posecoach.observe.measuring import BEGINNING_S
from posecoach.observe.observer import Observer
from posecoach.observe.recorded import KeptMoments
from posecoach.observe.spread import Spread, Spreads
from posecoach.observe.zero import ZERO_S, Zero
from posecoach.pose.pose import Floats, Pose

Word = TypeVar("Word", bound=str)

STEP_S = 1 / 15
"""Values are looked at fifteen times a second, whatever the recording's rate: a webcam in the
evening gives no more."""

UNREADABLE = ("hand_lead", "hand_across", "arm_shortening")
"""Percent of a limb rather than degrees: nothing that somebody reads in a definition."""

SEEN = 0.8
"""Part of the time for which a measure must be known to be learnt from."""

PASSING = 0.05
"""Part of the time from which on a posture is one of a demonstration's: a second of twenty. On the
way from one to another a body is between them for less."""


@dataclass(frozen=True, slots=True, eq=False)
class Demonstration:
    """N moments of somebody who does a stretch.

    Attributes:
        kept: what coaching it again needs.
        times: (N,) seconds, evenly spaced.
        columns: by full measure name with left and right, (N,) degrees; known throughout.
        spreads: how far each may be off, the median over the moments.
        facing: from where the camera sees the body most of the time.
        postures: those the body was in, the most frequent first.
        near: the side towards the camera.
    """

    kept: KeptMoments
    times: Floats
    columns: Mapping[str, Floats]
    spreads: Spreads
    facing: Facing
    postures: tuple[Posture, ...]
    near: Side

    @property
    def from_the_side(self) -> bool:
        """Whether one side of the body hides the other."""
        return self.facing in ("left", "right")

    def postures_between(self, start_s: float, end_s: float) -> list[Posture]:
        """The known postures of the moments from one time to another."""
        kept = self.kept
        at = np.flatnonzero(kept.seen & (kept.times >= start_s) & (kept.times <= end_s))
        found = [kept.views[index].posture for index in at.tolist()]
        return [each for each in found if each != "unknown"]


class Watcher:
    """Gathers the poses of a demonstration, one after the other."""

    def __init__(self) -> None:
        self._observer = Observer(_outlined())
        self._poses: list[Pose] = []
        self._views: list[View] = []
        self._outlines: dict[str, list[Reading]] = {name: [] for name in self._observer.drawn}

    @property
    def needs_mask(self) -> bool:
        """Whether the silhouette is needed."""
        return self._observer.needs_mask

    def see(self, pose: Pose) -> None:
        """Take the next moment, with its silhouette."""
        observed = self._observer.observe(pose)
        self._poses.append(replace(pose, mask=None))
        self._views.append(observed.view)
        for name, readings in self._outlines.items():
            readings.append(observed.outlines.get(name, _UNSEEN))

    def finish(self, end_s: float = inf) -> KeptMoments:
        """Return all that was seen, up to a time.

        Raises:
            LearningError: there was no picture at all.
        """
        count = sum(float(pose.time_s) <= end_s for pose in self._poses)
        if not count:
            raise LearningError("There is no picture in it.")
        poses = Pose.series(self._poses[:count])
        outlines = {name: _column(readings[:count]) for name, readings in self._outlines.items()}
        return kept_moments(poses, self._views[:count], outlines)


def kept_moments(
    poses: Pose, views: Sequence[View], outlines: Mapping[str, Reading]
) -> KeptMoments:
    """Return moments as a coach can be given them again."""
    seen: NDArray[np.bool_] = np.asarray(poses.seen)
    nowhere = np.zeros(len(seen), bool)
    return KeptMoments(poses.time_s, seen, nowhere, tuple(views), {}, outlines, None, poses, True)


def demonstration(kept: KeptMoments) -> Demonstration:
    """Measure everything that can be measured in a demonstration.

    Raises:
        LearningError: too little was seen of anybody.
    """
    seen = np.flatnonzero(kept.seen)
    if len(seen) < 2 or len(seen) < SEEN * len(kept.seen):
        raise LearningError(
            "Nobody is seen for most of it; film it so that the whole body stays in the picture."
        )
    measures = Measures(_readable())
    assert kept.poses is not None
    read, told = measures.taken_many(
        kept.poses, kept.views, _zero(kept, measures).neutral, dict(kept.outlines)
    )
    times = np.arange(kept.times[seen[0]], kept.times[seen[-1]], STEP_S)
    views = [kept.views[index] for index in seen.tolist()]
    columns: dict[str, Floats] = {}
    spreads: dict[str, Spread] = {}
    for name in measures.names:
        values = read[name]
        there = np.flatnonzero(np.isfinite(values))
        if len(there) < SEEN * len(seen):
            continue
        columns[name] = np.interp(times, kept.times[there], values[there])
        each = np.array([told[index][name] for index in there.tolist() if name in told[index]])
        spreads[name] = Spread(*np.median(each, axis=0).tolist())
    return Demonstration(
        kept, times, columns, spreads, _most(v.facing for v in views), _postures(views),
        _most(v.near for v in views),
    )  # fmt: skip


def _zero(kept: KeptMoments, measures: Measures) -> Zero:
    """The person's own zero: the first second in which they keep still, as when measuring."""
    zero = Zero(measures)
    assert kept.poses is not None
    begun_s: float | None = None
    for index in np.flatnonzero(kept.seen).tolist():
        now = float(kept.times[index])
        begun_s = now if begun_s is None else begun_s
        outlines = {name: at(kept.outlines[name], index) for name in measures.drawn}
        zero.rest(_moment(kept.poses, index), kept.views[index], outlines)
        lasted = now - begun_s
        if (lasted >= ZERO_S and zero.at_rest) or lasted >= BEGINNING_S:
            break
    return zero


def _moment(poses: Pose, index: int) -> Pose:
    return moments(poses, index)  # type: ignore[arg-type]


def _readable() -> list[str]:
    return [name for name in names() if split_name(name)[0].name not in UNREADABLE]


def _outlined() -> tuple[str, ...]:
    return Measures(_readable()).outlined


def _most(words: Iterable[Word]) -> Word:
    return Counter(words).most_common(1)[0][0]


def _postures(views: Sequence[View]) -> tuple[Posture, ...]:
    counted = Counter(view.posture for view in views if view.posture != "unknown")
    return tuple(p for p, count in counted.most_common() if count >= PASSING * len(views))


_UNSEEN = Reading(np.array(np.nan), np.array(0.0))


def _column(readings: Sequence[Reading]) -> Reading:
    return Reading(
        np.array([float(each.value) for each in readings]),
        np.array([float(each.confidence) for each in readings]),
    )
