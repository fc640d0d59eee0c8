"""A body does not jump and does not turn round in one frame: notice and bridge both.

Two faults of pose models, seen on real and rendered people alike:

- *Swaps*: for some frames the labels of both arms, of both legs or of the face are
  exchanged left to right. Most "single-frame jumps of the pose" are these. A frame is
  compared with where the body must be by now, once as it is and once with the labels
  exchanged; where the exchange fits far better, it is undone.
- *Jumps*: a landmark is farther from its expected place than a body part can get in the
  time. It is held back and its expected place given instead. What comes back was a
  jump; what goes on the same way was a quick movement and passes with the next frame;
  what stays where it is passes after ``confirm_s``; after ``bridge_s`` anything passes.

Ordinary movement passes without any delay and without any change: the frames are not
altered by a digit unless they are suspicious. All limits are in metres and seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.pose.landmarks import COUNT, MIRROR, Landmark
from posecoach.pose.pose import Floats
from posecoach.pose.smoothing import LARGEST

Bools = NDArray[np.bool_]

_MIRROR = np.array(MIRROR)
_EXCHANGED = np.concatenate((_MIRROR, _MIRROR + COUNT))

_TRUNK = np.array(
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
)
"""Where three of these are wrong, the whole pose is."""

_HANGS_ON = np.arange(COUNT)
_HANGS_ON[[17, 19, 21]] = Landmark.LEFT_WRIST
_HANGS_ON[[18, 20, 22]] = Landmark.RIGHT_WRIST
_HANGS_ON[[29, 31]] = Landmark.LEFT_ANKLE
_HANGS_ON[[30, 32]] = Landmark.RIGHT_ANKLE
"""Fingers go where the wrist goes, heel and toes where the ankle goes."""

ARMS, LEGS, FACE = range(3)
_GROUP = np.full(COUNT, ARMS)
_GROUP[Landmark.LEFT_HIP :] = LEGS
_GROUP[: Landmark.LEFT_SHOULDER] = FACE
"""Which group each landmark's label is exchanged with. Shoulders go with the arms, hips
with the legs: this is how the model confuses them."""

_ROOTS = (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP)
"""Where arms and legs hang on to the trunk."""

_ENDS = np.array(
    [place + offset for root in _ROOTS for offset in (0, COUNT) for place in (root, MIRROR[root])]
)
"""The left and right end of those lines in the picture, then in the world."""

_NOWHERE = np.zeros(2 * COUNT, bool)
_NOWHERE.flags.writeable = False

_JUDGES = (
    (
        Landmark.LEFT_SHOULDER,
        Landmark.RIGHT_SHOULDER,
        Landmark.LEFT_ELBOW,
        Landmark.RIGHT_ELBOW,
        Landmark.LEFT_WRIST,
        Landmark.RIGHT_WRIST,
    ),
    (
        Landmark.LEFT_HIP,
        Landmark.RIGHT_HIP,
        Landmark.LEFT_KNEE,
        Landmark.RIGHT_KNEE,
        Landmark.LEFT_ANKLE,
        Landmark.RIGHT_ANKLE,
    ),
    (
        Landmark.LEFT_EYE,
        Landmark.RIGHT_EYE,
        Landmark.LEFT_EAR,
        Landmark.RIGHT_EAR,
        Landmark.MOUTH_LEFT,
        Landmark.MOUTH_RIGHT,
    ),
)
_JUDGE = np.array(_JUDGES)
_JUDGE_EXCHANGED = _MIRROR[_JUDGE]


def _by_part(trunk: float, middle: float, end: float, tip: float) -> Floats:
    """(33,) a value for each landmark by how far out on the body it is."""
    values = np.full(COUNT, trunk)
    values[[13, 14, 25, 26]] = middle
    values[[15, 16, 27, 28]] = end
    values[[17, 18, 19, 20, 21, 22, 29, 30, 31, 32]] = tip
    return values


_FLOOR_M = _by_part(trunk=0.05, middle=0.07, end=0.10, tip=0.15)
_QUICKEST_M_S2 = _by_part(trunk=10.0, middle=15.0, end=30.0, tip=40.0)
_ALLOWED_FLOOR = np.concatenate((_FLOOR_M, 2.5 * _FLOOR_M))
_ALLOWED_RISE = np.concatenate((_QUICKEST_M_S2, 2.5 * _QUICKEST_M_S2))
"""(66,) how far from the expected place a landmark may be: image landmarks, then world
landmarks (wider, because their depth is a guess). Floor: about twice the largest scatter
of a frame around its expected place in ordinary movement on the truth clips. Rise: metres for
each second squared; fast sports movement has 20-50 m/s^2 at the wrist, stretching a
fifth of it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the guards wait, seconds.

    Attributes:
        confirm_s: a part that jumped and stays is believed after this.
        bridge_s: nothing is held back longer.
        turn_s: exchanged labels that stay exchanged are believed after this: the body was
            labelled wrongly before, or turned round while nobody looked.
        gap_s: after a landmark was unseen this long it starts anew.
        coast_s: a movement is expected to go on, dying away with this time constant.
        settle_s: time constant with which the velocity follows the landmarks.
    """

    confirm_s: float = 0.12
    bridge_s: float = 0.25
    turn_s: float = 1.0
    gap_s: float = 0.3
    coast_s: float = 0.1
    settle_s: float = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Continued:
    """One moment after the guards.

    Attributes:
        points: (66, 3) image landmarks (pixels; third coordinate 0), then world landmarks (m).
        visibility: (33,) with exchanged labels put back.
        exchanged: (3,) which of arms, legs, face had their labels put back.
        held: (66,) points that were held back, their expected places given instead.
        anew: (66,) points whose past means nothing any more.
    """

    points: Floats
    visibility: Floats
    exchanged: Bools
    held: Bools
    anew: Bools


class Continuity:
    """Watches one body's landmarks over time.

    Args:
        patience: how long to wait before believing.
    """

    def __init__(self, patience: Patience | None = None) -> None:
        self.patience = patience or Patience()
        self.reset()

    def reset(self) -> None:
        """Forget everything; the next pose passes unchanged."""
        self._place: Floats = np.zeros((2 * COUNT, 3))
        self._velocity: Floats = np.zeros((2 * COUNT, 3))
        self._when: Floats = np.full(2 * COUNT, -np.inf)
        self._doubt: Floats = np.zeros((2 * COUNT, 3))
        self._jump: Floats = np.zeros((2 * COUNT, 3))
        self._doubt_since: Floats = np.full(2 * COUNT, np.nan)
        self._exchanged_since: list[float] = [math.nan] * 3
        self._usual_across: list[float] = [0.0] * 3
        self._across_s = -math.inf
        self._frame_s = -math.inf
        self._whole = False

    def update(
        self, time_s: float, points: Floats, visibility: Floats, metres_per_pixel: float
    ) -> Continued:
        """Judge one moment.

        Args:
            time_s: seconds; must be later than the last moment's.
            points: (66, 3) image landmarks in pixels (third coordinate 0), then world
                landmarks in metres; a point with a coordinate not finite is unseen.
            visibility: (33,) 0..1.
            metres_per_pixel: length of a pixel at the body.
        """
        if self._whole:
            quiet = self._go_on(time_s, points, visibility, metres_per_pixel)
            if quiet is not None:
                return quiet
        since = time_s - self._when
        known = since <= self.patience.gap_s
        if not known.any():
            self._whole = False
            self._doubt_since[:] = np.nan
            self._exchanged_since = [math.nan] * 3
            seen = np.abs(points).sum(axis=1) < LARGEST
            self._start(seen, points, time_s)
            self._frame_s = time_s
            self._across_s = -math.inf
            self._remember_across(time_s, points, metres_per_pixel)
            return Continued(points, visibility, np.zeros(3, bool), ~known & False, ~known)
        since[~known] = 0.0
        coast = self.patience.coast_s
        ahead = coast * -np.expm1(since / -coast)
        expected = self._place + ahead[:, None] * self._velocity
        points, visibility, exchanged, turned = self._put_back(
            time_s, points, visibility, expected, metres_per_pixel
        )
        if turned.any():
            known = known & ~turned
        continued = self._judge(
            time_s, points, visibility, expected, since, known, exchanged, metres_per_pixel
        )
        self._remember_across(time_s, continued.points, metres_per_pixel)
        self._whole = bool((self._when == time_s).all() and np.isnan(self._doubt_since).all())
        return continued

    def _go_on(
        self, time_s: float, points: Floats, visibility: Floats, metres_per_pixel: float
    ) -> Continued | None:
        """Judge a moment in which nothing is suspicious; None where something may be.

        So are nearly all, and a fifth of the work will do for them: every point was seen a
        moment ago and not doubted, and is so near its expected place that it is neither held
        back nor fits better anywhere else.
        """
        since = time_s - self._frame_s
        if not 0.0 < since <= self.patience.gap_s:
            return None
        coast = self.patience.coast_s
        expected = self._velocity * (-coast * math.expm1(-since / coast))
        expected += self._place
        off = points - expected
        distance = np.sqrt(np.einsum("ij,ij->i", off, off))
        distance[:COUNT] *= metres_per_pixel
        # Labels are exchanged only where they are off by more than ``MISFIT_M`` on the mean.
        apart = distance[:COUNT] + DEPTH_COUNTS * distance[COUNT:]
        apart = apart[_JUDGE].sum(axis=1)
        allowed = _ALLOWED_RISE * (since * since)
        allowed += _ALLOWED_FLOOR
        # NaN compares false: an unseen point is suspicious.
        if not (apart.max() <= MISFIT_M * _JUDGE.shape[1] and (distance <= allowed).all()):
            return None
        self._exchanged_since = [math.nan] * 3
        change = points - self._place
        change /= since
        change -= self._velocity
        change *= -math.expm1(-since / self.patience.settle_s)
        self._velocity += change
        self._place[:] = points
        self._when[:] = time_s
        self._frame_s = time_s
        self._remember_across(time_s, points, metres_per_pixel)
        return Continued(points, visibility, _NOWHERE[:3], _NOWHERE, _NOWHERE)

    def _remember_across(self, time_s: float, points: Floats, metres_per_pixel: float) -> None:
        """Average which way the trunk's right-left line points, over ``turn_s``."""
        arms, legs = _across(points, metres_per_pixel)
        now = [arm + leg for arm, leg in zip(arms, legs, strict=True)]
        if all(map(math.isfinite, now)):
            share = -math.expm1((self._across_s - time_s) / self.patience.turn_s)
            usual = self._usual_across
            self._usual_across = [
                before + share * (each - before) for before, each in zip(usual, now, strict=True)
            ]
            self._across_s = time_s

    def _put_back(
        self,
        time_s: float,
        points: Floats,
        visibility: Floats,
        expected: Floats,
        metres_per_pixel: float,
    ) -> tuple[Floats, Floats, Bools, Bools]:
        """Undo exchanged labels; also tells which points (66,) turned for good."""
        swapped = _fits_exchanged(points, expected, metres_per_pixel)
        if swapped.any():
            for group, across in enumerate(_across(points, metres_per_pixel)):
                if swapped[group]:
                    swapped[group] = not _agree(across, self._usual_across)
        turned = np.zeros(2 * COUNT, bool)
        if not swapped.any():
            self._exchanged_since = [math.nan] * 3
            return points, visibility, swapped, turned
        for group in range(3):
            if not swapped[group]:
                self._exchanged_since[group] = math.nan
            elif math.isnan(self._exchanged_since[group]):
                self._exchanged_since[group] = time_s
            elif time_s - self._exchanged_since[group] >= self.patience.turn_s:
                self._exchanged_since[group] = math.nan
                swapped[group] = False
                turned |= np.tile(group == _GROUP, 2)
        there = swapped[_GROUP]
        points = np.where(np.tile(there, 2)[:, None], points[_EXCHANGED], points)
        visibility = np.where(there, visibility[_MIRROR], visibility)
        return points, visibility, swapped, turned

    def _judge(
        self,
        time_s: float,
        points: Floats,
        visibility: Floats,
        expected: Floats,
        since: Floats,
        known: Bools,
        exchanged: Bools,
        metres_per_pixel: float,
    ) -> Continued:
        """Hold back what is farther from its expected place than a body can get."""
        seen = np.abs(points).sum(axis=1) < LARGEST
        off = points - expected
        distance = _metres(off, metres_per_pixel)
        doubted = ~np.isnan(self._doubt_since)
        # A point in doubt is not allowed more with every frame it stays away: that is for
        # the waiting times to decide.
        step_s = np.where(doubted, time_s - self._frame_s, since)
        self._frame_s = time_s
        # NaN compares false: an unseen point is not held back.
        far = (distance > _ALLOWED_FLOOR + _ALLOWED_RISE * step_s * step_s) & known & seen
        anew = ~known
        held = far
        believed = far
        if far.any():
            picture = far[:COUNT] | far[_HANGS_ON]
            if np.count_nonzero(far[_TRUNK]) >= 3:
                picture[:] = True
            # A landmark is one thing: where its place in the picture is wrong, so is that in
            # the world.
            far |= np.tile(picture, 2)
            far &= known & seen
            believed = far & doubted & self._confirmed(time_s, points, metres_per_pixel)
            held = far & ~believed
            first = held & ~doubted
            self._doubt_since[first] = time_s
            self._doubt[held] = points[held]
            self._jump[held] = off[held]
            anew = anew | believed
            points = np.where(held[:, None], expected, points)
        self._doubt_since[~held & seen] = np.nan
        self._follow(time_s, points, since, seen & ~held & ~anew)
        start = anew & seen
        if start.any():
            self._start(start, points, time_s)
        return Continued(points, visibility, exchanged, held, anew)

    def _confirmed(self, time_s: float, points: Floats, metres_per_pixel: float) -> Bools:
        """Which points (66,) in doubt are believed: they went on, stayed, or waited too long."""
        patience = self.patience
        moved = points - self._doubt
        onward = np.einsum("ij,ij->i", moved, self._jump) > ONWARD * np.einsum(
            "ij,ij->i", self._jump, self._jump
        )
        stays = _metres(moved, metres_per_pixel) < _ALLOWED_FLOOR
        age = time_s - self._doubt_since
        confirmed: Bools = (
            onward | (stays & (age >= patience.confirm_s)) | (age >= patience.bridge_s)
        )
        return confirmed

    def _follow(self, time_s: float, points: Floats, since: Floats, follow: Bools) -> None:
        """Go along with the points (66,) that moved as a body can."""
        settle = -np.expm1(since / -self.patience.settle_s)
        with np.errstate(divide="ignore", invalid="ignore"):
            velocity = (points - self._place) / since[:, None]
            velocity = self._velocity + settle[:, None] * (velocity - self._velocity)
        self._velocity[follow] = velocity[follow]
        self._place[follow] = points[follow]
        self._when[follow] = time_s

    def _start(self, chosen: Bools, points: Floats, time_s: float) -> None:
        """Take the chosen points (66,) as they are, at rest."""
        self._place[chosen] = points[chosen]
        self._velocity[chosen] = 0.0
        self._when[chosen] = time_s


