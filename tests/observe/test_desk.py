"""Recordings cut as a laptop on a desk sees them: film, label and truth stay one recording."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from benchmarks.desk import BELOW, VARIED, desk_recording, to_cut, window
from benchmarks.instrument.moments import read_recording
from benchmarks.instrument.rows import MEASURES
from benchmarks.recordings import keep, kept_poses
from posecoach.errors import SourceError
from posecoach.pose.landmarks import Landmark
from posecoach.pose.pose import Floats, Pose
from tests.helpers.stick_body import SIZE, Body, seen

FPS = 10
NODS = np.concatenate([np.zeros(15), np.linspace(0, 40, 45)])
MARK = 5
"""Pixels, half the side of the white square that the film has at the nose."""

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")


def described(label: Path, exercise: str, view: str) -> Path:
    """Write a label as the renderer does."""
    camera = {"yaw_deg": 0, "azimuth_deg": 0, "height_m": 1, "distance_m": 1}
    about: dict[str, Any] = {"exercise": exercise, "form": "correct", "person": "Q1", "view": view}
    about |= {"camera": camera | {"vertical_fov_deg": 48}, "fps": FPS, "holds": []}
    about |= {"width": SIZE[0], "height": SIZE[1], "note": "made for the tests"}
    label.parent.mkdir(parents=True, exist_ok=True)
    label.write_text(json.dumps(about), encoding="utf-8")
    return label


def filmed(label: Path, image: Floats) -> None:
    """Write the film of a dark room with a white square at the nose."""
    film = str(label.with_suffix(".mp4"))
    writer = cv2.VideoWriter(film, cv2.VideoWriter.fourcc(*"mp4v"), FPS, SIZE)
    for x, y in np.round(image[:, Landmark.NOSE]).astype(int):
        picture = np.full((SIZE[1], SIZE[0], 3), 40, np.uint8)
        picture[y - MARK : y + MARK + 1, x - MARK : x + MARK + 1] = 255
        writer.write(picture)
    writer.release()


@pytest.fixture
def label(tmp_path: Path) -> Path:
    """A person who nods: film, label, truth, and a model that finds what is true."""
    label = described(tmp_path / "in" / "q1-neck-flexion-correct.json", "neck-flexion", "front")
    poses = [_at(seen(Body(nod=nod)), at / FPS) for at, nod in enumerate(NODS)]
    series = Pose.series(poses)
    filmed(label, series.image)
    truth = {"t_s": series.time_s, "image": series.image, "world": series.world}
    truth |= {"neck_flexion": NODS}
    given = {name: np.float32(each) for name, each in truth.items()}
    np.savez(label.with_suffix(".npz"), **given)  # type: ignore[arg-type]
    keep(poses, tmp_path / "kept", label.stem)
    return label


def _at(pose: Pose, time_s: float) -> Pose:
    return Pose(np.asarray(time_s), pose.image, pose.world, pose.visibility, SIZE)


def cut_of(label: Path) -> Path:
    """Cut it; return the new label."""
    root = label.parent.parent
    (root / "out").mkdir(exist_ok=True)
    return root / "out" / f"{desk_recording(label, root / 'out', root / 'kept')}.json"


@needs_ffmpeg
def test_true_positions_lie_where_the_film_shows_them(label: Path) -> None:
    desk = cut_of(label)
    about = json.loads(desk.read_text("utf-8"))
    film = cv2.VideoCapture(str(desk.with_suffix(".mp4")))
    with np.load(desk.with_suffix(".npz")) as truth:
        nose = truth["image"][:, Landmark.NOSE]
    for x, y in nose:
        picture = film.read()[1]
        assert picture.shape == (about["height"], about["width"], 3)
        rows, columns = np.nonzero(picture[..., 1] > 150)
        assert (columns.mean(), rows.mean()) == pytest.approx((x, y), abs=1)
    assert not film.read()[0]
    assert about["width"] % 2 == about["height"] % 2 == 0
    assert about["width"] < SIZE[0] / 2


@needs_ffmpeg
def test_rows_are_those_of_the_uncropped_person_at_a_desk(label: Path) -> None:
    desk, root = cut_of(label), label.parent.parent
    left, top, width, height = json.loads(desk.read_text("utf-8"))["window"]
    shifted = [
        Pose(each.time_s, each.image - [left, top], each.world, each.visibility, (width, height))
        for each in kept_poses(root / "kept", label.stem)
    ]
    keep(shifted, root / "kept", desk.stem)
    rows, cut = (read_recording(each, root / "kept") for each in (label, desk))
    assert np.array_equal(rows.true, cut.true, equal_nan=True)
    assert np.ptp(cut.true[:, MEASURES.index("neck_flexion")]) > 30
    assert np.array_equal(rows.body_id, cut.body_id)
    assert cut.desk.all()
    assert not rows.desk.any()


def test_only_what_is_done_at_a_desk_and_not_filmed_there_is_cut(tmp_path: Path) -> None:
    taken = [
        described(tmp_path / "a.json", "neck-flexion", "front"),
        described(tmp_path / "b.json", "shoulder-roll", "three-quarter"),
    ]
    described(tmp_path / "c.json", "shoulder-roll", "front, head and shoulders")
    described(tmp_path / "d.json", "overhead-reach", "front")
    assert to_cut(tmp_path) == taken


@needs_ffmpeg
def test_each_is_framed_otherwise_and_the_same_when_cut_again(label: Path) -> None:
    other = label.with_name("q2-neck-flexion-correct.json")
    for each in label.parent.glob(f"{label.stem}.*"):
        shutil.copy(each, other.with_suffix(each.suffix))
    kept = label.parent.parent / "kept"
    poses = list(kept_poses(kept, label.stem))
    keep(poses, kept, other.stem)
    bottoms = []
    for each in (label, other, label):
        _, top, _, height = json.loads(cut_of(each).read_text("utf-8"))["window"]
        bottoms.append(top + height)
    assert bottoms[0] == bottoms[2] != bottoms[1]
    least, usual, most = (
        window(poses, arms=False, below=below) for below in (VARIED[0], BELOW, VARIED[1])
    )
    assert usual == window(poses, arms=False)
    assert all(least[1] + least[3] <= at <= most[1] + most[3] + 1 for at in bottoms)


def test_who_is_not_seen_at_first_cannot_be_framed(label: Path) -> None:
    kept = label.parent.parent / "kept"
    poses = list(kept_poses(kept, label.stem))
    keep(
        [Pose.absent(float(each.time_s), SIZE) for each in poses[:11]] + poses[11:],
        kept,
        label.stem,
    )
    with pytest.raises(SourceError, match="nobody is seen"):
        cut_of(label)


@needs_ffmpeg
def test_a_film_of_another_length_than_its_truth_gets_no_label(label: Path) -> None:
    with np.load(label.with_suffix(".npz")) as truth:
        given = {name: each[:-1] for name, each in truth.items()}
    np.savez(label.with_suffix(".npz"), **given)  # type: ignore[arg-type]
    with pytest.raises(SourceError, match="60 pictures, but 59"):
        cut_of(label)
    assert not list((label.parent.parent / "out").glob("*.json"))
