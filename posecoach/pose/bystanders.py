"""Who else is in the picture, and whether they are people: told by what moves.

While nobody has done the stretch yet, the subject is whoever was seen first: a poster, a
television, somebody who waits. So everybody is looked for again where something stirs beside the
subject, and what is known of each find is kept from look to look: whether it has moved at all since
it was first seen (a still picture has not), and whether it has moved as the stretch does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

Image = NDArray[np.uint8]

Stretch = Callable[[Pose], Mapping[str, float]]
"""The stretch's own measures of a body, each in parts of its usual error; NaN where unknown."""

MOVED_M = 0.10
"""A part of the body (the mean of its landmarks) that is farther than this from where it was first
seen has moved. On still pictures, found again and again, no part strayed by half of it; standing
people sway by a few centimetres and shift their weight by more."""
SETTLED_M = 0.3
"""Between two looks half a second apart: walking is 0.7 m, leaning in a stretch less."""
STRETCHED = 4.0
"""Times its usual error that a measure must have changed to have moved with the stretch: of
a normal distribution one reading in seven hundred is off by so many mean errors."""
STILL_S = 3.0
"""What has not moved for so long counts as a still picture, until it moves."""
SURE = 0.6
"""Visibility from which a part's place is believed."""

_PARTS = tuple(
    np.array(each)
    for each in (
        range(Landmark.NOSE, Landmark.MOUTH_RIGHT + 1),
        (*(Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER), Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
        (Landmark.LEFT_WRIST, Landmark.LEFT_PINKY, Landmark.LEFT_INDEX, Landmark.LEFT_THUMB),
        (Landmark.RIGHT_WRIST, Landmark.RIGHT_PINKY, Landmark.RIGHT_INDEX, Landmark.RIGHT_THUMB),
        (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE, Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX),
        (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE, Landmark.RIGHT_HEEL, Landmark.RIGHT_FOOT_INDEX),
    )
)


LARGEST_PX = 1e6
"""No picture is so wide; a place farther off is a slip of whoever estimated, so it is unknown."""


@dataclass(slots=True, eq=False)
class Known:
    """What is known of one body in the picture.

    Attributes:
        centre: of the trunk when seen last, x + iy, pixels; pixels_per_metre likewise.
        looks: in how many it was found.
        settled: whether it stays where it is: who walks by does not.
        moved: whether it has moved since it was first seen.
        stretched: whether it has moved as the stretch does.
    """

    centre: complex
    pixels_per_metre: float
    first_s: float
    last_s: float
    first: Floats
    looks: int = 1
    settled: bool = False
    moved: bool = False
    stretched: bool = False
    spans: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def still(self) -> bool:
        """Whether it is a still picture, as far as one knows."""
        return not self.moved and self.last_s - self.first_s >= STILL_S

    def see(self, pose: Pose, centre: complex, pixels_per_metre: float, time_s: float) -> None:
        """Take in where it is now."""
        self.settled = abs(centre - self.centre) / pixels_per_metre <= SETTLED_M
        self.centre, self.pixels_per_metre = centre, pixels_per_metre
        self.last_s = time_s
        self.looks += 1
        strayed = np.hypot(*(_parts(pose) - self.first).T) / pixels_per_metre
        self.moved = self.moved or bool(np.nanmax(strayed, initial=0.0) > MOVED_M)

    def measure(self, values: Mapping[str, float]) -> None:
        """Take in the stretch's measures."""
        for name, value in values.items():
            if math.isfinite(value):
                low, high = self.spans.get(name, (value, value))
                self.spans[name] = low, high = min(low, value), max(high, value)
                self.stretched = self.stretched or high - low >= STRETCHED


def known(pose: Pose, centre: complex, pixels_per_metre: float, time_s: float) -> Known:
    """Begin to know a body."""
    return Known(centre, pixels_per_metre, time_s, time_s, _parts(pose))


def _parts(pose: Pose) -> Floats:
    """(6, 2) the mean place of each part of the body, pixels; NaN where it is not seen surely."""
    places = []
    for part in _PARTS:
        sure = np.clip(pose.visibility[part], 0, 1).mean() >= SURE
        known_place = bool((np.abs(pose.image[part]) <= LARGEST_PX).all())
        places.append(pose.image[part].mean(axis=0) if sure and known_place else [np.nan, np.nan])
    return np.array(places)


SMALL = (64, 48)
"""Width and height, pixels: each is the mean of a hundred of 640 x 480, which noise does not
move."""
STIR_LEVELS = 24
"""Grey levels a place must have changed by: a camera's noise and flicker stay below it in a picture
made so small."""
STIR_SHARE = 0.004
"""Of the small picture's places that must have changed: a hand at the edge is some ten of them."""
STIR_S = 0.4
"""The pictures compared lie so far apart."""


class Stir:
    """Notices that something stirs in the picture outside the subject's surroundings.

    A picture is made small and compared with one of a moment before, which takes some 0.2 ms.
    """

    def __init__(self) -> None:
        self._before: NDArray[np.uint8] | None = None
        self._before_s = -math.inf

    def due(self, time_s: float) -> bool:
        """Whether it is time to compare pictures again."""
        return not 0 <= time_s - self._before_s < STIR_S

    def beside(self, image: Image, time_s: float, around: tuple[slice, slice] | None) -> bool:
        """Whether something has changed there since the picture compared before.

        Args:
            around: rows and columns that do not count.
        """
        small = cv2.cvtColor(
            cv2.resize(image, SMALL, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY
        )
        before, self._before, self._before_s = self._before, small, time_s  # type: ignore[assignment]
        if before is None:
            return False
        changed = cv2.absdiff(small, before) > STIR_LEVELS
        if around is not None:
            rows, columns = around
            down, across = SMALL[1] / image.shape[0], SMALL[0] / image.shape[1]
            changed[
                int(rows.start * down) : math.ceil(rows.stop * down) + 1,
                int(columns.start * across) : math.ceil(columns.stop * across) + 1,
            ] = False
        return bool(changed.mean() > STIR_SHARE)


def nearest(found: Sequence[Known], centre: complex, within_m: float) -> Known | None:
    """Whom a body is taken for: the nearest known one, within so many metres."""
    near = [
        (abs(each.centre - centre) / each.pixels_per_metre, index)
        for index, each in enumerate(found)
    ]
    if not near or min(near)[0] > within_m:
        return None
    return found[min(near)[1]]
