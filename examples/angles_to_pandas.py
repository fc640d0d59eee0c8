"""Joint angles into pandas: ``python examples/angles_to_pandas.py CLIP.mp4 ANGLES.csv``."""

import sys

import pandas as pd

import posecoach

WANTED = ("elbow_flexion_left", "elbow_flexion_right", "trunk_lateral_flexion")


def angles(recording: str) -> pd.DataFrame:
    """One row a frame, degrees; NaN where an angle is unknown."""
    rows = []
    with posecoach.open_source(recording) as source:
        poses = (pose for _, pose in posecoach.estimate_poses(source))
        for pose, readings in posecoach.measure(poses, WANTED):
            values = {name: float(reading.value) for name, reading in readings.items()}
            rows.append({"time_s": float(pose.time_s), **values})
    return pd.DataFrame(rows, columns=["time_s", *WANTED]).set_index("time_s")


def main(recording: str, file: str) -> None:
    """Print a summary and write all angles."""
    table = angles(recording)
    print(table.describe().round(1).to_string())
    table.to_csv(file)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except (posecoach.PoseCoachError, OSError) as error:
        sys.exit(str(error))
