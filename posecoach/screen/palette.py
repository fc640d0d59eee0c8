"""The colours of the screen, in OpenCV's order (blue, green, red).

The meaningful ones are of the palette of Okabe and Ito ("Color Universal Design", 2008),
which people with any of the common colour deficiencies can tell apart. No meaning is
carried by colour alone: every one of them comes with a shape of its own (see ``marks``).
"""

from __future__ import annotations

from typing import TypeAlias

Colour: TypeAlias = tuple[int, int, int]

GREEN: Colour = (115, 158, 0)
ORANGE: Colour = (0, 159, 230)
VERMILLION: Colour = (0, 94, 213)
SKY: Colour = (233, 180, 86)
YELLOW: Colour = (66, 228, 240)

GROUND: Colour = (34, 28, 24)
RAISED: Colour = (56, 47, 41)
TRACK: Colour = (84, 73, 65)
QUIET: Colour = (190, 182, 174)
TEXT: Colour = (248, 246, 244)
DARK: Colour = (20, 16, 14)


def hexed(colour: Colour) -> str:
    """A colour as pages write it: #rrggbb."""
    blue, green, red = colour
    return f"#{red:02x}{green:02x}{blue:02x}"
