"""``posecoach forget``: delete sessions for good."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from posecoach.cli import options


@click.command()
@click.argument("selectors", nargs=-1, metavar="[SESSION...]")
@click.option("--before", type=options.Day(), help="All from before this day.")
@click.option("--all", "everything", is_flag=True, help="All sessions.")
@click.option("--clean", is_flag=True, help="Only complete an earlier deletion.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.data_dir
def forget(
    selectors: tuple[str, ...],
    before: datetime | None,
    everything: bool,
    clean: bool,
    yes: bool,
    data_dir: Path | None,
) -> None:
    """Delete sessions so that nothing of them is left, videos too.

    SESSION is a number, the beginning of a uuid, or last. Copies made with `posecoach
    export`, reports and backups are not touched.
    """
    from posecoach.store import forget as forgetting
    from posecoach.store.database import data_folder
    from posecoach.store.store import Store

    if sum([bool(selectors), before is not None, everything, clean]) != 1:
        raise click.UsageError("Give sessions, or one of --before, --all and --clean.")
    folder = data_folder(data_dir)
    with Store.open(folder) as store:
        if selectors:
            rows = [store.find(selector) for selector in selectors]
        elif clean:
            rows = []
        else:
            rows = store.sessions(before=before.date() if before else None)
        there = store.path.exists()
    numbers = sorted({row.number for row in rows})
    if not there or (not numbers and not clean):
        click.echo("There is nothing to forget.")
        return
    if clean:
        forgetting.clean(folder)
        click.echo("Done.")
        return
    days = sorted(f"{row.started:%Y-%m-%d}" for row in rows)
    what = f"session {numbers[0]}" if len(numbers) == 1 else f"{len(numbers)} sessions"
    when = f"of {days[0]}" if days[0] == days[-1] else f"from {days[0]} to {days[-1]}"
    if not yes:
        click.confirm(f"Delete {what} {when} for good?", abort=True, err=True)
    count = forgetting.forget(folder, numbers)
    click.echo(f"{count} session{'' if count == 1 else 's'} forgotten.")
