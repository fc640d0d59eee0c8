"""``posecoach export`` and ``posecoach import``: sessions to another machine and back."""

from __future__ import annotations

from pathlib import Path

import click

from posecoach.cli import options
from posecoach.errors import OutputError


@click.command("export")
@click.argument("arguments", nargs=-1, required=True, metavar="[SESSION...] FILE")
@click.option("--all", "everything", is_flag=True, help="All sessions.")
@click.option("--force", is_flag=True, help="Replace FILE if it is there already.")
@options.data_dir
def export_sessions(
    arguments: tuple[str, ...], everything: bool, force: bool, data_dir: Path | None
) -> None:
    """Write sessions to FILE, for `posecoach import` on another machine.

    SESSION is a number, the beginning of a uuid, or last. Videos are not in it.
    """
    from posecoach.outputs import Outputs
    from posecoach.store.database import data_folder
    from posecoach.store.store import Store
    from posecoach.store.transfer import export

    *selectors, name = arguments
    if bool(selectors) == everything:
        raise click.UsageError("Give the sessions to export, or --all, and then the file.")
    target = Outputs([], data_folder(data_dir)).take(name, "export")
    path = target.path
    if path is None:
        raise OutputError("Exported sessions are no text for a terminal; name a file.")
    if path.is_file() and not force:
        raise OutputError(f"{path} exists already; choose another name, or give --force.")
    with Store.open(data_dir) as store:
        if everything:
            numbers = [row.number for row in store.sessions()] or [store.find("last").number]
        else:
            numbers = [store.find(selector).number for selector in selectors]
        count = export(store, sorted(set(numbers)), path)
    click.echo(f"{count} session{'' if count == 1 else 's'} written to {path}.")


@click.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@options.data_dir
def import_sessions(path: Path, data_dir: Path | None) -> None:
    """Take in the sessions of a FILE written by `posecoach export`.

    Sessions that are here already are left as they are.
    """
    from posecoach.store.database import data_folder
    from posecoach.store.transfer import import_file

    imported = import_file(path, data_folder(data_dir))
    count = len(imported.numbers)
    known = f", {imported.known} were here already" if imported.known else ""
    click.echo(f"{count} session{'' if count == 1 else 's'} taken in{known}.")
