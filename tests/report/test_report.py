"""The report says what happened, to every reader, and loads nothing."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import nan
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.cli import main
from posecoach.data import data_dir
from posecoach.errors import MachineError
from posecoach.exercise.films import film_of, key_moments
from posecoach.exercise.library import standard_library
from posecoach.observe.instrument import error_deg
from posecoach.observe.observer import Observer
from posecoach.plan.plan import make_plan
from posecoach.pose.pose import Pose
from posecoach.report import wording
from posecoach.report.advice import Evidence, advise, chosen
from posecoach.report.charts import over_time
from posecoach.report.drawing import Drawing, Text
from posecoach.report.facts import Advice, AttemptFacts, FaultFacts, Reach, SessionFacts, Visibility
from posecoach.report.gather import gather
from posecoach.report.going import MOST, film_stills
from posecoach.report.page import report_page
from posecoach.report.past import accuracy_change, reach_change
from posecoach.report.pdf import report_pdf
from posecoach.report.scale import Scale, thinned, ticks
from posecoach.report.style import DARK, LIGHT
from posecoach.report.svg import svg_writer
from posecoach.report.tables import COLUMNS, report_csv, report_json
from posecoach.report.targets import reached
from posecoach.session.result import Result
from posecoach.session.session import Session
from posecoach.source.frame import Frame
from posecoach.store.recorder import Recorder
from posecoach.store.store import Store
from tests.helpers.pages import SVG, XHTML, check_structure, check_with_axe, parse, text_of
from tests.helpers.store_sessions import record
from tests.helpers.truth import true_clip
from tests.helpers.web import CHROMIUM, chromium

_PICTURE = np.zeros((1, 1, 3), np.uint8)
WELL_SEEN = Visibility(1.0, 15.0, (), (), ())


@pytest.fixture(scope="module")
def coached(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Two sessions of the bundled clip, and what the coach made of it."""
    place = tmp_path_factory.mktemp("report")
    record(place, profile="Ann")
    session, _, _ = record(place, profile="Ann")
    return place, session.result


@pytest.fixture(scope="module")
def folder(coached: tuple[Path, Result]) -> Path:
    return coached[0]


@pytest.fixture(scope="module")
def facts(folder: Path) -> SessionFacts:
    with Store.open(folder) as store:
        return gather(store, "last")


@pytest.fixture(scope="module")
def page(facts: SessionFacts) -> str:
    return report_page(facts)


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    assert isinstance(leaving.value.code, int)
    return leaving.value.code


# -- what it says ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["overhead-reach-correct", "overhead-reach-elbows-bend", "overhead-reach-hips-slide"]
)
def test_the_report_of_a_true_clip_states_the_truth(
    shared: Path, tmp_path: Path, name: str
) -> None:
    truth = true_clip(shared, name)
    plan = make_plan(standard_library().find("overhead-reach"), hold=2)
    session = Session(plan, name)
    # True joints are read by geometry: the instrument reads what a model makes of them.
    session.observer = Observer(plan.measures, fitted=False)
    with Recorder(tmp_path, source=name, live=False) as recorder:
        recorder.begin(plan)
        poses = truth.pose
        for row, time_s in enumerate(poses.time_s):
            arrays = (poses.image[row], poses.world[row], poses.visibility[row])
            pose = Pose(np.asarray(time_s), *arrays, poses.size)
            recorder.hear(session.see(Frame(_PICTURE, float(time_s)), pose))
        recorder.end(session.finish(), session.ending)
    with Store.open(tmp_path) as store:
        found = gather(store, "last")
    labels = truth.labels
    told = report_json(found)["exercises"][0]
    for side in ("left", "right"):
        assert told["repetitions"][side] == labels["repetitions"][side]
        assert told["attempts"][side] == labels["attempts"][side]
        assert told["prescription"][side] == 3
    said = [(each["fault"], each["side"]) for each in told["faults"]]
    assert said == [(each["fault"], each["side"]) for each in labels["faults"]]
    for fault, true in zip(told["faults"], labels["faults"], strict=True):
        assert fault["start_s"] == pytest.approx(true["start_s"], abs=0.5)
        assert fault["end_s"] == pytest.approx(true["end_s"], abs=0.5)
        assert fault["cue"]
    complete = [each for each in told["holds"] if each["completed"]]
    correct = [each for each in labels["holds"] if each["step"] == "lean" and each["correct"]]
    assert len(complete) == len(correct) or name.endswith("hips-slide")
    for true in correct:
        same = [
            h for h in complete if h["start_s"] < true["end_s"] and h["end_s"] > true["start_s"]
        ]
        assert [each["side"] for each in same] == [true["side"]]
        assert same[0]["held_s"] >= true["end_s"] - true["start_s"] - 0.2
    text = text_of(parse(report_page(found)))
    left, right = labels["repetitions"]["left"], labels["repetitions"]["right"]
    assert f"left {left} of 3, right {right} of 3" in text
    for fault in found.exercises[0].faults:
        assert f"{fault.name} ({fault.side})" in text
        assert f"{wording.clock(fault.start_s)} to {wording.clock(fault.end_s)}" in text
        assert fault.cue in text
    if not labels["faults"]:
        assert "No form fault was found." in text
    for hold in complete:
        assert wording.seconds(hold["held_s"]) in text
    truly = np.max(truth.truth["trunk_lateral_flexion"])
    far = next(each for each in told["range"] if each["movement"] == "trunk lean to the left")
    assert far["reached"] == pytest.approx(truly, abs=5)


