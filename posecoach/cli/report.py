"""``posecoach report``: one session, to read, print or work on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.kinds import REPORTS

if TYPE_CHECKING:
    from posecoach.outputs import Output

_TO_TERMINAL = ("json", "csv")
"""Formats that go to standard output where no file is named."""


@click.command()
@click.argument("session", metavar="[SESSION|last|DIR]", default="last")
@click.option(
    "--format",
    "kind",
    type=click.Choice(list(REPORTS)),
    help="What to write; without it by the ending of --output, else html.",
)
@click.option(
    "--output",
    metavar="FILE|-",
    help="Where to write it; - for standard output. Without it html and pdf go to "
    "posecoach-session-N.html in this folder, json and csv to standard output.",
)
@click.option("--open", "show", is_flag=True, help="Show it when it is written.")
@click.option(
    "--data-dir",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where sessions are kept, in place of $POSECOACH_DATA or your own data folder.",
)
def report(
    session: str, kind: str | None, output: str | None, show: bool, data_dir: Path | None
) -> None:
    """Write the report of one session: "last", its number, or the beginning of its uuid.

    A folder of tables that `posecoach analyze --results` wrote gets one page for the whole. The
    HTML page is one file that loads nothing: send it, print it, read it on a phone.
    """
    if Path(session).is_dir():
        _of_run(Path(session), kind or _by_ending(output), output, show)
        return
    from posecoach.errors import OutputError
    from posecoach.outputs import Outputs, named
    from posecoach.report.gather import gather
    from posecoach.report.written import report_bytes
    from posecoach.store.database import data_folder
    from posecoach.store.store import Store

    kind = kind or _by_ending(output)
    outputs = Outputs([], data_folder(data_dir))
    shown = named(output) is None if output is not None else kind in _TO_TERMINAL
    if shown and show:
        raise OutputError("There is no file to open; name one with --output.")
    target = outputs.take(output, REPORTS[kind]) if output is not None and not shown else None
    with Store.open(data_dir) as store:
        facts = gather(store, session)
    data = report_bytes(facts, kind)
    if shown:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    name = f"posecoach-session-{facts.number}.{kind}"
    _save(target or outputs.take(name, REPORTS[kind]), data, show)


def _of_run(folder: Path, kind: str, output: str | None, show: bool) -> None:
    """Write the page of a run's tables."""
    from posecoach.clinic.page import run_page
    from posecoach.clinic.summary import is_run, summarise
    from posecoach.errors import OutputError
    from posecoach.outputs import Outputs, named

    if not is_run(folder):
        raise OutputError(f"{folder} holds no tables that `posecoach analyze --results` wrote.")
    if kind != "html":
        raise OutputError(f"Of tables there is a page, not {kind}: the numbers are the tables.")
    spec = output or f"posecoach-{folder.stem}.html"
    target = None if named(spec) is None else Outputs([folder]).take(spec, "html")
    page = run_page(summarise(folder), folder)
    if target is None:
        click.echo(page, nl=False)
    else:
        _save(target, page.encode(), show)


def _by_ending(output: str | None) -> str:
    from posecoach.errors import OutputError

    ending = Path(output or "").suffix.lower().removeprefix(".")
    kind = {"htm": "html", "": "html"}.get(ending, ending)
    if kind not in REPORTS:
        raise OutputError(
            f"{output} must end in .html, .pdf, .json or .csv; or say with --format what it is."
        )
    return kind


def _save(target: Output, data: bytes, open_it: bool) -> None:
    from posecoach.cli.browser import open_in_browser

    target.write(data)
    click.echo(f"The report is written to {target.path}.")
    if open_it and target.path is not None and not open_in_browser(target.path):
        click.echo("No browser was found; open the file yourself.", err=True)