def _metres(lines: Floats, metres_per_pixel: float) -> Floats:
    """(66,) lengths of lines (66, 3) between image landmarks, then between world landmarks."""
    length: Floats = np.sqrt(np.einsum("ij,ij->i", lines, lines))
    length[:COUNT] *= metres_per_pixel
    return length


ONWARD = 0.3
"""Part of a jump that must be gone on with for it to be a movement: who swings on goes as far
again, who was misread for a frame comes back."""

DEPTH_COUNTS = 0.5
"""Weight of depth against the picture when labels are compared: seen from the side it is
all that tells left from right, and it is guessed about half as well as the rest."""
FITS_BETTER = 0.5
"""Exchanged labels must fit with at most this part of the misfit they have as they are, so that two
that fit about as well are left as they are ..."""
MISFIT_M = 0.06
"""... and spare at least this much of it on the mean, metres: hands that meet or knees that
touch have nothing to tell apart. A shoulder is about 0.17 m from the midline, an eye 0.03."""


ACROSS_M = 0.05
"""A right-left line shorter than this, as far as it is seen, tells no direction: its ends are each
half as far off (``_FLOOR_M``, of the trunk)."""


def _agree(now: list[float], usual: list[float]) -> bool:
    """Whether a right-left line, as labelled now, points where it usually does.

    A body does not turn round in a moment. Labels that agree with the last second are not
    exchanged, though the guards expect them so, led astray by a few frames in which left
    and right fell together.
    """
    lengths = math.sqrt(_dot(now, now)), math.sqrt(_dot(usual, usual))
    return min(lengths) > ACROSS_M and _dot(now, usual) > 0.5 * lengths[0] * lengths[1]


