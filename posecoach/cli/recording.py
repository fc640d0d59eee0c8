"""``posecoach exercises record``: from a recording to an exercise file."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecoach.cli import options
from posecoach.errors import ExerciseError

if TYPE_CHECKING:
    from posecoach.learn.learner import Learnt
    from posecoach.observe.recorded import KeptMoments


def record_exercise(id_: str, source: str, output: Path | None, model: str | None) -> None:
    """Learn an exercise and write its file."""
    from posecoach.exercise.library import user_folder
    from posecoach.exercise.template import template_text
    from posecoach.learn.learner import learn
    from posecoach.outputs import Outputs

    template_text(id_)  # refuses what cannot be an id before anything is looked at
    path = output or user_folder() / f"{id_}.yaml"
    if output is None and path.exists():
        raise ExerciseError(f"{path} is there already; choose another id, or say --output")
    if path.stem != id_:
        raise ExerciseError(
            f"the file is called like the exercise in it; write --output {path.with_stem(id_)}"
        )
    if output is None:
        path.parent.mkdir(parents=True, exist_ok=True)
    target = Outputs([source]).take(path, "yaml")
    kept = _watched(source, options.find_model(model))
    learnt = learn(kept, id_)
    failure = options.written(target, learnt.text)
    if failure is not None:
        raise failure
    _tell(learnt, path)


def _watched(source: str, bundle: Path) -> KeptMoments:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from posecoach.learn.filmed import watch

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(),
        console=console, transient=True,
    )  # fmt: skip
    task = bar.add_task(Path(source).name, total=None)
    with bar if console.is_terminal else nullcontext():
        return watch(
            source,
            bundle,
            lambda done, total: bar.update(task, completed=done, total=total or None),
        )


def _tell(learnt: Learnt, path: Path) -> None:
    """Say what was seen, what is open and what to do next."""
    exercise = learnt.exercise
    click.echo(f"{path} is written: {_counted(learnt.shown)} seen.")
    for number, step in enumerate(exercise.steps, 1):
        held = f", held {step.hold:g} s" if step.hold is not None else ""
        round_ = f", for {step.lasting:g} s" if step.lasting is not None else ""
        click.echo(f"  {number}. {step.id}{held}{round_}")
    if learnt.counted != learnt.shown:
        click.echo(
            f"Coached by it, the recording has {_counted(learnt.counted)}: not all of it is seen "
            "well enough to count; film it nearer, or from where the movement is seen better."
        )
    click.echo("Please answer, in the file:")
    for question in learnt.questions:
        click.echo(f"  ? {question}")
    click.echo("Then read it as others will, and see it move:")
    click.echo(f"    posecoach exercises check {path}")
    click.echo(f"    posecoach exercises show {path} --play")


def _counted(repetitions: dict[str, int]) -> str:
    """Repetitions in words: "2 repetitions to the left, 1 to the right"."""
    total = sum(repetitions.values())
    word = "repetition" if total == 1 else "repetitions"
    if repetitions["both"] == total:
        return f"{total} {word}"
    return f"{total} {word} ({repetitions['left']} left, {repetitions['right']} right)"
