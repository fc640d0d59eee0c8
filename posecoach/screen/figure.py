"""A figure of the wanted pose (``figure.body``), drawn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from posecoach.figure.body import HEAD, Figure, bounds_of
from posecoach.pose.pose import Floats
from posecoach.screen.layout import Rect
from posecoach.screen.palette import RAISED, SKY, TEXT, Colour
from posecoach.screen.shapes import area, disc, line
from posecoach.screen.text import Surface


def draw_figure(
    image: Surface,
    figure: Figure,
    place: Rect,
    colour: Colour = TEXT,
    accent: Colour = SKY,
    bounds: tuple[Floats, Floats] | None = None,
) -> Surface:
    """Draw the figure as large as ``place`` allows, in its middle.

    Args:
        bounds: lowest and highest point (2,) of what is to fit, without it the figure itself.
    """
    thick = 0.2
    low, high = bounds_of(figure) if bounds is None else bounds
    scale = float(min(place.w / (high[0] - low[0]), place.h / (high[1] - low[1])))
    middle = (low + high) / 2

    def at(found: Floats) -> Floats:
        placed: Floats = (found - middle) * (scale, -scale) + place.centre
        return placed

    for name, limb in figure.limbs:
        drawn = at(limb)
        shade = accent if name in figure.working else colour
        width = scale * (0.26 if name == "trunk" else thick * 0.8)
        whole = None
        if name == "torso":
            whole = drawn
            width = scale * 0.12
            drawn = np.vstack([drawn, drawn[:1]])
        # The edge first and along the whole limb, so that limbs part where they cross only.
        for extra, tone in ((max(2.0, scale * 0.06), RAISED), (0.0, shade)):
            for start, end in pairwise(drawn):
                line(image, start, end, tone, width + extra)
        if whole is not None:
            area(image, whole, shade)
    disc(image, at(figure.head), scale * HEAD * 1.15, RAISED)
    return disc(image, at(figure.head), scale * HEAD, colour)
