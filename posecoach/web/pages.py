"""Filling templates, and reading what a form sends."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from posecoach.report.style import DARK, LIGHT, css_colours
from posecoach.screen import palette
from posecoach.screen.palette import hexed
from posecoach.web.house import House

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> Environment:
    """Templates of this room; everything put into them is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("posecoach.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def house_of(request: Request) -> House:
    """The house this server is."""
    found = request.app.state.house
    assert isinstance(found, House)
    return found


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """A whole page."""
    house = house_of(request)
    text = (
        environment()
        .get_template(template)
        .render(
            root=house.root,
            going_on=house.going_on,
            at=request.url.path.removeprefix(house.root),
            **values,
        )
    )
    return HTMLResponse(text, status)


def go_to(request: Request, path: str) -> Response:
    """Send the browser on after a form."""
    return RedirectResponse(house_of(request).root + path, 303)


async def form(request: Request) -> dict[str, str]:
    """The fields, of one that comes several times all values, with commas between; all that is no
    form is empty."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind != "application/x-www-form-urlencoded":
        return {}
    fields = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=64)
    return {name: ",".join(map(str.strip, values)) for name, values in fields.items()}


@cache
def colours() -> str:
    """The report's colours for pages, the window's for the stage of a practice."""
    stage = {
        "stage": palette.GROUND,
        "stage-raised": palette.RAISED,
        "stage-track": palette.TRACK,
        "stage-quiet": palette.QUIET,
        "stage-text": palette.TEXT,
        "tone-good": palette.GREEN,
        "tone-form": palette.ORANGE,
        "tone-hint": palette.YELLOW,
        "tone-safety": palette.VERMILLION,
        "tone-step": palette.SKY,
    }
    named = css_colours({name: hexed(colour) for name, colour in stage.items()})
    return (
        f":root{{color-scheme:light dark;{css_colours(LIGHT)}{named}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{css_colours(DARK)}}}}}\n"
    )
