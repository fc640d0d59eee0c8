"""Count what is done in a video:
``python examples/count_repetitions.py CLIP.mp4 wall-stretch [SECONDS]``, to hold each pose so long.
"""

import sys

import posecoach


def main(video: str, exercise: str, hold_s: float | None = None) -> None:
    """Print what was counted, and the faults with their times."""
    plan = posecoach.make_plan(posecoach.load_exercise(exercise), hold_s=hold_s)
    result = posecoach.coach_recording(video, plan)
    for side, counted in result.repetitions.items():
        if result.attempts[side]:
            print(f"{side}: {counted} of {result.attempts[side]} attempts counted")
    for fault in result.faults:
        print(f"{fault.start_s:.1f} s to {fault.end_s:.1f} s: {fault.fault} ({fault.side})")


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:3], *map(float, sys.argv[3:]))
    except (posecoach.PoseCoachError, ValueError) as error:
        sys.exit(str(error))
