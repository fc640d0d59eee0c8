"""A live loop of your own: ``python examples/live_loop.py overhead-reach [SOURCE]``."""

import sys

import posecoach


def main(exercise: str, source: str | None = None) -> None:
    """Print the coach's word whenever it changes, and what was counted at the end."""
    plan = posecoach.make_plan(posecoach.load_exercise(exercise))
    said = ""
    with posecoach.open_source(source) as camera:
        session = posecoach.Session(plan, camera.name)
        for frame, pose in posecoach.estimate_poses(camera):
            state = session.see(frame, pose).state
            say = state.cue.text if state.cue is not None else state.say
            if say != said:
                said = say
                print(f"{state.time_s:6.1f} s  {state.phase.value:9} {say}", flush=True)
            if state.phase.value == "done":
                break
        print(session.finish().repetitions)


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except posecoach.PoseCoachError as error:
        sys.exit(str(error))
