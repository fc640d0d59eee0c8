"""``posecoach analyze``: the same coach over recordings, as fast as the machine allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from posecoach.cli import options
from posecoach.errors import ExerciseError, PoseCoachError, SourceError

if TYPE_CHECKING:
    from posecoach.outputs import Output
    from posecoach.plan.plan import Plan
    from posecoach.plan.target import Ranges
    from posecoach.session.session import Listener
    from posecoach.store.recording import Recording
    from posecoach.store.saving import Saving


@dataclass(frozen=True, slots=True)
class Job:
    """One recording to coach; plain values, so that it can go to another process."""

    source: str
    exercise: str
    folder: Path | None
    side: str | None
    reps: int | None
    hold: float | None
    bundle: Path
    saving: Saving | None = None
    ranges: Ranges | None = None


def coach_recording(job: Job, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Coach one recording and return its result as plain values.

    Args:
        progress: called with the frames done and the frames there are (0 if unknown).

    Raises:
        PoseCoachError: the recording, the exercise or the model cannot be used.
    """
    from posecoach.session.eyes import Eyes, words_on
    from posecoach.session.session import Session
    from posecoach.source.open import open_source
    from posecoach.writing import readable

    exercise = options.find_exercise(job.exercise, job.folder)
    plan = options.planned(exercise, job.side, job.reps, job.hold, job.ranges)
    with open_source(job.source) as source:
        if source.static:
            raise SourceError(
                f"{job.source} is a picture, not a recording: holds and repetitions need time; "
                "use `posecoach measure` for photos."
            )
        if source.live:
            raise SourceError(f"{job.source} is live; use `posecoach run` for it.")
        session = Session(plan, readable(job.source))
        total = source.frame_count or 0

        def tell(_: object) -> None:
            progress(session.result.frames, total)

        listeners: list[Listener] = [tell]
        with ExitStack() as stack:
            eyes = stack.enter_context(Eyes(job.bundle, masks=session.observer.needs_mask))
            recording = None
            if job.saving is not None:
                recording = stack.enter_context(_recording(job.saving, job))
                recording.begin(plan)
                listeners.append(recording.hear)
            listeners.append(eyes.hear)
            result = session.run(eyes.follow(source.frames()), listeners)
            result.notes += words_on(eyes.changes)
            result.notes += source.remarks
            if source.ended_early:
                result.notes.append(source.ended_early)
            if recording is not None:
                recording.end(result, session.ending)
        if recording is not None and recording.problem:
            # The result is worth having all the same.
            result.notes.append(recording.problem)
    return result.as_json()


def _recording(saving: Saving, job: Job) -> Recording:
    from posecoach.store.recording import Recording

    return Recording(saving, source=job.source, model=job.bundle.stem, live=False)


@dataclass(frozen=True, slots=True)
class AnalyzeOptions:
    """What ``analyze`` was given; see its options."""

    paths: tuple[str, ...]
    exercise: str | None
    output: str | None
    jobs: int
    side: str | None
    reps: int | None
    hold: float | None
    folder: Path | None
    model: str | None
    save: bool
    data_dir: Path | None
    profile: str
    no_landmarks: bool
    record_video: bool


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--exercise", metavar="ID", help="What is done in them.  [required]")
@click.option(
    "--json", "output", metavar="FILE", help="Write the results here; - for standard output."
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="Recordings worked on at once.")
@click.option("--save", is_flag=True, help="Keep them as sessions, for report and history.")
@options.prescription
@options.exercises
@options.model
@options.saving
@options.gathered(AnalyzeOptions)
def analyze(asked: AnalyzeOptions) -> None:
    """Coach recordings and write what came of it.

    One JSON object for a single recording, a list for several.
    """
    from rich.console import Console

    from posecoach.outputs import Outputs
    from posecoach.practice.closing_word import ClosingWord
    from posecoach.store.database import data_folder
    from posecoach.writing import as_text

    if asked.exercise is None:
        raise ExerciseError(
            "Say which stretch is done in it with --exercise; `posecoach exercises list` shows all."
        )
    person = options.person(asked.profile, asked.data_dir)
    ranges = None if person is None else person.scale()
    exercise = options.find_exercise(asked.exercise, asked.folder)
    plan = options.planned(exercise, asked.side, asked.reps, asked.hold, ranges)
    _check(asked.paths)
    inputs = [*asked.paths, asked.exercise, asked.folder, asked.model]
    outputs = Outputs(inputs, data_folder(asked.data_dir))
    target = None if asked.output is None else outputs.take(asked.output, "json")
    saving = _saving(asked, asked.profile if person is None else person.name)
    closing_word = ClosingWord(
        data_folder(asked.data_dir),
        saving.profile if saving is not None else "",
        [plan],
        kept=lambda: bool(results),
    )
    work = _jobs(asked, saving, ranges)
    console = Console(stderr=True)
    results, failure = _coach_all(work, min(asked.jobs, len(work)), console)
    _tell(results, plan, target)
    word = closing_word.word()
    if word is not None:
        console.print(word.text, highlight=False, soft_wrap=True, markup=False)
    if results and target is not None:
        text = as_text(results[0] if len(asked.paths) == 1 else results)
        failure = options.written(target, text) or failure
    if failure is not None:
        raise failure


