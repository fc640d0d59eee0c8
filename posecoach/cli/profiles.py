"""``posecoach profiles``: whose ranges are kept, and what they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from posecoach.cli import options

if TYPE_CHECKING:
    from rich.console import Console

    from posecoach.profile.files import Profiles
    from posecoach.profile.motion import Motion
    from posecoach.profile.person import Profile
    from posecoach.profile.proposal import Proposal


@click.group()
def profiles() -> None:
    """People, their ranges of motion and preferences."""


def _open(data_dir: Path | None) -> Profiles:
    from posecoach.profile.files import Profiles
    from posecoach.store.database import data_folder

    return Profiles(data_folder(data_dir))


@profiles.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@options.data_dir
def list_profiles(as_json: bool, data_dir: Path | None) -> None:
    """List everybody."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    found = _open(data_dir)
    if as_json:
        _print_json([_in_short(found.load(name)) for name in found.names()])
        for trouble in found.troubles():
            click.echo(f"posecoach: {trouble}", err=True)
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("name", "ranges", "last calibration"):
        table.add_column(title)
    for name in found.names():
        profile = found.load(name)
        last = profile.calibrations[-1].at if profile.calibrations else None
        day = f"{last.astimezone():%Y-%m-%d}" if last else "never"
        table.add_row(escape(name), str(len(profile.current())), day)
    if table.row_count:
        Console().print(table)
    else:
        click.echo("There are no profiles yet; posecoach calibrate makes one.")
    for trouble in found.troubles():
        click.echo(f"posecoach: {trouble}", err=True)


@profiles.command(short_help="Show the ranges of NAME, and how they changed.")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@options.data_dir
def show(name: str, as_json: bool, data_dir: Path | None) -> None:
    """Show the ranges of NAME, their history, left against right, and what is usual."""
    from rich.console import Console

    from posecoach.practice.closing_word import in_full
    from posecoach.profile.norms import sources, usual

    profile = _open(data_dir).load(name)
    proposal = _proposal(data_dir, profile)
    if as_json:
        from posecoach.profile.summary import summary

        _print_json(summary(profile, proposal))
        return
    console = Console(markup=False)
    console.print(profile.name, style="bold", highlight=False, markup=False)
    chosen = profile.preferences
    told = [
        f"voice {'on' if chosen.voice else 'off'}" if chosen.voice is not None else "",
        f"camera {chosen.camera}" if chosen.camera is not None else "",
    ]
    if any(told):
        console.print(", ".join(filter(None, told)), highlight=False, markup=False)
    if not profile.calibrations:
        console.print("No range has been measured yet.")
        return
    print_ranges(console, profile, None)
    _print_history(console, profile)
    if proposal is not None:
        console.print(
            f"\n{in_full(proposal, profile)}", highlight=False, markup=False, soft_wrap=True
        )
    used = {short for motion in profile.current() for short in usual(motion)}
    if used:
        console.print("\nUsual values are for comparison, no goal:", style="dim")
    for short, work in sources().items():
        if short in used:
            console.print(f"{short}: {work}", style="dim", highlight=False)


def _proposal(data_dir: Path | None, profile: Profile) -> Proposal | None:
    """What stands with the profile; sessions that cannot be read are told and say nothing."""
    from posecoach.errors import StoreError
    from posecoach.practice.closing_word import standing
    from posecoach.store.database import data_folder

    try:
        return standing(data_folder(data_dir), profile)
    except StoreError as error:
        click.echo(f"posecoach: {error}", err=True)
        return None


def _in_short(profile: Profile) -> dict[str, object]:
    last = profile.calibrations[-1].at if profile.calibrations else None
    return {
        "name": profile.name,
        "ranges": len(profile.current()),
        "last_calibration": None if last is None else last.isoformat(timespec="seconds"),
    }


def _print_json(value: Any) -> None:
    from posecoach.writing import as_text

    click.echo(as_text(value), nl=False)


