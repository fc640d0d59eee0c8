"""Coach landmarks of your own, with no camera and no MediaPipe: one JSON object a line comes in.

``python examples/own_landmarks.py wall-stretch < LANDMARKS.jsonl``, in MediaPipe's order.
"""

import json
import sys

import numpy as np

import posecoach


def pose(line: str) -> posecoach.Pose:
    """``{"time_s": 0.1, "size": [1280, 720], "image": [[x, y], ...], "world": [[x, y, z], ...],
    "visibility": [...]}``: pixels, metres, 0 to 1."""
    given = json.loads(line)
    arrays = {key: np.asarray(given[key], float) for key in ("image", "world", "visibility")}
    return posecoach.Pose(np.asarray(given["time_s"]), **arrays, size=tuple(given["size"]))


def hear(snapshot: posecoach.Snapshot) -> None:
    """Print what the coach says, when it says it."""
    for event in snapshot.events:
        if isinstance(event, posecoach.events.CueGiven | posecoach.events.HoldCompleted):
            print(f"{event.time_s:6.1f} s  {event}")


def main(exercise: str) -> None:
    """Say what the coach says, and what was counted at the end."""
    plan = posecoach.make_plan(posecoach.load_exercise(exercise))
    result = posecoach.coach_poses(map(pose, sys.stdin), plan, hear=hear)
    print(f"{sum(result.repetitions.values())} of {sum(result.attempts.values())} attempts counted")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        main(sys.argv[1])
    except (posecoach.PoseCoachError, ValueError) as error:
        sys.exit(str(error))
    except (KeyError, TypeError) as error:
        sys.exit(f"not a line of landmarks: {error}")