def test_counts_faults_and_holds_are_those_the_coach_told(
    facts: SessionFacts, coached: tuple[Path, Result]
) -> None:
    result = coached[1].as_json()
    found = facts.exercises[0]
    assert {c.side: c.counted for c in found.counts}.items() <= result["repetitions"].items()
    assert [(f.id, f.side, round(f.start_s, 3)) for f in found.faults] == [
        (f["fault"], f["side"], f["start_s"]) for f in result["faults"]
    ]
    assert [h.held_s for h in found.holds] == pytest.approx(
        [h["held_s"] for h in result["holds"]], abs=1e-3
    )
    assert len(found.attempts) == sum(result["attempts"].values()) > 2
    assert found.result == result


def test_the_page_has_everything_a_reader_looks_for(facts: SessionFacts, page: str) -> None:
    text = text_of(parse(page))
    for words in (
        "Overall accuracy",
        facts.meaning,
        "What to work on next",
        "Best moment",
        "Form faults",
        "Compared with the last sessions",
        "How far you came",
        "Hold times",
        "Angles over time",
        "Repetition by repetition",
        "What the camera could see",
        "How sure each angle is",
        wording.STOP,
        "not a diagnosis",
        f"± {round(error_deg('trunk_turn'))}°",
    ):
        assert words in text
    exercise = facts.exercises[0]
    assert 1 <= len(facts.advice) <= 3
    for advice in facts.advice:
        assert advice.about in text
        assert advice.words in text
    for track in exercise.tracks:
        assert f"{track.title} over time" in text
    assert page.count("<li><svg") >= len(exercise.attempts)


def test_the_second_session_is_compared_with_the_first(facts: SessionFacts) -> None:
    exercise = facts.exercises[0]
    assert [each.now for each in exercise.past] == [False, True]
    # The same landmarks twice: nothing changed, and the report must not say otherwise.
    assert exercise.compared
    assert all("unchanged" in each for each in exercise.compared)


def test_the_first_session_says_that_it_is_the_first(folder: Path) -> None:
    with Store.open(folder) as store:
        first = gather(store, "1")
    assert first.exercises[0].compared == (
        "This is the first time this stretch was recorded with an attempt.",
    )


def test_a_session_in_which_nothing_was_tried_is_no_first_one(tmp_path: Path) -> None:
    record(tmp_path, until_s=1.0)
    with Store.open(tmp_path) as store:
        found = gather(store, "last")
    assert not found.exercises[0].attempts
    assert found.exercises[0].compared == (
        "There is no session of this stretch with an attempt yet.",
    )


def test_words_that_were_said_are_not_called_unsaid(facts: SessionFacts, page: str) -> None:
    """A step's target asks for the same in the same words, and sooner than the fault is sure."""
    faults = facts.exercises[0].faults
    assert [each.id for each in faults] == ["elbow-not-90"] * 2
    for fault in faults:
        assert fault.told_s is not None
        assert fault.start_s <= fault.told_s <= fault.end_s
    assert "(not said at that time)" not in page


