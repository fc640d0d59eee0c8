"""From what is kept of a session to the numbers the coach works on: ``observer`` over arrays.

What the coach was given is kept in the precision it was given in, so the same measures are taken
from what is kept. What was not measured then is measured from the landmarks, over arrays of
frames.

Some measures are counted from the person's own zero, and which moments make it is decided by the
coach. As long as the coach rests in the same moments as it did then, what is kept is still right;
from the first moment in which it does not, those measures are taken from the landmarks again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from posecoach.body.catalogue import moments, needs_silhouette
from posecoach.body.measure import Neutral, Reading
from posecoach.body.view import UNKNOWN, View
from posecoach.body.view_tracker import ViewTracker
from posecoach.errors import MeasureError
from posecoach.observe.given import Given
from posecoach.observe.measures import FITTED, Measures, at, usual_spreads
from posecoach.observe.precision import known
from posecoach.observe.spread import EXACT, KeptSpreads, Spreads
from posecoach.observe.zero import Zero
from posecoach.pose.pose import Floats, Pose

LONGEST_BLOCK = 4096
"""Frames measured together: a few megabytes, and enough of each of the views in them."""

Row = Sequence[float]
"""The values of one moment, in the order of some names."""


class _Zeroed(NamedTuple):
    """One moment of the measures that count from the person's zero."""

    row: Row
    spreads: Spreads


class NotKeptError(MeasureError):
    """A measure can be told neither from the readings nor from the landmarks that are kept.

    Attributes:
        silhouette: whether it is the silhouette that is lacking, which never is kept.
    """

    def __init__(self, text: str, *, silhouette: bool) -> None:
        super().__init__(text)
        self.silhouette = silhouette


@dataclass(frozen=True, slots=True, eq=False)
class KeptMoments:
    """What is kept of the moments of one exercise, N of them.

    Attributes:
        times: (N,) seconds of the source.
        seen: (N,) whether a person was found.
        resting: (N,) whether the pose was taken for the person's own zero.
        views: N views.
        measures: by full name, readings of (N,) as the coach was given them.
        outlines: by name, readings of (N,) of what the silhouette showed, before the person's own
            zero was subtracted.
        spreads: by full name, (N, 3) degrees, how far those readings may be off, NaN where
            unknown; None where that was not kept.
        poses: N moments without masks; None where the landmarks were not kept.
        as_today: whether views and measures are what would be measured today.
    """

    times: Floats
    seen: NDArray[np.bool_]
    resting: NDArray[np.bool_]
    views: Sequence[View]
    measures: Mapping[str, Reading]
    outlines: Mapping[str, Reading]
    spreads: Mapping[str, Floats] | None
    poses: Pose | None
    as_today: bool


