"""``posecoach history``: practice over the weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.cli import options

if TYPE_CHECKING:
    from posecoach.outputs import Output


@dataclass(frozen=True, slots=True)
class HistoryOptions:
    """What ``history`` was given; see its options."""

    exercise: str | None
    since: datetime | None
    profile: str | None
    page: str | None
    show: bool
    as_json: bool
    data_dir: Path | None


@click.command()
@click.option("--exercise", metavar="ID", help="Only this exercise.")
@click.option(
    "--since",
    type=options.Day(),
    help="Only from this day on, as in 2025-03-31.",
)
@click.option("--profile", metavar="NAME", help="Only this person's sessions.")
@click.option("--html", "page", metavar="FILE", help="Write it as a page to this file.")
@click.option("--open", "show", is_flag=True, help="Show the page when it is written.")
@click.option("--json", "as_json", is_flag=True, help="Write it as JSON to standard output.")
@click.option(
    "--data-dir",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where sessions are kept, in place of $POSECOACH_DATA or your own data folder.",
)
@options.gathered(HistoryOptions)
def history(asked: HistoryOptions) -> None:
    """Show how practice went: calendar, streak, accuracy, hold times, range by week."""
    from posecoach.errors import OutputError
    from posecoach.outputs import Outputs
    from posecoach.report.history import gather_history
    from posecoach.store.database import data_folder
    from posecoach.store.store import Store
    from posecoach.writing import as_text

    outputs = Outputs([], data_folder(asked.data_dir))
    target = outputs.take(asked.page, "html") if asked.page else None
    if asked.as_json:
        outputs.take("-", "json")
    if asked.show and (target is None or target.path is None):
        raise OutputError("There is no page to open; name one with --html.")
    with Store.open(asked.data_dir) as store:
        found = gather_history(
            store,
            datetime.now().astimezone().date(),
            exercise=asked.exercise,
            since=asked.since.date() if asked.since else None,
            profile=asked.profile,
        )
    if target is not None:
        _write_page(found, asked.exercise, target, asked.show)
    if asked.as_json:
        from posecoach.report.history_values import history_json

        click.echo(as_text(history_json(found)), nl=False)
    elif target is None:
        from rich.console import Console

        from posecoach.report.history_terminal import print_history

        print_history(Console(highlight=False), found)


def _write_page(found: object, exercise: str | None, target: Output, show: bool) -> None:
    from posecoach.cli.browser import open_in_browser
    from posecoach.report.history import History
    from posecoach.report.history_page import history_page

    assert isinstance(found, History)
    only = found.exercises[0].name if exercise else ""
    page = history_page(found, only)
    if target.path is None:
        click.echo(page, nl=False)
        return
    target.write_text(page)
    click.echo(f"The history is written to {target.path}.", err=True)
    if show and not open_in_browser(target.path):
        click.echo("No browser was found; open the file yourself.", err=True)
