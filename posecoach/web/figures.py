"""A moving picture of a stretch that nobody has filmed: the figure goes through its own targets."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from posecoach.exercise.definition import Exercise
from posecoach.figure.moving import moving
from posecoach.figure.svg import Ink, alone, moving_svg
from posecoach.screen.palette import RAISED, SKY, TEXT, hexed
from posecoach.web.pages import house_of

SIZE = (480, 360)
"""As the films are, so that both fit into the same place."""

INK = Ink(hexed(TEXT), hexed(SKY), hexed(RAISED), hexed(RAISED))


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [Route("/figures/{id}.svg", figure)]


def figure(request: Request) -> Response:
    """The moving picture."""
    exercise = house_of(request).exercise(request.path_params["id"])
    return Response(picture(exercise), media_type="image/svg+xml")


def picture(exercise: Exercise) -> str:
    """An exercise as an SVG that moves by itself."""
    return alone(moving_svg(moving(exercise), exercise.name, SIZE, INK))
