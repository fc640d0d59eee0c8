"""``posecoach sessions``: what is kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any

import click

from posecoach.cli import options
from posecoach.shares import percent

if TYPE_CHECKING:
    from posecoach.store.values import SessionRow

SHOWN = 20
"""Lines that fit into a terminal of the usual 24, with the head above them."""


@click.command()
@click.option("--exercise", metavar="ID", help="Only sessions with this exercise.")
@click.option("--since", type=options.Day(), help="Only from this day on.")
@click.option("--profile", metavar="NAME", help="Only of this person.")
@click.option("--all", "everything", is_flag=True, help=f"All of them, not the last {SHOWN}.")
@click.option("--json", "as_json", is_flag=True, help="As JSON on standard output.")
@options.data_dir
def sessions(
    exercise: str | None,
    since: datetime | None,
    profile: str | None,
    everything: bool,
    as_json: bool,
    data_dir: Path | None,
) -> None:
    """List the sessions kept on this machine, the newest first."""
    from posecoach.store.store import Store

    with Store.open(data_dir) as store:
        rows = store.sessions(
            exercise=exercise,
            since=since.date() if since else None,
            profile=profile,
            limit=None if everything or as_json else SHOWN,
        )
        total = store.count()
        where = store.path
    if as_json:
        import json

        click.echo(json.dumps([_as_json(row) for row in rows], indent=2, ensure_ascii=False))
        return
    if not rows:
        what = "None of them is like that." if total else "`posecoach run` makes the first."
        click.echo(f"{total or 'No'} session{'' if total == 1 else 's'} in {where}. {what}")
        return
    _print(rows)
    if total > len(rows):
        click.echo(f"{len(rows)} of {total} sessions in {where}; --all shows all.")


def _print(rows: list[SessionRow]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for title, justify in (
        ("no.", "right"),
        ("when", "left"),
        ("exercise", "left"),
        ("repetitions", "left"),
        ("min", "right"),
        ("accuracy", "right"),
        ("", "left"),
    ):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]
    for row in rows:
        for index, each in enumerate(row.exercises or [None]):
            first = index == 0
            accuracy = each.accuracy if each else None
            notes = [row.profile, "" if row.state == "finished" else row.state]
            notes.append("dated in the future" if row.started.timestamp() > time() else "")
            table.add_row(
                str(row.number) if first else "",
                f"{row.started:%Y-%m-%d %H:%M}" if first else "",
                Text(each.name if each else "-"),
                _repetitions(each) if each else "",
                f"{each.duration_s / 60:.1f}" if each else "",
                percent(accuracy),
                Text(", ".join(note for note in notes if note) if first else "", style="dim"),
            )
    Console().print(table)


def _repetitions(exercise: Any) -> str:
    counts = []
    for side, wanted in exercise.wanted.items():
        tally = exercise.tallies.get(side)
        done = str(tally.repetitions if tally else 0)
        if wanted:
            done += f"/{wanted}"
        counts.append(done if side == "both" else f"{side} {done}")
    return ", ".join(counts)


def _as_json(row: SessionRow) -> dict[str, object]:
    return {
        "session": row.number,
        "uuid": row.uuid,
        "started": row.started.isoformat(timespec="seconds"),
        "source": row.source,
        "profile": row.profile,
        "state": row.state,
        "duration_s": round(row.duration_s, 3),
        "accuracy": _rounded(row.accuracy),
        "exercises": [
            {
                "exercise": each.exercise,
                "name": each.name,
                "duration_s": round(each.duration_s, 3),
                "accuracy": _rounded(each.accuracy),
                "wanted": dict(each.wanted),
                "sides": {
                    side: {
                        "repetitions": tally.repetitions,
                        "attempts": tally.attempts,
                        "faults": tally.faults,
                        "held_s": round(tally.held_s, 3),
                        "accuracy": _rounded(tally.accuracy),
                    }
                    for side, tally in each.tallies.items()
                },
            }
            for each in row.exercises
        ],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
