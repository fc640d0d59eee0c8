"""The colours of every chart, for light and dark, screen and paper.

The palette is Okabe and Ito's ("Color Universal Design", 2008), which people with any of the
common colour deficiencies can tell apart. No meaning is carried by colour alone: left is a
round mark, right a square one, a fault a triangle; what is held is filled, what is not is
only outlined.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Ink:
    """How marks of one role look.

    Attributes:
        stroke, fill: names in ``LIGHT`` and ``DARK``; empty for none.
        width: of the stroke, in the drawing's units.
        dash: lengths of dashes and gaps; empty for a whole line.
        opacity: of the fill.
        bold: of text.
    """

    stroke: str = ""
    fill: str = ""
    width: float = 0.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    bold: bool = False


LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "page": "#ffffff",
        "panel": "#f5f7f8",
        "edge": "#d5dbe0",
        "text": "#16202a",
        "quiet": "#52606d",
        "left": "#0067a5",
        "right": "#a3427f",
        "both": "#0067a5",
        "good": "#00735a",
        "band": "#009e73",
        "fault": "#b84a00",
        "own": "#8a6100",
        "link": "#005a91",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "page": "#12181e",
        "panel": "#1b232b",
        "edge": "#3a4651",
        "text": "#eef2f5",
        "quiet": "#aab6c1",
        "left": "#6cc0f0",
        "right": "#eb9fcb",
        "both": "#6cc0f0",
        "good": "#3fcca0",
        "band": "#00b386",
        "fault": "#ff9448",
        "own": "#f0c24a",
        "link": "#7cc7f2",
    }
)

ROLES: Mapping[str, Ink] = MappingProxyType(
    {
        "axis": Ink(stroke="edge", width=1),
        "zero": Ink(stroke="quiet", width=0.8),
        "tick": Ink(fill="quiet"),
        "label": Ink(fill="text"),
        "strong": Ink(fill="text", bold=True),
        "band": Ink(fill="band", opacity=0.22),
        "limit": Ink(stroke="good", width=1, dash=(4, 3)),
        "textbook": Ink(stroke="quiet", width=1.2, dash=(1.5, 2.5)),
        "own": Ink(stroke="own", fill="own", width=1),
        "held": Ink(stroke="good", fill="good", width=1),
        "out": Ink(stroke="quiet", width=1, dash=(3, 2)),
        "fault": Ink(stroke="fault", fill="fault", width=1),
        "fault-line": Ink(stroke="fault", width=2.5),
        "left": Ink(stroke="left", fill="left", width=1),
        "right": Ink(stroke="right", fill="right", width=1),
        "both": Ink(stroke="both", fill="both", width=1),
        "left-line": Ink(stroke="left", width=1.8),
        "right-line": Ink(stroke="right", width=1.8, dash=(6, 2)),
        "both-line": Ink(stroke="both", width=1.8),
        "left-text": Ink(fill="left", bold=True),
        "right-text": Ink(fill="right", bold=True),
        "fault-text": Ink(fill="fault", bold=True),
        "good-text": Ink(fill="good", bold=True),
        "bone": Ink(stroke="quiet", width=2.6),
        "head": Ink(stroke="quiet", width=2),
        "left-bone": Ink(stroke="left", width=4),
        "right-bone": Ink(stroke="right", width=4, dash=(7, 3)),
        "limb": Ink(stroke="quiet", width=7),
        "working-limb": Ink(stroke="left", width=7),
        "trunk": Ink(fill="quiet", opacity=0.12),
        "day-0": Ink(stroke="edge", width=0.8),
        "day-1": Ink(stroke="left", fill="left", width=0.8, opacity=0.3),
        "day-2": Ink(stroke="left", fill="left", width=0.8, opacity=0.6),
        "day-3": Ink(stroke="left", fill="left", width=0.8),
    }
)


def css_colours(colours: Mapping[str, str]) -> str:
    """Custom properties of one scheme."""
    return "".join(f"--{name}:{value};" for name, value in colours.items())


def css_roles() -> str:
    """A rule for each role."""
    rules = []
    for name, ink in ROLES.items():
        parts = [f"fill:{f'var(--{ink.fill})' if ink.fill else 'none'}"]
        if ink.opacity < 1:
            parts.append(f"fill-opacity:{ink.opacity:g}")
        if ink.stroke:
            parts.append(f"stroke:var(--{ink.stroke});stroke-width:{ink.width:g}")
        if ink.dash:
            parts.append(f"stroke-dasharray:{' '.join(f'{each:g}' for each in ink.dash)}")
        if ink.bold:
            parts.append("font-weight:600")
        rules.append(f"svg .{name}{{{';'.join(parts)}}}")
    return "\n".join(rules)
