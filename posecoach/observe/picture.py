"""Arms that leave the picture: what a stretch asks of them is not seen where they are guessed.

The model draws every body whole. An elbow or wrist beyond the picture's edge it puts where bodies
mostly have it, with a visibility of 0.1 to 0.5 that looks like that of a hidden one. Whoever leans
on such a guess counts what nobody saw, and tells nobody to step back.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from posecoach.body.catalogue import split_name
from posecoach.body.points import of_side
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_ARM = (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST)
_WITHOUT_ARMS = ("shoulder_elevation", "shoulder_protraction")
"""Measures that head and shoulders alone tell where the arms hang below the picture."""

_NONE: tuple[int, ...] = ()


def beyond(pose: Pose, name: str, view: View) -> bool | NDArray[np.bool_]:
    """Whether an elbow or wrist that a measure is read from lies outside of the picture.

    Args:
        pose: one moment, or N moments seen in one view.
        name: the measure's full name, or an angle of three landmarks, which is never held back.
        view: tells which side is near.

    Returns:
        One answer or (N,); False where nobody is seen.
    """
    arm = _arm(name, view.near)
    if not arm:
        return False
    at = pose.image[..., arm, :]
    out = np.asarray(((at < 0) | (at > np.array(pose.size))).any(axis=(-2, -1)))
    return out if out.ndim else bool(out)


@lru_cache(maxsize=256)
def _arm(name: str, near: Side) -> tuple[int, ...]:
    """Indices of the elbow and wrist a measure is read from."""
    if name.startswith("angle("):
        return _NONE
    measure, side = split_name(name, View(near=near))
    if side is None or measure.name in _WITHOUT_ARMS:
        return _NONE
    return tuple(of_side(each, side) for each in _ARM if each in measure.landmarks)
