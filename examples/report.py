"""A report from Python: ``python examples/report.py CLIP.mp4 wall-stretch REPORT.html``."""

import sys
from tempfile import TemporaryDirectory

import posecoach


def main(video: str, exercise: str, file: str) -> None:
    """Coach a recording, keep it for as long as the report takes, and write the report."""
    plan = posecoach.make_plan(posecoach.load_exercise(exercise))
    with TemporaryDirectory() as folder:
        with posecoach.keep_session(video, data_dir=folder) as keep:
            posecoach.coach_recording(video, plan, keep=keep)
        with posecoach.Store.open(folder) as store:
            posecoach.write_report(store, file)
            accuracy = store.sessions()[0].accuracy
    said = "no attempt was seen" if accuracy is None else f"accuracy {accuracy:.0%}"
    print(f"{said}; the report is {file}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except posecoach.PoseCoachError as error:
        sys.exit(str(error))
