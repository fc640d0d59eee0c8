"""The commands on kept sessions, as a person types them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from posecoach.cli import main
from posecoach.store.definitions import definition_text
from posecoach.store.store import Store
from tests.helpers.store_sessions import plan_of, record


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("POSECOACH_DATA", str(folder))
    monkeypatch.setenv("COLUMNS", "120")
    record(folder, profile="Ann")
    return folder


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    assert isinstance(leaving.value.code, int)
    return leaving.value.code


def test_sessions_are_listed(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("sessions") == 0
    shown = capsys.readouterr().out
    assert "Wall stretch" in shown
    assert "Ann" in shown
    assert _run("sessions", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [each["session"] for each in listed] == [1]
    assert listed[0]["exercises"][0]["wanted"] == {"left": 2, "right": 2}
    assert _run("sessions", "--exercise", "cat-cow") == 0
    assert "None of them is like that" in capsys.readouterr().out


def test_without_sessions_it_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("sessions", "--data-dir", str(tmp_path / "none")) == 0
    assert "`posecoach run` makes the first" in capsys.readouterr().out
    assert _run("replay", "last", "--data-dir", str(tmp_path / "none")) == 2
    assert "There are no sessions in" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_replay_by_the_same_definition_says_so(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("replay", "last") == 0
    shown = capsys.readouterr().out
    assert "by the same definition" in shown
    assert "The same, event by event." in shown
    assert "real time" in shown
    assert _run("replay", "1", "--json", "--as-recorded") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["exercises"][0]["same"] is True
    assert told["exercises"][0]["changes"] == []
    assert told["exercises"][0]["then"] == told["exercises"][0]["now"]


def test_a_replay_by_another_definition_shows_what_changes(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise = plan_of().exercise
    with Store.open(data) as store:
        held = store.load("last").exercises[0].row.prescription.hold
    assert held == 2.0
    steps = tuple(
        step.model_copy(update={"targets": tuple(_stricter(t) for t in step.targets)})
        for step in exercise.steps
    )
    file = tmp_path / "wall-stretch.yaml"
    file.write_text(definition_text(exercise.model_copy(update={"steps": steps})))
    assert _run("replay", "last", "--exercise-file", str(file), "--json") == 0
    told = json.loads(capsys.readouterr().out)["exercises"][0]
    assert told["by"] == str(file)
    assert told["same"] is False
    assert {change["what"] for change in told["changes"]} & {"seconds held", "accuracy %"}
    assert told["now"]["accuracy"] != told["then"]["accuracy"]


def _stricter(target: object) -> object:
    within = getattr(target, "within", None)
    if within is None:
        return target
    return target.model_copy(update={"within": 1.0, "stay_within": 0.0})  # type: ignore[attr-defined]


def test_a_definition_with_a_mistake_is_a_sentence(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wall-stretch.yaml"
    file.write_text("id: wall-stretch\n")
    assert _run("replay", "last", "--exercise-file", str(file)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1


def test_there_and_back(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, other = str(tmp_path / "x.posecoach"), str(tmp_path / "other")
    assert _run("export", "last", file) == 0
    assert _run("export", "--all", file) == 2
    assert "exists already" in capsys.readouterr().err
    assert _run("export", "--all", file, "--force") == 0
    assert _run("import", file, "--data-dir", other) == 0
    assert _run("import", file, "--data-dir", other) == 0
    assert "0 sessions taken in, 1 were here already" in capsys.readouterr().out
    assert _run("replay", "last", "--data-dir", other) == 0
    assert "The same, event by event." in capsys.readouterr().out
    assert _run("export", file) == 2
    assert "Give the sessions to export" in capsys.readouterr().err


def test_forgetting_asks_first(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert _run("forget", "last") == 130
    with Store.open(data) as store:
        assert store.count() == 1
    assert "Delete session 1 of" in capsys.readouterr().err
    assert _run("forget", "--before", "2020-01-01", "--yes") == 0
    assert "nothing to forget" in capsys.readouterr().out
    assert _run("forget") == 2
    assert _run("forget", "1", "--all") == 2
    assert _run("forget", "7", "--yes") == 2
    assert "There is no session '7'; there is only session 1" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert _run("forget", "--all") == 0
    assert "1 session forgotten" in capsys.readouterr().out
    with Store.open(data) as store:
        assert store.count() == 0


@pytest.mark.parametrize("command", ["sessions", "replay", "export", "forget"])
def test_a_damaged_database_is_one_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], command: str, tmp_path: Path
) -> None:
    path = data / "sessions.db"
    path.write_bytes(b"no database" * 1000)
    more = {"replay": ["last"], "export": ["last", str(tmp_path / "x")], "forget": ["last"]}
    assert _run(command, *more.get(command, [])) == 2
    told = capsys.readouterr()
    assert "is damaged" in told.err
    assert told.err.count("\n") == 1
    assert path.read_bytes() == b"no database" * 1000


def test_an_analysis_that_cannot_be_kept_fails_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from posecoach.data import data_dir

    def no_model(path: str | None) -> Path:
        raise AssertionError("the model was looked for first")

    monkeypatch.setattr("posecoach.cli.options.find_model", no_model)
    (tmp_path / "file").write_text("in the way")
    clip = str(data_dir("demo") / "wall-stretch.mp4")
    keeping = ["--save", "--data-dir", str(tmp_path / "file" / "data")]
    assert _run("analyze", clip, "--exercise", "wall-stretch", *keeping) == 2
    assert "Sessions cannot be kept in" in capsys.readouterr().err
