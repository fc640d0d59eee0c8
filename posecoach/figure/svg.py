"""A figure that moves by itself, as a picture for pages: SVG, without a script."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np

from posecoach.figure.body import HEAD
from posecoach.figure.moving import Moving
from posecoach.pose.pose import Floats

STEPS = 3
"""Positions between two of the figure's own that are written out, because bones turn on an arc and
browsers go straight from one to the next."""

SHORT_S = 0.5
"""Ways that take less are parts of a circle, which are straight enough."""

LIMB, TRUNK, EDGE = 0.16, 0.26, 0.12
"""Widths of limbs, of a trunk seen from the side, and of the edge of one seen from the front, in
trunk lengths, as on the screen (``screen.figure``), so that it is the same figure everywhere."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours, as a page writes them.

    Attributes:
        ground: behind the figure, "none" for the page's own.
        edge: where limbs cross.
    """

    figure: str
    working: str
    edge: str
    ground: str = "none"


def moving_svg(movement: Moving, title: str, size: tuple[int, int], ink: Ink) -> str:
    """The whole movement, over and over, to stand in a page.

    Args:
        title: what it is, for whoever cannot see it.
        size: (width, height) in pixels.
    """
    times = _times(movement)
    figures = [movement.at(time_s)[0] for time_s in times]
    names = [name for name, _ in figures[0].limbs]
    place = _Place(movement.bounds, size)
    clock = _Clock(times, movement)
    marks = [
        _limb(name, [dict(each.limbs)[name] for each in figures], place, clock, ink)
        for name in names
    ]
    return (
        f'<svg viewBox="0 0 {size[0]} {size[1]}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(_words(movement))}</desc>"
        f'<rect width="{size[0]}" height="{size[1]}" fill="{ink.ground}"/>'
        f'<g fill="none" stroke-linecap="round" stroke-linejoin="round">{"".join(marks)}'
        f"{_head([each.head for each in figures], place, clock, ink)}</g></svg>"
    )


def _words(movement: Moving) -> str:
    """What is done, in its order, for whoever cannot see it."""
    return " ".join(f"{say.rstrip('.')}." for say in dict.fromkeys(k.say for k in movement.keys))


def alone(picture: str) -> str:
    """The same as a file of its own, which must say what it is."""
    return picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _times(movement: Moving) -> list[float]:
    """When the figure's positions are written out."""
    times: list[float] = []
    for before, after in zip(movement.keys, movement.keys[1:], strict=False):
        way = after.arrive_s - before.leave_s
        times.append(before.arrive_s)
        steps = STEPS if way > SHORT_S else 0
        times += [before.leave_s + way * part / (steps + 1) for part in range(steps + 1)]
    times += [movement.keys[-1].arrive_s, movement.keys[-1].leave_s - 1e-6]
    return times


@dataclass(frozen=True, slots=True)
class _Clock:
    times: list[float]
    movement: Moving

    def animated(self, attribute: str, values: list[str]) -> str:
        """What moves one attribute through its values."""
        if len(set(values)) == 1:
            return ""
        whole = self.movement.seconds
        moments = ";".join(f"{min(each / whole, 1):.4f}" for each in self.times[:-1]) + ";1"
        return (
            f'<animate attributeName="{attribute}" dur="{whole:g}s" repeatCount="indefinite" '
            f'keyTimes="{moments}" values="{";".join(values)}"/>'
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    bounds: tuple[Floats, Floats]
    size: tuple[int, int]

    @property
    def scale(self) -> float:
        """Pixels of a trunk's length."""
        low, high = self.bounds
        return float(min(self.size[0] / (high[0] - low[0]), self.size[1] / (high[1] - low[1])))

    def at(self, points: Floats) -> Floats:
        """Points (n, 2) of the figure, in pixels."""
        middle = (self.bounds[0] + self.bounds[1]) / 2
        placed: Floats = (points - middle) * (self.scale, -self.scale) + np.array(self.size) / 2
        return placed

    def written(self, points: Floats) -> str:
        """The same as SVG writes points."""
        return " ".join(f"{x:.0f},{y:.0f}" for x, y in self.at(points))


def _limb(name: str, points: list[Floats], place: _Place, clock: _Clock, ink: Ink) -> str:
    if name == "torso":
        points = [np.vstack([each, each[:1]]) for each in points]
    values = [place.written(each) for each in points]
    colour = ink.working if name.split()[0] in ("arm", "leg") and _works(points) else ink.figure
    width = place.scale * (TRUNK if name == "trunk" else EDGE if name == "torso" else LIMB)
    fill = colour if name == "torso" else "none"
    moved = clock.animated("points", values)
    return "".join(
        f'<polyline points="{values[0]}" stroke="{shade}" fill="{inside}" '
        f'stroke-width="{wide:.0f}">{moved}</polyline>'
        for shade, inside, wide in (
            (ink.edge, "none", width + place.scale * 0.06),
            (colour, fill, width),
        )
    )


def _works(points: list[Floats]) -> bool:
    """Whether a limb does more than to go with the body: it turns."""
    headings = [np.arctan2(*(each[1] - each[0])[::-1]) for each in points]
    return bool(np.ptp(np.unwrap(headings)) > np.radians(30))


def _head(heads: list[Floats], place: _Place, clock: _Clock, ink: Ink) -> str:
    at = place.at(np.stack(heads))
    xs, ys = ([f"{value:.0f}" for value in column] for column in at.T)
    moved = clock.animated("cx", xs) + clock.animated("cy", ys)
    return "".join(
        f'<circle cx="{xs[0]}" cy="{ys[0]}" r="{radius:.0f}" fill="{shade}">{moved}</circle>'
        for shade, radius in (
            (ink.edge, place.scale * HEAD * 1.15),
            (ink.figure, place.scale * HEAD),
        )
    )
