"""What happens in a movement, in words: "left arm up", "Lean your trunk to your left"."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a measure does when it grows, and when it shrinks.

    ``{part}`` is the part of the body ("left arm", "both arms"), ``{toward}`` a side.

    Attributes:
        part: of the body, one of them; parts: several.
        up, down: short, for a step's name.
        say_up, say_down: told to the person.
        more, less: cues while it is too small, too large.
        kept: the fault of not keeping it, and its cue.
    """

    part: str
    parts: str
    up: str
    down: str
    say_up: str
    say_down: str
    more: str
    less: str
    kept: str
    keep: str


PHRASES = {
    "shoulder_flexion": Phrase(
        "arm", "arms", "{part} up", "{part} down", "Raise your {part}", "Lower your {part}",
        "Raise your {part} more", "Lower your {part} more",
        "The place of the {part} changes", "Keep your {part} in place",
    ),
    "elbow_flexion": Phrase(
        "elbow", "elbows", "{part} bent", "{part} straight", "Bend your {part}",
        "Straighten your {part}", "Bend your {part} more", "Straighten your {part}",
        "The bend of the {part} changes", "Keep the bend of your {part}",
    ),
    "hip_flexion": Phrase(
        "thigh", "thighs", "hips bent", "hips straight", "Bend your hips",
        "Straighten your hips", "Bend more at the hips", "Straighten your hips more",
        "The hips change their bend", "Keep your hips as they were shown",
    ),
    "knee_flexion": Phrase(
        "knee", "knees", "{part} bent", "{part} straight", "Bend your {part}",
        "Straighten your {part}", "Bend your {part} more", "Straighten your {part} more",
        "The bend of the {part} changes", "Keep the bend of your {part}",
    ),
    "trunk_lateral_flexion": Phrase(
        "trunk", "trunk", "trunk leans {toward}", "trunk leans {toward}", "Lean to your {toward}",
        "Lean to your {toward}", "Lean a little farther to your {toward}",
        "Lean a little farther to your {toward}", "The trunk leans sideways",
        "Keep your trunk upright",
    ),
    "trunk_inclination": Phrase(
        "trunk", "trunk", "trunk lowered", "trunk upright", "Lower your trunk",
        "Bring your trunk up", "Lower your trunk more", "Bring your trunk up more",
        "The trunk tilts", "Keep your trunk as it was shown",
    ),
    "trunk_turn": Phrase(
        "chest", "chest", "chest turns {toward}", "chest turns {toward}",
        "Turn your chest to your {toward}", "Turn your chest to your {toward}",
        "Turn a little farther to your {toward}", "Turn a little farther to your {toward}",
        "The trunk turns", "Keep your chest to the front",
    ),
    "trunk_rotation": Phrase(
        "trunk", "trunk", "trunk twists {toward}", "trunk twists {toward}",
        "Twist your trunk to your {toward}", "Twist your trunk to your {toward}",
        "Twist a little farther to your {toward}", "Twist a little farther to your {toward}",
        "The trunk twists", "Do not twist your trunk",
    ),
    "spine_flexion": Phrase(
        "back", "back", "back rounded", "back arched", "Round your back", "Arch your back",
        "Round your back more", "Arch your back more", "The back bends", "Keep your back as it is",
    ),
    "neck_flexion": Phrase(
        "chin", "chin", "chin down", "chin up", "Lower your chin to your chest", "Look up",
        "Lower your chin more", "Lift your chin more", "The head nods", "Keep your head still",
    ),
    "neck_lateral_flexion": Phrase(
        "head", "head", "head tilts {toward}", "head tilts {toward}",
        "Bring your ear towards your {toward} shoulder",
        "Bring your ear towards your {toward} shoulder",
        "Bring your ear nearer to your {toward} shoulder",
        "Bring your ear nearer to your {toward} shoulder",
        "The head tilts", "Keep your head upright",
    ),
    "neck_rotation": Phrase(
        "head", "head", "head turns {toward}", "head turns {toward}",
        "Turn your head to your {toward}", "Turn your head to your {toward}",
        "Turn your head a little farther to your {toward}",
        "Turn your head a little farther to your {toward}",
        "The head turns", "Look straight ahead",
    ),
    "shoulder_elevation": Phrase(
        "shoulder", "shoulders", "{part} lifted", "{part} lowered", "Lift your {part}",
        "Lower your {part}", "Lift your {part} more", "Let your {part} sink",
        "Lifting of the {part}", "Let your {part} sink",
    ),
    "shoulder_protraction": Phrase(
        "shoulder", "shoulders", "{part} forward", "{part} back", "Bring your {part} forward",
        "Bring your {part} back", "Bring your {part} more forward",
        "Bring your {part} farther back",
        "Movement of the {part}", "Keep your {part} still",
    ),
    "knees_drop": Phrase(
        "knees", "knees", "knees to the {toward}", "knees to the {toward}",
        "Let both knees sink to your {toward}", "Let both knees sink to your {toward}",
        "Let your knees sink farther to your {toward}",
        "Let your knees sink farther to your {toward}", "The knees drop", "Keep your knees up",
    ),
    "leg_lateral_inclination": Phrase(
        "hips", "hips", "hips {toward}", "hips {toward}", "Move your hips to your {toward}",
        "Move your hips to your {toward}", "Move your hips farther to your {toward}",
        "Move your hips farther to your {toward}", "The hips slide out",
        "Keep your hips over your feet",
    ),
}  # fmt: skip
"""By measure without side."""

PHRASES["shoulder_abduction"] = PHRASES["shoulder_flexion"]
