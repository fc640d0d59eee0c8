"""A moving picture of a stretch that nobody has filmed: the figure goes through its own targets."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from posecoach.exercise.definition import Exercise
from posecoach.plan.plan import make_plan
from posecoach.screen.figure import Figure, draw_figure, figure_of
from posecoach.screen.layout import Rect
from posecoach.screen.palette import RAISED, hexed
from posecoach.screen.sketch import Sketch, Stroke
from posecoach.web.pages import house_of

WIDTH, HEIGHT = 480, 360
MARGIN = 30
POSE_S = 1.6
"""How long each pose stands; about as long as a look at it takes."""


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [Route("/figures/{id}.svg", figure)]


def figure(request: Request) -> Response:
    """The moving picture."""
    exercise = house_of(request).exercise(request.path_params["id"])
    return Response(moving(exercise), media_type="image/svg+xml")


def moving(exercise: Exercise) -> str:
    """The poses of an exercise, one after the other, as an SVG that moves by itself."""
    side = make_plan(exercise).sides[0].side
    ids = [None, *(step.id for step in exercise.steps)]
    figures = [figure_of(exercise, each, side) for each in ids]
    whole = len(figures) * POSE_S
    frames = "".join(
        f'<g visibility="{"visible" if number == 0 else "hidden"}">'
        f"{_shown(number, len(figures), whole)}{_drawn(each)}</g>"
        for number, each in enumerate(figures)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<title>{escape(exercise.name)}</title>"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{hexed(RAISED)}"/>'
        f'<g fill="none" stroke-linecap="round" stroke-linejoin="round">{frames}</g></svg>'
    )


def _shown(number: int, count: int, whole_s: float) -> str:
    """When a pose is visible."""
    values = ";".join("visible" if each == number else "hidden" for each in range(count))
    times = ";".join(f"{each / count:.4f}" for each in range(count))
    return (
        f'<animate attributeName="visibility" calcMode="discrete" dur="{whole_s:g}s" '
        f'repeatCount="indefinite" values="{values}" keyTimes="{times}"/>'
    )


def _drawn(figure: Figure) -> str:
    place = Rect(MARGIN, MARGIN, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN)
    return "".join(map(_element, draw_figure(Sketch(), figure, place).strokes))


def _element(stroke: Stroke) -> str:
    """One stroke of those a figure is made of."""
    match stroke:
        case ["line", colour, width, points]:
            return (
                f'<polyline stroke="{colour}" stroke-width="{width}" points="{_points(points)}"/>'
            )
        case ["fill", colour, points]:
            return f'<polygon fill="{colour}" points="{_points(points)}"/>'
        case ["disc", colour, x, y, radius]:
            return f'<circle fill="{colour}" cx="{x}" cy="{y}" r="{radius}"/>'
    return ""


def _points(points: list[float]) -> str:
    return " ".join(f"{each:g}" for each in points)
