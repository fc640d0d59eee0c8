"""Pictures of every state of the screen, for the docs and for looking at after a change.

    python -m benchmarks.screens ../shared/clips docs/screens [--model BUNDLE] [--full FOLDER]

Coaches two clips as a session does and keeps the first moment of each state; what does not
happen in a clip (a pause, a rest, nobody there) is put around such a moment. In the docs
each state stands at half of 1280x720, and beside it a sheet for each other size;
``--full`` also writes every state at every size, unreduced, to look at closely.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from posecoach.cli.options import find_model
from posecoach.coach.plan import Plan, make_plan
from posecoach.coach.state import Phase
from posecoach.exercise.library import load
from posecoach.pose.pose import Pose
from posecoach.screen import palette
from posecoach.screen.paint import draw
from posecoach.screen.text import Image
from posecoach.session.around import Around, Check
from posecoach.session.eyes import Eyes
from posecoach.session.observer import Observer
from posecoach.session.session import Session
from posecoach.session.snapshot import Snapshot
from posecoach.source.open import open_source

SIZES = ((1280, 720), (1920, 1080), (720, 1280), (640, 480))
EXERCISES = Path(__file__).resolve().parent.parent / "exercises"

Shot = tuple[Snapshot, Around]
Wanted = dict[str, Callable[[Snapshot], bool]]

IN_STRETCH: Wanted = {
    "waiting": lambda now: now.state.phase is Phase.WAITING and now.state.time_s > 1,
    "ready": lambda now: now.state.phase is Phase.READY and now.state.cue is None,
    "holding": lambda now: now.state.phase is Phase.HOLDING and now.state.held_s > 1.2,
    "returning": lambda now: now.state.phase is Phase.RETURNING,
    "correcting": lambda now: (
        now.state.cue is not None and now.state.cue.measure == "elbow_flexion_right"
    ),
    "done": lambda now: now.state.phase is Phase.DONE,
}
IN_CAT_COW: Wanted = {
    "start": lambda now: now.state.phase is Phase.WAITING,
    "back": lambda now: now.state.phase is Phase.HOLDING and now.state.held_s > 0.5,
}


def moments(plan: Plan, clip: Path, bundle: Path) -> Iterator[Snapshot]:
    """The moments of a session on ``clip``, shown as a person's own camera would be."""
    masks = Observer(plan.measures).needs_mask
    session = Session(plan, clip.name, mirror=True)
    with open_source(str(clip)) as source, Eyes(bundle, masks=masks) as eyes:
        for frame in source.frames():
            yield session.see(frame, eyes.estimate(frame.image, frame.time_s))


def first_of_each(found: Iterator[Snapshot], wanted: Wanted) -> dict[str, Snapshot]:
    """The first moment for each name; ends as soon as all are found."""
    kept: dict[str, Snapshot] = {}
    for now in found:
        for name, is_it in wanted.items():
            if name not in kept and is_it(now):
                kept[name] = now
        if len(kept) == len(wanted):
            break
    return kept


def all_shots(clips: Path, bundle: Path) -> dict[str, Shot]:
    """Every state, by name, in the order a person meets them."""
    stretch = make_plan(load(EXERCISES / "wall-stretch.yaml"), repetitions=1, hold=2)
    cat_cow = make_plan(load(EXERCISES / "cat-cow.yaml"), hold=2)
    wall = first_of_each(
        moments(stretch, clips / "wall-stretch-elbow-not-90.mp4", bundle), IN_STRETCH
    )
    cat = first_of_each(moments(cat_cow, clips / "cat-cow-correct.mp4", bundle), IN_CAT_COW)
    nobody = replace(
        wall["holding"],
        pose=Pose.absent(0.0, wall["holding"].pose.size),
        state=replace(
            wall["holding"].state, phase=Phase.UNSEEN, unseen="Step back into the picture"
        ),
    )
    plain = Around()
    nearly = Around(setup=Check("Turn your left side to the camera"))
    return {
        "setup": (cat["start"], nearly),
        "setup-right": (cat["start"], Around(setup=Check("", 0.6))),
        "waiting": (wall["waiting"], plain),
        "ready": (wall["ready"], plain),
        "holding": (wall["holding"], plain),
        "returning": (wall["returning"], plain),
        "correcting": (wall["correcting"], plain),
        "back": (cat["back"], plain),
        "unseen": (nobody, plain),
        "paused": (wall["holding"], Around(paused="Paused", muted=True)),
        "camera-lost": (wall["holding"], Around(notice="The camera is gone; trying again")),
        "rest": (wall["done"], Around(rest_s=(12.0, 20.0), next="Overhead reach")),
        "countdown": (wall["waiting"], Around(countdown_s=2.4)),
        "done": (wall["done"], Around(next="Overhead reach")),
        "help": (wall["holding"], Around(help=True)),
    }


def write(path: Path, image: Image) -> None:
    """Write a PNG of few colours: a third of the size, and text stays sharp.

    The screen's own colours are kept exactly, however little of the picture they cover.
    """
    from PIL import Image as Pillow

    picture = Pillow.fromarray(np.ascontiguousarray(image[..., ::-1]))
    meant = [value[::-1] for value in vars(palette).values() if isinstance(value, tuple)]
    of_picture = picture.quantize(128 - len(meant)).getpalette() or []
    colours = Pillow.new("P", (1, 1))
    colours.putpalette([part for colour in meant for part in colour] + of_picture)
    chosen = picture.quantize(palette=colours, dither=Pillow.Dither.NONE)
    chosen.save(path, optimize=True)


def sheet(images: list[Image], columns: int) -> Image:
    """Images of one size side by side."""
    gap = 6
    height, width = images[0].shape[:2]
    rows = -(-len(images) // columns)
    whole = np.full((rows * (height + gap), columns * (width + gap), 3), 255, np.uint8)
    for number, image in enumerate(images):
        y, x = number // columns * (height + gap), number % columns * (width + gap)
        whole[y : y + height, x : x + width] = image
    return whole


def reduced(image: Image, share: float) -> Image:
    """The image at ``share`` of its size."""
    small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("clips", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--full", type=Path)
    given = parser.parse_args()
    shots = all_shots(given.clips, find_model(given.model))
    given.out.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES:
        images = {name: draw(now, (width, height), around) for name, (now, around) in shots.items()}
        if given.full is not None:
            given.full.mkdir(parents=True, exist_ok=True)
            for name, image in images.items():
                cv2.imwrite(str(given.full / f"{name}-{width}x{height}.png"), image)
        if (width, height) == SIZES[0]:
            for name, image in images.items():
                write(given.out / f"{name}.png", reduced(image, 0.5))
        else:
            share = 320 / min(width, height) if height > width else 480 / width
            chosen = ["setup", "correcting", "holding", "back", "paused", "done"]
            small = [reduced(images[name], share) for name in chosen]
            write(given.out / f"all-{width}x{height}.png", sheet(small, 3))


if __name__ == "__main__":
    main()
