"""``posecoach calibrate``: find a person's own range of motion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.cli import options
from posecoach.errors import ProfileError, SourceError

if TYPE_CHECKING:
    from rich.console import Console

    from posecoach.cli.front import Manner
    from posecoach.plan.plan import Plan
    from posecoach.pose.pose import Pose
    from posecoach.profile.motion import Motion
    from posecoach.profile.person import Calibration, Method, Profile
    from posecoach.profile.recording import Findings
    from posecoach.source.frame import Frame
    from posecoach.source.source import Source


@dataclass(frozen=True, slots=True)
class CalibrateOptions:
    """What ``calibrate`` was given; see its options."""

    what: tuple[str, ...]
    profile: str
    source: str | None
    mute: bool
    full_screen: bool
    no_window: bool
    folder: Path | None
    model: str | None
    data_dir: Path | None


@click.command()
@click.argument("what", nargs=-1, metavar="[EXERCISE|MEASURE]...")
@click.option("--profile", metavar="NAME", required=True, help="Whose range it is.")
@click.option(
    "--source",
    metavar="SOURCE",
    help="A camera's number or name, a stream's address, or a recording of the exercise; "
    "without it your camera.",
)
@click.option("--mute", is_flag=True, help="Say nothing.")
@click.option("--full-screen", is_flag=True, help="Begin in full screen.")
@click.option("--no-window", is_flag=True, help="Tell in the terminal, open no window.")
@options.exercises
@options.model
@options.data_dir
@options.gathered(CalibrateOptions)
def calibrate(asked: CalibrateOptions) -> None:
    """Find how far you can move, so that targets fit you.

    An EXERCISE calibrates what its targets depend on, a MEASURE (posecoach measure --list)
    itself; without either, what can be done standing before the camera. You are asked
    to move as far as is comfortable and hold a second, three times on each side. Comfort
    counts, not the maximum: stop where it hurts.
    """
    from rich.console import Console

    from posecoach.cli.front import Manner
    from posecoach.profile.files import Profiles
    from posecoach.profile.outcome import calibration_from
    from posecoach.profile.person import Profile
    from posecoach.store.database import data_folder

    profiles = Profiles(data_folder(asked.data_dir))
    person = profiles.find(asked.profile) or Profile(asked.profile.strip())
    plans, motions = _wanted(asked.what, asked.folder)
    console = Console(markup=False)
    bundle = options.find_model(asked.model)
    with ExitStack() as stack:
        opened = stack.enter_context(_open(asked.source or person.preferences.camera))
        method: Method = "live" if opened.live else "recording"
        if opened.live:
            profiles.check_writable()
            quiet = asked.mute or person.preferences.voice is False
            manner = Manner(not asked.no_window, asked.full_screen, quiet)
            found = _guided(opened, bundle, plans, motions, manner, console)
        else:
            found = _from_recording(opened, bundle, plans, motions)
            found = replace(found, notes=(*found.notes, *opened.remarks))
    exercise = plans[0].exercise.id if len(plans) == 1 and not motions else ""
    now = datetime.now().astimezone()
    calibration = calibration_from(found, now, method, opened.name, exercise)
    _keep(profiles, person, calibration, found, console)


def _wanted(
    what: Sequence[str], folder: Path | None
) -> tuple[tuple[Plan, ...], tuple[Motion, ...]]:
    """The exercises and the single motions to calibrate."""
    from posecoach.body.catalogue import CATALOGUE, names
    from posecoach.plan.plan import make_plan
    from posecoach.profile.motion import motions_of_measure, motions_of_plan

    measures = {*CATALOGUE, *names()}
    if not what:
        return _standing(folder), ()
    plans: list[Plan] = []
    motions: list[Motion] = []
    for each in what:
        if each in measures:
            motions += motions_of_measure(each)
            continue
        plan = make_plan(options.find_exercise(each, folder, "a calibration"))
        if not motions_of_plan(plan):
            raise ProfileError(
                f"No target of {each} depends on your range, so there is nothing to calibrate; "
                "name another exercise or a measure."
            )
        plans.append(plan)
    return tuple(plans), tuple(dict.fromkeys(motions))


def _standing(folder: Path | None) -> tuple[Plan, ...]:
    """All exercises that depend on a range and need nothing but a camera in front."""
    from posecoach.exercise.library import standard_library
    from posecoach.plan.plan import make_plan
    from posecoach.profile.motion import motions_of_plan

    library = standard_library([folder] if folder else [])
    found = [library.find(each) for each in library.ids()]
    plain = [each for each in found if "front" in each.view and not each.equipment]
    plans = [plan for each in plain for plan in [make_plan(each)] if motions_of_plan(plan)]
    if not plans:
        raise click.UsageError("Name an exercise or a measure to calibrate.")
    return tuple(plans)


def _open(source: str | None) -> Source:
    from posecoach.practice.camera_choice import open_for_practice

    opened, _ = open_for_practice(source)
    if opened.static:
        opened.close()
        raise SourceError(
            f"{opened.name} is a picture: a range needs a movement; give a camera or a recording."
        )
    return opened


def _guided(
    source: Source,
    bundle: Path,
    plans: Sequence[Plan],
    motions: Sequence[Motion],
    manner: Manner,
    console: Console,
) -> Findings:
    """Lead the person through it, before the camera."""
    from posecoach.cli.front import front_here
    from posecoach.practice.calibration import calibration_of
    from posecoach.practice.live import Hooks, LiveCoaching
    from posecoach.session.eyes import Eyes

    practice = calibration_of(plans, motions, mirror=source.mirror_display)
    with ExitStack() as stack:
        eyes = stack.enter_context(Eyes(bundle, masks=practice.needs_mask))
        front = front_here(stack, manner, "calibration", console)
        hooks = Hooks(tell=front.teller)
        LiveCoaching(practice, source, front.window, front.voice, hooks).run(eyes)
    return practice.findings()


def _from_recording(
    source: Source, bundle: Path, plans: Sequence[Plan], motions: Sequence[Motion]
) -> Findings:
    """Find what was held in a recording."""
    from rich.console import Console
    from rich.progress import track

    from posecoach.profile.recording import ExerciseWatch, MeasureWatch, found
    from posecoach.session.eyes import Eyes

    watches: list[ExerciseWatch | MeasureWatch] = [ExerciseWatch(plan) for plan in plans]
    if motions:
        watches.append(MeasureWatch(motions))
    errors = Console(stderr=True, markup=False)
    masks = any(watch.needs_mask for watch in watches)
    with Eyes(bundle, masks=masks) as eyes:
        moments: Iterable[tuple[Frame, Pose]] = eyes.follow(source.frames())
        if errors.is_terminal:
            moments = track(
                moments,
                description=source.name,
                total=source.frame_count,
                console=errors,
                transient=True,
            )
        for frame, pose in moments:
            for watch in watches:
                watch.see(frame, pose)
    return found(watches)


def _keep(
    profiles: object, person: Profile, calibration: Calibration, found: Findings, console: Console
) -> None:
    """Write the profile and show what came of it.

    Raises:
        ProfileError: the profile cannot be written.
    """
    from posecoach.cli.profiles import print_ranges
    from posecoach.profile.files import Profiles
    from posecoach.profile.outcome import remarks

    assert isinstance(profiles, Profiles)
    for note in found.notes:
        console.print(note, style="dim", highlight=False)
    person = person.with_calibration(calibration)
    # Shown first: where it cannot be kept, who has moved for it sees it at least.
    print_ranges(console, person, {each.motion for each in calibration.ranges})
    path = profiles.save(person)
    for remark in remarks(found):
        console.print(remark, style="yellow", highlight=False)
    console.print(f"Kept in {path}", style="dim", highlight=False, soft_wrap=True)
