"""What every source hands over."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture and the time it was taken.

    Attributes:
        image: (height, width, 3) uint8, BGR, upright (rotation metadata applied) and
            never mirrored. Draw on a copy: it is compared with those to come.
        time_s: seconds since the first frame of the source, from capture timestamps,
            strictly increasing within a source.
        name: the photo's file name where the source is a folder of photos.
        repeated: whether it shows nothing new, see ``repeats``: no evidence of anything.
    """

    image: NDArray[np.uint8]
    time_s: float
    name: str | None = None
    repeated: bool = False