class RecordedObserver:
    """Gives the coach what it was given, or would be given today, moment by moment.

    Args:
        recording: what is kept.
        names: full names of the measures.
        fitted: whether the instrument reads them, see ``Measures``. Where it was not kept how far
            they may be off, the landmarks are read again.
        shown: those that are unknown where the arm leaves the picture, see there.
        silhouette: whether the silhouette was to be looked at though no measure needs it.

    Raises:
        NotKeptError: something is to be measured that can be told neither from what is kept nor
            from landmarks; also while it goes on.
        MeasureError: there is no measure of one of the names.
    """

    def __init__(
        self,
        recording: KeptMoments,
        names: Sequence[str],
        *,
        fitted: bool = FITTED,
        shown: Collection[str] = (),
        silhouette: bool = False,
    ) -> None:
        self._kept = recording
        self._fitted = fitted
        self._shown = shown
        self._silhouette = silhouette
        self._then_resting = recording.resting.tolist()
        self._passing: list[bool] = []
        self._views = recording.views if recording.as_today else _views_again(recording)
        self._again: set[str] = set()
        measures = Measures(names, fitted=fitted, shown=shown, silhouette=silhouette)
        self._relative = measures.on_zero
        self._plain_spreads = measures.plain_spreads()
        plain = tuple(name for name in names if name not in self._relative)
        self._names = (*plain, *self._relative)
        self._plain = len(plain)
        columns = self._measured_plainly(plain)
        self._again_zeroed: _ZeroedAgain | None = None
        # An earlier version kept what the instrument told, and not how far that may be off: with
        # landmarks it is read again, without them its usual spreads stand for it.
        read_again = fitted and recording.spreads is None and recording.poses is not None
        kept = recording.measures if recording.as_today and not read_again else {}
        self._usual = usual_spreads(names) if fitted else EXACT
        self._kept_spreads: dict[str, list[list[float]]] | None = None
        if fitted and recording.spreads is not None:
            self._kept_spreads = {name: each.T.tolist() for name, each in recording.spreads.items()}
        if all(name in kept for name in self._relative):
            columns += [known(kept[name]) for name in self._relative]
        else:
            self._again_zeroed = self._count_again(0)
        self._rows = _rows(columns, len(recording.times))

    @property
    def measured(self) -> tuple[str, ...]:
        """Names of what was measured again, all along or from some moment on."""
        return tuple(sorted(self._again))

    def __iter__(self) -> Iterator[Given]:
        nothing: dict[str, float] = {}
        names, views, kept = self._names, self._views, self._kept_spreads
        times, seen = self._kept.times.tolist(), self._kept.seen.tolist()
        for index, (time_s, is_seen, row) in enumerate(zip(times, seen, self._rows, strict=True)):
            if not is_seen:
                yield Given(time_s, nothing, UNKNOWN, EXACT, False)
                continue
            again = self._again_zeroed
            if again is not None:
                own, spreads = again.moment(index)
                row = (*row[: self._plain], *own)
                if self._plain_spreads:
                    spreads = {**spreads, **self._plain_spreads}
            else:
                spreads = self._usual if kept is None else KeptSpreads(kept, index)
            yield Given(time_s, dict(zip(names, row, strict=True)), views[index], spreads, True)

    def rested(self, index: int, resting: bool, *, passing: bool = False) -> None:
        """Hear whether the coach took this moment for the person's zero; called for each in turn.

        Args:
            passing: whether rest was only passed through there, see ``Zero.rest``.
        """
        self._passing.append(passing)
        if resting != self._then_resting[index] and self._relative:
            self._again.update(self._relative)
            if self._again_zeroed is None:
                self._again_zeroed = self._count_again(index)
        if self._again_zeroed is not None and resting:
            self._again_zeroed.rest(index, passing)

    def _count_again(self, index: int) -> _ZeroedAgain:
        """From here on take what counts from the person's zero from the landmarks."""
        poses = self._poses(self._relative)
        self._check_silhouettes(self._relative)
        kept = self._kept.measures if self._kept.as_today and self._fitted else {}
        self._again.update(name for name in self._relative if name not in kept)
        measures = Measures(
            self._relative, fitted=self._fitted, shown=self._shown, silhouette=self._silhouette
        )
        zeroed = _ZeroedAgain(self._kept, poses, self._views, measures)
        for before in range(index):
            if self._then_resting[before]:
                zeroed.rest(before, self._passing[before])
        return zeroed

    def _measured_plainly(self, names: Sequence[str]) -> list[Floats]:
        """(N,) values for the coach of measures that need no zero."""
        kept = self._kept.measures if self._kept.as_today else {}
        again = [name for name in names if name not in kept]
        self._again.update(again)
        self._check_silhouettes(again)
        columns = {name: known(kept[name]) for name in names if name in kept}
        if again:
            by_landmarks = [name for name in again if not needs_silhouette(name)]
            poses = self._poses(by_landmarks) if by_landmarks else None
            columns |= _columns(self._kept, poses, self._views, again, self._shown)
        return [columns[name] for name in names]

    def _poses(self, names: Sequence[str]) -> Pose:
        if self._kept.poses is None:
            raise NotKeptError(
                f"This session was kept without landmarks, and {', '.join(names)} cannot be "
                "measured again without them",
                silhouette=False,
            )
        return self._kept.poses

    def _check_silhouettes(self, names: Sequence[str]) -> None:
        for name in names:
            if needs_silhouette(name) and name not in self._kept.outlines:
                raise NotKeptError(
                    f"{name} is read from the silhouette, which is not kept, and it was not "
                    "measured in this session",
                    silhouette=True,
                )


