"""The mirror image of a position: left for right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from posecoach.body.catalogue import split_name
from posecoach.plan.sides import Side
from posecoach.pose.pose import Floats


class Mirror:
    """Turns values into those of the mirror image.

    Args:
        names: M full names.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._other = [self._index(name) for name in names]
        self._sign = np.array([-1.0 if split_name(name)[0].lateral else 1.0 for name in names])

    def _index(self, name: str) -> int:
        found, side = split_name(name)
        if side is None:
            return self.names.index(name)
        other = f"{found.name}_{'right' if side == 'left' else 'left'}"
        return self.names.index(other) if other in self.names else self.names.index(name)

    def __call__(self, values: Floats) -> Floats:
        """(..., M) degrees of the mirror image."""
        mirrored: Floats = values[..., self._other] * self._sign
        return mirrored

    def side(self, values: Floats, scale: Floats) -> Side:
        """To which side values go: of what differs most from its mirror image, the larger one."""
        apart = (values - self(values)) / scale
        most = int(np.argmax(np.abs(apart)))
        found, side = split_name(self.names[most])
        if found.lateral or side is None:
            return "left" if apart[most] > 0 else "right"
        return "left" if (side == "left") == (apart[most] > 0) else "right"
