"""``posecoach exercises record``: from a recording, or from before the camera, to a file."""

from __future__ import annotations

from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.cli import options
from posecoach.errors import ExerciseError

if TYPE_CHECKING:
    from posecoach.cli.front import Manner
    from posecoach.learn.learner import Learnt
    from posecoach.source.source import Source


@dataclass(frozen=True, slots=True)
class RecordOptions:
    """What ``record`` was given; see its options."""

    exercise_id: str
    source: str | None
    output: Path | None
    mute: bool
    full_screen: bool
    no_window: bool
    model: str | None


def record_exercise(asked: RecordOptions) -> None:
    """Learn an exercise and write its file."""
    from posecoach.cli.front import Manner
    from posecoach.outputs import Outputs

    path = _path(asked)
    target = Outputs([asked.source]).take(path, "yaml")
    bundle = options.find_model(asked.model)
    with _opened(asked.source) as source:
        live = source.live
        if live:
            manner = Manner(not asked.no_window, asked.full_screen, asked.mute)
            learnt = _before_camera(source, asked.exercise_id, bundle, manner)
        else:
            learnt = _from_recording(source, asked.exercise_id, bundle)
    failure = options.written(target, learnt.text)
    if failure is not None:
        raise failure
    _tell(learnt, path, live=live)


def _path(asked: RecordOptions) -> Path:
    """Where the definition is to be written; told before anybody looks at anything.

    Raises:
        ExerciseError: it cannot be called so, or is there already.
    """
    from posecoach.exercise.library import refuse_built_in, user_folder
    from posecoach.exercise.template import template_text

    id_, output = asked.exercise_id, asked.output
    template_text(id_)  # refuses what cannot be an id
    if output is None:  # elsewhere it stands in front of none
        refuse_built_in(id_)
    path = output or user_folder() / f"{id_}.yaml"
    if output is None and path.exists():
        raise ExerciseError(f"{path} is there already; choose another id, or say --output")
    if path.stem != id_:
        raise ExerciseError(
            f"the file is called like the exercise in it; write --output {path.with_stem(id_)}"
        )
    if output is None:
        path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _opened(source: str | None) -> Source:
    """The source; where none is named, the camera of the last time, else the first."""
    from posecoach.practice.camera_choice import open_for_practice
    from posecoach.practice.preferences import load_preferences
    from posecoach.store.database import data_folder

    opened, said = open_for_practice(source, load_preferences(data_folder(None)).camera)
    if said:
        click.echo(said, err=True)
    return opened


def _before_camera(source: Source, id_: str, bundle: Path, manner: Manner) -> Learnt:
    """Lead the person through it."""
    from rich.console import Console

    from posecoach.cli.front import front_here
    from posecoach.learn.company import Company
    from posecoach.practice.live import Hooks, LiveCoaching
    from posecoach.practice.showing import Showing
    from posecoach.session.eyes import Eyes

    console = Console(markup=False)
    with ExitStack() as stack:
        company = stack.enter_context(Company(bundle))
        showing = stack.enter_context(Showing(id_, company, mirror=source.mirror_display))
        eyes = stack.enter_context(Eyes(bundle, masks=showing.needs_mask))
        front = front_here(stack, manner, "a new stretch", console)
        hooks = Hooks(tell=front.teller)
        LiveCoaching(showing, source, front.window, front.voice, hooks).run(eyes)
        return showing.learnt()


def _from_recording(source: Source, id_: str, bundle: Path) -> Learnt:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from posecoach.learn.filmed import watch_source
    from posecoach.learn.learner import learn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn(),
        console=console, transient=True,
    )  # fmt: skip
    task = bar.add_task(source.name, total=None)
    with bar if console.is_terminal else nullcontext():
        kept = watch_source(
            source,
            bundle,
            lambda done, total: bar.update(task, completed=done, total=total or None),
        )
    return learn(kept, id_)


def _tell(learnt: Learnt, path: Path, *, live: bool) -> None:
    """Say what was seen, what is open and what to do next."""
    from posecoach.learn.wording import counted_words

    exercise = learnt.exercise
    click.echo(f"{path} is written: {learnt.seen_words} seen.")
    for number, step in enumerate(exercise.steps, 1):
        held = f", held {step.hold:g} s" if step.hold is not None else ""
        round_ = f", for {step.lasting:g} s" if step.lasting is not None else ""
        click.echo(f"  {number}. {step.id}{held}{round_}")
    if learnt.counted != learnt.shown:
        what, again = ("what was shown", "show") if live else ("the recording", "film")
        click.echo(
            f"Coached by it, {what} has {counted_words(learnt.counted)}: not all of it is seen "
            f"well enough to count; {again} it nearer, or from where the movement is seen better."
        )
    click.echo("Please answer, in the file:")
    for question in learnt.questions:
        click.echo(f"  ? {question}")
    click.echo("Then read it as others will, and see it move:")
    click.echo(f"    posecoach exercises check {path}")
    click.echo(f"    posecoach exercises show {path} --play")
