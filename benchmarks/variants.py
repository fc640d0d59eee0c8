"""What the coach counts when camera, picture, tempo or frame rate are other than in the clips.

    python -m benchmarks.variants ../shared/clips [--variants a,b] [--only GLOB] [--all]
                                  [--landmarks DIR] [--details] [--write docs/coaching.md]

Changes the clips in memory so that the truth of the changed clip follows from the
original's, coaches them, and prints for each variant how many counts, holds and faults are
right. Where the picture changes, pose estimation runs again, so only the correct clips are
coached; ``--all`` takes the faulty ones too. ``--landmarks`` names a folder for the estimator's
raw output, one folder a variant inside, and the untouched clips' in the folder itself.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.coaching import HOLD_S, HOLD_WITHIN_S, Row, coach, judge
from benchmarks.recordings import keep, kept_poses, raw_poses
from benchmarks.writing import write_between
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Pose

Image = NDArray[np.uint8]
Truth = dict[str, Any]


@dataclass(frozen=True)
class Clip:
    """A clip with what is known of it.

    Attributes:
        truth: its labels.
        body: where the person is in all of it, as far as the picture shows: left, top, right,
            bottom, pixels.
    """

    path: Path
    truth: Truth
    body: tuple[float, float, float, float]

    @classmethod
    def read(cls, path: Path) -> Clip:
        """Read the labels beside a clip."""
        with np.load(path.with_suffix(".npz")) as arrays:
            image = arrays["image"]
        low = np.maximum(np.nanmin(image, axis=(0, 1)), 0)
        high = np.minimum(np.nanmax(image, axis=(0, 1)), (640, 480))
        truth = json.loads(path.with_suffix(".json").read_text())
        return cls(path, truth, (low[0], low[1], high[0], high[1]))


PictureChange = Callable[[Clip], Callable[[Image], Image]]
PoseChange = Callable[[Clip, list[Pose]], list[Pose]]
TruthChange = Callable[[Clip], Truth]


@dataclass(frozen=True)
class Variant:
    """One way to change a clip.

    Attributes:
        picture: the change of every picture; None where only times change.
        poses: the change of the estimator's output, in which times are changed.
        truth: what is then true.
        hold_s: the hold asked for.
    """

    what: str
    picture: PictureChange | None = None
    poses: PoseChange | None = None
    truth: TruthChange | None = None
    hold_s: float = HOLD_S


# -- pictures ------------------------------------------------------------------------------


def _each(change: Callable[[Image], Image]) -> PictureChange:
    return lambda _: change


def _light(factor: float, gamma: float) -> PictureChange:
    levels = np.clip(255 * (np.arange(256) / 255) ** gamma * factor, 0, 255).astype(np.uint8)
    return _each(lambda image: np.asarray(cv2.LUT(image, levels), np.uint8))


def _noise(sigma: float) -> PictureChange:
    def of(_: Clip) -> Callable[[Image], Image]:
        random = np.random.default_rng(1)

        def change(image: Image) -> Image:
            noisy = image + random.normal(0, sigma, image.shape)
            return np.clip(noisy, 0, 255).astype(np.uint8)

        return change

    return of


def _jpeg(image: Image) -> Image:
    packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 12])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def _warp(image: Image, matrix: NDArray[np.float64]) -> Image:
    size = (image.shape[1], image.shape[0])
    warped = cv2.warpPerspective(image, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


def _affine(scale: float, roll_deg: float, about: tuple[float, float]) -> NDArray[np.float64]:
    return np.vstack([cv2.getRotationMatrix2D(about, roll_deg, scale), [0, 0, 1]])


def _roll(roll_deg: float) -> PictureChange:
    return _each(lambda image: _warp(image, _affine(1.0, roll_deg, (320, 240))))


def _smaller(image: Image) -> Image:
    return _warp(image, _affine(0.7, 0, (320, 240)))


def _fill(clip: Clip) -> Callable[[Image], Image]:
    """The person nearly fills the picture: joints keep a twelfth of it from the edge."""
    left, top, right, bottom = clip.body
    scale = min(640 / (right - left), 480 / (bottom - top)) * 5 / 6
    middle = ((left + right) / 2, (top + bottom) / 2)
    matrix = _affine(max(scale, 1.0), 0, middle)
    matrix[:2, 2] += np.array((320, 240)) - middle
    if bottom == 480:  # the legs are cut off, and stay so
        matrix[1, 2] += 480 - (matrix @ (0, 480, 1))[1]
    return lambda image: _warp(image, matrix)


def _aside(clip: Clip) -> Callable[[Image], Image]:
    """The person stands as far to the picture's left as joints and a margin allow."""
    matrix = np.eye(3)
    matrix[0, 2] = -max(clip.body[0] - 40, 0)
    return lambda image: _warp(image, matrix)


