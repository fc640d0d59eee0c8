"""Options and steps that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from posecoach.errors import ExerciseError, OutputError, PoseCoachError
from posecoach.plan.limits import LEAST_HOLD_S, MOST_HOLD_S, MOST_REPETITIONS

if TYPE_CHECKING:
    from posecoach.exercise.definition import Exercise
    from posecoach.exercise.library import Library
    from posecoach.outputs import Output
    from posecoach.plan.plan import Plan
    from posecoach.plan.target import Ranges
    from posecoach.profile.person import Profile
    from posecoach.store.saving import Saving

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


class Number(click.FloatRange):
    """A number within limits; what is none (``nan``) is refused, as it is below no limit."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See ``click.ParamType``."""
        found = super().convert(value, param, ctx)
        if isnan(found):
            self.fail(f"{value!r} is not a valid number.", param, ctx)
        return found


class Day(click.DateTime):
    """A day, as in 2025-03-31; pages and sentences name it so, and not by its pattern."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """See ``click.ParamType``."""
        return "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See ``click.ParamType``."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no day; write it as in 2025-03-31.", param, ctx)


def gathered(kind: type[T]) -> Callable[[Callable[[T], None]], Callable[..., None]]:
    """Hand a command all it was given as one value of ``kind``, whose fields are its parameters."""

    def decorate(command: Callable[[T], None]) -> Callable[..., None]:
        @wraps(command)
        def call(**given: Any) -> None:
            command(kind(**given))

        return call

    return decorate


def prescription(command: F) -> F:
    """``--side``, ``--reps``, ``--hold``: what overrides the definition."""
    for option in (
        click.option(
            "--hold",
            type=Number(LEAST_HOLD_S, MOST_HOLD_S),
            help="Seconds to hold, in place of the prescription.",
        ),
        click.option(
            "--reps",
            type=click.IntRange(1, MOST_REPETITIONS),
            help="Repetitions for each side, in place of the prescription.",
        ),
        click.option(
            "--side",
            type=click.Choice(["left", "right"]),
            help="Work only this side (your own left or right).",
        ),
    ):
        command = option(command)
    return command


def model(command: F) -> F:
    """``--model``: one's own pose model bundle."""
    return click.option(
        "--model",
        metavar="PATH",
        help="A pose landmarker bundle (.task) of your own; else $POSECOACH_MODEL, else the "
        "full model, fetched on first use.",
    )(command)


def exercises(command: F) -> F:
    """``--exercises``: a folder of one's own definitions."""
    return click.option(
        "--exercises",
        "folder",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="A folder with exercise files of your own, besides the built-in ones.",
    )(command)


def data_dir(command: F) -> F:
    """``--data-dir``: where sessions are kept."""
    return click.option(
        "--data-dir",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="Where sessions are kept; else $POSECOACH_DATA, else your user data folder.",
    )(command)


def saving(command: F) -> F:
    """What to keep of a session, and where."""
    for option in (
        click.option(
            "--record-video", is_flag=True, help="Keep the picture too, beside the numbers."
        ),
        click.option(
            "--no-landmarks",
            is_flag=True,
            help="Keep angles and results only: less can be shown and coached again later.",
        ),
        click.option("--profile", metavar="NAME", default="", help="Whose session it is."),
    ):
        command = option(command)
    return data_dir(command)


def how_to_save(
    folder: Path | None, no_landmarks: bool, profile: str, record_video: bool
) -> Saving:
    """Gather the options of ``saving``."""
    from posecoach.store.database import data_folder
    from posecoach.store.saving import Saving

    return Saving(data_folder(folder), not no_landmarks, profile.strip(), record_video)


def find_exercise(name: str, folder: Path | None, what: str = "a recording") -> Exercise:
    """Return the exercise of an id, or of a definition file; one's own is told.

    Args:
        what: what needs it, where a routine has to be refused.

    Raises:
        ExerciseError: there is none, its definition has mistakes, or it is a routine.
    """
    from posecoach.exercise.library import standard_library
    from posecoach.exercise.routines import one_exercise

    library = standard_library([folder] if folder else [])
    exercise = one_exercise(library, name, what)
    say_own(library, [name])
    return exercise