@profiles.command()
@click.argument("name")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@options.data_dir
def export(name: str, file: Path | None, data_dir: Path | None) -> None:
    """Write NAME's profile to FILE, or to standard output."""
    from posecoach.outputs import Outputs
    from posecoach.profile.format import as_text
    from posecoach.store.database import data_folder

    target = Outputs([], data_folder(data_dir)).take(file or "-", "profile")
    failure = options.written(target, as_text(_open(data_dir).load(name)))
    if failure is not None:
        raise failure


@profiles.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@options.data_dir
def delete(name: str, yes: bool, data_dir: Path | None) -> None:
    """Delete NAME's profile; sessions stay (see `posecoach forget`)."""
    found = _open(data_dir)
    if not yes and found.path(name).exists():
        click.confirm(f"Delete the profile {name!r} for good?", abort=True, err=True)
    found.delete(name)
    click.echo(f"Deleted {name}.")


@profiles.command("set")
@click.argument("name")
@click.option("--voice/--no-voice", default=None, help="Whether to speak in sessions.")
@click.option("--camera", metavar="SOURCE", help="The camera to use; '' for none in particular.")
@options.data_dir
def set_preferences(
    name: str, voice: bool | None, camera: str | None, data_dir: Path | None
) -> None:
    """Set what NAME prefers; makes the profile where there is none."""
    from posecoach.profile.person import Profile

    found = _open(data_dir)
    profile = found.find(name) or Profile(name.strip())
    chosen = profile.preferences
    if voice is not None:
        chosen = replace(chosen, voice=voice)
    if camera is not None:
        chosen = replace(chosen, camera=camera or None)
    path = found.save(replace(profile, preferences=chosen))
    click.echo(f"Kept in {path}")


def print_ranges(console: Console, profile: Profile, only: Collection[Motion] | None) -> None:
    """Print the newest ranges, changes since the calibration before, and left against right."""
    from rich.table import Table

    from posecoach.profile import range_words as words

    current = profile.current()
    shown = {motion: each for motion, each in current.items() if only is None or motion in only}
    table = Table(box=None, pad_edge=False, header_style="dim")
    outdated = profile.outdated()
    changes = any(len(profile.history(motion)) > 1 or motion in outdated for motion in shown)
    known = any(words.compared(motion) for motion in shown)
    for title in ("motion", "range", "trials", "since last time", "usual"):
        if {"since last time": changes, "usual": known}.get(title, True):
            table.add_column(title)
    for motion, each in sorted(shown.items()):
        history = profile.history(motion)
        change = words.change(history)
        if history[-1][0].outdated:
            change = f"{change}, {words.EARLIER}" if change else words.EARLIER
        row = [motion.title, words.with_uncertainty(each), words.trials(each)]
        row += [change] if changes else []
        row += [words.compared(motion)] if known else []
        table.add_row(*row)
    console.print(table)
    if outdated & set(shown):
        console.print(words.renew(profile.name), highlight=False)
    for motion in sorted(shown):
        other = motion.other
        if motion.side == "left" and other is not None and other in current:
            title = motion.title.replace(" to the left", "").replace("left ", "", 1)
            said = words.sides(*(profile.history(each)[-1] for each in (motion, other)))
            console.print(f"{title}: {said}", highlight=False)


def _print_history(console: Console, profile: Profile) -> None:
    from posecoach.profile import range_words as words

    older = [motion for motion in profile.current() if len(profile.history(motion)) > 1]
    if older:
        console.print("\nHistory", style="bold")
    for motion in sorted(older):
        line = ", ".join(
            f"{calibration.at.astimezone():%Y-%m-%d} {words.with_uncertainty(each)}"
            + (f" ({words.EARLIER})" if calibration.outdated else "")
            for calibration, each in profile.history(motion)
        )
        console.print(f"{motion.title}: {line}", highlight=False)