def _turned(yaw_deg: float = 0.0, pitch_deg: float = 0.0) -> PictureChange:
    """The camera turned about itself, the person kept in the middle of the picture."""

    def of(clip: Clip) -> Callable[[Image], Image]:
        field = np.radians(clip.truth["camera"]["vertical_fov_deg"])
        focus = 240 / np.tan(field / 2)
        camera = np.array([[focus, 0, 320], [0, focus, 240], [0, 0, 1]])
        sine, cosine = np.sin(np.radians(yaw_deg)), np.cos(np.radians(yaw_deg))
        yaw = np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])
        sine, cosine = np.sin(np.radians(pitch_deg)), np.cos(np.radians(pitch_deg))
        pitch = np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])
        matrix = camera @ pitch @ yaw @ np.linalg.inv(camera)
        x, y, w = matrix @ (320, 240, 1)
        matrix = np.array([[1, 0, 320 - x / w], [0, 1, 240 - y / w], [0, 0, 1]]) @ matrix
        return lambda image: _warp(image, matrix)

    return of


def _letterbox(width: int, height: int) -> PictureChange:
    def change(image: Image) -> Image:
        scale = min(width / 640, height / 480)
        inner = cv2.resize(image, (round(640 * scale), round(480 * scale)))
        x, y = (width - inner.shape[1]) // 2, (height - inner.shape[0]) // 2
        page = np.zeros((height, width, 3), np.uint8)
        page[y : y + inner.shape[0], x : x + inner.shape[1]] = inner
        return page

    return _each(change)