def say_own(library: Library, names: Iterable[str]) -> None:
    """Say which of these are read from a file of one's own in place of a built-in one.

    It was written some time ago, and whoever forgot it would wonder at what is counted.
    """
    for name in dict.fromkeys(names):
        words = library.in_place_of_built_in(name)
        if words:
            click.echo(words, err=True)


def person(name: str | None, folder: Path | None, *, once: bool = False) -> Profile | None:
    """The profile of a name; None where nobody is named.

    Somebody without a calibration practises at the textbook's targets, and is told so.

    Args:
        once: where something is said at the end of a session; here then only what may be a
            slip: a name never seen, where there are others.

    Raises:
        ProfileError: the name is no name, or the profile is damaged.
    """
    if not name or not name.strip():
        return None
    from posecoach.profile.files import Profiles
    from posecoach.store.database import data_folder

    profiles = Profiles(data_folder(folder))
    found, name = profiles.find(name), name.strip()
    if once:
        others = profiles.names()
        if found is None and others and not _has_practised(name, folder):
            click.echo(
                f"posecoach: There is no profile {name!r} (there is {', '.join(others)}); the "
                "targets are the textbook's.",
                err=True,
            )
    elif found is None or not found.calibrations:
        from posecoach.profile.range_words import how_to

        click.echo(
            f"posecoach: {name} has no calibration yet, so the targets are the textbook's; make "
            f"one with `{how_to('EXERCISE', name)}`.",
            err=True,
        )
    if found is not None and found.outdated():
        from posecoach.profile.range_words import renew

        click.echo(f"posecoach: {renew(found.name)}", err=True)
    return found


def _has_practised(name: str, folder: Path | None) -> bool:
    """Whether a session of this person is kept; what cannot be read is told elsewhere."""
    from posecoach.errors import StoreError
    from posecoach.profile.files import same_name
    from posecoach.store.store import Store

    try:
        with Store.open(folder) as store:
            return any(same_name(row.profile) == same_name(name) for row in store.sessions())
    except StoreError:
        return False


def planned(
    exercise: Exercise,
    side: str | None,
    reps: int | None,
    hold: float | None,
    ranges: Ranges | None = None,
) -> Plan:
    """Settle the exercise with the options given.

    Args:
        ranges: the person's own ranges of motion (``Profile.scale``).

    Raises:
        ExerciseError: the exercise has no sides, and one was asked for.
    """
    from posecoach.plan.plan import make_plan

    try:
        return make_plan(exercise, side=side, repetitions=reps, hold=hold, ranges=ranges)
    except ValueError as error:
        raise ExerciseError(f"{error}; leave --side out.") from None


def written(target: Output, text: str) -> PoseCoachError | None:
    """Write a result at the end of the work; returns what keeps it from being written."""
    if target.path is None:
        click.echo(text, nl=False)
        return None
    try:
        target.write_text(text)
    except OutputError as error:
        return error
    return None


def fail(failures: Iterable[BaseException]) -> None:
    """Fail with what went wrong, where anything did: of several failures each is told.

    Raises:
        BaseException: the last of them; those before it are told here, each sentence once.
    """
    by_sentence = {str(failure): failure for failure in failures}
    if not by_sentence:
        return
    from posecoach.cli import tell_error

    *earlier, last = by_sentence.values()
    for failure in earlier:
        if not isinstance(failure, PoseCoachError):
            raise failure
        tell_error(failure)
    raise last


@contextmanager
def fetching() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for fetching a model; it shows only if something is fetched."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    tasks: dict[str, Any] = {}

    def show(task: str, done: int, total: int) -> None:
        if not tasks:
            bar.start()
        if task not in tasks:
            tasks[task] = bar.add_task(task, total=total or None)
        bar.update(tasks[task], completed=done, total=total or None)

    try:
        yield show
    finally:
        if tasks:  # one that never began would end with an empty line
            bar.stop()


def find_model(path: str | None) -> Path:
    """Return the pose model to use, fetching it where it is not there yet.

    Raises:
        ModelError: it is not a usable bundle, or cannot be fetched.
    """
    from posecoach.pose.bundle import resolve_bundle

    with fetching() as progress:
        return resolve_bundle(path, progress=progress)
