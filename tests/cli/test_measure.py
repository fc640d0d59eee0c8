"""``posecoach measure``: numbers and pictures from recordings and photos."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from posecoach.cli.measure import measure
from posecoach.errors import MachineError, MeasureError, OutputError, SourceError
from posecoach.film import Film
from posecoach.system import import_cv2
from tests.helpers.places import DATA

PICTURE = DATA / "wall-stretch.jpg"
"""A rendered man with his right forearm on a wall: right elbow near 90."""


@pytest.fixture(autouse=True)
def model(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSECOACH_MODEL", str(bundle))


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Two seconds of the picture, standing still."""
    cv2 = import_cv2()
    picture = cv2.imread(str(PICTURE))
    path = tmp_path / "still.avi"
    size = (picture.shape[1], picture.shape[0])
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 5, size)
    for _ in range(10):
        writer.write(picture)
    writer.release()
    return path


def run(*args: str | Path) -> str:
    result = CliRunner().invoke(
        measure, [str(each) for each in args], catch_exceptions=False, standalone_mode=False
    )
    return result.stdout


def failure(*args: str | Path) -> BaseException:
    result = CliRunner().invoke(measure, [str(each) for each in args], standalone_mode=False)
    assert result.exception is not None
    return result.exception


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_photo_is_one_row_with_every_measure() -> None:
    (row,) = rows(run(PICTURE))
    assert next(iter(row)) == "time_s"
    assert 75 < float(row["elbow_flexion_right"]) < 105
    assert float(row["elbow_flexion_left"]) < 30
    assert row["spine_flexion"] == ""  # not seen from the front


def test_chosen_measures_with_confidence_come_in_the_order_asked() -> None:
    (row,) = rows(
        run(PICTURE, "--measures", "trunk_inclination,elbow_flexion_right", "--confidence")
    )
    assert list(row) == [
        "time_s",
        "trunk_inclination",
        "trunk_inclination_spread",
        "trunk_inclination_confidence",
        "elbow_flexion_right",
        "elbow_flexion_right_spread",
        "elbow_flexion_right_confidence",
    ]
    assert 0 < float(row["elbow_flexion_right_confidence"]) <= 1
    assert 1 < float(row["elbow_flexion_right_spread"]) < 30


def test_a_video_is_one_row_a_frame_and_still_means_no_change(video: Path, tmp_path: Path) -> None:
    table = tmp_path / "angles.csv"
    run(video, "--csv", table, "--measures", "elbow_flexion_right,trunk_turn")
    found = rows(table.read_text())
    assert [float(row["time_s"]) for row in found] == pytest.approx(np.arange(10) / 5, abs=1e-3)
    assert all(75 < float(row["elbow_flexion_right"]) < 105 for row in found)
    assert all(abs(float(row["trunk_turn"])) < 8 for row in found)


def test_json_holds_the_same(tmp_path: Path) -> None:
    by_name, by_option = tmp_path / "a.json", tmp_path / "b"
    run(PICTURE, "--csv", by_name)
    run(PICTURE, "--json", by_option)
    (row,) = json.loads(by_name.read_text())
    assert [row] == json.loads(by_option.read_text())
    assert row["spine_flexion"] is None
    assert math.isfinite(row["elbow_flexion_right"])


def test_parquet_holds_the_same(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg"):
        (folder / name).write_bytes(PICTURE.read_bytes())
    by_name, by_option = tmp_path / "a.parquet", tmp_path / "b"
    run(folder, "--csv", by_name, "--confidence")
    run(folder, "--parquet", by_option, "--json", tmp_path / "c.json", "--confidence")
    table = parquet.read_table(by_name)
    assert table.equals(parquet.read_table(by_option))
    assert table.to_pylist() == json.loads((tmp_path / "c.json").read_text())
    assert table.column_names[:3] == ["file", "time_s", "elbow_flexion_left"]
    assert {str(kind) for kind in table.schema.types} == {"string", "double"}
    assert table["spine_flexion"].null_count == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "a.parquet",
        "b",
        "c.json",
        "photos",
    ]


def test_parquet_without_its_library_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    error = failure("nowhere.mp4", "--parquet", tmp_path / "a.parquet")
    assert isinstance(error, SourceError)  # mistakes in the words first
    error = failure(PICTURE, "--parquet", tmp_path / "a.parquet")
    assert isinstance(error, MachineError)
    assert "posecoach[parquet]" in str(error)
    assert not list(tmp_path.iterdir())


def test_several_paths_are_told_apart(video: Path) -> None:
    found = rows(run(PICTURE, video, "--measures", "trunk_inclination"))
    assert {row["file"] for row in found} == {PICTURE.name, video.name}
    assert len(found) == 11


def test_of_several_paths_those_that_can_be_read_are_measured_and_the_others_told(
    tmp_path: Path,
) -> None:
    text, empty = tmp_path / "text.mp4", tmp_path / "empty.mp4"
    text.write_text("This is no video.\n" * 20)
    empty.touch()
    told = CliRunner().invoke(
        measure,
        [str(each) for each in (text, empty, PICTURE, "--measures", "trunk_inclination")],
        standalone_mode=False,
    )
    assert [row["file"] for row in rows(told.stdout)] == [PICTURE.name]
    assert f"{text} is a text file" in told.stderr
    assert isinstance(told.exception, SourceError)
    assert f"{empty} is empty" in str(told.exception)


