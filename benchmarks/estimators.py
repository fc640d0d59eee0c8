"""The estimators tried for what a picture shows only indirectly, clip by clip.

    python -m benchmarks.estimators ../shared/clips --landmarks DIR [--measure NAME] [--raw]

For each measure out of the picture's plane, and each clip that moves it or ought to leave
it still, one row a candidate: in what part of the frames it is known, its mean absolute
error, bias, SD, correlation (where the truth moves by 8 degrees or more) and gain (slope
over the truth). "chosen" is what ``posecoach.body`` computes; the others are what it was
chosen among, with the one factor that suits both people best, so that they differ by what
they see and not by their scale.

Landmarks pass through ``PoseCleaner`` (``--raw``: as the estimator gave them), the view is
``ViewTracker``'s, the neutral the median of the first 1.2 s, in which the start pose is held.
``--landmarks`` names a folder of ``CLIP.npz`` with the estimator's raw output (arrays
``t`` (N,) s, ``image`` (N, 33, 2 or more) pixels, ``world`` (N, 33, 3) m, ``visibility``
(N, 33), ``size`` (width, height)).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posecoach.body.catalogue import measure_series, neutral_of, split_name
from posecoach.body.measure import Neutral
from posecoach.body.points import Points, points, turn_deg
from posecoach.body.space import Vector, middle, space, wrapped_deg, yaw_deg
from posecoach.body.view import View
from posecoach.body.view_tracker import ViewTracker
from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose

START_S = 1.2
MOVES_DEG = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """One clip as the program sees it, and its truth.

    Attributes:
        name: the clip's name.
        person: who it shows.
        poses: N moments.
        views: N views.
        neutral: the start pose.
        truth: true measures by name, (N,) degrees.
    """

    name: str
    person: str
    poses: Pose
    views: list[View]
    neutral: Neutral
    truth: dict[str, Floats]


def load(video: Path, landmarks: Path, clean: bool) -> Clip:
    """Load a clip."""
    with np.load(landmarks / f"{video.stem}.npz") as kept:
        raw = [
            Pose(
                time_s=np.asarray(kept["t"][i], dtype=np.float64),
                image=kept["image"][i, :, :2].astype(np.float64),
                world=kept["world"][i].astype(np.float64),
                visibility=kept["visibility"][i].astype(np.float64),
                size=(int(kept["size"][0]), int(kept["size"][1])),
            )
            for i in range(len(kept["t"]))
        ]
    with np.load(video.with_suffix(".npz")) as arrays:
        truth = {name: arrays[name].astype(np.float64) for name in arrays.files}
    cleaner, tracker = PoseCleaner(), ViewTracker()
    poses = [cleaner.update(pose) if clean else pose for pose in raw]
    views = [tracker.update(pose) for pose in poses]
    series = Pose.series(poses)
    count = int(np.sum(series.time_s < START_S))
    note = json.loads(video.with_suffix(".json").read_text(encoding="utf-8"))
    return Clip(
        name=video.stem,
        person=note["person"],
        poses=series,
        views=views,
        neutral=neutral_of(Pose.series(poses[:count]), views[:count]),
        truth=truth,
    )


Candidate = Callable[[Points, Points, tuple[Vector, ...], tuple[Vector, ...], Clip], Floats]
"""(points, neutral points, world, neutral world, clip) to (N,) degrees."""


def _tilt(left: Landmark, right: Landmark) -> Candidate:
    def read(p: Points, *_: object) -> Floats:
        across = p.at[left] - p.at[right]
        return np.asarray(turn_deg(1.0 + 0j, across) - turn_deg(-1j, -p.down))

    return read


def _ears(p: Points) -> Floats:
    return np.asarray((p.at[Landmark.LEFT_EAR] + p.at[Landmark.RIGHT_EAR]) / 2)


def _heights(p: Points, of: Floats, over: Floats) -> Floats:
    return np.asarray(((of - over) * (-p.down / abs(p.down)).conjugate()).real)


def _sinks(part: str, over: str, factor: float) -> Candidate:
    def height(q: Points) -> Floats:
        of = q.at[Landmark.NOSE] if part == "nose" else _ears(q)
        return _heights(q, of, q.hips if over == "hips" else q.shoulders)

    def read(p: Points, n: Points, *_: object) -> Floats:
        return np.asarray(factor * (height(n) - height(p)) / abs(n.at[Landmark.NOSE] - n.shoulders))

    return read


def _line(start: str, end: str, in_line: float) -> Candidate:
    def read(p: Points, n: Points, w: object, m: object, clip: Clip) -> Floats:
        left = clip.views[len(clip.views) // 2].facing == "left"

        def at(name: str) -> Floats:
            sided = {"eye": "{}_EYE_OUTER", "ear": "{}_EAR", "mouth": "MOUTH_{}", "nose": "NOSE"}
            return np.asarray(p.at[Landmark[sided[name].format("LEFT" if left else "RIGHT")]])

        turned = turn_deg(-p.down, at(end) - at(start)) * (-1 if left else 1)
        return np.asarray(wrapped_deg(turned - in_line))

    return read


def _pitch(p: Points, n: Points, w: tuple[Vector, ...], *_: object) -> Floats:
    shoulders = middle(w, Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    up = shoulders.minus(middle(w, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)).unit()
    ahead = w[Landmark.LEFT_SHOULDER].minus(w[Landmark.RIGHT_SHOULDER]).cross(up).unit()
    nose = w[Landmark.NOSE].minus(middle(w, Landmark.LEFT_EAR, Landmark.RIGHT_EAR))
    return np.asarray(np.degrees(np.arctan2(-nose.dot(up), nose.dot(ahead))) - 9)


def _yaw(part: str, factor: float) -> Candidate:
    left, right = Landmark[f"LEFT_{part}"], Landmark[f"RIGHT_{part}"]

    def read(
        p: Points, n: Points, w: tuple[Vector, ...], m: tuple[Vector, ...], *_: object
    ) -> Floats:
        turned = np.radians(wrapped_deg(yaw_deg(w, left, right) - yaw_deg(m, left, right)))
        return np.asarray(np.degrees(np.arctan2(factor * np.sin(turned), np.cos(turned))))

    return read


def _between_ears(p: Points, n: Points, *_: object) -> Floats:
    def turned(q: Points) -> Floats:
        across = q.at[Landmark.LEFT_EAR] - q.at[Landmark.RIGHT_EAR]
        offset = (q.at[Landmark.NOSE] - _ears(q)) * across.conjugate()
        # A nose 0.8 head widths before the ears moves by 0.8 tan a.
        return np.asarray(np.degrees(np.arctan2(offset.real, 0.8 * abs(across) ** 2)))

    return np.asarray(turned(p) - turned(n))


def _narrow(
    p: Points, n: Points, w: tuple[Vector, ...], m: tuple[Vector, ...], clip: Clip
) -> Floats:
    def width(q: Points) -> Floats:
        across = q.at[Landmark.LEFT_SHOULDER] - q.at[Landmark.RIGHT_SHOULDER]
        return np.asarray(abs(across) / abs(q.down))

    cosine = np.clip(1 - (1 - width(p) / width(n)) / 0.6, 0, 1)
    sign = np.sign(_yaw("SHOULDER", 1.0)(p, n, w, m, clip))
    return np.asarray(np.degrees(np.arccos(cosine)) * sign)


def _rise(part: str, over: str, side: str, factor: float) -> Candidate:
    of = Landmark[f"{side.upper()}_{part.upper()}"]

    def height(q: Points) -> Floats:
        return _heights(q, q.at[of], q.hips if over == "hips" else _ears(q))

    def read(p: Points, n: Points, *_: object) -> Floats:
        width = abs(n.at[Landmark.LEFT_SHOULDER] - n.at[Landmark.RIGHT_SHOULDER])
        return np.asarray(factor * (height(p) - height(n)) / width)

    return read


def _wider(p: Points, n: Points, *_: object) -> Floats:
    def width(q: Points) -> Floats:
        return np.asarray(abs(q.at[Landmark.LEFT_SHOULDER] - q.at[Landmark.RIGHT_SHOULDER]))

    return 900 * (width(p) / width(n) - 1)


def _depth(side: str) -> Candidate:
    shoulder = Landmark[f"{side.upper()}_SHOULDER"]

    def read(
        p: Points, n: Points, w: tuple[Vector, ...], m: tuple[Vector, ...], *_: object
    ) -> Floats:
        return -400.0 * np.asarray(w[shoulder].z - m[shoulder].z)

    return read


def _knee_offset(p: Points, n: Points, *_: object) -> Floats:
    def offset(q: Points) -> Floats:
        knees = (q.at[Landmark.LEFT_KNEE] + q.at[Landmark.RIGHT_KNEE]) / 2
        return np.asarray((knees - q.hips).real)

    width = abs(n.at[Landmark.LEFT_SHOULDER] - n.at[Landmark.RIGHT_SHOULDER])
    return np.asarray(80 * (offset(p) - offset(n)) / width)


def _knee_heights(p: Points, n: Points, *_: object) -> Floats:
    def higher(q: Points) -> Floats:
        return np.asarray((q.at[Landmark.LEFT_KNEE] - q.at[Landmark.RIGHT_KNEE]).imag)

    return np.asarray(200 * (higher(p) - higher(n)) / abs(n.down))


@dataclass(frozen=True, slots=True)
class Question:
    """A measure, the clips it is judged on, and the candidates besides the chosen one."""

    measure: str
    clips: Sequence[str]
    candidates: dict[str, Candidate]


_UPRIGHT = ("neck-flexion-", "wall-stretch-", "overhead-reach-", "shoulder-roll-")
_SIDE = ("cat-cow-", "childs-pose-", "thoracic-extension-", "knee-to-chest-")

QUESTIONS: tuple[Question, ...] = (
    Question(
        "neck_lateral_flexion",
        _UPRIGHT,
        {
            "tilt of the ears": _tilt(Landmark.LEFT_EAR, Landmark.RIGHT_EAR),
            "tilt of the eyes": _tilt(Landmark.LEFT_EYE, Landmark.RIGHT_EYE),
            "tilt of the eyes' outer corners": _tilt(
                Landmark.LEFT_EYE_OUTER, Landmark.RIGHT_EYE_OUTER
            ),
        },
    ),
    Question(
        "neck_flexion",
        ("neck-flexion-", "wall-stretch-", "shoulder-roll-"),
        {
            "nose sinks to the shoulders": _sinks("nose", "shoulders", 108),
            "nose sinks to the hips": _sinks("nose", "hips", 108),
            "ears sink to the shoulders": _sinks("ears", "shoulders", 165),
            "ears sink to the hips": _sinks("ears", "hips", 165),
            "pitch of the world landmarks": _pitch,
        },
    ),
    Question(
        "neck_flexion",
        _SIDE,
        {
            "ear to nose": _line("ear", "nose", 99),
            "ear to mouth": _line("ear", "mouth", 127),
            "eye to mouth": _line("eye", "mouth", 164),
            "pitch of the world landmarks": _pitch,
        },
    ),
    Question(
        "neck_rotation",
        ("neck-flexion-", "wall-stretch-"),
        {"nose between the ears": _between_ears, "yaw of the ears in depth": _yaw("EAR", 1.3)},
    ),
    Question(
        "trunk_turn",
        ("wall-stretch-", "neck-flexion-", "shoulder-roll-", "standing-about"),
        {
            "shoulders' depth, times 2.5": _yaw("SHOULDER", 2.5),
            "hips' depth, times 2.5": _yaw("HIP", 2.5),
            "shoulders' width, sign by depth": _narrow,
        },
    ),
    Question("trunk_rotation", ("trunk-rotation-", "childs-pose-thread-"), {}),
    *(
        Question(
            f"shoulder_elevation_{side}",
            ("shoulder-roll-", "neck-flexion-"),
            {
                "shoulder over hips": _rise("shoulder", "hips", side, 330),
                "elbow over hips": _rise("elbow", "hips", side, 330),
                "shoulder to ears": _rise("shoulder", "ears", side, 270),
            },
        )
        for side in ("left", "right")
    ),
    *(
        Question(
            f"shoulder_protraction_{side}",
            ("shoulder-roll-",),
            {"width of the shoulders": _wider, "depth": _depth(side)},
        )
        for side in ("left", "right")
    ),
    Question(
        "knees_drop",
        ("trunk-rotation-",),
        {
            "knees beside the hips in the picture": _knee_offset,
            "left knee under the right in the picture": _knee_heights,
        },
    ),
)


def row(clip: Clip, name: str, values: Floats, truth: Floats) -> str:
    """One line of the table."""
    known = np.isfinite(values) & np.isfinite(truth)
    label = f"| {clip.name} | {clip.person} | {name} | {100 * known.mean():.0f} % |"
    if known.sum() < 10:
        return f"{label} – | – | – | – | – |"
    got, true = values[known], truth[known]
    error = got - true
    fit = "– | –"
    if np.ptp(true) >= MOVES_DEG:
        fit = f"{np.corrcoef(got, true)[0, 1]:.2f} | {np.polyfit(true, got, 1)[0]:.2f}"
    return f"{label} {np.abs(error).mean():.1f} | {error.mean():+.1f} | {error.std():.1f} | {fit} |"


def rows(question: Question, clips: Sequence[Clip]) -> Iterator[str]:
    """All lines of one measure."""
    for clip in clips:
        if not clip.name.startswith(tuple(question.clips)):
            continue
        truth = clip.truth[question.measure]
        p, n = points(clip.poses), points(clip.neutral.pose)
        w, m = space(clip.poses), space(clip.neutral.pose)
        for name, candidate in question.candidates.items():
            yield row(clip, name, candidate(p, n, w, m, clip), truth)
        chosen = measure_series(clip.poses, clip.views, [question.measure], clip.neutral)
        yield row(clip, "**chosen**", chosen[question.measure].value, truth)


def main() -> None:
    """Print the tables."""
    words = argparse.ArgumentParser(description="The estimators tried, clip by clip.")
    words.add_argument("clips", type=Path, help="folder of truth clips")
    words.add_argument("--landmarks", type=Path, required=True, help="folder of kept raw landmarks")
    words.add_argument("--measure", help="only this measure")
    words.add_argument("--raw", action="store_true", help="do not clean the landmarks")
    given = words.parse_args()
    asked = [
        each
        for each in QUESTIONS
        if given.measure is None or each.measure.startswith(given.measure)
    ]
    wanted = tuple({start for each in asked for start in each.clips})
    clips = [
        load(video, given.landmarks, not given.raw)
        for video in sorted(given.clips.glob("*.mp4"))
        if video.stem.startswith(wanted)
    ]
    for question in asked:
        print(f"\n### {split_name(question.measure)[0].title}: `{question.measure}`\n")
        print("| clip | person | estimator | known | MAE | bias | SD | r | gain |")
        print("|---|---|---|---|---|---|---|---|---|")
        with np.errstate(invalid="ignore", divide="ignore"):
            for line in rows(question, clips):
                print(line)


if __name__ == "__main__":
    main()