def _clutter(clip: Clip) -> Callable[[Image], Image]:
    """Boxes, discs and poles around the person, as furniture and pictures on a wall."""
    random = np.random.default_rng(2)
    things = np.zeros((480, 640, 3), np.uint8)
    for _ in range(60):
        x, y = random.integers(0, 640), random.integers(0, 480)
        wide, high = random.integers(8, 90), random.integers(8, 140)
        colour = tuple(int(c) for c in random.integers(10, 245, 3))
        if random.random() < 0.3:
            cv2.circle(things, (int(x), int(y)), int(wide) // 2, colour, -1)
        else:
            cv2.rectangle(things, (int(x), int(y)), (int(x + wide), int(y + high)), colour, -1)
    left, top, right, bottom = (round(each) for each in clip.body)
    margin = 45
    things[max(top - margin, 0) : bottom + margin, max(left - margin, 0) : right + margin] = 0
    here = things.any(axis=2, keepdims=True)
    return lambda image: np.where(here, things, image).astype(np.uint8)


# -- times ---------------------------------------------------------------------------------


def _at(pose: Pose, time_s: float) -> Pose:
    return replace(pose, time_s=np.asarray(time_s))


def _tempo(factor: float) -> PoseChange:
    return lambda _, poses: [_at(pose, float(pose.time_s) * factor) for pose in poses]


_MIRROR = {"LEFT": "RIGHT", "RIGHT": "LEFT"}
_OPPOSITE = [
    Landmark["_".join(_MIRROR.get(word, word) for word in each.name.split("_"))].value
    for each in Landmark
]


def _reflected(pose: Pose) -> Pose:
    """What the model would have found in a mirror, were it the same on both sides."""
    if not pose.seen:
        return pose
    image, world = pose.image[_OPPOSITE].copy(), pose.world[_OPPOSITE].copy()
    image[:, 0] = pose.size[0] - image[:, 0]
    world[:, 0] *= -1
    return replace(
        pose,
        image=image,
        world=world,
        visibility=pose.visibility[_OPPOSITE],
        mask=None if pose.mask is None else np.ascontiguousarray(pose.mask[:, ::-1]),
    )


def _rate(fps: float) -> PoseChange:
    def change(_: Clip, poses: list[Pose]) -> list[Pose]:
        wanted = np.arange(0, float(poses[-1].time_s), 1 / fps)
        times = np.array([float(pose.time_s) for pose in poses])
        return [poses[index] for index in np.unique(np.searchsorted(times, wanted))]

    return change


def _missing(_: Clip, poses: list[Pose]) -> list[Pose]:
    there = np.random.default_rng(3).random(len(poses)) > 1 / 3
    return [pose for pose, kept in zip(poses, there, strict=True) if kept]


_UNSETTLED = 5
"""Frames at the beginning of a video in which the model has not settled; once is enough."""


def _lead_in(_: Clip, poses: list[Pose]) -> list[Pose]:
    """The first second, played to and fro for three."""
    rest = poses[_UNSETTLED : _UNSETTLED + 11]
    around = rest + rest[-2:0:-1]
    before = [around[index % len(around)] for index in range(45)]
    return [_at(pose, index / 15) for index, pose in enumerate(before + poses[_UNSETTLED:])]


def _cut_s(clip: Clip) -> float:
    spans = clip.truth["holds"] or clip.truth["reps"]
    return float(spans[0]["start_s"] + spans[0]["end_s"]) / 2 if spans else 0.0


def _cut(clip: Clip, poses: list[Pose]) -> list[Pose]:
    return [pose for pose in poses if float(pose.time_s) >= _cut_s(clip)]


# -- truths --------------------------------------------------------------------------------

_OTHER = {"left": "right", "right": "left", "both": "both", None: None}


def _mirrored_truth(clip: Clip) -> Truth:
    truth = dict(clip.truth)
    counts = truth["repetitions"]
    truth["repetitions"] = {**counts, "left": counts["right"], "right": counts["left"]}
    for name in ("reps", "holds", "faults"):
        truth[name] = [{**each, "side": _OTHER[each["side"]]} for each in truth[name]]
    return truth


def _timed_truth(factor: float, shift_s: float = 0.0) -> TruthChange:
    def change(clip: Clip) -> Truth:
        truth = dict(clip.truth)
        for name in ("reps", "holds", "faults"):
            truth[name] = [
                {
                    **each,
                    "start_s": each["start_s"] * factor + shift_s,
                    "end_s": each["end_s"] * factor + shift_s,
                }
                for each in truth[name]
            ]
        return truth

    return change


def _cut_truth(clip: Clip) -> Truth:
    """What was under way at the cut has no start pose, so it counts for nothing.

    Circles have none either, and need none: those that begin after the cut count, and so does a
    fault of theirs, from the cut on.
    """
    cut = _cut_s(clip)
    truth = dict(clip.truth)
    if truth["exercise"] == "shoulder-roll":
        return _cut_circles(truth, cut)
    gone = [each for each in truth["reps"] if each["start_s"] < cut]
    over = max((each["end_s"] for each in gone), default=cut)
    counts = dict(truth["repetitions"])
    for each in gone:
        if each["target_reached"]:
            counts[each["side"]] -= each.get("n", 1)
    truth["repetitions"] = counts
    for name in ("reps", "holds", "faults"):
        truth[name] = [each for each in truth[name] if each["start_s"] >= over]
    return truth


def _cut_circles(truth: Truth, cut: float) -> Truth:
    counts = dict(truth["repetitions"])
    for each in truth["reps"]:
        circle_s = (each["end_s"] - each["start_s"]) / each["n"]
        left = int(max(min((each["end_s"] - cut) / circle_s, each["n"]), 0))
        if each["target_reached"]:
            counts[each["side"]] -= each["n"] - left
    truth["repetitions"] = counts
    truth["faults"] = [
        {**each, "start_s": max(each["start_s"], cut)}
        for each in truth["faults"]
        if each["end_s"] > cut
    ]
    return truth


VARIANTS: dict[str, Variant] = {
    "untouched": Variant("as they are"),
    "mirrored": Variant(
        "left and right exchanged",
        picture=_each(lambda image: np.ascontiguousarray(image[:, ::-1])),
        truth=_mirrored_truth,
    ),
    "reflected": Variant(
        "landmarks and silhouettes in a mirror, left and right exchanged",
        poses=lambda _, poses: [_reflected(pose) for pose in poses],
        truth=_mirrored_truth,
    ),
    "slow": Variant("1.6 times as slow", poses=_tempo(1.6), truth=_timed_truth(1.6)),
    "slower": Variant("2.5 times as slow", poses=_tempo(2.5), truth=_timed_truth(2.5)),
    "fast": Variant(
        "0.6 of the time, holds of 1.2 s",
        poses=_tempo(0.6),
        truth=_timed_truth(0.6),
        hold_s=1.2,
    ),
    "8-fps": Variant("8 frames a second", poses=_rate(8)),
    "third-missing": Variant("a random third of the frames missing", poses=_missing),
    "lead-in": Variant(
        "3 s of standing still before",
        poses=_lead_in,
        truth=_timed_truth(1.0, 3.0 - _UNSETTLED / 15),
    ),
    "cut": Variant("starts in the middle of the first hold", poses=_cut, truth=_cut_truth),
    "roll+5": Variant("camera rolled by 5 degrees", picture=_roll(5)),
    "roll-5": Variant("camera rolled by -5 degrees", picture=_roll(-5)),
    "yaw+12": Variant("camera turned by 12 degrees (homography)", picture=_turned(yaw_deg=12)),
    "yaw-12": Variant("camera turned by -12 degrees", picture=_turned(yaw_deg=-12)),
    "pitch+10": Variant("camera tilted up by 10 degrees", picture=_turned(pitch_deg=10)),
    "pitch-10": Variant("camera tilted down by 10 degrees", picture=_turned(pitch_deg=-10)),
    "far": Variant("person 0.7 times as large", picture=_each(_smaller)),
    "near": Variant("person nearly fills the picture", picture=_fill),
    "aside": Variant("person at the edge of the picture", picture=_aside),
    "320x240": Variant(
        "320x240 pixels",
        picture=_each(
            lambda i: np.asarray(cv2.resize(i, (320, 240), interpolation=cv2.INTER_AREA), np.uint8)
        ),
    ),
    "wide": Variant("in a 16:9 picture", picture=_letterbox(854, 480)),
    "portrait": Variant("in a portrait picture", picture=_letterbox(480, 640)),
    "dark": Variant("a dark room", picture=_light(0.35, 1.2)),
    "bright": Variant("overexposed", picture=_light(1.6, 0.9)),
    "noisy": Variant("sensor noise, sigma 25", picture=_noise(25)),
    "blurred": Variant(
        "out of focus",
        picture=_each(lambda i: np.asarray(cv2.GaussianBlur(i, (0, 0), 3.0), np.uint8)),
    ),
    "jpeg": Variant("JPEG of quality 12", picture=_each(_jpeg)),
    "clutter": Variant("furniture and pictures around", picture=_clutter),
}


# -- coaching ------------------------------------------------------------------------------


def poses_of(
    clip: Clip, name: str, kept: Path | None, model: str | None, *, masks: bool = True
) -> list[Pose]:
    """Return a changed clip's poses as the coach gets them."""
    variant = VARIANTS[name]
    if variant.picture is None:
        raw = _listed(raw_poses(clip.path, kept, model), masks)
    else:
        folder = None if kept is None else kept / name
        if folder is not None and (folder / f"{clip.path.stem}.npz").is_file():
            raw = _listed(kept_poses(folder, clip.path.stem), masks)
        else:
            raw = list(_estimated(clip, variant.picture, model))
            if folder is not None:
                keep(raw, folder, clip.path.stem)
    if variant.poses is not None:
        raw = variant.poses(clip, raw)
    cleaner = PoseCleaner()
    return [cleaner.update(pose) for pose in raw]


def _listed(poses: Iterator[Pose], masks: bool) -> list[Pose]:
    """Silhouettes take a megabyte each."""
    return [pose if masks else replace(pose, mask=None) for pose in poses]


def _estimated(clip: Clip, picture: PictureChange, model: str | None) -> Iterator[Pose]:
    """The way of the program, without cleaning: one estimator that keeps to one person."""
    from posecoach.pose.bundle import resolve_bundle
    from posecoach.pose.estimator import PoseEstimator
    from posecoach.pose.subject import SubjectKeeper
    from posecoach.session.eyes import CROWD
    from posecoach.source.open import open_source

    bundle = resolve_bundle(model)
    change = picture(clip)
    with (
        open_source(str(clip.path)) as source,
        PoseEstimator(bundle, masks=True) as estimator,
        SubjectKeeper(
            estimator, lambda: PoseEstimator(bundle, static=True, num_poses=CROWD, masks=True)
        ) as keeper,
    ):
        for frame in source.frames():
            yield keeper.estimate(change(frame.image), frame.time_s)


def rows_of(clips: Sequence[Clip], name: str, kept: Path | None, model: str | None) -> list[Row]:
    """Coach every clip, changed in one way, as its own exercise."""
    variant = VARIANTS[name]
    library = standard_library()
    rows = []
    for clip in clips:
        exercise = library.find(clip.truth["exercise"])
        masks = make_plan(exercise).needs_mask
        poses = poses_of(clip, name, kept, model, masks=masks)
        result = coach(exercise, poses, variant.hold_s)
        truth = clip.truth if variant.truth is None else variant.truth(clip)
        rows.append(judge(clip.path.stem, truth, result))
    return rows


HEAD = (
    "| variant | | correct clips exact | faulty clips exact | holds | faults found | not there |\n"
    "|---|---|---|---|---|---|---|"
)


def line_of(name: str, rows: Sequence[Row]) -> str:
    """One line of the table."""
    correct = [row for row in rows if row.correct]
    faulty = [row for row in rows if not row.correct]
    there = sum(len(row.faults) for row in rows)
    found = there - sum(len(row.missed) for row in rows)
    return (
        f"| {name} | {VARIANTS[name].what} "
        f"| {sum(row.exact for row in correct)} of {len(correct)} "
        f"| {sum(row.exact for row in faulty)} of {len(faulty)} "
        f"| {sum(row.holds_found for row in rows)} of {sum(row.holds for row in rows)} "
        f"| {found} of {there} | {sum(len(row.extra) for row in rows)} |"
    )


def details_of(rows: Sequence[Row]) -> str:
    """What is not as it should be, clip by clip."""
    lines = []
    for row in rows:
        parts = []
        if not row.exact:
            parts.append(f"repetitions {row.expected} found {row.found}")
        if row.holds_found < row.holds:
            parts.append(f"holds {row.holds_found} of {row.holds}, worst {row.worst_hold_s:.2f} s")
        parts += [f"missed {each}" for each in row.missed]
        parts += [f"not there {each}" for each in row.extra]
        if parts:
            lines.append(f"    {row.clip}: " + "; ".join(parts))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument("--variants", default=",".join(VARIANTS), help="names, with commas")
    parser.add_argument("--only", default="*", help="glob of clip names, as '*-correct'")
    parser.add_argument("--all", action="store_true", help="faulty clips in every variant")
    parser.add_argument("--landmarks", type=Path, help="folder of kept estimator output")
    parser.add_argument("--model", help="a pose model bundle of your own")
    parser.add_argument("--details", action="store_true", help="say what is wrong, clip by clip")
    parser.add_argument("--write", type=Path, help="Markdown file to put the table into")
    given = parser.parse_args(arguments)
    clips = [Clip.read(path) for path in sorted(given.clips.glob(f"{given.only}.mp4"))]
    clips = [clip for clip in clips if clip.truth["exercise"] != "none"]
    lines = [f"Holds are found within {HOLD_WITHIN_S} s at both ends.", "", HEAD]
    print("\n".join(lines))
    for name in given.variants.split(","):
        every = given.all or VARIANTS[name].picture is None
        chosen = clips if every else [clip for clip in clips if clip.truth["form"] == "correct"]
        rows = rows_of(chosen, name, given.landmarks, given.model)
        lines.append(line_of(name, rows))
        print(lines[-1], flush=True)
        if given.details:
            print(details_of(rows), flush=True)
    if given.write is not None:
        write_between(given.write, "variants", "\n".join(lines))


if __name__ == "__main__":
    main()
