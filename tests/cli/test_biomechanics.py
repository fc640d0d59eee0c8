"""Markers and coordinates as OpenSim and Pose2Sim read them.

Read back by OpenSim's own reader where its package is installed (`pip install opensim`), and by one
that goes by the formats' documentation.
"""

from __future__ import annotations

from math import isnan, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecoach.body.measure import Reading
from posecoach.body.view import UNKNOWN
from posecoach.cli.biomechanics import COORDINATES, MARKERS, mot, trc
from posecoach.kinds import kind_at
from posecoach.observe.measuring import Measured
from posecoach.pose.landmarks import COUNT, Landmark
from posecoach.pose.pose import Pose
from tests.helpers.short import short_recording

RATE = 25.0


def _moments() -> list[Measured]:
    """Somebody who faces the camera: up is -y, their right is -x, forward is -z."""
    found = []
    for number in range(4):
        world = np.zeros((COUNT, 3))
        world[Landmark.NOSE] = (0.0, -0.6, -0.1 - 0.01 * number)
        world[Landmark.RIGHT_WRIST] = (-0.4, 0.1, 0.0)
        world[Landmark.LEFT_FOOT_INDEX] = (0.1, 0.9, -0.2)
        image = np.full((COUNT, 2), 100.0)
        pose = Pose(np.asarray(number / RATE), image, world, np.ones(COUNT), (640, 480))
        readings = {
            "elbow_flexion_left": _reading(90.0 + number),
            "shoulder_abduction_right": _reading(80.0),
            "neck_lateral_flexion": _reading(20.0),
            "knee_flexion_left": Reading(np.asarray(12.0), np.asarray(0.0)),
        }
        found.append(Measured(pose, UNKNOWN, readings))
    absent = Pose.absent(4 / RATE, (640, 480))
    return [*found, Measured(absent, UNKNOWN, {})]


def _reading(value: float) -> Reading:
    return Reading(np.asarray(value), np.asarray(1.0))


@pytest.fixture
def markers(tmp_path: Path) -> Path:
    path = tmp_path / "a.trc"
    path.write_text(trc(_moments(), path.name), "utf-8")
    return path


@pytest.fixture
def motion(tmp_path: Path) -> Path:
    path = tmp_path / "a.mot"
    path.write_text(mot(_moments()), "utf-8")
    return path


def read_trc(path: Path) -> tuple[dict[str, str], list[float], dict[str, np.ndarray]]:
    """Read as the format says: five lines of heading, an empty one, then tab-separated rows."""
    lines = path.read_text("utf-8").split("\n")
    assert lines[0].split("\t")[:3] == ["PathFileType", "4", "(X/Y/Z)"]
    about = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    names = [name for name in lines[3].split("\t")[2:] if name]
    axes = [axis for axis in lines[4].split("\t") if axis]
    assert axes == [f"{axis}{n + 1}" for n in range(len(names)) for axis in "XYZ"]
    assert lines[5] == ""
    rows = [line.split("\t") for line in lines[6:] if line]
    assert [int(row[0]) for row in rows] == list(range(1, int(about["NumFrames"]) + 1))
    cells = np.array([[float(cell or "nan") for cell in row[2:-1]] for row in rows])
    places = cells.reshape(len(rows), len(names), 3)
    return (
        about,
        [float(row[1]) for row in rows],
        dict(zip(names, places.swapaxes(0, 1), strict=True)),
    )


def read_mot(path: Path) -> tuple[dict[str, str], dict[str, list[float]]]:
    """Read as the format says: ``name=value`` until ``endheader``, labels, rows."""
    head, _, body = path.read_text("utf-8").partition("endheader\n")
    first, *more = head.split("\n")
    about = dict(line.split("=") for line in more if line)
    labels, *rows = (line.split("\t") for line in body.splitlines())
    assert first == "Coordinates"
    assert int(about["nRows"]) == len(rows)
    assert int(about["nColumns"]) == len(labels)
    columns = np.array(rows, float).T
    return about, {label: list(each) for label, each in zip(labels, columns, strict=True)}


