"""What the silhouette shows, by name: all that is left of it when the picture is gone.

Besides the measures that need it these are the heights of the back's edge over the trunk line, of
which geometry makes one angle, that of a parabola, and how far the person reaches around the
shoulders, which shows a hand whose arm is hidden. Fitted readers make more of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from posecoach.body.catalogue import raw
from posecoach.body.measure import Neutral, Reading
from posecoach.body.outline import RAYS, Outline
from posecoach.body.radial_profile import SECTORS, reaches
from posecoach.body.spine import outlines, spine_flexion
from posecoach.body.view import UNKNOWN, View
from posecoach.pose.pose import Floats, Pose

SPINE = "spine_flexion"

HEIGHTS = tuple(f"back_height_{place}" for place in range(1, 12))
"""From the hips to the shoulders, in percent of the trunk line's length, towards the back. Three
of the outline's rays each: a mask's edge trembles by a pixel, which their mean evens out."""

REACHES = tuple(f"reach_{sector}" for sector in range(1, SECTORS + 1))
"""In percent of the trunk line's length from between the shoulders, see ``body.radial_profile``."""

EDGES = (*HEIGHTS, *REACHES)
"""What the silhouette's edge shows, in whole percents of the trunk line's length: half a
centimetre, by about which a mask's edge trembles. (A ray goes out in steps of three.)"""


def drawn_for(outlined: Iterable[str]) -> tuple[str, ...]:
    """Names of all that is read from the silhouette where some measures need it."""
    names = tuple(outlined)
    return (*names, *EDGES) if names else ()


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
        By name, a reading of () or (N,); edges are percent, of confidence 1 or unknown.
    """
    if not names:
        return {}
    found = outlines(pose, view)
    readings = raw(pose, [each for each in names if each not in (SPINE, *EDGES)], view, neutral)
    if SPINE in names:
        readings[SPINE] = spine_flexion(pose, view, neutral, found)
    many = len(found)
    masks = [None] * many if pose.mask is None else pose.mask.reshape(many, *pose.mask.shape[-2:])
    edges = np.array(
        [_edges(mask, each, pose.size) for mask, each in zip(masks, found, strict=True)]
    ).reshape(*pose.image.shape[:-2], len(EDGES))
    for place, name in enumerate(EDGES):
        if name in names:
            value = np.asarray(edges[..., place])
            readings[name] = Reading(value, np.isfinite(value).astype(float))
    return readings


def _edges(
    mask: NDArray[np.float32] | None, outline: Outline | None, size: tuple[int, int]
) -> Floats:
    """(EDGES,) percent; NaN where nothing of the person is followed."""
    if outline is None or mask is None:
        return np.full(len(EDGES), np.nan)
    edges = np.concatenate([_heights(outline), 100.0 * reaches(mask, outline, size)])
    return np.asarray(np.rint(edges))


def _heights(outline: Outline) -> Floats:
    """(11,) percent, from the hips to the shoulders; NaN where no edge of the back is seen."""
    shape = len(HEIGHTS), RAYS // len(HEIGHTS)
    ok = outline.ok.reshape(shape)
    many = ok.sum(axis=1)
    total = np.where(ok, outline.height.reshape(shape), 0.0).sum(axis=1)
    return np.where(many > 0, 100.0 * total / np.maximum(many, 1), np.nan)
