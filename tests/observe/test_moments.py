"""Moments of recordings as rows to fit on: what is read and what is true belong together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.instrument import left_out
from benchmarks.instrument.moments import MOMENTS, read_recording
from benchmarks.instrument.rows import MEASURES
from posecoach.observe import measures
from posecoach.observe.instrument import instrument
from tests.helpers.places import SHARED

CLIP = SHARED / "clips" / "wall-stretch-correct.json"
pytestmark = pytest.mark.skipif(not CLIP.is_file(), reason="needs ../shared/clips")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A model that finds the joints where they are, and nobody in one picture of ten."""
    with np.load(CLIP.with_suffix(".npz")) as true:
        image, world, t = true["image"].astype(float), true["world"].astype(float), true["t_s"]
    for points in (image, world):  # the truth knows no fingers and toes
        points[:] = np.where(np.isnan(points), points[:, 11:13].mean(axis=1, keepdims=True), points)
    image[5::10] = np.nan
    about = json.loads(CLIP.read_text("utf-8"))
    size = np.array([about["width"], about["height"]])
    world = world - world[:, 23:25].mean(axis=1, keepdims=True)
    seen = np.ones(image.shape[:2])
    name = tmp_path / CLIP.stem
    np.savez(f"{name}.npz", t=t, image=image, world=world, visibility=seen, size=size)
    np.savez(f"{name}.mask.npz", mask=np.zeros((len(t), 2, 2), dtype=np.uint8))
    return tmp_path


def test_what_is_read_of_true_joints_is_what_is_true(kept: Path) -> None:
    rows = read_recording(CLIP, kept)
    about = json.loads(CLIP.read_text("utf-8"))
    assert len(rows) == 1 + MOMENTS
    assert rows.held.sum() == len(about["holds"])
    assert set(rows.start) == {0}
    assert not rows.held[0]
    assert len(set(rows.person)) == 1
    for name in ("elbow_flexion_left", "elbow_flexion_right"):
        index = MEASURES.index(name)
        known = rows.sure[:, index] > 0.5
        assert known.sum() > MOMENTS / 2
        off = np.abs(rows.read[known, index] - rows.true[known, index])
        assert np.median(off) < 10  # a picture is flat; another moment is tens of degrees off
    assert np.ptp(rows.true[:, MEASURES.index("elbow_flexion_left")]) > 60


def test_who_is_not_seen_at_first_teaches_nothing(kept: Path) -> None:
    file = kept / f"{CLIP.stem}.npz"
    with np.load(file) as found:
        arrays = dict(found)
    arrays["image"][:40] = np.nan
    np.savez(file, **arrays)
    assert len(read_recording(CLIP, kept)) == 0


class Spy:
    """An instrument that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def rows(self, *of: Any) -> Any:
        self.asked += 1
        return instrument().rows(*of)


def test_who_never_met_a_person_reads_them(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landmarks = tmp_path / "kept" / CLIP.parent.name
    landmarks.parent.mkdir()
    landmarks.symlink_to(kept)
    rows = read_recording(CLIP, kept)
    spies = {int(rows.person[0]): Spy(), 7: Spy()}
    monkeypatch.setattr(left_out, "_judges", spies)
    seen = left_out._look(CLIP.with_suffix(".mp4"), landmarks.parent)
    assert seen.clip == CLIP.stem
    assert seen.expected == json.loads(CLIP.read_text("utf-8"))["repetitions"]
    assert spies[int(rows.person[0])].asked > 100
    assert spies[7].asked == 0
    assert vars(measures)["instrument"] is instrument
