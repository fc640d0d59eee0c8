"""The page of a run: what the tables hold, summed up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from posecoach.clinic.page import run_page
from posecoach.clinic.results import Results
from posecoach.clinic.summary import WORST, summarise
from posecoach.clinic.tables import SIDES_OF
from posecoach.clinic.task import Outcome, Row
from posecoach.plan.sides import SIDES
from tests.helpers.pages import check_with_axe

EXERCISES = ("cat-cow", "wall-stretch")


def _outcome(number: int, row: Row, faults: list[str]) -> Outcome:
    whose: Row = {"file": f"/share/{number}.mp4", "definition": "ab"}
    whose |= {key: row[key] for key in ("exercise", "person")}
    recording = whose | row | {"profile": ""}
    rows = [whose | {"fault": fault, "side": "both", "start_s": 1.0} for fault in faults]
    return Outcome({"recordings": [recording], "repetitions": [], "holds": [], "faults": rows})


@st.composite
def outcomes(draw: st.DrawFn) -> list[tuple[Row, list[str]]]:
    found = []
    for _ in range(draw(st.integers(0, 30))):
        row: Row = {
            "exercise": draw(st.sampled_from(EXERCISES)),
            "person": draw(st.sampled_from(("ann", "bob", ""))),
            "coached": draw(st.booleans()),
            "problem": "",
        }
        faults: list[str] = []
        if row["coached"]:
            counts = {f"repetitions_{side}": draw(st.integers(0, 3)) for side in ("left", "right")}
            row |= counts | {"repetitions_both": 0}
            row |= {f"attempts_{side}": 3 for side in ("left", "right", "both")}
            row["accuracy"] = draw(st.none() | st.floats(0, 1))
            row["tried_s"], row["duration_s"] = draw(st.floats(0.5, 60)), 60.0
            row["unseen_s"] = 6.0
            row["unseen"] = draw(st.lists(st.sampled_from(("the feet", "the head")), unique=True))
            faults = draw(st.lists(st.sampled_from(("elbows-bend", "head-still")), max_size=3))
        else:
            row["problem"] = "It is damaged."
        found.append((row, faults))
    return found


@given(outcomes())
def test_the_sums_are_those_of_the_rows(
    tmp_path_factory: pytest.TempPathFactory, given_rows: list[tuple[Row, list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("run") / "out.parquet"
    with Results(folder, {}) as results:
        for number, (row, faults) in enumerate(given_rows):
            results.add(_outcome(number, row, faults))
        results.write()
    summary = summarise(folder)
    coached = [row for row, _ in given_rows if row["coached"]]
    assert summary.whole.recordings == len(coached)
    assert summary.failed == len(given_rows) - len(coached)
    for groups in (summary.exercises, summary.people):
        assert sum(each.recordings for each in groups) == len(coached)
        assert sum(each.faults for each in groups) == sum(len(faults) for _, faults in given_rows)
    for group in summary.exercises:
        rows = [row for row in coached if row["exercise"] == group.keys[0]]
        sides = ("left", "right", "both")
        assert group.repetitions == sum(row[f"repetitions_{s}"] for row in rows for s in sides)
        tried = [(row["tried_s"], row["accuracy"]) for row in rows if row["accuracy"] is not None]
        if tried:
            mean = sum(s * a for s, a in tried) / sum(s for s, _ in tried)
            assert group.accuracy == pytest.approx(mean)
        else:
            assert group.accuracy is None
    assert sum(each.count for each in summary.faults) == sum(len(f) for _, f in given_rows)
    for each in summary.unseen:
        assert each.recordings == sum(each.keys[0] in row["unseen"] for row in coached)
    known = sorted(row["accuracy"] for row in coached if row["accuracy"] is not None)
    assert [each.accuracy for each in summary.worst] == known[:WORST]


def _report(*arguments: str) -> Any:
    from posecoach.cli import cli

    return CliRunner().invoke(cli, ["report", *arguments], catch_exceptions=False)


def test_the_page_shows_people_faults_failures_and_links(tmp_path: Path) -> None:
    folder = tmp_path / "out.parquet"
    row: Row = {"exercise": "cat-cow", "person": "Ann <b>", "coached": True, "accuracy": 0.25}
    row |= {"tried_s": 9.0, "duration_s": 20.0, "unseen_s": 0.0, "unseen": [], "problem": ""}
    row |= {f"{what}_{s}": 1 for what in ("repetitions", "attempts") for s in ("left", "right")}
    row |= {"repetitions_both": 0, "attempts_both": 2}
    with Results(folder, {}) as results:
        results.add(_outcome(1, row, ["head-still"]))
        problem = "/share/2.mp4 is damaged."
        results.add(_outcome(2, row | {"coached": False, "problem": problem}, []))
        results.write()
    done = _report(str(folder), "--output", str(tmp_path / "page.html"))
    assert done.exit_code == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    for words in (
        "Cat",
        "Ann &lt;b&gt;",
        "25 %",
        "2 of 4",
        'href="file:///share/1.mp4"',
        'href="file:///share/2.mp4">2.mp4</a>',
        "<td>2.mp4 is damaged.</td>",
        "2 recordings of one person, ",
    ):
        assert words in page, words
    assert "<b>" not in page


def test_a_link_runs_nothing_whatever_the_tables_hold(tmp_path: Path) -> None:
    folder = tmp_path / "out.parquet"
    row: Row = {"exercise": "cat-cow", "person": "", "coached": True, "accuracy": 0.5}
    row |= {"tried_s": 9.0, "duration_s": 9.0, "notes": ["A word."], "frames_with_person": 9}
    outcome = _outcome(1, row, [])
    for each in outcome.rows["recordings"]:
        each["file"] = "javascript:alert(1)"
    with Results(folder, {}) as results:
        results.add(outcome)
        results.write()
    page = run_page(summarise(folder), folder)
    assert "javascript:alert(1)" in page  # its name is told
    assert 'href="javascript' not in page


def test_axe_finds_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out.parquet"
    row: Row = {"exercise": "cat-cow", "person": "Ann", "coached": True, "accuracy": 0.25}
    row |= {"tried_s": 9.0, "duration_s": 20.0, "unseen_s": 3.0, "unseen": ["the feet"]}
    row |= {"problem": "", "notes": ["The file is cut off."], "frames_with_person": 9}
    row |= {f"{what}_{side}": 1 for what in ("repetitions", "attempts") for side in SIDES}
    with Results(folder, {}) as results:
        results.add(_outcome(1, row, ["head-still"]))
        results.add(_outcome(2, row | {"coached": False, "problem": "It is damaged."}, []))
        results.write()
    check_with_axe(run_page(summarise(folder), folder), tmp_path)


def test_a_folder_that_is_no_run_is_told(tmp_path: Path) -> None:
    from posecoach.errors import OutputError

    with pytest.raises(OutputError, match="holds no tables"):
        _report(str(tmp_path))


def test_a_recording_without_anybody_is_named_with_its_note(tmp_path: Path) -> None:
    folder = tmp_path / "out.parquet"
    nobody = "Nobody was found in any picture."
    row: Row = {"exercise": "cat-cow", "person": "", "coached": True, "problem": ""}
    row |= {"accuracy": None, "tried_s": 0.0, "duration_s": 20.0, "unseen_s": 0.0, "unseen": []}
    row |= {f"{what}_{s}": 0 for what in SIDES_OF for s in SIDES}
    seen = row | {"frames": 300, "frames_with_person": 300, "notes": []}
    cut = seen | {"notes": ["It is cut off."], "duration_s": 10.0}
    empty = row | {"frames": 150, "frames_with_person": 0, "notes": [nobody], "duration_s": 10.0}
    with Results(folder, {}) as results:
        for number, each in enumerate((seen, cut, empty)):
            results.add(_outcome(number, each, []))
        results.write()
    summary = summarise(folder)
    assert (summary.empty, summary.noted) == (1, 2)
    assert [each.notes for each in summary.notes] == [[nobody], ["It is cut off."]]
    assert summary.whole.unseen_s == pytest.approx(10.0)
    page = run_page(summary, folder)
    assert "3 recordings, 40 s in all" in page  # of nobody who is named
    assert "1 shows nobody" in page
    assert "All that was needed was seen" not in page
    assert re.search(rf"file:///share/2.mp4.*{nobody}", page)
    assert re.search(r"file:///share/1.mp4.*It is cut off\.", page)
    assert "file:///share/0.mp4" not in page