def test_markers_are_in_metres_with_y_up_x_forward_and_z_to_the_right(markers: Path) -> None:
    about, times, places = read_trc(markers)
    assert about["Units"] == "m"
    assert float(about["DataRate"]) == RATE
    assert times == [n / RATE for n in range(5)]
    assert list(places) == list(MARKERS)
    assert places["Nose"][2].tolist() == [0.12, 0.6, 0.0]
    assert places["RWrist"][0].tolist() == [0.0, -0.1, 0.4]
    assert places["LBigToe"][0].tolist() == [0.2, -0.9, -0.1]
    assert np.isnan(places["Nose"][4]).all(), "nobody is seen"


def test_coordinates_have_the_signs_of_the_models(motion: Path) -> None:
    about, columns = read_mot(motion)
    assert about["inDegrees"] == "yes"
    assert list(columns) == ["time", *COORDINATES]
    assert columns["elbow_flex_l"][:4] == [90.0, 91.0, 92.0, 93.0]
    assert columns["arm_add_r"][0] == -80.0, "abduction is negative adduction"
    assert columns["neck_bending"][0] == -20.0, "to the left is negative"
    assert isnan(columns["knee_angle_l"][0]), "without confidence nothing is known"
    assert all(isnan(column[4]) for name, column in columns.items() if name != "time")


def test_opensims_own_reader_reads_the_same(markers: Path, motion: Path) -> None:
    opensim: Any = pytest.importorskip("opensim", reason="OpenSim's Python package is not here")
    table = opensim.TimeSeriesTableVec3(str(markers))
    assert list(table.getColumnLabels()) == list(MARKERS)
    assert table.getTableMetaDataString("Units") == "m"
    nose = table.getDependentColumn("Nose")
    assert [round(nose[2][axis], 5) for axis in range(3)] == [0.12, 0.6, 0.0]
    angles = opensim.TimeSeriesTable(str(motion))
    assert list(angles.getColumnLabels()) == list(COORDINATES)
    assert angles.getTableMetaDataString("inDegrees") == "yes"
    assert angles.getDependentColumn("elbow_flex_l")[1] == 91.0
    assert isnan(angles.getDependentColumn("knee_angle_l")[0])


def test_they_are_known_again_before_they_are_replaced(markers: Path, motion: Path) -> None:
    assert (kind_at(markers), kind_at(motion)) == ("markers", "motion")


def test_nothing_known_is_written_as_that(tmp_path: Path) -> None:
    absent = Measured(Pose.absent(0.0, (640, 480)), UNKNOWN, {"elbow_flexion_left": _reading(nan)})
    (tmp_path / "a.trc").write_text(trc([absent], "a.trc"), "utf-8")
    (tmp_path / "a.mot").write_text(mot([absent]), "utf-8")
    assert np.isnan(read_trc(tmp_path / "a.trc")[2]["Nose"]).all()
    assert isnan(read_mot(tmp_path / "a.mot")[1]["elbow_flex_l"][0])


def test_measure_writes_both_beside_the_table(bundle: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from posecoach.cli import cli

    recording = short_recording(tmp_path / "a.mp4", frames=4)
    files = {name: tmp_path / f"out.{name}" for name in ("trc", "mot", "csv")}
    options = [part for name, path in files.items() for part in (f"--{name}", str(path))]
    command = ["measure", str(recording), *options, "--model", str(bundle)]
    done = CliRunner().invoke(cli, command, catch_exceptions=False)
    assert done.exit_code == 0
    about, times, _ = read_trc(files["trc"])
    assert about["NumFrames"] == "4"
    assert read_mot(files["mot"])[1]["time"] == times
    two = CliRunner().invoke(cli, [*command[:2], *command[1:]])
    assert two.exit_code == 2
    assert "give one PATH" in two.output
