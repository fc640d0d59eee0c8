"""A fitted reader: the measures of one posture, seen from one view, in one framing.

It reads from a body and its own start pose, or from a body alone; where either lies outside of
what it was fitted on, it says so (``ground``) and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from posecoach.body.catalogue import split_name
from posecoach.observe.instrument.bodies import Body
from posecoach.observe.instrument.features import ACROSS, features
from posecoach.observe.instrument.ground import Ground
from posecoach.observe.instrument.lines import Rows
from posecoach.observe.instrument.network import Network
from posecoach.pose.pose import Floats

BY_ELBOW = ("shoulder_protraction", "shoulder_elevation")
"""Measures that a reader tells from where the elbow goes, and not as well from a guessed one: of
whose arms are below the picture at rest geometry tells them from head and shoulders alone, or both
together (``Beside``)."""

WIDEST = 180.0
"""Degrees: no angle is farther off."""

Scale = float | Floats


@dataclass(frozen=True, slots=True)
class Beside:
    """How a reader's reading and geometry's make one, of arms below the picture.

    Who sees little says what is usual: a reader tells less of a movement than there was. Geometry
    tells more of it, and is off by more, by other causes. The reader's is brought to the size that
    geometry tells, by people left out, and the mean of both follows the movement more closely.

    Attributes:
        reader, geometry: what each is multiplied by, to be added.
        spread: degrees, of the sum.
        sides: degrees, of left against right.
    """

    reader: float
    geometry: float
    spread: float
    sides: float


@dataclass(frozen=True, slots=True)
class Worth:
    """What one measure of a reader was worth for people left out of its fitting.

    Attributes:
        kept: whether it is read so at all; else geometry reads it.
        movement: whether only the stretch's own movement shows it (see ``told.Told``).
        value: degrees, the spread where the network expects to be off by one; see ``spread_of``.
        change: spread of the change from the start pose, in spreads of the value.
        sides: spread of left against right, in spreads of both sides together.
        least: degrees, no spread is smaller: a joint that lay still in some of the stretches is
            not known better there than where it moved.
        usual: degrees, the median of the spreads in holds; 0 where none shows it.
        power: of the error the network expects: where it doubts itself more than it errs, the
            spread grows by less than that.
        most: degrees, no spread is larger than it was among those the network doubts most.
        beside: how it is told of arms below the picture; None where geometry does alone.
    """

    kept: bool
    movement: bool
    value: float
    change: float
    sides: float
    least: float = 0.0
    usual: float = 0.0
    power: float = 1.0
    most: float = WIDEST
    beside: Beside | None = None


def spread_of(
    expected: Floats, value: Scale, power: Scale, least: Scale = 0.0, most: Scale = WIDEST
) -> Floats:
    """Return the spread of readings, degrees, from the error a network expects.

    Args:
        expected: (..., M) mean absolute error that is expected, degrees.
        value, power, least, most: of one measure, or (M,), see ``Worth``.
    """
    return np.minimum(np.maximum(value * expected**power, least), most)


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A network and what its measures are worth."""

    network: Network
    worth: tuple[Worth, ...]

    def of_other_side(self, measures: tuple[str, ...]) -> Way:
        """Return it with the worths of left and right exchanged."""
        order, _ = _mirror(measures)
        return Way(self.network, tuple(self.worth[place] for place in order.tolist()))


@dataclass(frozen=True, slots=True, eq=False)
class FittedReader:
    """Reads one group of measures.

    Attributes:
        name: "front", "desk", "feet", ...
        facings: how a body is seen that it may read: a facing, or "facing, posture".
        upper: whether it looks at head to hips only.
        turned: whether the nearer side is made the left (views from a side, which alone show
            an outline).
        least_px: the shorter side of the smallest picture it was fitted on, pixels; of a coarser
            one it says nothing.
        measures: full names; in ``turned`` readers "left" is the nearer side.
        ground: of the body, and of the start pose.
        with_start, alone: how it reads.
    """

    name: str
    facings: tuple[str, ...]
    upper: bool
    turned: bool
    least_px: float
    measures: tuple[str, ...]
    ground: Ground
    start_ground: Ground
    with_start: Way
    alone: Way

    @property
    def by_elbow(self) -> tuple[str, ...]:
        """Those of its measures that go by the elbow, see ``BY_ELBOW``."""
        return tuple(name for name in self.measures if split_name(name)[0].name in BY_ELBOW)

    def features(self, body: Body) -> Floats:
        """Return (..., F) what it looks at of a body."""
        return features(body, self.upper, self.turned)

    def way(self, by_start: bool) -> Way:
        """Return how it reads."""
        return self.with_start if by_start else self.alone

    def told(self, now: Floats, start: Floats | None) -> tuple[Floats, Floats]:
        """Return values and expected errors, (..., M) each, from features."""
        fed = inputs(now, start, self.turned)
        return self.way(start is not None).network.told(fed)

    def told_both_ways(self, both: Floats, start: Floats | None) -> tuple[Floats, Floats]:
        """Return the mean of what N bodies and their mirror images show: the same for both.

        Args:
            both: (2N, F) features of the bodies, then of their mirror images.
            start: (2N, F) of their start poses.
        """
        value, error = self.told(both, start)
        many = len(both) // 2
        other = swapped(value[many:], self.measures)
        other_error = swapped(error[many:], self.measures, signed=False)
        return (value[:many] + other) / 2, (error[:many] + other_error) / 2


def inputs(now: Floats, start: Floats | None, outlined: bool) -> Floats:
    """Return what a network is fed with: a body's features, and their change from the start.

    Of who faces the camera it is left out how far they have come across the picture: who steps
    aside, and whose camera follows them, has not turned. In the recordings a network learns from
    everybody stretches where they rested, and what it makes of the way across is theirs. Seen from
    a side, the way to the heels and back is a way across (docs/instrument.md).

    Args:
        now, start: (..., F) of the body, and of its start pose.
        outlined: whether it is seen from a side.
    """
    if start is None:
        return now
    change = now - start
    if not outlined:
        change[..., ACROSS] = 0.0
    return np.concatenate([now, change], axis=-1)


@cache
def _mirror(measures: tuple[str, ...]) -> tuple[Rows, Floats]:
    """Return where each measure's other side is, and the sign a mirror gives it."""
    order = np.array([measures.index(other_side(name)) for name in measures], dtype=np.intp)
    lateral = [split_name(name)[0].lateral for name in measures]
    return order, np.where(lateral, -1.0, 1.0)


def swapped(values: Floats, measures: tuple[str, ...], signed: bool = True) -> Floats:
    """Exchange left and right in (..., M) values, and change the sign of lateral ones."""
    order, sign = _mirror(measures)
    other = values.take(order, axis=-1)
    return other * sign if signed else other


def other_side(name: str) -> str:
    """Return the name of the same measure of the other side of the body."""
    if name.endswith("_left"):
        return name.removesuffix("left") + "right"
    return name.removesuffix("right") + "left" if name.endswith("_right") else name
