"""``posecoach`` alone, in a terminal: the two questions that matter, then it begins."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from posecoach.errors import ProfileError


def asks_here() -> bool:
    """Whether somebody is there to be asked: both ends are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be practised."""

    id: str
    name: str
    note: str


def start(ctx: click.Context) -> None:
    """Ask what and who, and run it as ``posecoach run`` would.

    Raises:
        PoseCoachError: as ``run``.
    """
    from posecoach.cli.run import run
    from posecoach.practice.preferences import load_preferences, save_preferences
    from posecoach.store.database import data_folder

    folder = data_folder()
    known = load_preferences(folder)
    there = choices()
    click.echo("What do you want to practise?\n")
    for number, choice in enumerate(there, 1):
        note = f"  ({choice.note})" if choice.note else ""
        click.echo(f"{number:4}  {choice.name}{note}")
    click.echo()
    first = known.exercise if known.exercise in {each.id for each in there} else there[0].id
    chosen = _ask_what(there, first)
    who = _ask_who(folder, known.profile)
    save_preferences(folder, replace(known, exercise=chosen.id, profile=who))
    ctx.invoke(run, name=chosen.id, profile=who)


def _ask_who(folder: Path, last: str) -> str:
    """Pick a profile, or make one; returns its name as it is written there.

    Raises:
        ProfileError: the profile of that name is damaged or cannot be used.
    """
    from posecoach.profile.files import Profiles, file_name
    from posecoach.profile.person import Profile

    profiles = Profiles(folder)
    there = profiles.names()
    if there:
        click.echo(f"Profiles: {', '.join(there)}")
    first = last or (there[0] if there else "me")
    while True:
        who = click.prompt("Who are you? (a name, to keep your sessions apart)", default=first)
        try:
            file_name(who)
        except ProfileError as error:
            click.echo(str(error))
            continue
        break
    found = profiles.find(who)
    if found is None:
        found = Profile(who.strip())
        try:
            profiles.save(found)
        except ProfileError as error:
            click.echo(f"{error} This session goes on without.", err=True)
    return found.name


def choices() -> list[Choice]:
    """Routines first, then exercises, as ``exercises list`` has them; broken ones left out."""
    from posecoach.errors import ExerciseError
    from posecoach.exercise.library import standard_library
    from posecoach.exercise.routines import Routines

    library = standard_library()
    routines = Routines(library)
    found: list[Choice] = []
    for id_ in routines.ids():
        try:
            routine = routines.find(id_)
        except ExerciseError:
            continue
        found.append(Choice(id_, routine.name, f"{len(routine.exercises)} exercises in a row"))
    for id_ in library.ids():
        try:
            found.append(Choice(id_, library.find(id_).name, ""))
        except ExerciseError:
            continue
    return found


def _ask_what(there: Sequence[Choice], default: str) -> Choice:
    while True:
        said = click.prompt("Number or name", default=default).strip()
        found = matching(there, said)
        if found is not None:
            return found
        several = [str(there.index(each) + 1) for each in _close(there, said)]
        if len(several) > 1:
            numbers = f"{', '.join(several[:-1])} or {several[-1]}"
            click.echo(f"{said!r} may be {numbers}; give the number.")
        else:
            click.echo(f"There is no {said!r} in the list; give one of its numbers.")


def matching(there: Sequence[Choice], said: str) -> Choice | None:
    """The choice somebody means by a number, an id, or part of a name if it is only one's."""
    if said.isdecimal():
        return there[int(said) - 1] if 1 <= int(said) <= len(there) else None
    word = said.casefold()
    for choice in there:
        if word in (choice.id, choice.name.casefold()):
            return choice
    close = _close(there, said)
    return close[0] if len(close) == 1 else None


def _close(there: Sequence[Choice], said: str) -> list[Choice]:
    """All that have every word somebody said somewhere in their names."""
    words = said.casefold().split()
    names = [f"{each.id} {each.name}".casefold() for each in there]
    return [
        each
        for each, name in zip(there, names, strict=True)
        if words and all(word in name for word in words)
    ]
