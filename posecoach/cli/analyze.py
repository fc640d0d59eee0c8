"""``posecoach analyze``: the same coach over recordings, as fast as the machine allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from posecoach.cli import options
from posecoach.errors import ExerciseError, PoseCoachError, SourceError, StoreError

if TYPE_CHECKING:
    from posecoach.clinic.job import Job
    from posecoach.outputs import Output
    from posecoach.plan.plan import Plan
    from posecoach.plan.target import Ranges
    from posecoach.store.saving import Saving


_UNSAVED = "unsaved"
"""From a worker: the sentence why a session is not kept. It is an error here, and not written."""


def _as_json(job: Job, progress: Callable[[int, int], None]) -> dict[str, object]:
    """Coach one recording; its result as plain values, and why it is not kept where it is not."""
    from posecoach.clinic.job import coached

    result = coached(job, progress)
    return result.as_json() | ({_UNSAVED: result.unsaved} if result.unsaved else {})


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
    every_frame: bool
    results: Path | None
    cluster: str | None
    dry_run: bool
    tls_ca: Path | None
    tls_cert: Path | None
    tls_key: Path | None
    insecure: bool


def _many(command: Callable[..., None]) -> Callable[..., None]:
    """The options for many recordings."""
    for option in (
        click.option(
            "--insecure", is_flag=True, help="Talk to a cluster elsewhere without TLS all the same."
        ),
        *(
            click.option(
                f"--tls-{name}",
                metavar="FILE",
                type=click.Path(path_type=Path),
                help=f"PEM file for TLS to the cluster: {what}.",
            )
            for name, what in (
                ("key", "your certificate's key"),
                ("cert", "your certificate"),
                ("ca", "the authority's certificate"),
            )
        ),
        click.option("--dry-run", is_flag=True, help="With --results, say what would be done."),
        click.option(
            "--cluster",
            metavar="ADDRESS",
            help="With --results, coach on a Dask cluster: its scheduler's address or file; "
            "local for one on this machine, of --jobs processes.",
        ),
        click.option(
            "--results",
            metavar="DIR",
            type=click.Path(path_type=Path),
            help="Coach all recordings of folders and lists (CSV) into Parquet tables in this "
            "folder; begun before, only what is missing.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--exercise", metavar="ID", help="What is done in them.  [required]")
@click.option(
    "--json", "output", metavar="FILE", help="Write the results here; - for standard output."
)
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="Recordings worked on at once.")
@click.option("--save", is_flag=True, help="Keep them as sessions, for report and history.")
@click.option(
    "--every-frame",
    is_flag=True,
    help="Look at every frame, rather than at as many as the movement needs.",
)
@options.prescription
@options.exercises
@options.model
@options.saving
@_many
@options.gathered(AnalyzeOptions)
def analyze(asked: AnalyzeOptions) -> None:
    """Coach recordings and write what came of it.

    One JSON object for a single recording, a list for several. Thousands of them go into tables,
    with --results.
    """
    if asked.results is not None:
        from posecoach.cli.clinic import into_tables

        into_tables(asked)
        return
    if asked.cluster is not None or asked.dry_run:
        raise click.UsageError("--cluster and --dry-run go with --results, where the tables go.")
    from rich.console import Console

    from posecoach.outputs import Outputs
    from posecoach.practice.closing_word import ClosingWord
    from posecoach.store.database import data_folder
    from posecoach.writing import as_text

    person = options.person(asked.profile, asked.data_dir, once=asked.save)
    plan = _planned(asked, None if person is None else person.scale())
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
    work = _jobs(asked, plan, saving)
    console = Console(stderr=True)
    results, failures = _coach_all(work, min(asked.jobs, len(work)), console)
    _tell(results, plan, target)
    word = closing_word.word()
    if word is not None:
        console.print(word.text, highlight=False, soft_wrap=True, markup=False)
    if results and target is not None:
        text = as_text(results[0] if len(asked.paths) == 1 else results)
        unwritten = options.written(target, text)
        failures += [unwritten] if unwritten else []
    options.fail(failures)


def _planned(asked: AnalyzeOptions, ranges: Ranges | None) -> Plan:
    """The exercise that is asked for, for the person whose ranges are given."""
    if asked.exercise is None:
        raise ExerciseError(
            "Say which stretch is done in it with --exercise; `posecoach exercises list` shows all."
        )
    exercise = options.find_exercise(asked.exercise, asked.folder)
    return options.planned(exercise, asked.side, asked.reps, asked.hold, ranges)


def _check(paths: Sequence[str]) -> None:
    """Whether the recordings are there, before the first is coached."""
    for path in paths:
        if "://" not in path and not Path(path).expanduser().exists():
            raise SourceError(f"There is no file {path}; check the path.")
        if Path(path).is_dir():
            raise SourceError(f"{path} is a folder; name --results to coach all in it.")


def _saving(asked: AnalyzeOptions, profile: str) -> Saving | None:
    """How to keep them; None where they are not to be kept."""
    if not asked.save:
        return None
    from posecoach.store.database import check_place

    saving = options.how_to_save(asked.data_dir, asked.no_landmarks, profile, asked.record_video)
    check_place(saving.folder)
    return saving


def _jobs(asked: AnalyzeOptions, plan: Plan, saving: Saving | None) -> list[Job]:
    from posecoach.clinic.job import Job

    bundle = options.find_model(asked.model)
    return [Job(path, plan, bundle, saving, asked.every_frame) for path in asked.paths]


def _tell(results: Sequence[dict[str, Any]], plan: Plan, target: Output | None) -> None:
    """Show what was found out before it is written, whatever becomes of a file."""
    if target is None or target.path is not None:
        from rich.console import Console

        from posecoach.cli.summary import print_summary

        for result in results:
            print_summary(Console(), result, plan.asked, plan.hold_s)


def _coach_all(
    work: list[Job], jobs: int, console: Any
) -> tuple[list[dict[str, Any]], list[BaseException]]:
    """Coach all recordings; what worked is returned even if some failed, or it was stopped."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
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
    failures: list[BaseException] = []
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            failures.append(outcome)
        else:
            unsaved = outcome.pop(_UNSAVED, "")
            failures += [StoreError(unsaved)] if unsaved else []
            results.append(outcome)
    return results, failures


def _outcomes(
    work: list[Job], jobs: int, tell: Callable[[int, int, int], None]
) -> list[dict[str, Any] | BaseException]:
    """Results or errors in the order of the work; after an interruption those there are."""
    if jobs > 1:
        from posecoach.cli.parallel import run_parallel

        return [*run_parallel(_as_json, work, jobs, tell)]
    outcomes: list[dict[str, Any] | BaseException] = []
    for index, job in enumerate(work):
        try:
            outcomes.append(
                _as_json(job, lambda done, total, index=index: tell(index, done, total))  # type: ignore[misc]
            )
        except PoseCoachError as error:
            outcomes.append(error)
        except KeyboardInterrupt as stop:
            return [*outcomes, stop]
    return outcomes
