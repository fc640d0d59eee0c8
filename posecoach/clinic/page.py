"""One page for a whole run: repetitions, accuracy, faults, what could not be seen, the worst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import quote

from posecoach.clinic.summary import Count, Group, Summary
from posecoach.errors import ExerciseError
from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import standard_library
from posecoach.report import wording
from posecoach.report.page import render
from posecoach.report.shown import Card, Cell, Figures
from posecoach.shares import percent

MOST_ROWS = 500
"""Of a table on the page: more nobody reads there, and the Parquet tables have all."""


def run_page(summary: Summary, folder: Path) -> str:
    """Write the page as HTML; it loads nothing, its links lead to the recordings' files."""
    return render(
        "study.html",
        f"Recordings in {folder.name}",
        about=_about(summary),
        cards=_cards(summary),
        exercises=_by_exercise(summary.exercises),
        people=_by_person(summary.people),
        people_left=max(0, len(summary.people) - MOST_ROWS),
        faults=_of_faults(summary.faults),
        personal=_of_persons(summary.personal),
        personal_left=max(0, len(summary.personal) - MOST_ROWS),
        unseen=_unseen(summary),
        worst=[
            (
                _link(each.file),
                Path(each.file).name,
                _name(each.exercise),
                each.person or "–",
                f"{each.repetitions} of {each.attempts}",
                percent(each.accuracy),
            )
            for each in summary.worst
        ],
        notes=[
            (_link(each.file), Path(each.file).name, " ".join(each.notes)) for each in summary.notes
        ],
        notes_left=summary.noted - len(summary.notes),
        failures=[
            (_link(each.file), Path(each.file).name, _of(each.file, each.problem))
            for each in summary.failures
        ],
        failed_left=summary.failed - len(summary.failures),
        disclaimer=wording.NOT_A_DIAGNOSIS,
    )


def _link(file: str) -> str:
    """The address of a recording. Whatever stands in the tables, it is a file's and no program."""
    return Path(file).as_uri() if Path(file).is_absolute() else f"file:{quote(file)}"


def _of(file: str, problem: str) -> str:
    """What is told of a file, by its name: where it lies its link tells."""
    return problem.replace(file, Path(file).name)


def _about(summary: Summary) -> str:
    people = {0: "", 1: " of one person"}.get(summary.persons, f" of {summary.persons} persons")
    recordings = wording.count(summary.whole.recordings + summary.failed, "recording")
    return f"{recordings}{people}, {wording.seconds(summary.whole.seconds)} in all"


def _cards(summary: Summary) -> list[Card]:
    whole = summary.whole
    share = whole.unseen_s / whole.seconds if whole.seconds else None
    without = f"; {summary.empty} show{'s' * (summary.empty == 1)} nobody" if summary.empty else ""
    return [
        Card("Coached", str(whole.recordings), f"{summary.failed} could not be{without}"),
        Card("Repetitions", str(whole.repetitions), f"of {whole.attempts} attempts"),
        Card("Accuracy", percent(whole.accuracy), "of what is asked for in attempts"),
        Card("Not seen", percent(share), "of the time something was hidden"),
    ]


def _unseen(summary: Summary) -> Figures:
    nobody = [("Nobody was found in any picture.", summary.empty)] if summary.empty else []
    parts = [(each.keys[0], each.recordings) for each in summary.unseen[:MOST_ROWS]]
    return Figures(["What could not be seen", "Recordings"], [*nobody, *parts], (1,))


def _by_exercise(groups: Iterable[Group]) -> Figures:
    return _figures(["Exercise"], ((_name(each.keys[0]),) for each in groups), groups)


def _by_person(groups: Sequence[Group]) -> Figures:
    few = groups[:MOST_ROWS]
    names = ((each.keys[0] or "–", _name(each.keys[1])) for each in few)
    return _figures(["Person", "Exercise"], names, few)


def _figures(head: list[str], names: Iterable[tuple[str, ...]], groups: Iterable[Group]) -> Figures:
    columns = ["Recordings", "Counted", "Attempts", "Accuracy", "Faults", "Not seen"]
    rows: list[Sequence[Cell]] = [
        (
            *name,
            each.recordings,
            each.repetitions,
            each.attempts,
            percent(each.accuracy),
            each.faults,
            percent(each.unseen_s / each.seconds if each.seconds else None),
        )
        for name, each in zip(names, groups, strict=True)
    ]
    return Figures(head + columns, rows, tuple(range(len(head), len(head) + len(columns))))


def _of_faults(counts: Iterable[Count]) -> Figures:
    rows = [
        (_name(exercise), _fault(exercise, fault), each.count, each.recordings)
        for each in counts
        for exercise, fault in [each.keys]
    ]
    return Figures(["Exercise", "Fault", "Times", "Recordings"], rows[:MOST_ROWS], (2, 3))


def _of_persons(counts: Sequence[Count]) -> Figures:
    rows = [
        (person or "–", _name(exercise), _fault(exercise, fault), each.count, each.recordings)
        for each in counts[:MOST_ROWS]
        for person, exercise, fault in [each.keys]
    ]
    return Figures(["Person", "Exercise", "Fault", "Times", "Recordings"], rows, (3, 4))


@cache
def _exercise(id_: str) -> Exercise | None:
    """The definition here; None where it was one of somebody's own."""
    try:
        return standard_library().find(id_)
    except ExerciseError:
        return None


def _name(id_: str) -> str:
    found = _exercise(id_)
    return id_ if found is None else found.name


def _fault(exercise: str, id_: str) -> str:
    found = _exercise(exercise)
    faults = () if found is None else found.faults
    return next((each.name for each in faults if each.id == id_ and each.name), id_)
