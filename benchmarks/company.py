"""Who is coached where others are in the picture: ``python -m benchmarks.company ../shared/clips``.

Each scene shows one clip of a stretch beside something else: a poster, a television, a partner who
waits; the person comes later, or leaves for a while. It prints who was coached when, and the
repetitions against those of the same clip alone. What should come of it: the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.pose.bundle import ensure_bundle
from posecoach.pose.landmarks import Landmark
from posecoach.session.eyes import Eyes, words_on
from posecoach.session.session import Session
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame
from posecoach.source.open import open_source

Image = NDArray[np.uint8]

FPS = 15.0
HOLD_S = 2.0
WALL = 150
"""Grey level of an empty room."""
NAMES = ("overhead-reach-correct", "wall-stretch-correct", "trunk-rotation-correct")
OTHER = "wall-stretch-trunk-leans"
"""Somebody seen whole, as the person is: the partner is a little farther away."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A clip in company.

    Attributes:
        beside: the other half at a time.
        shown: which time of the clip is shown at a time of the scene; None while away.
        lasts_s: seconds longer than the clip.
    """

    name: str
    beside: Callable[[float], Image]
    shown: Callable[[float], float | None]
    lasts_s: float = 0.0


def frames_of(path: Path) -> list[tuple[float, Image]]:
    """All pictures of a clip, some 15 a second."""
    found: list[tuple[float, Image]] = []
    with open_source(str(path)) as source:
        for frame in source.frames():
            if not found or frame.time_s - found[-1][0] > 0.9 / FPS:
                found.append((frame.time_s, frame.image))
    return found


def _at(clip: list[tuple[float, Image]], time_s: float) -> Image:
    index = int(np.searchsorted([each for each, _ in clip], time_s))
    return clip[min(index, len(clip) - 1)][1]


def _swinging(time_s: float, length_s: float) -> float:
    """There and back again, over and over."""
    phase = time_s % (2 * length_s)
    return min(phase, 2 * length_s - phase)


def scenes(other: list[tuple[float, Image]], size: tuple[int, int], rest_s: float) -> list[Scene]:
    """Every scene.

    Args:
        size: (width, height) of a half.
        rest_s: when the person in the clip stands between two repetitions, to go away then.
    """
    wall = np.full((size[1], size[0], 3), WALL, np.uint8)

    def fitted(image: Image, share: float) -> Image:
        """A smaller picture on the wall."""
        small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        canvas: Image = wall.copy()
        high, wide = (min(a, b) for a, b in zip(small.shape, canvas.shape, strict=True) if a != 3)
        top, left = (size[1] - high) // 2, (size[0] - wide) // 2
        canvas[top : top + high, left : left + wide] = small[:high, :wide]
        return canvas

    noise = np.random.default_rng(5)

    def poster(_: float) -> Image:
        grain = noise.integers(-3, 4, wall.shape)
        seen: Image = np.clip(fitted(other[0][1], 0.9) + grain, 0, 255).astype(np.uint8)
        return seen

    def television(time_s: float) -> Image:
        return fitted(_at(other, _swinging(time_s, 8.0)), 0.5)

    def partner(time_s: float) -> Image:
        return fitted(_at(other, _swinging(time_s, 1.0)), 0.7)

    def later(wait_s: float) -> Callable[[float], float | None]:
        return lambda time_s: None if time_s < wait_s else time_s - wait_s

    def leaving(away_s: float) -> Callable[[float], float | None]:
        def shown(time_s: float) -> float | None:
            if time_s < rest_s:
                return time_s
            return None if time_s < rest_s + away_s else time_s - away_s

        return shown

    return [
        Scene("poster, there before", poster, later(5.0), 5.0),
        Scene("television, there before", television, later(5.0), 5.0),
        Scene("partner, there 6 s before", partner, later(6.0), 6.0),
        Scene("partner; away for 5 s", partner, leaving(5.0), 5.0),
        Scene("poster; away for 5 s", poster, leaving(5.0), 5.0),
        Scene("partner; both from the first", partner, later(0.0)),
    ]


def played(scene: Scene, clip: list[tuple[float, Image]]) -> Iterator[Frame]:
    """The pictures of a scene: the other half left, the person's right."""
    height, width = clip[0][1].shape[:2]
    wall = np.full((height, width, 3), WALL, np.uint8)
    for time_s in np.arange(0.0, clip[-1][0] + scene.lasts_s, 1 / FPS):
        shown_s = scene.shown(float(time_s))
        own = wall if shown_s is None else _at(clip, shown_s)
        yield Frame(np.hstack([scene.beside(float(time_s)), own]), float(time_s))


def coached(
    frames: Iterator[Frame], exercise: str, bundle: Path
) -> tuple[dict[str, int], list[tuple[float, str]], list[str]]:
    """Repetitions by side, who was coached from when, what was said."""
    plan = make_plan(standard_library().find(exercise), hold=HOLD_S)
    session = Session(plan, "scene")
    who: list[tuple[float, str]] = []

    def look(snapshot: Snapshot) -> None:
        pose = snapshot.pose
        name = "nobody"
        if pose.seen:
            hips = pose.image[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 0].mean()
            name = "other" if hips < pose.size[0] / 2 else "person"
        if not who or who[-1][1] != name:
            who.append((snapshot.frame.time_s, name))

    with Eyes(bundle, masks=session.observer.needs_mask) as eyes:
        result = session.run(eyes.follow(frames), [look, eyes.hear])
        said = words_on(eyes.changes)
    return dict(result.repetitions), who, said


def main() -> None:
    """Print every scene of every clip."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", type=Path)
    parser.add_argument("--only", nargs="*", default=NAMES)
    given = parser.parse_args()
    bundle = ensure_bundle("full")
    other = frames_of(given.clips / f"{OTHER}.mp4")
    for name in given.only:
        clip = frames_of(given.clips / f"{name}.mp4")
        exercise = name.removesuffix("-correct")
        alone = (Frame(image, time_s) for time_s, image in clip)
        wanted, _, _ = coached(alone, exercise, bundle)
        size = clip[0][1].shape[1], clip[0][1].shape[0]
        print(f"{name}: alone {_counts(wanted)}")
        for scene in scenes(other, size, _rest(given.clips / f"{name}.json")):
            found, who, said = coached(played(scene, clip), exercise, bundle)
            ends = [*(begin for begin, _ in who[1:]), clip[-1][0] + scene.lasts_s]
            spans = [
                f"{whom} {begin:.1f}-{end:.1f}"
                for (begin, whom), end in zip(who, ends, strict=True)
            ]
            verdict = "same" if found == wanted else "OTHER"
            print(f"  {scene.name:30} {_counts(found)} {verdict:6} {', '.join(spans)} {said}")


def _rest(labels: Path) -> float:
    """When the first repetition of a clip is over."""
    import json

    value: Any = json.loads(labels.read_text())
    ends = [each["end_s"] for each in value["reps"]]
    return float(sorted(ends)[0]) + 0.3


def _counts(repetitions: dict[str, int]) -> str:
    return "/".join(str(repetitions[side]) for side in ("left", "right", "both"))


if __name__ == "__main__":
    main()