def test_a_folder_of_photos_is_a_row_each(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(PICTURE.read_bytes())
    found = rows(run(tmp_path, "--measures", "trunk_inclination"))
    assert [row["file"] for row in found] == ["a.jpg", "b.jpg"]


def test_nobody_in_the_picture_is_a_row_of_unknowns(tmp_path: Path) -> None:
    empty = tmp_path / "wall.png"
    import_cv2().imwrite(str(empty), np.full((240, 320, 3), 200, np.uint8))
    (row,) = rows(run(empty))
    assert row.pop("time_s") == "0.0"
    assert set(row.values()) == {""}


def test_in_which_recording_nobody_was_found_is_said(tmp_path: Path) -> None:
    empty = tmp_path / "wall.png"
    import_cv2().imwrite(str(empty), np.full((240, 320, 3), 200, np.uint8))
    result = CliRunner().invoke(measure, [str(PICTURE), str(empty), "--measures", "trunk_rotation"])
    assert result.exit_code == 0
    assert result.stderr == f"posecoach: Nobody was found in {empty}.\n"


def test_the_angles_are_drawn_into_the_picture(tmp_path: Path) -> None:
    cv2 = import_cv2()
    drawn = tmp_path / "drawn.png"
    assert run(PICTURE, "--draw", drawn) == ""
    before, after = cv2.imread(str(PICTURE)), cv2.imread(str(drawn))
    assert before.shape == after.shape
    changed = (np.abs(before.astype(int) - after).max(axis=2) > 40).mean()
    assert 0.01 < changed < 0.3


def test_the_angles_are_drawn_into_the_video(video: Path, tmp_path: Path) -> None:
    cv2 = import_cv2()
    drawn = tmp_path / "drawn.mp4"
    run(video, "--draw", drawn, "--measures", "elbow_flexion_right")
    capture = cv2.VideoCapture(str(drawn))
    count = 0
    while capture.read()[0]:
        count += 1
    assert count == 10


def test_the_list_names_every_measure() -> None:
    text = run("--list")
    for name in ("elbow_flexion_left", "trunk_turn", "knees_drop", "spine_flexion"):
        assert name in text


def test_the_list_shortens_no_word_in_a_usual_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = run("--list")
    assert "…" not in text
    for word in ("three-quarter", "give or", "take"):
        assert word in text


@pytest.mark.parametrize(
    ("args", "kind", "words"),
    [
        (["nowhere.mp4"], SourceError, "nowhere.mp4"),
        ([PICTURE, "--measures", "elbow"], MeasureError, "elbow"),
        ([PICTURE, "--csv", "no/such/folder/a.csv"], OutputError, "folder"),
        ([PICTURE, "--draw", "drawn.mp4"], OutputError, ".jpg"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    args: list[str | Path], kind: type[Exception], words: str
) -> None:
    error = failure(*args)
    assert isinstance(error, kind)
    assert words in str(error)


# -- what is found out is shown whatever becomes of a file ----------------------------------------


def test_a_drawing_that_cannot_be_kept_takes_no_number_along(
    video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(film: Film) -> None:
        film.drop()
        raise OutputError("film.mp4 could not be written whole.")

    monkeypatch.setattr(Film, "close", full)
    table, film = tmp_path / "a.csv", tmp_path / "film.mp4"
    film.write_bytes(b"")
    error = failure(video, "--csv", table, "--draw", film, "--measures", "trunk_turn")
    assert isinstance(error, OutputError)
    assert len(rows(table.read_text())) == 10
    assert film.read_bytes() == b""


def test_a_table_that_cannot_be_written_stands_on_standard_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **of: object) -> None:
        raise OutputError("a.csv cannot be written: no space left on device.")

    monkeypatch.setattr("posecoach.writing.write_bytes", full)
    result = CliRunner().invoke(
        measure, [str(PICTURE), "--csv", str(tmp_path / "a.csv")], standalone_mode=False
    )
    assert isinstance(result.exception, OutputError)
    assert "no space left on device. What was measured stands on" in str(result.exception)
    assert len(rows(result.stdout)) == 1


@pytest.mark.parametrize("option", ["--csv", "--json", "--draw"])
def test_the_recording_itself_is_no_output(option: str, video: Path, tmp_path: Path) -> None:
    before = video.read_bytes()
    link = tmp_path / "link.avi"
    link.symlink_to(video)
    for output in (video, link):
        assert "is what is read" in str(failure(video, option, output))
        assert video.read_bytes() == before


def test_a_drawn_video_keeps_the_time_of_an_uneven_recording(tmp_path: Path) -> None:
    """1.8 s in eleven pictures, six tenths of them without any."""
    film = tmp_path / "film.mp4"
    uneven = PICTURE.parent / "source" / "vfr.mp4"
    run(uneven, "--draw", film, "--csv", tmp_path / "a.csv", "--measures", "trunk_turn")
    found = import_cv2().VideoCapture(str(film))
    cv2 = import_cv2()
    length_s = found.get(cv2.CAP_PROP_FRAME_COUNT) / found.get(cv2.CAP_PROP_FPS)
    assert length_s == pytest.approx(1.8, abs=0.25)
