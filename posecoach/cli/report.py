"""``posecoach report``: one session, to read, print or work on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from posecoach.report.facts import SessionFacts

_TO_TERMINAL = ("json", "csv")
"""Formats that go to standard output where no file is named."""


@click.command()
@click.argument("session", metavar="[SESSION|last]", default="last")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["html", "json", "csv", "pdf"]),
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

    The HTML page is one file that loads nothing: send it, print it, read it on a phone.
    """
    from posecoach.errors import OutputError
    from posecoach.report.gather import gather
    from posecoach.store.store import Store
    from posecoach.writing import check_writable

    kind = kind or _by_ending(output)
    if output == "-" or (output is None and kind in _TO_TERMINAL):
        target = None
        if show:
            raise OutputError("There is no file to open; name one with --output.")
    else:
        target = Path(output).expanduser() if output else None
        if target is not None:
            check_writable(target)
    with Store.open(data_dir) as store:
        facts = gather(store, session)
    data = _written(facts, kind)
    if output == "-" or (output is None and kind in _TO_TERMINAL):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    _save(target or Path(f"posecoach-session-{facts.number}.{kind}"), data, show)


def _by_ending(output: str | None) -> str:
    ending = Path(output or "").suffix.lower().removeprefix(".")
    return {"htm": "html"}.get(ending, ending if ending in ("json", "csv", "pdf") else "html")


def _written(facts: SessionFacts, kind: str) -> bytes:
    if kind == "html":
        from posecoach.report.page import report_page

        return report_page(facts).encode()
    if kind == "pdf":
        from posecoach.report.pdf import report_pdf

        return report_pdf(facts)
    from posecoach.report.tables import report_csv, report_json
    from posecoach.writing import as_text

    return (as_text(report_json(facts)) if kind == "json" else report_csv(facts)).encode()


def _save(path: Path, data: bytes, open_it: bool) -> None:
    from posecoach.cli.browser import open_in_browser
    from posecoach.writing import check_writable, write_bytes

    check_writable(path)
    write_bytes(path, data)
    click.echo(f"The report is written to {path}.")
    if open_it and not open_in_browser(path):
        click.echo("No browser was found; open the file yourself.", err=True)
