"""``posecoach run``: coach an exercise or a routine live."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.cli import options
from posecoach.errors import ExerciseError

if TYPE_CHECKING:
    from posecoach.exercise.library import Library
    from posecoach.exercise.routine import Routine
    from posecoach.plan.target import Ranges
    from posecoach.practice.practice import Part
    from posecoach.practice.prescribing import Fitted
    from posecoach.store.saving import Saving


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What ``run`` was given; see its options."""

    name: str
    source: str | None
    only: str | None
    minutes: float | None
    rest: float | None
    no_setup: bool
    mute: bool
    full_screen: bool
    no_window: bool
    retry: float
    output: str | None
    side: str | None
    reps: int | None
    hold: float | None
    folder: Path | None
    model: str | None
    no_save: bool
    data_dir: Path | None
    profile: str
    no_landmarks: bool
    record_video: bool


@click.command()
@click.argument("name", metavar="EXERCISE|ROUTINE")
@click.option(
    "--source",
    metavar="SOURCE",
    help="A camera's number or name, a video file, a folder of photos or a stream's address; "
    "without it the camera of the last time, else the first.",
)
@click.option("--only", metavar="A,B", help="Of a routine only these exercises.")
@click.option(
    "--minutes",
    type=options.Number(0.5, 240),
    help="The time at hand: a routine is cut down to it (fewer repetitions, then shorter "
    "holds, then fewer exercises).",
)
@click.option(
    "--rest",
    type=options.Number(0, 600),
    help="Of a routine: seconds of rest between two exercises.",
)
@click.option("--no-setup", is_flag=True, help="Begin without the set-up check.")
@click.option("--mute", is_flag=True, help="Say nothing.")
@click.option("--full-screen", is_flag=True, help="Begin in full screen.")
@click.option("--no-window", is_flag=True, help="Tell in the terminal, open no window.")
@click.option(
    "--retry",
    type=options.Number(0, 3600),
    default=60,
    show_default=True,
    help="Seconds for which a lost camera is tried again.",
)
@click.option(
    "--json", "output", metavar="FILE", help="Write the result here; - for standard output."
)
@click.option("--no-save", is_flag=True, help="Keep nothing of this session.")
@options.prescription
@options.exercises
@options.model
@options.saving
@options.gathered(RunOptions)
def run(asked: RunOptions) -> None:
    """Coach an EXERCISE or a ROUTINE live: sees, counts, says what to correct.

    Keys: space pause, n next, r repeat, q stop, h all of them. Cross your forearms before
    your chest to pause without a key. Stop where it hurts.
    """
    from posecoach.cli.front import Manner
    from posecoach.cli.session import Ending, Wanted, coach_and_tell

    profile, source, mute, ranges = asked.profile, asked.source, asked.mute, None
    person = options.person(profile, asked.data_dir, once=True)
    if person is not None:
        profile = person.name  # one spelling, so that their sessions are found together
        ranges = person.scale()
        source = source or person.preferences.camera
        mute = mute or person.preferences.voice is False
    parts, routine, title = _parts(asked, ranges)
    saving = None if asked.no_save else _saving(asked, profile)
    coach_and_tell(
        Wanted(parts, source, routine, title, asked.model, not asked.no_setup, asked.retry),
        Manner(not asked.no_window, asked.full_screen, mute),
        Ending(asked.output, asked.data_dir, saving, read=(asked.name, asked.folder)),
    )


def _saving(asked: RunOptions, profile: str) -> Saving:
    return options.how_to_save(asked.data_dir, asked.no_landmarks, profile, asked.record_video)


def _parts(asked: RunOptions, ranges: Ranges | None) -> tuple[tuple[Part, ...], str, str]:
    """The exercises, and a routine's id and name; "" where it is a single exercise."""
    from posecoach.exercise.library import standard_library
    from posecoach.practice.practice import Part

    library = standard_library([asked.folder] if asked.folder else [])
    if not _is_exercise(asked.name, library.ids()):
        fitted, routine = _routine(asked, library, ranges)
        return fitted.parts, routine.id, routine.name
    if asked.only or asked.minutes or asked.rest is not None:
        raise ExerciseError(
            f"--only, --minutes and --rest are for routines; {asked.name} is one exercise."
        )
    exercise = library.find(asked.name)
    options.say_own(library, [asked.name])
    plan = options.planned(exercise, asked.side, asked.reps, asked.hold, ranges)
    return (Part(plan),), "", ""


def _is_exercise(name: str, ids: tuple[str, ...]) -> bool:
    from posecoach.exercise.library import SUFFIXES
    from posecoach.exercise.routine_check import is_routine

    if name.endswith(SUFFIXES):
        return not is_routine(Path(name))
    return name in ids


def _routine(asked: RunOptions, library: Library, ranges: Ranges | None) -> tuple[Fitted, Routine]:
    """The routine's exercises as they will be practised, and the routine."""
    from posecoach.exercise.routines import Routines
    from posecoach.practice.prescribing import chosen, fit

    routine = Routines(library).find(asked.name)
    if asked.side is not None:
        raise ExerciseError("--side is for single exercises; a routine says its own sides.")
    names = [each.strip() for each in (asked.only or "").split(",") if each.strip()]
    given = {"repetitions": asked.reps, "hold": asked.hold, "rest": asked.rest}
    overrides = {field: value for field, value in given.items() if value is not None}
    items = tuple(item.model_copy(update=overrides) for item in chosen(routine, names))
    fitted = fit(routine, items, library.find, asked.minutes, ranges)
    click.echo(f"{routine.name}: {_plan_words(fitted)}", err=True)
    options.say_own(library, (part.plan.exercise.id for part in fitted.parts))
    return fitted, routine


def _plan_words(fitted: Fitted) -> str:
    from posecoach.practice.prescribing import whole_minutes

    count = len(fitted.parts)
    minutes = whole_minutes(fitted.seconds)
    plural = "s" if count != 1 else "", "s" if minutes != 1 else ""
    words = f"{count} exercise{plural[0]}, about {minutes} minute{plural[1]}."
    if fitted.shortened:
        words += " Repetitions or holds are cut down to fit."
    if fitted.omitted:
        words += f" Left out: {', '.join(fitted.omitted)}."
    return words
