"""``posecoach models``: what pose models there are, fetching and verifying them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.errors import ModelError
from posecoach.pose import manifest
from posecoach.pose.bundle import cache_dir, cached_bundle, check_bundle, ensure_bundle
from posecoach.pose.fetch import Progress, sha256_of

if TYPE_CHECKING:
    from rich import progress

_STATE_STYLE = {"ready": "green", "damaged": "bold red", "not fetched": "dim"}


@contextmanager
def bundle_progress() -> Iterator[Progress]:
    """Give a callback for ``ensure_bundle`` that draws a progress bar on standard error.

    Nothing is drawn where nothing is fetched.
    """
    bar: progress.Progress | None = None
    tasks: dict[str, progress.TaskID] = {}

    def show(task: str, done: int, total: int) -> None:
        nonlocal bar
        if bar is None:
            bar = _bar()
            bar.start()
        if task not in tasks:
            tasks[task] = bar.add_task(task, total=total)
        bar.update(tasks[task], completed=done)

    try:
        yield show
    finally:
        if bar is not None:
            bar.stop()


@click.group()
def models() -> None:
    """List, fetch and verify the pose models."""


@models.command("list")
def list_models() -> None:
    """Show the pose models and which of them are here."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("model", "size", "licence", "state", ""):
        table.add_column(heading, justify="right" if heading == "size" else "left")
    for name, variant in manifest.variants().items():
        state = cached_bundle(name).state
        default = "default; " if name == manifest.DEFAULT_VARIANT else ""
        table.add_row(
            name,
            f"{variant.size / 1e6:.1f} MB",
            variant.licence,
            f"[{_STATE_STYLE[state]}]{state}[/]",
            default + variant.about.removeprefix("the default: "),
        )
    Console().print(table)
    click.echo(f"\nKept in {cache_dir()}")
    for card in dict.fromkeys(variant.model_card for variant in manifest.variants().values()):
        click.echo(f"Model card: {card}")


@models.command(short_help="Fetch a pose model: lite, full or heavy.")
@click.argument("variant", default=manifest.DEFAULT_VARIANT)
def fetch(variant: str) -> None:
    """Fetch a pose model (lite, full or heavy; full where none is named)."""
    with bundle_progress() as show:
        path = ensure_bundle(variant, show)
    found = cached_bundle(variant)
    click.echo(f"{path}: {found.state}, {found.origin}")


@models.command()
@click.argument("what", metavar="[VARIANT|PATH]", required=False)
def verify(what: str | None) -> None:
    """Check a fetched model, or a bundle of your own, by its SHA-256.

    Without an argument, all fetched models.
    """
    if what is not None and what not in manifest.variants():
        _verify_file(Path(what))
        return
    wanted = [what] if what else list(manifest.variants())
    found = [cached_bundle(name) for name in wanted]
    here = [bundle for bundle in found if bundle.state != "not fetched"]
    if not here:
        name = what or manifest.DEFAULT_VARIANT
        missing = f"The pose model {what!r} is not" if what else "No pose model is"
        raise ModelError(f"{missing} here yet; fetch it with: posecoach models fetch {name}")
    for bundle in here:
        if bundle.state == "ready":
            click.echo(f"{bundle.path}: good, {bundle.origin}")
    damaged = [bundle for bundle in here if bundle.state == "damaged"]
    if damaged:
        raise ModelError(
            f"{damaged[0].path} is damaged: its SHA-256 is not in the manifest; fetch it anew "
            f"with: posecoach models fetch {damaged[0].variant.name}"
        )


def _verify_file(path: Path) -> None:
    check_bundle(path)
    digest = sha256_of(path)
    for name, variant in manifest.variants().items():
        if digest in variant.origins:
            click.echo(f"{path}: good, the model {name!r}, {variant.origins[digest]}")
            return
    click.echo(f"{path}: a whole pose landmarker bundle, not one of the manifest (sha256 {digest})")


def _bar() -> progress.Progress:
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.DownloadColumn(),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