def test_own_ranges_are_laid_beside(folder: Path) -> None:
    with Store.open(folder) as store:
        found = gather(store, "last", {("trunk_turn", -1): 52.0})
    own = {each.title: each.own for each in found.exercises[0].reaches}
    assert own["trunk turn to the right"] == 52.0
    assert own["trunk turn to the left"] is None
    assert "of your 52°" in text_of(parse(report_page(found)))


def test_without_landmarks_there_is_no_picture_and_it_is_said(tmp_path: Path) -> None:
    record(tmp_path, landmarks=False)
    with Store.open(tmp_path) as store:
        found = gather(store, "last")
    assert found.exercises[0].pictures == ()
    assert "The landmarks were not kept" in text_of(check_structure(report_page(found)))


def test_an_unfinished_session_is_reported_as_such(tmp_path: Path) -> None:
    record(tmp_path, finish=False)
    with sqlite3.connect(tmp_path / "sessions.db") as database:
        database.execute("UPDATE session SET written_at = written_at - 1000")
    with Store.open(tmp_path) as store:
        found = gather(store, "last")
    assert "This session broke off" in text_of(check_structure(report_page(found)))


def test_a_definition_of_another_version_costs_only_the_targets(tmp_path: Path) -> None:
    record(tmp_path)
    with sqlite3.connect(tmp_path / "sessions.db") as database:
        database.execute("UPDATE definition SET text = 'id: x'")
    with Store.open(tmp_path) as store:
        found = gather(store, "last")
    text = text_of(check_structure(report_page(found)))
    assert "does not understand the definition" in text
    assert len(found.exercises[0].attempts) > 2
    assert report_csv(found)


# -- the page --------------------------------------------------------------------------


def test_the_page_is_strict_html_and_loads_nothing(page: str) -> None:
    check_structure(page)


def test_the_page_asks_for_no_style_that_a_strict_server_refuses(page: str) -> None:
    """``posecoach app`` allows the one style sheet by its digest, and no attribute."""
    assert 'class="head"' in page
    assert " style=" not in page


@contextmanager
def _glance_on_a_phone(text: str, tmp_path: Path) -> Iterator[Any]:
    """The table of all stretches of a page, in a real browser as wide as a phone."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here (apt-get install chromium)")
    path = tmp_path / "report.html"
    path.write_text(text)
    with sync_api.sync_playwright() as play:
        browser = chromium(play, None)
        shown = browser.new_page(viewport={"width": 390, "height": 844})
        shown.goto(path.as_uri())
        yield shown.get_by_role("region", name="Table of all stretches")
        browser.close()


TOO_WIDE = "(it) => it.scrollWidth - it.clientWidth"


def test_no_column_of_the_first_table_is_cut_off_on_a_phone(page: str, tmp_path: Path) -> None:
    with _glance_on_a_phone(page, tmp_path) as table:
        assert table.evaluate(TOO_WIDE) == 0


def test_where_a_table_is_cut_off_its_accuracy_is_seen_and_that_it_goes_on(
    facts: SessionFacts, tmp_path: Path
) -> None:
    """A stretch of one's own may have a name that breaks nowhere."""
    exercise = replace(facts.exercises[0], name="Schulterblattbewegungen")
    text = report_page(replace(facts, exercises=(exercise,)))
    with _glance_on_a_phone(text, tmp_path) as table:
        assert table.evaluate(TOO_WIDE) > 0
        box = table.get_by_role("columnheader", name="Accuracy").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] < 376
        assert "local" in table.evaluate("(it) => getComputedStyle(it).backgroundAttachment")


@pytest.mark.parametrize("seconds", [15.0, 60.0, 600.0, 3600.0])
def test_a_moment_at_the_end_is_written_whole(facts: SessionFacts, seconds: float) -> None:
    drawing = over_time(facts.exercises[0].tracks[0], seconds, [], [])
    moments = [mark for mark in drawing.marks if isinstance(mark, Text) and mark.anchor == "middle"]
    assert moments[-1].text == wording.clock(seconds)
    for mark in moments:
        # A digit of DejaVu Sans, the widest of the fonts asked for, is 0.64 of its size wide.
        colons = mark.text.count(":")
        width = mark.size * (0.64 * (len(mark.text) - colons) + 0.34 * colons)
        assert mark.x + width / 2 <= drawing.width


