"""What is true of a rendered person, moment by moment, under the names of the measures.

The truth files hold most measures (``clips/README.md``); what they lack is computed here from
the true joints. So the rules can be coached without any camera: what is then wrong, no better
eye mends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.body.view import Facing, Side, View
from posecoach.pose.landmarks import Landmark

Floats = NDArray[np.float64]
SIDES: tuple[Side, Side] = ("left", "right")


class TrueBody:
    """The true measures of one clip.

    Args:
        path: the clip's ``.npz``; its label lies beside it.

    Attributes:
        time_s: (N,) seconds.
        view: how the camera stands; the posture is left open, as the labels do not tell it.
    """

    def __init__(self, path: Path) -> None:
        with np.load(path) as data:
            given = {name: data[name].astype(float) for name in data.files}
        self._take(given, view_of(json.loads(path.with_suffix(".json").read_text())))

    @classmethod
    def of(cls, given: Mapping[str, Floats], view: View) -> TrueBody:
        """Make it of arrays named as in a clip's file, N moments seen in one view."""
        body = cls.__new__(cls)
        body._take(given, view)
        return body

    def _take(self, given: Mapping[str, Floats], view: View) -> None:
        self._given = given
        self.time_s: Floats = given["t_s"]
        self.view = view
        self._world: Floats = given["world"]
        self._image: Floats = given["image"]

    def values(self, names: tuple[str, ...]) -> list[dict[str, float]]:
        """Return the measures of every moment, degrees; NaN where nothing true is known."""
        columns = {name: self.series(name) for name in names}
        return [
            {name: float(column[row]) for name, column in columns.items()}
            for row in range(len(self.time_s))
        ]

    def series(self, name: str) -> Floats:
        """Return one measure over time, (N,) degrees."""
        if name.startswith("angle("):
            return self._landmark_angle(name[6:-1].split(","))
        stem, _, end = name.rpartition("_")
        if end in ("near", "far"):
            near = self.view.near
            name = f"{stem}_{near if end == 'near' else _other(near)}"
        stem, _, end = name.rpartition("_")
        if stem == "shoulder_abduction":
            # The truth's shoulder flexion is the arm's angle from the trunk in any plane.
            name = f"shoulder_flexion_{end}"
        if name in self._given:
            given: Floats = self._given[name]
            return given
        return self._computed(name)

    def _computed(self, name: str) -> Floats:
        stem, _, side = name.rpartition("_")
        if name == "shank_spread":
            return self._shank_spread()
        if name == "leg_lateral_inclination":
            return self._leg_lean()
        if stem == "arm_inclination":
            return self._from_vertical(self._line(side, "SHOULDER", "WRIST"))
        if stem == "thigh_inclination":
            return self._from_vertical(self._line(side, "HIP", "KNEE"))
        if stem == "elbow_lead":
            return self._lead(self._line(side, "SHOULDER", "ELBOW"))
        return np.full(len(self.time_s), np.nan)

    # -- lines of the body, metres -----------------------------------------------------------

    def _joint(self, side: str, part: str) -> Floats:
        return self._world[:, Landmark[f"{side.upper()}_{part}"]]

    def _line(self, side: str, start: str, end: str) -> Floats:
        return self._joint(side, end) - self._joint(side, start)

    def _across(self) -> Floats:
        """Unit vectors towards the person's left."""
        across = sum(self._joint("left", p) - self._joint("right", p) for p in ("HIP", "SHOULDER"))
        return _unit(np.asarray(across))

    def _trunk(self) -> Floats:
        up = sum(self._joint(s, "SHOULDER") - self._joint(s, "HIP") for s in SIDES)
        return _unit(np.asarray(up))

    def _from_vertical(self, line: Floats) -> Floats:
        """Angle of a line in the body's sagittal plane from straight down; + ahead.

        The camera looks down by some degrees: what its own "down" has along the body's left
        and right is taken out of it, and what is left is down in the sagittal plane.
        """
        across = self._across()
        down = np.broadcast_to(np.array([0.0, 1.0, 0.0]), line.shape)
        down = _unit(down - across * _dot(down, across)[:, None])
        ahead = np.cross(down, across)
        return np.degrees(np.arctan2(_dot(line, ahead), _dot(line, down)))

    def _lead(self, line: Floats) -> Floats:
        """Angle of a line out of the trunk's frontal plane, + to the front."""
        front = _unit(np.cross(self._across(), self._trunk()))
        return np.degrees(np.arcsin(np.clip(_dot(_unit(line), front), -1, 1)))

    # -- in the picture, pixels ----------------------------------------------------------------

    def _seen(self, side: str, part: str) -> Floats:
        return self._image[:, Landmark[f"{side.upper()}_{part}"]]

    def _shank_spread(self) -> Floats:
        left, right = (self._seen(s, "ANKLE") - self._seen(s, "KNEE") for s in SIDES)
        return _angle(left, right)

    def _leg_lean(self) -> Floats:
        hips = (self._seen("left", "HIP") + self._seen("right", "HIP")) / 2
        ankles = (self._seen("left", "ANKLE") + self._seen("right", "ANKLE")) / 2
        return np.degrees(np.arctan2(hips[:, 0] - ankles[:, 0], ankles[:, 1] - hips[:, 1]))

    def _landmark_angle(self, parts: list[str]) -> Floats:
        near = self.view.near
        full = [p.replace("near", near).replace("far", _other(near)).upper() for p in parts]
        a, vertex, b = (self._image[:, Landmark[p]] for p in full)
        return _angle(a - vertex, b - vertex)


def view_of(label: Mapping[str, Any]) -> View:
    """Return how the camera of a clip stands."""
    words = str(label["view"])
    near: Side = "left" if label["camera"]["azimuth_deg"] > 0 else "right"
    facing: Facing
    if words.startswith("side"):
        facing = near
    elif words.startswith("three-quarter"):
        facing = "three-quarter"
    else:
        facing = "feet" if words.startswith("feet") else "front"
    return View(facing, near=near)


def _other(side: Side) -> Side:
    return "right" if side == "left" else "left"


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray((a * b).sum(axis=-1))


def _unit(vectors: Floats) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def _angle(a: Floats, b: Floats) -> Floats:
    return np.degrees(np.arccos(np.clip(_dot(_unit(a), _unit(b)), -1, 1)))
