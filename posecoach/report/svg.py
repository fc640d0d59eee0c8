"""A drawing as inline SVG."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from posecoach.report.drawing import Circle, Drawing, Mark, Path, Rect, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup


def svg_writer() -> Callable[[Drawing], Markup]:
    """Return a function that writes drawings of one page: ids must differ within it."""
    from markupsafe import Markup

    numbers = count(1)

    def write(drawing: Drawing) -> Markup:
        number = next(numbers)
        # Everything variable below is a number or went through escape.
        return Markup(_svg(drawing, number))

    return write


def _svg(drawing: Drawing, number: int) -> str:
    title, description = f"t{number}", f"d{number}"
    return (
        f'<svg viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}" role="img" '
        f'aria-labelledby="{title} {description}">'
        f'<title id="{title}">{_escaped(drawing.title)}</title>'
        f'<desc id="{description}">{_escaped(drawing.description)}</desc>'
        f"{''.join(_mark(mark) for mark in drawing.marks)}</svg>"
    )


def _mark(mark: Mark) -> str:
    match mark:
        case Path():
            points = "".join(
                f"{'L' if index else 'M'}{_n(x)} {_n(y)}"
                for index, (x, y) in enumerate(mark.points)
            )
            return f'<path class="{mark.role}" d="{points}{"Z" if mark.closed else ""}"/>'
        case Circle():
            x, y = mark.centre
            hollow = ' fill="none"' if mark.hollow else ""
            return (
                f'<circle class="{mark.role}" cx="{_n(x)}" cy="{_n(y)}" '
                f'r="{_n(mark.radius)}"{hollow}/>'
            )
        case Rect():
            return (
                f'<rect class="{mark.role}" x="{_n(mark.x)}" y="{_n(mark.y)}" '
                f'width="{_n(max(mark.width, 0))}" height="{_n(max(mark.height, 0))}"/>'
            )
        case Text():
            return (
                f'<text class="{mark.role}" x="{_n(mark.x)}" y="{_n(mark.y)}" '
                f'text-anchor="{mark.anchor}" font-size="{_n(mark.size)}">'
                f"{_escaped(mark.text)}</text>"
            )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _escaped(text: str) -> str:
    from markupsafe import escape

    return str(escape(text))
