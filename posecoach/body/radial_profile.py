"""How far the silhouette reaches around the shoulders: where limbs hide each other.

An arm that another arm, the head or the trunk covers has landmarks that are guessed. Its hand
still shows in the silhouette: stretched out ahead it ends farther from the shoulders than bent.
From between the shoulders rays go out in the trunk's own directions, so size, place, turn and
mirroring of the picture make no difference.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecoach.body.outline import SURE, Outline
from posecoach.pose.pose import Floats

SECTORS = 12
"""From a little behind the head, over what lies ahead of it, to below the chest: where head and
arms are. Farther round are the trunk itself and the legs."""
_FIRST_DEG, _LAST_DEG = -45.0, 135.0
"""From the line hips to shoulders, towards the front of the body: an arm that is stretched out
overhead lies up to 45 degrees behind that line, one that is drawn under the chest 135 before it."""
_RAYS = 3 * SECTORS
"""Three to a sector: at arm's length they are a hand's breadth apart."""
_FARTHEST, _STEP = 2.4, 0.03
"""Trunk lengths: an arm with its hand is one and a half; a step is a finger's breadth."""

_TURN = np.radians(_FIRST_DEG + (_LAST_DEG - _FIRST_DEG) * (np.arange(_RAYS) + 0.5) / _RAYS)
_OUT = np.arange(0.0, _FARTHEST, _STEP)
_AHEAD, _FRONT = np.outer(np.cos(_TURN), _OUT), np.outer(np.sin(_TURN), _OUT)


def reaches(mask: NDArray[np.float32], outline: Outline, size: tuple[int, int]) -> Floats:
    """Measure how far the person is seen from between the shoulders.

    Args:
        mask: (height, width) 0..1, how surely each place is the person.
        outline: of the back, which tells the trunk's directions.
        size: the picture's width and height in pixels.

    Returns:
        (SECTORS,) trunk lengths to the farthest place that is the person's in each sector, from
        behind the head to below the chest; 0 where there is none, NaN where the picture ends
        before the person does.
    """
    rows, columns = mask.shape
    scale = np.array([columns / size[0], rows / size[1]])
    axis, front = outline.axis * scale, -outline.back * scale
    x, y = outline.origin * scale + axis
    across = _pixel(x + _AHEAD * axis[0] + _FRONT * front[0], columns)
    down = _pixel(y + _AHEAD * axis[1] + _FRONT * front[1], rows)
    framed = (across >= 0) & (across < columns) & (down >= 0) & (down < rows)
    place = np.where(framed, down * columns + across, 0)
    inside = (mask.ravel()[place] >= SURE) & framed
    farthest = np.where(inside, _OUT, 0.0).max(axis=1)
    # The last place of a ray that lies in the picture; where that is the person's they go on.
    last = np.maximum(framed.sum(axis=1) - 1, 0)
    cut = ~framed[:, -1] & inside[np.arange(_RAYS), last]
    farthest = np.where(cut, np.nan, farthest)
    return np.asarray(farthest.reshape(SECTORS, -1).max(axis=1))


def _pixel(places: Floats, many: int) -> NDArray[np.intp]:
    """Whole pixels; what is beyond the picture by however much is just beyond it."""
    return np.rint(np.clip(places, -1.0, many)).astype(np.intp)
