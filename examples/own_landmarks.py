"""Coach landmarks of your own, with no camera and no MediaPipe: one JSON object a line comes in.

``python examples/own_landmarks.py wall-stretch < LANDMARKS.jsonl``, in MediaPipe's order.
"""

import json
import sys
from collections.abc import Iterable, Iterator

import numpy as np

import posecoach


def pose(line: str) -> posecoach.Pose:
    """``{"time_s": 0.1, "size": [1280, 720], "image": [[x, y], ...], "world": [[x, y, z], ...],
    "visibility": [...]}``: pixels, metres, 0 to 1."""
    given = json.loads(line)
    arrays = {key: np.asarray(given[key], float) for key in ("image", "world", "visibility")}
    width, height = given["size"]
    return posecoach.Pose(np.asarray(given["time_s"], float), **arrays, size=(width, height))


def poses(lines: Iterable[str]) -> Iterator[posecoach.Pose]:
    """One for each line that is not empty."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield pose(line)
        except (KeyError, TypeError, ValueError) as error:
            sys.exit(f"line {number} is no line of landmarks: {error}")


def hear(snapshot: posecoach.Snapshot) -> None:
    """Print what the coach says, when it says it."""
    for event in snapshot.events:
        if isinstance(event, posecoach.events.CueGiven | posecoach.events.HoldCompleted):
            print(f"{event.time_s:6.1f} s  {event}")


def main(exercise: str) -> None:
    """Say what the coach says, and what was counted at the end."""
    plan = posecoach.make_plan(posecoach.load_exercise(exercise))
    result = posecoach.coach_poses(poses(sys.stdin), plan, hear=hear)
    print(f"{sum(result.repetitions.values())} of {sum(result.attempts.values())} attempts counted")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        main(sys.argv[1])
    except posecoach.PoseCoachError as error:
        sys.exit(str(error))
