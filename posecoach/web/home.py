"""The first page: who practises, and the frame into which the cards are put."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from posecoach.web.pages import colours, form, go_to, house_of, page


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [
        Route("/", home),
        Route("/who", choose_who, methods=["POST"]),
        Route("/end", end, methods=["POST"]),
        Route("/colours.css", _colours),
    ]


async def home(request: Request) -> Response:
    """The frame of the page, at once; the cards follow."""
    return page(request, "home.html", title="PoseCoach")


async def choose_who(request: Request) -> Response:
    """Somebody else practises."""
    given = await form(request)
    name = given.get("new") or given.get("who", "")
    house_of(request).choose(name)
    return go_to(request, "/")


async def end(request: Request) -> Response:
    """The person has had enough."""
    house = house_of(request)
    house.ending = True
    return page(request, "ended.html", title="Ended")


async def _colours(request: Request) -> Response:
    return Response(colours(), media_type="text/css")
