"""The addresses of the house, and what answers at each."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from posecoach.errors import PoseCoachError
from posecoach.web import calibrate, figures, home, kept, practise, recordings, settings, stretches
from posecoach.web.house import House
from posecoach.web.pages import page
from posecoach.web.presence import presence
from posecoach.web.talk import talk

STATIC = Path(__file__).parent / "static"


def site(house: House) -> Starlette:
    """The application behind the gate."""

    async def talking(socket: WebSocket) -> None:
        await talk(socket, house)

    async def being_there(socket: WebSocket) -> None:
        await presence(socket, house)

    routes: list[BaseRoute] = [
        WebSocketRoute("/talk", talking),
        WebSocketRoute("/presence", being_there),
        *home.routes(),
        *practise.routes(),
        *calibrate.routes(),
        *figures.routes(),
        *kept.routes(),
        *recordings.routes(),
        *stretches.routes(),
        *settings.routes(),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={
            PoseCoachError: _sentence,
            HTTPException: _missing,
            Exception: _broken,
        },
    )
    app.state.house = house
    return app


def _sentence(request: Request, error: Exception) -> Response:
    """What a person can get wrong is a sentence, here as on the command line."""
    return page(request, "sentence.html", status=400, title="That did not work", words=str(error))


def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = "There is no such page." if error.status_code == 404 else str(error.detail)
    return page(request, "sentence.html", status=error.status_code, title="Not here", words=words)


def _broken(request: Request, error: Exception) -> Response:
    words = "Something in PoseCoach itself went wrong. Nothing that was kept is lost."
    return page(request, "sentence.html", status=500, title="That went wrong", words=words)
