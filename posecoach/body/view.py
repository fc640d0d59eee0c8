"""Which way the body faces the camera, and its posture."""

from dataclasses import dataclass
from typing import Literal

Facing = Literal["front", "back", "left", "right", "three-quarter", "feet", "unknown"]
"""What the camera sees: the body's front or back, its left or right side, something
between (three-quarter), or a lying body from its feet."""

Posture = Literal["upright", "sitting", "all-fours", "kneeling", "lying", "unknown"]

Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class View:
    """How the camera sees the body at one moment.

    Attributes:
        facing: see ``Facing``; "left" means the body's left side is towards the camera.
        posture: see ``Posture``.
        near: the side of the body nearer to the camera.
        turned_deg: how far the trunk is turned away from facing the camera squarely,
            0 (front or back) to 90 (side); NaN where unknown.
    """

    facing: Facing = "unknown"
    posture: Posture = "unknown"
    near: Side = "left"
    turned_deg: float = float("nan")

    @property
    def may_lie(self) -> bool:
        """Whether who seems to sit may lie, with the feet to the camera.

        Both show their front, and thighs that point at the camera; only the trunk's depth tells one
        from the other, which is guessed.
        """
        return self.posture == "sitting" and self.facing in ("front", "three-quarter")


UNKNOWN = View()
