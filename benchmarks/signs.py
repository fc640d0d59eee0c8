"""Whether a stretch is ever taken for a sign: python -m benchmarks.signs CLIP...

For every recording the longest time for which the forearms look crossed and for which a hand
looks raised. Crossed forearms must be held 1.5 s to pause, so no stretch may come near that;
a raised hand counts only where nothing is being coached, and is told for comparison.
Recordings may also be .npz files with arrays t (N,), image (N, 33, 2 or more),
visibility (N, 33) and size (2,), landmarks in pixels.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from posecoach.cli.options import find_model
from posecoach.pose.pose import Pose
from posecoach.practice.gestures import GRACE_S, HELD_S, forearms_crossed, hand_raised
from posecoach.session.eyes import Eyes
from posecoach.source.open import open_source


def poses(path: Path) -> Iterator[Pose]:
    """The poses of one recording."""
    if path.suffix == ".npz":
        kept = np.load(path)
        size = (int(kept["size"][0]), int(kept["size"][1]))
        for time_s, image, seen in zip(kept["t"], kept["image"], kept["visibility"], strict=True):
            yield Pose(
                np.asarray(float(time_s)),
                image[:, :2].astype(np.float64),
                np.zeros((33, 3)),
                seen.astype(np.float64),
                size,
            )
        return
    with open_source(str(path)) as source, Eyes(find_model(None)) as eyes:
        for frame in source.frames():
            yield eyes.estimate(frame.image, frame.time_s)


def longest_s(moments: list[Pose], shown: Callable[[Pose], bool]) -> float:
    """The longest time for which a sign is shown, with the grace the program gives."""
    longest, began, last = 0.0, 0.0, -np.inf
    for pose in moments:
        now = float(pose.time_s)
        if shown(pose):
            if now - last > GRACE_S:
                began = now
            last = now
            longest = max(longest, now - began)
    return float(longest)


def main() -> int:
    """Print the table; 0 where nothing fires."""
    words = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    words.add_argument("recordings", nargs="+", type=Path)
    fired = 0
    print("| recording | seconds | forearms crossed, s | hand raised, s |\n|---|---|---|---|")
    for path in words.parse_args().recordings:
        moments = list(poses(path))
        crossed = longest_s(moments, forearms_crossed)
        raised = longest_s(moments, hand_raised)
        fired += crossed >= HELD_S
        seconds = float(moments[-1].time_s) if moments else 0.0
        print(f"| {path.stem} | {seconds:.0f} | {crossed:.2f} | {raised:.2f} |")
    print(f"\n{fired} recordings would have paused.")
    return int(fired > 0)


if __name__ == "__main__":
    sys.exit(main())
