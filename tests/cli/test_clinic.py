"""``posecoach analyze --results``: begun, broken off, gone on with, and what is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
from click.testing import CliRunner, Result

from posecoach.cli import cli
from posecoach.clinic.results import Results
from posecoach.errors import ExerciseError, MachineError, OutputError, SourceError
from posecoach.pose import bundle as bundle_module
from tests.helpers.short import short_recording


def _analyze(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["analyze", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def share(tmp_path: Path) -> Path:
    for number, person in enumerate(("ann", "ann", "bob")):
        short_recording(tmp_path / "share" / person / f"{number}.mp4", number)
    return tmp_path / "share"


def _rows(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parquet.read_table(folder / "recordings").to_pylist()
    return sorted(rows, key=lambda row: str(row["file"]))


def test_what_is_there_is_not_done_again(share: Path, bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    options = ["--exercise", "wall-stretch", "--results", out, "--model", bundle]
    first = _analyze(share / "ann", *options)
    assert "2 of 2 recordings are in" in first.output
    before = _rows(out)
    (share / "bob" / "empty.mp4").touch()
    second = _analyze(share, *options)
    assert "4 of 4 recordings are in" in second.output
    assert "1 of them could not be coached" in second.output
    after = _rows(out)
    assert after[:2] == before, "the first two were left as they were"
    assert [Path(row["file"]).name for row in after] == ["0.mp4", "1.mp4", "2.mp4", "empty.mp4"]
    assert [row["person"] for row in after] == ["", "", "bob", "bob"]
    assert [row["coached"] for row in after] == [True, True, True, False]
    assert "0 bytes" in after[3]["problem"]
    parts = sorted(path.name for path in (out / "recordings").iterdir())
    assert "2 of 2" not in _analyze(share, *options).output
    assert sorted(path.name for path in (out / "recordings").iterdir()) == parts


def test_it_says_what_it_would_do_and_does_nothing(share: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    done = _analyze(share, "--exercise", "cat-cow", "--results", out, "--dry-run")
    assert "3 recordings would be coached on this machine" in done.output
    options = ("--exercise", "cat-cow", "--results", out, "--dry-run")
    assert "\n1 recording would be coached" in _analyze(share / "bob", *options).output
    assert not out.exists()


def _contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_what_it_would_do_is_what_a_run_does(share: Path, bundle: Path, tmp_path: Path) -> None:
    """By what is in the tables: it announced all recordings, of which a run did none."""
    out = tmp_path / "out.parquet"
    options = ["--exercise", "cat-cow", "--results", out, "--model", bundle]
    _analyze(share / "ann", *options)
    before = _contents(out)
    some = _analyze(share, *options, "--dry-run").output
    assert "\n1 recording would be coached on this machine" in some
    assert "; 2 are there already." in some
    assert "bob" in some
    assert "ann" not in some.splitlines()[1]
    none = _analyze(share / "ann", *options, "--dry-run").output
    assert none.startswith("No recordings would be coached on this machine")
    with pytest.raises(OutputError, match="another value of --hold"):
        _analyze(share, *options, "--dry-run", "--hold", "3")
    (tmp_path / "list.csv").write_text("file,hold\nshare/ann/0.mp4,3\n", "utf-8")
    with pytest.raises(OutputError, match="with another exercise, profile or hold"):
        _analyze(tmp_path / "list.csv", *options, "--dry-run")
    assert _contents(out) == before


@pytest.mark.skipif(sys.platform == "win32", reason="the lock is another one there")
def test_what_a_run_would_be_refused_for_is_told_before_it(
    share: Path, bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.parquet"
    options = ["--exercise", "cat-cow", "--results", out, "--model", bundle, "--dry-run"]
    with Results(out, {}), pytest.raises(OutputError, match="Another command is writing"):
        _analyze(share, *options)
    for other in (tmp_path / "share", share / "ann" / "0.mp4"):
        options[3] = other
        with pytest.raises(OutputError, match=r"holds something else|is a file"):
            _analyze(share, *options)


def test_no_model_is_fetched_to_say_what_would_be_done(
    share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("POSECOACH_MODEL", raising=False)
    monkeypatch.setattr(
        bundle_module, "ensure_bundle", lambda *_, **__: pytest.fail("it was fetched")
    )
    options = ["--exercise", "cat-cow", "--results", tmp_path / "out.parquet", "--dry-run"]
    assert "3 recordings would be coached" in _analyze(share, *options).output
    assert not (tmp_path / "cache").exists()


def test_a_list_may_say_for_each_what_is_done(share: Path, bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "file,exercise,person,hold\nshare/ann/0.mp4,cat-cow,Ann,\nshare/bob/2.mp4,wall-stretch,,3\n",
        "utf-8",
    )
    out = tmp_path / "out.parquet"
    _analyze(tmp_path / "list.csv", "--results", out, "--model", bundle)
    first, second = _rows(out)
    assert (first["exercise"], first["person"], first["hold_s"]) == ("cat-cow", "Ann", None)
    assert (second["exercise"], second["person"], second["hold_s"]) == ("wall-stretch", "", 3.0)
    assert first["definition"] != second["definition"]


def test_what_does_not_go_is_refused_before_the_work(
    share: Path, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.parquet"
    results = ["--results", out, "--model", bundle]
    with pytest.raises(ExerciseError, match="column exercise"):
        _analyze(share, *results)
    with pytest.raises(SourceError, match="name --results"):
        _analyze(share, "--exercise", "cat-cow")
    assert "--json keeps each" in _analyze(share, *results, "--json", "-").output
    assert "go with --results" in _analyze(share, "--cluster", "local").output
    _analyze(share / "ann", "--exercise", "cat-cow", *results)
    with pytest.raises(OutputError, match="another value of --hold"):
        _analyze(share, "--exercise", "cat-cow", "--hold", "3", *results)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MachineError, match=r"pip install 'posecoach\[clinic\]'"):
        _analyze(share, "--exercise", "cat-cow", *results, "--cluster", "local")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MachineError, match=r"pip install 'posecoach\[clinic\]'"):
        _analyze(share, "--exercise", "cat-cow", *results)
