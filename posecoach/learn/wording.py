"""The words of a learnt definition that are no measure's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posecoach.body.view import Facing, Posture

_CAMERAS: dict[str, str] = {
    "front": "Face the camera, as near as lets it see all that moves.",
    "back": "Turn your back to the camera, as near as lets it see all that moves.",
    "left": "Put the camera to one side of you, as near as lets it see the whole body.",
    "right": "Put the camera to one side of you, as near as lets it see the whole body.",
    "three-quarter": "Stand half turned to the camera, with the whole body in the picture.",
    "feet": "Put the camera at your feet, raised and tilted down.",
}

_FROM: dict[str, str] = {
    "front": "the front",
    "back": "behind",
    "left": "the side",
    "right": "the side",
    "three-quarter": "between front and side",
    "feet": "the feet",
}


def camera_words(facing: Facing) -> str:
    """How to place the camera."""
    return _CAMERAS.get(facing, _CAMERAS["front"])


def listed(facing: Facing) -> str:
    """From where the camera sees the body."""
    return _FROM.get(facing, "an unknown side")


def name_words(id_: str) -> str:
    """A name for people."""
    return id_.replace("-", " ").capitalize()


_POSES: dict[str, str] = {
    "upright": "Stand or sit upright",
    "sitting": "Sit upright",
    "all-fours": "Kneel on all fours",
    "kneeling": "Kneel",
    "lying": "Lie on your back",
}


def pose_words(postures: Sequence[Posture]) -> str:
    """How the body is before anything moves, as far as that is known."""
    return f"{_POSES.get(postures[0], 'Be ready') if postures else 'Be ready'}, as it was shown."


def plain_words(words: str) -> str:
    """A step's name, which has no place for a side: "arm up", "trunk leans to the side"."""
    for side, instead in (("{side}", ""), ("{other}", "other")):
        if words.startswith(f"{side} "):
            words = f"{instead} {words.removeprefix(f'{side} ')}".strip()
    words = words.replace("to the {side}", "to the side").replace("to the {other}", "away")
    return words.replace("{side}", "to the side").replace("{other}", "away")


def whole(value: float) -> str:
    """A number of degrees as people write it, never "-0"."""
    return str(round(value))


def counted_words(repetitions: Mapping[str, int]) -> str:
    """Repetitions by side in words: "4 repetitions", "3 repetitions (2 left, 1 right)"."""
    total = sum(repetitions.values())
    word = "repetition" if total == 1 else "repetitions"
    if repetitions["both"] == total:
        return f"{total} {word}"
    return f"{total} {word} ({repetitions['left']} left, {repetitions['right']} right)"
