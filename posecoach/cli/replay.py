"""``posecoach replay``: coach a kept session again and show what changes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.cli import options
from posecoach.errors import ExerciseError, StoreError

if TYPE_CHECKING:
    from posecoach.exercise.definition import Exercise
    from posecoach.store.changes import Change
    from posecoach.store.replay import Replayed
    from posecoach.store.values import StoredExercise, StoredSession


@dataclass(frozen=True, slots=True)
class _Again:
    stored: StoredExercise
    replayed: Replayed
    by: str
    took_s: float

    @property
    def same(self) -> bool:
        return self.replayed.same_as(self.stored)

    def lines(self) -> list[Change]:
        from posecoach.store.changes import compare

        return compare(self.stored.result, self.replayed.result)


@click.command()
@click.argument("selector", metavar="SESSION")
@click.option(
    "--exercise-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Coach by this definition, in place of today's of the same name.",
)
@click.option("--as-recorded", is_flag=True, help="Coach by the definition of the session.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@options.exercises
@options.data_dir
def replay(
    selector: str,
    exercise_file: Path | None,
    as_recorded: bool,
    as_json: bool,
    folder: Path | None,
    data_dir: Path | None,
) -> None:
    """Coach a kept session again, by today's definition, and show what changes.

    SESSION is a number, the beginning of a uuid, or last. Nothing kept is changed.
    """
    from posecoach.store.store import Store

    if exercise_file is not None and as_recorded:
        raise click.UsageError("Give either --exercise-file or --as-recorded.")
    with Store.open(data_dir) as store:
        session = store.load(selector)
    if not session.exercises:
        raise StoreError(f"Session {session.row.number} broke off before anything was seen.")
    done = [
        _again(session, stored, by)
        for stored in session.exercises
        for by in [_definition(session, stored, exercise_file, as_recorded, folder)]
        if by is not None
    ]
    if as_json:
        import json

        click.echo(json.dumps(_as_json(session, done), indent=2, ensure_ascii=False))
        return
    _print(session, done)


def _definition(
    session: StoredSession,
    stored: StoredExercise,
    file: Path | None,
    as_recorded: bool,
    folder: Path | None,
) -> tuple[Exercise, str] | None:
    """The definition to coach by and what to call it; None for an exercise not meant."""
    if file is not None:
        from posecoach.exercise.library import load

        exercise = load(file)
        meant = [e for e in session.exercises if e.row.exercise == exercise.id]
        if not meant and len(session.exercises) > 1:
            raise StoreError(
                f"Session {session.row.number} has no exercise {exercise.id}; the definition "
                "must be of one of its exercises."
            )
        return (exercise, str(file)) if stored in meant or not meant else None
    if not as_recorded:
        try:
            return options.find_exercise(stored.row.exercise, folder), "today's definition"
        except ExerciseError:
            pass  # gone, or broken by now: the session brings its own
    return stored.definition(), "the session's own definition"


def _again(session: StoredSession, stored: StoredExercise, by: tuple[Exercise, str]) -> _Again:
    from posecoach.store.definitions import definition_text, plan_again
    from posecoach.store.replay import replay as coach_again

    exercise, name = by
    if definition_text(exercise) == stored.definition_text:
        name = "the same definition"
    began = time.perf_counter()
    plan = plan_again(exercise, stored.row.prescription)
    replayed = coach_again(stored, plan, session.row.source)
    return _Again(stored, replayed, name, time.perf_counter() - began)


def _print(session: StoredSession, done: list[_Again]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    row = session.row
    console.print(
        f"Session {row.number} of {row.started:%Y-%m-%d %H:%M}"
        + ("" if row.state == "finished" else f" ({row.state})"),
        highlight=False,
    )
    for each in done:
        stored = each.stored
        console.print(Text(f"\n{stored.row.name}, coached again by {each.by}", style="bold"))
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("")
        for title in ("then", "now"):
            table.add_column(title, justify="right")
        for line in each.lines():
            style = "yellow" if line.changed else ""
            table.add_row(Text(line.what), _shown(line.then), _shown(line.now), style=style)
        console.print(table)
        if each.same:
            verdict = "The same, event by event."
        elif any(line.changed for line in each.lines()):
            verdict = "What changed is marked."
        else:
            verdict = "The counts are the same; times or accuracies of single events differ."
        console.print(verdict, highlight=False)
        if each.replayed.measured:
            console.print(
                f"Measured again from the landmarks: {', '.join(each.replayed.measured)}.",
                style="dim",
                highlight=False,
            )
        duration = stored.row.duration_s
        console.print(
            f"{duration / 60:.1f} min in {each.took_s:.2f} s, "
            f"{duration / max(each.took_s, 1e-6):.0f} times real time.",
            style="dim",
            highlight=False,
        )


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _as_json(session: StoredSession, done: list[_Again]) -> dict[str, object]:
    return {
        "session": session.row.number,
        "uuid": session.row.uuid,
        "started": session.row.started.isoformat(timespec="seconds"),
        "state": session.row.state,
        "exercises": [
            {
                "exercise": each.stored.row.exercise,
                "by": each.by,
                "same": each.same,
                "then": each.stored.result.as_json(),
                "now": each.replayed.result.as_json(),
                "changes": [
                    {"what": line.what, "then": line.then, "now": line.now}
                    for line in each.lines()
                    if line.changed
                ],
                "measured_again": list(each.replayed.measured),
            }
            for each in done
        ],
    }
