"""Elbow, shoulder, hip and knee: angles of joints that lie in the picture's plane.

Each is the angle between two body segments in pixels. A perspective picture shows it
truly while both segments lie in the picture's plane, and confidence falls as they leave
it: a segment pointing at the camera looks short against the trunk.

Convention: neutral-zero method, American Academy of Orthopaedic Surgeons, Joint Motion:
Method of Measuring and Recording (1965); goniometer axes and arms after Norkin and White,
Measurement of Joint Motion (5th edition, 2016).
"""

from __future__ import annotations

from posecoach.body.measure import Measure, Neutral, Reading
from posecoach.body.points import angle_deg, least, of_side, points, reading
from posecoach.body.view import Side, View
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

_SOURCE = (
    "Angle between segments in the picture, pixels. Neutral-zero convention: AAOS 1965; "
    "Norkin and White, Measurement of Joint Motion, 2016."
)


def _elbow(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    shoulder, elbow, wrist = (
        of_side(Landmark.LEFT_SHOULDER, side),
        of_side(Landmark.LEFT_ELBOW, side),
        of_side(Landmark.LEFT_WRIST, side),
    )
    value = angle_deg(p.at[elbow] - p.at[shoulder], p.at[wrist] - p.at[elbow])
    return reading(value, least(p.seen[shoulder], p.seen[elbow], p.seen[wrist]))


def _shoulder(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    shoulder, elbow = of_side(Landmark.LEFT_SHOULDER, side), of_side(Landmark.LEFT_ELBOW, side)
    value = angle_deg(p.down, p.at[elbow] - p.at[shoulder])
    return reading(value, least(p.seen[shoulder], p.seen[elbow]))


def _hip(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    hip, knee = of_side(Landmark.LEFT_HIP, side), of_side(Landmark.LEFT_KNEE, side)
    value = angle_deg(p.down, p.at[knee] - p.at[hip])
    return reading(value, least(p.seen[hip], p.seen[knee]))


def _knee(pose: Pose, view: View, side: Side | None, neutral: Neutral | None) -> Reading:
    p = points(pose)
    hip, knee, ankle = (
        of_side(Landmark.LEFT_HIP, side),
        of_side(Landmark.LEFT_KNEE, side),
        of_side(Landmark.LEFT_ANKLE, side),
    )
    value = angle_deg(p.at[knee] - p.at[hip], p.at[ankle] - p.at[knee])
    return reading(value, least(p.seen[hip], p.seen[knee], p.seen[ankle]))


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="elbow_flexion",
        title="elbow flexion",
        zero="straight arm",
        positive="bending",
        sided=True,
        lateral=False,
        plane="any",
        views=("front", "back", "left", "right"),
        landmarks=(Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=5.0,
        source=_SOURCE,
        estimate=_elbow,
    ),
    Measure(
        name="shoulder_flexion",
        title="shoulder flexion",
        zero="arm at the side",
        positive="raising forward; 180 is overhead",
        sided=True,
        lateral=False,
        plane="any",
        views=("front", "back", "left", "right"),
        landmarks=(Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_HIP),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=5.0,
        source=_SOURCE,
        estimate=_shoulder,
    ),
    Measure(
        name="shoulder_abduction",
        title="shoulder abduction",
        zero="arm at the side",
        positive="raising sideways; 180 is overhead",
        sided=True,
        lateral=False,
        plane="any",
        views=("front", "back"),
        landmarks=(Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_HIP),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=3.0,
        source=_SOURCE,
        estimate=_shoulder,
    ),
    Measure(
        name="hip_flexion",
        title="hip flexion",
        zero="thigh in line with the trunk",
        positive="thigh towards the belly",
        sided=True,
        lateral=False,
        plane="any",
        views=("left", "right"),
        landmarks=(Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=5.0,
        source=_SOURCE,
        estimate=_hip,
    ),
    Measure(
        name="knee_flexion",
        title="knee flexion",
        zero="straight leg",
        positive="bending",
        sided=True,
        lateral=False,
        plane="any",
        views=("left", "right"),
        landmarks=(Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
        zero_from="anatomy",
        needs_mask=False,
        error_deg=5.0,
        source=_SOURCE,
        estimate=_knee,
    ),
)
