"""Landmarks and angles as OpenSim and Pose2Sim read them: TRC (markers) and MOT (coordinates).

Markers have the names of Pose2Sim's BlazePose set-up (``IK_Setup_Pose2Sim_Blazepose.xml``), and
coordinates those of its models (``Model_Pose2Sim_*.osim``), with their signs. Axes are OpenSim's:
X forward, Y up, Z to the right of somebody who faces the camera; metres, from the middle of the
hips. What is unknown is an empty field (TRC), or nan (MOT).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, nan
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from posecoach.pose.landmarks import Landmark

if TYPE_CHECKING:
    from posecoach.observe.measuring import Measured
    from posecoach.pose.pose import Floats

_SIDED = {
    "Shoulder": "SHOULDER",
    "Elbow": "ELBOW",
    "Wrist": "WRIST",
    "Thumb": "THUMB",
    "Index": "INDEX",
    "Pinky": "PINKY",
    "Hip": "HIP",
    "Knee": "KNEE",
    "Ankle": "ANKLE",
    "Heel": "HEEL",
    "BigToe": "FOOT_INDEX",
    "Eye": "EYE",
}
MARKERS: Mapping[str, Landmark] = {"Nose": Landmark.NOSE} | {
    f"{letter}{name}": Landmark[f"{side}_{landmark}"]
    for name, landmark in _SIDED.items()
    for letter, side in (("R", "RIGHT"), ("L", "LEFT"))
}
"""Pose2Sim's markers, and the landmarks that they are."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a coordinate comes from; OpenSim turns about right-handed axes.

    Attributes:
        measure: full name.
        sign: -1 where the measure grows as the coordinate falls.
    """

    measure: str
    sign: int = 1


COORDINATES: Mapping[str, Source] = {
    f"{coordinate}_{letter}": Source(f"{measure}_{side}", sign)
    for letter, side in (("r", "right"), ("l", "left"))
    for coordinate, measure, sign in (
        ("hip_flexion", "hip_flexion", 1),
        ("knee_angle", "knee_flexion", 1),
        ("arm_flex", "shoulder_flexion", 1),
        ("arm_add", "shoulder_abduction", -1),
        ("elbow_flex", "elbow_flexion", 1),
    )
} | {
    "L5_S1_Lat_Bending": Source("trunk_lateral_flexion", -1),
    "L5_S1_axial_rotation": Source("trunk_rotation"),
    "neck_flexion": Source("neck_flexion", -1),
    "neck_bending": Source("neck_lateral_flexion", -1),
    "neck_rotation": Source("neck_rotation"),
}
"""Pose2Sim's coordinates that there is a measure for: extension, bending to the right, turning to
the left and adduction count up there."""


def trc(moments: Sequence[Measured], name: str) -> str:
    """Write the landmarks of a recording as TRC.

    Args:
        moments: in order.
        name: of the file.
    """
    rate = f"{_rate(moments):.3f}"
    head = [
        ("PathFileType", "4", "(X/Y/Z)", name),
        *_TRC_HEAD,
        (rate, rate, len(moments), len(MARKERS), "m", rate, 1, len(moments)),
        ("Frame#", "Time", *(cell for marker in MARKERS for cell in (marker, "", ""))),
        ("", "", *(f"{axis}{n + 1}" for n in range(len(MARKERS)) for axis in "XYZ"), ""),
        (),
    ]
    # The empty field at the end: OpenSim's reader overlooks the last one where it is empty.
    rows = (
        (number, f"{float(each.pose.time_s):.6f}", *map(_cell, _places(each)), "")
        for number, each in enumerate(moments, start=1)
    )
    return "".join("\t".join(map(str, row)) + "\n" for row in (*head, *rows))


_TRC_HEAD = (
    (
        *("DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units"),
        *("OrigDataRate", "OrigDataStartFrame", "OrigNumFrames"),
    ),
)


def mot(moments: Sequence[Measured]) -> str:
    """Write the angles of a recording as MOT, in degrees."""
    head = [
        "Coordinates",
        "version=1",
        f"nRows={len(moments)}",
        f"nColumns={len(COORDINATES) + 1}",
        "inDegrees=yes",
        "",
        "endheader",
        "\t".join(("time", *COORDINATES)),
    ]
    rows = ("\t".join((f"{float(each.pose.time_s):.6f}", *_coordinates(each))) for each in moments)
    return "\n".join((*head, *rows)) + "\n"


def _places(moment: Measured) -> list[float]:
    """X, Y and Z of each marker, metres; NaN where nobody is seen.

    MediaPipe's world has x to the picture's right, y down and z away from the camera.
    """
    if not moment.pose.seen:
        return [nan] * (3 * len(MARKERS))
    world: Floats = moment.pose.world[list(MARKERS.values())]
    turned: list[float] = (
        np.stack((-world[:, 2], -world[:, 1], -world[:, 0]), axis=1).ravel().tolist()
    )
    return turned


def _coordinates(moment: Measured) -> list[str]:
    found = []
    for source in COORDINATES.values():
        reading = moment.readings.get(source.measure)
        known = reading is not None and bool(reading.confidence > 0)
        value = float(reading.value) * source.sign if known and reading else nan
        found.append(f"{value:.4f}" if isfinite(value) else "nan")
    return found


def _cell(place: float) -> str:
    return f"{place + 0.0:.5f}" if isfinite(place) else ""


def _rate(moments: Sequence[Measured]) -> float:
    """Pictures a second; the times beside them are the exact ones."""
    times = [float(each.pose.time_s) for each in moments]
    steps = [b - a for a, b in pairwise(times)]
    return 1 / median(steps) if steps else 30.0