class _ZeroedAgain:
    """Measures counted from the person's own zero, as it changes."""

    def __init__(
        self, kept: KeptMoments, poses: Pose, views: Sequence[View], measures: Measures
    ) -> None:
        self._kept = kept
        self._poses = poses
        self._views = views
        self._measures = measures
        self._zero = Zero(measures)
        self._neutral: Neutral | None = None
        self._from = self._to = 0
        self._block: Sequence[_Zeroed] = []

    def rest(self, index: int, passing: bool) -> None:
        """Take a moment for the zero."""
        pose, view = _moment(self._poses, index), self._views[index]
        self._zero.rest(pose, view, self._outlines(index), passing=passing)

    def moment(self, index: int) -> _Zeroed:
        """Return one moment, measuring some ahead while the zero stays."""
        neutral = self._zero.neutral
        if neutral is not self._neutral or not self._from <= index < self._to:
            # Once the zero has stayed for a while it will stay longer.
            length = 1 if neutral is not self._neutral else 2 * max(self._to - self._from, 1)
            self._neutral = neutral
            self._from = index
            self._to = min(index + min(length, LONGEST_BLOCK), len(self._views))
            self._block = self._measure(slice(self._from, self._to))
        return self._block[index - self._from]

    def _measure(self, rows: slice) -> Sequence[_Zeroed]:
        measures = self._measures
        if rows.stop - rows.start == 1:
            pose, view = _moment(self._poses, rows.start), self._views[rows.start]
            taken = measures.taken(pose, view, self._neutral, self._outlines(rows.start))
            return [_Zeroed([taken.values[name] for name in measures.names], taken.spreads)]
        poses, views = moments(self._poses, rows), self._views[rows]
        columns, spreads = measures.taken_many(poses, views, self._neutral, self._outlines(rows))
        values = zip(*(columns[name].tolist() for name in measures.names), strict=True)
        return [_Zeroed(row, each) for row, each in zip(values, spreads, strict=True)]

    def _outlines(self, rows: int | slice) -> dict[str, Reading]:
        kept = self._kept.outlines
        return {name: at(kept[name], rows) for name in self._measures.drawn if name in kept}


def _columns(
    kept: KeptMoments,
    poses: Pose | None,
    views: Sequence[View],
    names: Sequence[str],
    shown: Collection[str],
) -> dict[str, Floats]:
    """(N,) values of measures that need no zero, some moments at a time."""
    outlined = [name for name in names if needs_silhouette(name)]
    columns = {name: known(kept.outlines[name]) for name in outlined}
    if poses is None:
        return columns
    rest = [name for name in names if name not in columns]
    measures = Measures(rest, fitted=False, shown=shown)
    columns |= {name: np.empty(len(views)) for name in measures.names}
    for first in range(0, len(views), LONGEST_BLOCK):
        rows = slice(first, first + LONGEST_BLOCK)
        for name, reading in measures.read(moments(poses, rows), views[rows], None, {}).items():
            columns[name][rows] = known(reading)
    return columns


def _views_again(kept: KeptMoments) -> Sequence[View]:
    if kept.poses is None:
        return kept.views
    tracker = ViewTracker()
    views = [UNKNOWN] * len(kept.times)
    # As the live loop does: the tracker hears only of moments with somebody in them.
    seen = np.flatnonzero(kept.seen)
    for first in range(0, len(seen), LONGEST_BLOCK):
        rows = seen[first : first + LONGEST_BLOCK]
        followed = tracker.follow(moments(kept.poses, rows))
        for index, view in zip(rows.tolist(), followed, strict=True):
            views[index] = view
    return views


def _rows(columns: Sequence[Floats], count: int) -> Sequence[Row]:
    """The columns' values, moment by moment, as Python's numbers."""
    if not columns:
        return [()] * count
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _moment(poses: Pose, index: SupportsIndex) -> Pose:
    """One moment of a series."""
    return moments(poses, index)  # type: ignore[arg-type]