def _check(paths: Sequence[str]) -> None:
    """Whether the recordings are there, before the first is coached."""
    for path in paths:
        if "://" not in path and not Path(path).expanduser().exists():
            raise SourceError(f"There is no file {path}; check the path.")


def _saving(asked: AnalyzeOptions, profile: str) -> Saving | None:
    """How to keep them; None where they are not to be kept."""
    if not asked.save:
        return None
    from posecoach.store.database import check_place

    saving = options.how_to_save(asked.data_dir, asked.no_landmarks, profile, asked.record_video)
    check_place(saving.folder)
    return saving


def _jobs(asked: AnalyzeOptions, saving: Saving | None, ranges: Ranges | None) -> list[Job]:
    assert asked.exercise is not None
    bundle = options.find_model(asked.model)
    how = asked.side, asked.reps, asked.hold, bundle, saving, ranges
    return [Job(path, asked.exercise, asked.folder, *how) for path in asked.paths]


def _tell(results: Sequence[dict[str, Any]], plan: Plan, target: Output | None) -> None:
    """Show what was found out before it is written, whatever becomes of a file."""
    if target is None or target.path is not None:
        from rich.console import Console

        from posecoach.cli.summary import print_summary

        for result in results:
            print_summary(Console(), result, plan.prescribed)


def _coach_all(
    work: list[Job], jobs: int, console: Any
) -> tuple[list[dict[str, Any]], BaseException | None]:
    """Coach all recordings; what worked is returned even if one of them failed, or was stopped."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    tasks = [bar.add_task(Path(job.source).name, total=None) for job in work]

    def tell(index: int, done: int, total: int) -> None:
        bar.update(tasks[index], completed=done, total=total or None)

    # Off a terminal there is no bar, but an empty line at its end.
    with bar if console.is_terminal else nullcontext():
        outcomes = _outcomes(work, jobs, tell)
    results: list[dict[str, Any]] = []
    failure: BaseException | None = None
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            failure = failure or outcome
        else:
            results.append(outcome)
    return results, failure


def _outcomes(
    work: list[Job], jobs: int, tell: Callable[[int, int, int], None]
) -> list[dict[str, Any] | BaseException]:
    """Results or errors in the order of the work; after an interruption those there are."""
    if jobs > 1:
        from posecoach.cli.parallel import run_parallel

        return [*run_parallel(coach_recording, work, jobs, tell)]
    outcomes: list[dict[str, Any] | BaseException] = []
    for index, job in enumerate(work):
        try:
            outcomes.append(
                coach_recording(job, lambda done, total, index=index: tell(index, done, total))  # type: ignore[misc]
            )
        except PoseCoachError as error:
            outcomes.append(error)
        except KeyboardInterrupt as stop:
            return [*outcomes, stop]
    return outcomes
