"""The addresses of the house, and what answers at each."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from posecoach.errors import PoseCoachError
from posecoach.terminal import note
from posecoach.web.pages import page

if TYPE_CHECKING:
    from posecoach.web.gate import Receive, Scope, Send
    from posecoach.web.house import House

STATIC = Path(__file__).parent / "static"

WHERE = MappingProxyType(
    {
        "cards": "cards",
        "demonstrations": "cards",
        "tones": "cards",
        "practise": "practise",
        "talk": "lines",
        "presence": "lines",
        "calibrate": "calibrate",
        "figures": "figures",
        "sessions": "kept",
        "history": "kept",
        "compare": "kept",
        "recordings": "recordings",
        "show": "showing",
        "stretches": "stretches",
        "settings": "settings",
        "people": "settings",
    }
)
"""The module of this room that answers, by the first word of the path; ``home`` for all else."""


class Site:
    """The application behind the gate; each module is imported when it is first asked for, so
    that the first page does not wait for all of PoseCoach.

    Args:
        house: see ``House``.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._apps: dict[str, Starlette] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or line."""
        path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
        name = WHERE.get(path.split("/")[1] if "/" in path else "", "home")
        if name not in self._apps:
            await asyncio.to_thread(self._make, name)
        await self._apps[name](scope, receive, send)

    def _make(self, name: str) -> None:
        module = import_module(f"posecoach.web.{name}")
        handlers = {PoseCoachError: _sentence, HTTPException: _missing, Exception: _broken}
        routes = [*module.routes(), Mount("/static", StaticFiles(directory=STATIC))]
        app = Starlette(routes=routes, exception_handlers=handlers)
        app.state.house = self._house
        self._apps.setdefault(name, app)


def _sentence(request: Request, error: Exception) -> Response:
    """What a person can get wrong is a sentence, here as on the command line."""
    return page(request, "sentence.html", status=400, title="That did not work", words=str(error))


def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = "There is no such page." if error.status_code == 404 else str(error.detail)
    return page(request, "sentence.html", status=error.status_code, title="Not here", words=words)


def _broken(request: Request, error: Exception) -> Response:
    note(error)
    words = "Something in PoseCoach itself went wrong. Nothing that was kept is lost."
    return page(request, "sentence.html", status=500, title="That went wrong", words=words)
