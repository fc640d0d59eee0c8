"""What the silhouette shows, by name: all that is left of it when the picture is gone.

Besides the measures that need it these are the heights of the back's edge over the trunk line.
Geometry makes one angle of them, that of a parabola; a fitted reader makes more of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from posecoach.body.catalogue import raw
from posecoach.body.measure import Neutral, Reading
from posecoach.body.outline import RAYS, Outline
from posecoach.body.spine import outlines, spine_flexion
from posecoach.body.view import UNKNOWN, View
from posecoach.pose.pose import Floats, Pose

SPINE = "spine_flexion"

HEIGHTS = tuple(f"back_height_{place}" for place in range(1, 12))
"""From the hips to the shoulders, in percent of the trunk line's length, towards the back. Three
of the outline's rays each: a mask's edge trembles by a pixel, which their mean evens out."""


def drawn_for(outlined: Iterable[str]) -> tuple[str, ...]:
    """Names of all that is read from the silhouette where some measures need it."""
    names = tuple(outlined)
    return (*names, *HEIGHTS) if names else ()


def drawn(
    pose: Pose, names: Sequence[str], view: View = UNKNOWN, neutral: Neutral | None = None
) -> dict[str, Reading]:
    """Read what the silhouette shows, no start value subtracted.

    Args:
        pose: one moment, or N moments seen in one view, with masks.
        names: of ``drawn_for``.
        view: how the camera sees the body.
        neutral: the person's start pose.

    Returns:
        By name, a reading of () or (N,); heights are percent, of confidence 1 or unknown.
    """
    if not names:
        return {}
    found = outlines(pose, view)
    readings = raw(pose, [each for each in names if each not in (SPINE, *HEIGHTS)], view, neutral)
    if SPINE in names:
        readings[SPINE] = spine_flexion(pose, view, neutral, found)
    heights = np.array([_heights(outline) for outline in found]).reshape(-1, len(HEIGHTS))
    if pose.image.ndim == 2:
        heights = heights[0]
    for place, name in enumerate(HEIGHTS):
        if name in names:
            value = np.asarray(heights[..., place])
            readings[name] = Reading(value, np.isfinite(value).astype(float))
    return readings


def _heights(outline: Outline | None) -> Floats:
    """(11,) percent, from the hips to the shoulders; NaN where no edge of the back is seen."""
    if outline is None:
        return np.full(len(HEIGHTS), np.nan)
    shape = len(HEIGHTS), RAYS // len(HEIGHTS)
    ok = outline.ok.reshape(shape)
    many = ok.sum(axis=1)
    total = np.where(ok, outline.height.reshape(shape), 0.0).sum(axis=1)
    return np.where(many > 0, 100.0 * total / np.maximum(many, 1), np.nan)
