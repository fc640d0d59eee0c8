"""Photos of real people against labels written by eye."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from benchmarks.photos import expectation, view_right
from posecoach.body.catalogue import names
from posecoach.observe.measuring import Measured, measure_photo
from posecoach.pose.estimator import PoseEstimator
from posecoach.source.photos import read_photo


@pytest.fixture(scope="module")
def labels(shared: Path) -> list[dict[str, str]]:
    with (shared / "photos" / "labels.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@cache
def measured_all(folder: Path, bundle: Path) -> dict[str, Measured]:
    with PoseEstimator(bundle, masks=True, static=True) as estimator:
        return {
            path.stem: measure_photo(estimator.estimate(read_photo(path), 0.0), names())
            for path in sorted(folder.glob("*.jpg"))
        }


@pytest.fixture(scope="module")
def measured(shared: Path, bundle: Path) -> dict[str, Measured]:
    return measured_all(shared / "photos", bundle)


def test_every_label_that_speaks_of_a_measure_is_met(
    labels: list[dict[str, str]], measured: dict[str, Measured]
) -> None:
    judged, missed = 0, []
    for row in labels:
        name = Path(row["file"]).stem
        for part in row["expect"].removeprefix("not overhead: ").split("; "):
            read, met = expectation(part, name, measured)
            judged += met != "–"
            if met not in ("yes", "–"):
                missed.append(f"{row['file']}: {part}: read {read}, {met}")
    assert not missed
    assert judged >= 40


def test_every_photo_is_seen_as_it_was_taken(
    labels: list[dict[str, str]], measured: dict[str, Measured]
) -> None:
    wrong = [
        f"{row['file']}: {row['posture']}, {row['view']}: told {view}"
        for row in labels
        for view in [measured[Path(row["file"]).stem].view]
        if not view_right(row["posture"], row["view"], view)
    ]
    assert not wrong