def test_the_film_of_a_stretch_is_in_the_page_and_waits_to_be_asked(
    facts: SessionFacts, page: str
) -> None:
    (video,) = parse(page).iter(f"{XHTML}video")
    film = data_dir("demonstrations") / f"{facts.exercises[0].id}.mp4"
    assert base64.b64decode(video.get("src", "").partition(",")[2]) == film.read_bytes()
    assert "autoplay" not in video.attrib  # nothing moves of itself
    assert "controls" in video.attrib
    stills = list(parse(page).iter(f"{XHTML}img"))
    assert [each.get("alt") for each in stills] == ["How it goes: start", "How it goes: turn"]
    for still in stills:
        jpeg = np.frombuffer(base64.b64decode(still.get("src", "").partition(",")[2]), np.uint8)
        picture = cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
        assert picture.shape == (180, 240, 3)
        assert picture.std() > 20  # and there is something in it


def test_of_a_stretch_of_ones_own_a_figure_moves_and_stands_still_on_paper(
    facts: SessionFacts,
) -> None:
    own = replace(facts.exercises[0], film=None)
    tree = check_structure(report_page(replace(facts, exercises=(own,))))
    assert not [*tree.iter(f"{XHTML}video"), *tree.iter(f"{XHTML}img")]
    (moving,) = (e for e in tree.iter(f"{XHTML}figure") if e.get("class") == "moving")
    assert [*moving.iter(f"{SVG}animate")]
    (stills,) = (e for e in tree.iter() if "stills" in (e.get("class") or ""))
    assert "instead" in (stills.get("class") or "")
    assert not [*stills.iter(f"{SVG}animate")]
    assert own.shown is not None
    assert own.shown.keys[0].say in text_of(stills)


def test_the_pdf_shows_the_key_moments(facts: SessionFacts) -> None:
    pytest.importorskip("fpdf")
    assert report_pdf(facts).count(b"/Subtype /Image") == 2
    own = replace(facts.exercises[0], film=None)
    assert b"/Subtype /Image" not in report_pdf(replace(facts, exercises=(own,)))


@pytest.mark.parametrize("film", sorted(data_dir("demonstrations").glob("*.mp4")))
def test_each_film_has_a_picture_of_every_step(film: Path) -> None:
    exercise = standard_library().find(film.stem)
    assert film_of(exercise) == film
    names = [step.id for step in exercise.steps]
    told = [*key_moments(film)]
    assert told[0] == "start"
    assert len(told) == 1 + len(names)
    assert len(film_stills(film)) == min(MOST, len(told))


def test_axe_finds_nothing(page: str, tmp_path: Path) -> None:
    check_with_axe(page, tmp_path)


def test_what_people_wrote_cannot_become_markup(tmp_path: Path) -> None:
    nasty = '<script>alert("1")</script>'
    exercise = standard_library().find("wall-stretch")
    faults = [fault.model_copy(update={"name": nasty}) for fault in exercise.faults]
    evil = exercise.model_copy(update={"name": nasty, "purpose": nasty, "faults": tuple(faults)})
    record(tmp_path, source=nasty, profile=nasty)
    from posecoach.store.definitions import definition_text

    with sqlite3.connect(tmp_path / "sessions.db") as database:
        database.execute("UPDATE exercise SET name = ?", [nasty])
        database.execute("UPDATE definition SET text = ?", [definition_text(evil)])
    with Store.open(tmp_path) as store:
        found = gather(store, "last")
    tree = check_structure(report_page(found))
    assert nasty in text_of(tree)
    assert report_pdf(found).startswith(b"%PDF")


