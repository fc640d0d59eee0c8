"""``posecoach app``: the page in the browser."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from posecoach.cli import options
from posecoach.errors import MachineError


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Of the page's address; 0 for any that is free.  [default: 8737]",
)
@click.option("--no-browser", is_flag=True, help="Print the address instead of opening it.")
@click.option("--shortcut", is_flag=True, help="Put an icon that does this into the menu.")
@options.model
@options.data_dir
def app(
    port: int | None, no_browser: bool, shortcut: bool, model: str | None, data_dir: Path | None
) -> None:
    """Open PoseCoach as a page in your browser; everything after that is done there.

    It is served on this machine only. It ends with the button on the page, and by itself when no
    page has been open for ten minutes.
    """
    from posecoach.store.database import data_folder

    if shortcut:
        from posecoach.web.shortcut import make_shortcut

        click.echo(f"{make_shortcut(data_dir)} is there.")
        return
    folder = data_folder(data_dir)
    from posecoach.web.running import way_in

    there = way_in(folder)
    if there:
        _open(there, no_browser)
        return
    from posecoach.pose.bundle import own_bundle

    own_bundle(model)  # told now, and not before the camera
    _serve(folder, port, no_browser, model)


def _serve(folder: Path, port: int | None, no_browser: bool, model: str | None) -> None:
    try:
        from posecoach.web.house import House
        from posecoach.web.serving import PORT, listening, serve
    except ModuleNotFoundError as error:
        raise MachineError(
            f"The page needs the Python package {error.name}; install PoseCoach with: "
            "pip install 'posecoach[web]'"
        ) from None
    house = House(folder, model, doctor=lambda: _doctor(model))
    with listening(PORT if port is None else port) as opened:
        serve(house, opened, lambda address: _open(address, no_browser))


def _doctor(model: str | None) -> Iterator[tuple[bool, str, str]]:
    """The machine's parts; camera, display and voice are the browser's here."""
    from posecoach.cli.doctor import findings

    for each in findings(None, model, leave_out=("camera", "display", "audio")):
        yield each.ok, each.what, each.words


def _open(address: str, no_browser: bool) -> None:
    """Show the page; who asked for it, or has no browser, is given its address."""
    import webbrowser

    if not no_browser:
        try:
            if webbrowser.open(address):
                return
        except webbrowser.Error:
            pass
    click.echo(address)
    sys.stdout.flush()
