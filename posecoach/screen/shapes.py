"""The simple shapes everything is drawn with. Each draws onto an image, or onto a sketch."""

from __future__ import annotations

from math import cos, radians, sin
from typing import NamedTuple

import cv2
import numpy as np

from posecoach.pose.pose import Floats
from posecoach.screen.layout import Rect
from posecoach.screen.palette import DARK, Colour
from posecoach.screen.sketch import Sketch
from posecoach.screen.text import Image, Surface

FINE = 4
"""Bits of a pixel's fraction: OpenCV draws at sixteenths of a pixel with this ``shift``."""


def fine(point: Floats | tuple[float, float]) -> tuple[int, int]:
    """A point in the fixed-point pixels of ``shift=FINE``."""
    return round(float(point[0]) * 2**FINE), round(float(point[1]) * 2**FINE)


def line(
    image: Surface,
    start: Floats | tuple[float, float],
    end: Floats | tuple[float, float],
    colour: Colour,
    width: float,
) -> Surface:
    """A straight line with round ends."""
    if isinstance(image, Sketch):
        image.line((start, end), colour, width)
        return image
    thick = max(1, round(width))
    cv2.line(image, fine(start), fine(end), colour, thick, cv2.LINE_AA, FINE)
    return image


def disc(
    image: Surface, centre: Floats | tuple[float, float], radius: float, colour: Colour
) -> Surface:
    """A filled circle."""
    if isinstance(image, Sketch):
        image.disc(centre, radius, colour)
        return image
    cv2.circle(image, fine(centre), round(radius * 2**FINE), colour, -1, cv2.LINE_AA, FINE)
    return image


def hoop(
    image: Surface,
    centre: Floats | tuple[float, float],
    radius: float,
    colour: Colour,
    width: float,
) -> Surface:
    """A circle's outline."""
    if isinstance(image, Sketch):
        image.hoop(centre, radius, colour, width)
        return image
    thick = max(1, round(width))
    cv2.circle(image, fine(centre), round(radius * 2**FINE), colour, thick, cv2.LINE_AA, FINE)
    return image


def polygon(image: Surface, points: Floats, colour: Colour) -> Surface:
    """A filled convex polygon; points (n, 2)."""
    if isinstance(image, Sketch):
        image.fill(points, colour)
        return image
    at = np.round(points * 2**FINE).astype(np.int32)
    cv2.fillConvexPoly(image, at, colour, cv2.LINE_AA, FINE)
    return image


def area(image: Surface, points: Floats, colour: Colour) -> Surface:
    """A filled polygon of any form; points (n, 2)."""
    if isinstance(image, Sketch):
        image.fill(points, colour)
        return image
    at = np.round(points * 2**FINE).astype(np.int32)
    cv2.fillPoly(image, [at], colour, cv2.LINE_AA, FINE)
    return image


def on_circle(
    centre: Floats | tuple[float, float], radius: float, angle_deg: float
) -> tuple[float, float]:
    """The point at ``angle_deg`` clockwise from the right."""
    angle = radians(angle_deg)
    return float(centre[0]) + radius * cos(angle), float(centre[1]) + radius * sin(angle)


class Bow(NamedTuple):
    """A part of a circle's outline, from ``start_deg`` to ``end_deg`` (clockwise if larger)."""

    centre: Floats | tuple[float, float]
    radius: float
    start_deg: float
    end_deg: float


def bow(image: Surface, part: Bow, colour: Colour, width: float) -> Surface:
    """Draw a part of a circle's outline."""
    centre, radius, start_deg, end_deg = part
    steps = max(2, int(abs(end_deg - start_deg) / 3) + 2)
    angles = np.radians(np.linspace(start_deg, end_deg, steps))
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius + np.asarray(centre)
    return polyline(image, points, colour, width)


def polyline(image: Surface, points: Floats, colour: Colour, width: float) -> Surface:
    """A line through points (n, 2)."""
    if isinstance(image, Sketch):
        image.line(points, colour, width)
        return image
    at = np.round(points * 2**FINE).astype(np.int32)
    cv2.polylines(image, [at], False, colour, max(1, round(width)), cv2.LINE_AA, FINE)
    return image


def arrow_head(
    image: Surface, tip: tuple[float, float], direction_deg: float, size: float, colour: Colour
) -> Surface:
    """A filled triangle whose point is ``tip``, looking in ``direction_deg``."""
    back = on_circle(tip, size, direction_deg + 180)
    left = on_circle(back, size * 0.62, direction_deg + 90)
    right = on_circle(back, size * 0.62, direction_deg - 90)
    return polygon(image, np.array([tip, left, right]), colour)


def rounded(image: Surface, rect: Rect, radius: int, colour: Colour) -> Surface:
    """A filled rectangle with round corners."""
    if isinstance(image, Sketch):
        image.card(rect, radius, colour)
        return image
    radius = max(0, min(radius, rect.w // 2, rect.h // 2))
    x0, y0, x1, y1 = rect.x, rect.y, rect.right - 1, rect.bottom - 1
    cv2.rectangle(image, (x0 + radius, y0), (x1 - radius, y1), colour, -1)
    cv2.rectangle(image, (x0, y0 + radius), (x1, y1 - radius), colour, -1)
    for x in (x0 + radius, x1 - radius):
        for y in (y0 + radius, y1 - radius):
            cv2.circle(image, (x, y), radius, colour, -1, cv2.LINE_AA)
    return image


def darkened(image: Image, rect: Rect, share: float) -> Image:
    """Leave ``share`` (0..1) of the light in ``rect``."""
    part = image[rect.y : rect.bottom, rect.x : rect.right]
    cv2.convertScaleAbs(part, part, share, 0)
    return image


def check(image: Surface, centre: tuple[float, float], size: float, colour: Colour) -> Surface:
    """A tick as high as ``size``."""
    x, y = centre
    points = [(-0.5, 0.05), (-0.15, 0.4), (0.5, -0.38)]
    at = np.array([[x + px * size, y + py * size] for px, py in points])
    return polyline(image, at, colour, round(size * 0.16))


def outlined(image: Surface, draw_points: Floats, colour: Colour, edge: float = 2.0) -> Surface:
    """A filled convex polygon with a dark edge, to stand out on any picture."""
    middle = draw_points.mean(axis=0)
    away = draw_points - middle
    length = np.maximum(np.hypot(away[:, 0], away[:, 1]), 1e-6)[:, None]
    polygon(image, middle + away * (1 + edge * 1.6 / length), DARK)
    return polygon(image, draw_points, colour)
