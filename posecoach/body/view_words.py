"""Views and postures in words for the person who is seen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from posecoach.body.view import Facing, Posture

SEEN_FROM: Mapping[Facing, str] = MappingProxyType(
    {
        "front": "the front",
        "back": "the back",
        "left": "your left side",
        "right": "your right side",
        "three-quarter": "halfway to the side",
        "feet": "your feet",
    }
)
"""Completes "the camera saw you from ..."."""

BODY_IS: Mapping[Posture, str] = MappingProxyType(
    {
        "upright": "standing",
        "sitting": "sitting",
        "all-fours": "on all fours",
        "kneeling": "kneeling",
        "lying": "lying",
    }
)
"""Completes "you were ..."."""