def _dot(a: list[float], b: list[float]) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _across(points: Floats, metres_per_pixel: float) -> list[list[float]]:
    """From the right shoulder and hip to the left ones, metres; depth counts ``DEPTH_COUNTS``."""
    lines = []
    places = points[_ENDS].tolist()
    for left, right, deep_left, deep_right in (places[:4], places[4:]):
        lines.append(
            [
                (left[0] - right[0]) * metres_per_pixel,
                (left[1] - right[1]) * metres_per_pixel,
                (deep_left[2] - deep_right[2]) * DEPTH_COUNTS,
            ]
        )
    return lines


def _fits_exchanged(points: Floats, expected: Floats, metres_per_pixel: float) -> Bools:
    """(3,) whether each group's labels fit its expected places far better exchanged."""
    got = np.concatenate(
        (points[:COUNT, :2] * metres_per_pixel, points[COUNT:, 2:] * DEPTH_COUNTS), axis=1
    )
    due = np.concatenate(
        (expected[:COUNT, :2] * metres_per_pixel, expected[COUNT:, 2:] * DEPTH_COUNTS), axis=1
    )[_JUDGE]
    plain = got[_JUDGE] - due
    crossed = got[_JUDGE_EXCHANGED] - due
    misfit = np.sqrt(np.einsum("ijk,ijk->ij", plain, plain)).mean(axis=1)
    exchanged = np.sqrt(np.einsum("ijk,ijk->ij", crossed, crossed)).mean(axis=1)
    fits: Bools = (exchanged < FITS_BETTER * misfit) & (misfit - exchanged > MISFIT_M)
    return fits
