"""A body of sticks in three dimensions, posed joint by joint and projected orthographically.

Metres; x to the body's left, y down, z to its back: while it faces the camera that is the
camera's frame. The numbers are those of a person of about 1.7 m.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from posecoach.body.measure import Neutral
from posecoach.pose.landmarks import COUNT, MIRROR, Landmark
from posecoach.pose.pose import Floats, Pose

SIZE = (640, 480)
_NECK = np.array([0.0, -0.50, 0.02])
_HEAD = {
    "NOSE": (0.0, -0.14, -0.13),
    "LEFT_EYE_INNER": (0.015, -0.17, -0.10),
    "LEFT_EYE": (0.03, -0.17, -0.10),
    "LEFT_EYE_OUTER": (0.045, -0.17, -0.09),
    "LEFT_EAR": (0.075, -0.15, -0.02),
    "MOUTH_LEFT": (0.025, -0.09, -0.11),
}
_REST = {
    "LEFT_SHOULDER": (0.18, -0.48, 0.0),
    "LEFT_ELBOW": (0.20, -0.20, 0.02),
    "LEFT_WRIST": (0.21, 0.05, 0.0),
    "LEFT_HIP": (0.10, 0.0, 0.0),
    "LEFT_KNEE": (0.10, 0.42, 0.0),
    "LEFT_ANKLE": (0.10, 0.84, 0.02),
}


def about(axis: str, degrees: float) -> Floats:
    """(3, 3) rotation; about x, y or z, counted as the right hand turns."""
    a = np.radians(degrees)
    c, s = np.cos(a), np.sin(a)
    rows = {
        "x": [[1, 0, 0], [0, c, -s], [0, s, c]],
        "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    }
    return np.array(rows[axis], dtype=np.float64)


@dataclass(frozen=True)
class Body:
    """A standing body. Degrees, in the senses of the measures.

    Attributes:
        tilt, nod, look: the neck's lateral flexion, flexion, rotation.
        turn: of all above the feet.
        rise_m: how much the left and right shoulder, and the arm, are raised.
        ahead_m: how much both shoulders are widened by moving forward.
        arms_up: both arms overhead.
        drop: knees bent to 90 and dropped to the left, for a body on its back.
    """

    tilt: float = 0.0
    nod: float = 0.0
    look: float = 0.0
    turn: float = 0.0
    rise_m: tuple[float, float] = (0.0, 0.0)
    ahead_m: float = 0.0
    arms_up: bool = False
    drop: float | None = None

    def world(self) -> Floats:
        """(33, 3) metres, in the body's own frame, origin between the hips."""
        at = np.zeros((COUNT, 3))
        for name, place in (_HEAD | _REST).items():
            at[Landmark[name]] = place
        for name in Landmark.__members__:
            if name.startswith("RIGHT_") or name == "MOUTH_RIGHT":
                twin = at[MIRROR[Landmark[name]]]
                at[Landmark[name]] = twin * (-1, 1, 1)
        head = list(range(Landmark.LEFT_SHOULDER))
        # Turning the head to its own left carries the nose to +x: about -y.
        turned = about("z", self.tilt) @ about("y", -self.look) @ about("x", self.nod)
        at[head] = at[head] @ turned.T + _NECK
        for sign, side, rise in ((1, "LEFT", self.rise_m[0]), (-1, "RIGHT", self.rise_m[1])):
            for part in ("SHOULDER", "ELBOW", "WRIST"):
                at[Landmark[f"{side}_{part}"]] += (sign * self.ahead_m / 2, -rise, 0)
            if self.arms_up:
                at[Landmark[f"{side}_ELBOW"]] = (sign * 0.2, -0.78, 0)
            if self.drop is not None:
                knee = about("y", -self.drop) @ np.array([0.0, 0.1, -0.4])
                at[Landmark[f"{side}_KNEE"]] = at[Landmark[f"{side}_HIP"]] + knee
        return at @ about("y", -self.turn).T


def seen(
    body: Body,
    camera: Floats | None = None,
    pixels: float = 200.0,
    at: tuple[float, float] = (320.0, 240.0),
) -> Pose:
    """Return the pose a camera far away sees; ``camera`` turns the body before it."""
    world = body.world() if camera is None else body.world() @ camera.T
    return Pose(
        time_s=np.asarray(0.0),
        image=world[:, :2] * pixels + at,
        world=world,
        visibility=np.ones(COUNT),
        size=SIZE,
    )


def below_the_picture(pose: Pose) -> Pose:
    """The pose with what is below the picture guessed, as the model guesses it: unseen."""
    visibility = np.where(pose.image[:, 1] > pose.size[1], 0.01, pose.visibility)
    return replace(pose, visibility=visibility)


def mirrored(pose: Pose) -> Pose:
    """Return the pose of the body on the other side of a mirror."""
    swap = list(MIRROR)
    return replace(
        pose,
        image=(pose.image * (-1, 1) + (pose.size[0], 0))[swap],
        world=(pose.world * (-1, 1, 1))[swap],
        visibility=pose.visibility[swap],
    )


def neutral(pose: Pose) -> Neutral:
    """Return a start pose without start values."""
    return Neutral(pose, {})


def stacked(*poses: Pose) -> Pose:
    """Return the moments as one series."""
    return Pose.series(poses)