def _contrast(a: str, b: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_read(colours: dict[str, str]) -> None:
    for ground in ("page", "panel"):
        for name in ("text", "quiet", "left", "right", "both", "good", "fault", "link", "own"):
            assert _contrast(colours[name], colours[ground]) >= 4.5, name


@given(st.text())
def test_a_drawing_escapes_its_words(text: str) -> None:
    drawing = Drawing(10, 10, text, text, (Text("label", 1, 1, text),))
    written = str(svg_writer()(drawing))
    inside = re.sub(r"</?(svg|title|desc|text)\b[^<>]*>", "", written)
    assert "<" not in inside
    assert ">" not in inside


def test_a_drawing_knows_only_roles_that_have_a_look() -> None:
    with pytest.raises(ValueError, match="no role"):
        Drawing(1, 1, "", "", (Text("nonsense", 0, 0, ""),))


# -- other formats ---------------------------------------------------------------------


def test_csv_is_one_table_with_a_row_for_each_thing(facts: SessionFacts) -> None:
    rows = list(csv.DictReader(io.StringIO(report_csv(facts))))
    assert tuple(rows[0]) == COLUMNS
    exercise = facts.exercises[0]
    for kind, things in (
        ("attempt", exercise.attempts),
        ("hold", exercise.holds),
        ("fault", exercise.faults),
    ):
        assert sum(row["kind"] == kind for row in rows) == len(things)


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@x"])
def test_csv_holds_no_formula(facts: SessionFacts, text: str) -> None:
    exercise = facts.exercises[0]
    faults = (FaultFacts("f", "f", "left", "form", 0.0, 1.0, text, None),)
    written = report_csv(replace(facts, exercises=(replace(exercise, faults=faults),)))
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [row["text"] for row in rows if row["kind"] == "fault"] == [f"'{text}"]


def test_json_has_no_infinite_numbers(facts: SessionFacts) -> None:
    json.dumps(report_json(facts), allow_nan=False)


def test_pdf_has_a_page_for_the_session_and_some_for_each_exercise(facts: SessionFacts) -> None:
    written = report_pdf(facts)
    assert written.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b(?!s)", written)) >= 2


def test_without_fpdf2_it_says_how_to_get_it(
    facts: SessionFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(MachineError, match=r"posecoach\[pdf\]"):
        report_pdf(facts)


# -- the command -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["html", "json", "csv", "pdf"])
def test_the_command_writes_every_format(folder: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"out.{kind}"
    assert _run("report", "last", "--output", str(target), "--data-dir", str(folder)) == 0
    begins = {"html": b"<!DOCTYPE html>", "json": b"{", "csv": b"session,", "pdf": b"%PDF"}
    assert target.read_bytes().startswith(begins[kind])


def test_the_command_writes_to_standard_output(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert _run("report", "1", "--format", "json", "--data-dir", str(folder)) == 0
    assert json.loads(capfdbinary.readouterr().out)["session"] == 1


def test_mistakes_are_one_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = {
        "There is no session '77'": ["77", "--data-dir", str(folder)],
        "There are no sessions": ["last", "--data-dir", str(tmp_path / "none")],
        "does not exist": ["last", "--data-dir", str(folder), "--output", str(tmp_path / "x/y")],
        "There is no file to open": ["--data-dir", str(folder), "--output", "-", "--open"],
        "must end in .html": ["--data-dir", str(folder), "--output", str(tmp_path / "a.docx")],
    }
    for sentence, arguments in cases.items():
        assert _run("report", *arguments) == 2
        said = capsys.readouterr().err
        assert sentence in said
        assert said.count("\n") == 1
    assert not (tmp_path / "none").exists()


def test_a_broken_database_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sessions.db").write_bytes(b"not a database at all, not in the least" * 50)
    assert _run("report", "--data-dir", str(tmp_path)) == 2
    assert capsys.readouterr().err.count("\n") == 1


# -- numbers and words -----------------------------------------------------------------


def test_changes_smaller_than_the_error_are_called_unchanged() -> None:
    assert "unchanged" in reach_change("trunk turn", 28, 22, 6, "°")
    assert "farther" in reach_change("trunk turn", 31, 22, 6, "°")
    assert "less far" in reach_change("trunk turn", 10, 22, 6, "°")
    assert "unchanged" in accuracy_change(0.80, 0.75, "on 1 May")
    assert "went up" in accuracy_change(0.90, 0.75, "on 1 May")
    assert "went down" in accuracy_change(0.60, 0.75, "on 1 May")


def test_a_jerk_is_not_reached() -> None:
    times = np.arange(0, 10, 0.1)
    values = np.where((times > 3) & (times < 6), 30.0, 0.0)
    values[50:52] = 90.0
    lasting = np.full(len(times), 0.1)
    everywhere = np.ones(len(times), dtype=bool)
    assert reached(values, lasting, everywhere) == 30.0
    assert np.isnan(reached(np.full(len(times), nan), lasting, everywhere))


@given(
    st.lists(st.one_of(st.floats(-180, 180), st.just(nan)), min_size=1, max_size=3000),
    st.integers(5, 400),
)
def test_thinning_keeps_every_peak(values: list[float], columns: int) -> None:
    series = np.array(values)
    times = np.arange(len(series)) / 30
    runs = thinned(times, series, columns)
    known = series[np.isfinite(series)]
    if not known.size:
        assert runs == []
        return
    kept = np.concatenate([v for _, v in runs])
    assert kept.max() == known.max()
    assert kept.min() == known.min()
    assert all((np.diff(t) > 0).all() for t, _ in runs)


@given(st.floats(-1000, 1000), st.floats(0.01, 2000), st.integers(1, 10))
def test_ticks_are_within_and_not_too_many(low: float, span: float, most: int) -> None:
    found = ticks(low, low + span, most)
    assert len(found) <= most + 1
    assert all(low - 1e-6 * span <= each <= low + span * (1 + 1e-6) for each in found)


@given(st.floats(-1e6, 1e6))
def test_a_scale_stays_on_the_drawing(value: float) -> None:
    assert 10 <= Scale(-5, 20, 10, 110)(value) <= 110


def _attempt(side: str, counted: bool, **reached_: float) -> AttemptFacts:
    return AttemptFacts(1, side, 0.0, 5.0, counted, float(counted), "", dict(reached_), ())


def _fault(id_: str, severity: str, lasted: float) -> FaultFacts:
    return FaultFacts(id_, id_, "left", severity, 0.0, lasted, f"Mend {id_}.", None)


def test_safety_is_advised_first_and_long_faults_before_short_ones() -> None:
    tries = [_attempt("left", False), _attempt("left", True)]
    faults = [_fault("long", "form", 4.0), _fault("short", "form", 1.0), _fault("s", "safety", 1.0)]
    found = advise(Evidence("x", tries, faults=faults, visibility=WELL_SEEN))
    assert [each.about for each in found] == ["S", "Long", "Short"]


def test_a_range_that_was_reached_is_no_advice() -> None:
    def far(best: float) -> tuple[Advice, ...]:
        reach = Reach("turn", "k", "trunk_turn", "left", best, 6.0, "°", 20.0, None, None, None)
        tries = [_attempt("left", best >= 20, turn=best)]
        return advise(Evidence("x", tries, reaches=[reach], visibility=WELL_SEEN))

    assert far(25) == ()
    assert "cannot be sure" in far(16)[0].words
    assert "as far as it is comfortable" in far(8)[0].words


def test_three_things_are_chosen_and_not_all_of_one_exercise() -> None:
    given_ = [Advice(1 - i / 10, str(i), "", "a") for i in range(5)]
    given_.append(Advice(0.1, "other", "", "b"))
    assert [each.about for each in chosen(given_)] == ["0", "1", "other"]


def test_numbers_are_written_as_people_do() -> None:
    assert wording.unsure(28.4, 5) == "28° ± 5°"
    assert wording.degrees(-3.2) == "−3°"
    assert wording.degrees(-0.2) == "0°"
    assert wording.seconds(2.94) == "2.9 s"
    assert wording.seconds(9.97) == "10 s"
    assert wording.seconds(200) == "3 min 20 s"
    assert wording.seconds(9780) == "2 h 43 min"
    assert wording.clock(69.7) == "1:09"


def test_nothing_sounds_like_a_diagnosis(page: str) -> None:
    text = text_of(parse(page)).lower().replace("not a diagnosis", "")
    for word in ("diagnos", "patient", "abnormal", "deficit", "impair", "patholog"):
        assert word not in text
