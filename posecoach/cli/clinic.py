"""``posecoach analyze --results``: many recordings into tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from posecoach.cli import options
from posecoach.errors import ExerciseError

if TYPE_CHECKING:
    from posecoach.cli.analyze import AnalyzeOptions
    from posecoach.clinic.crew import Crew
    from posecoach.clinic.found import Wanted
    from posecoach.clinic.run import Standing
    from posecoach.clinic.task import Task
    from posecoach.exercise.definition import Exercise
    from posecoach.plan.plan import Plan

LINE_EVERY_S = 60.0
"""Off a terminal a line so often: a log of a night's work has some hundred."""


def into_tables(asked: AnalyzeOptions) -> None:
    """Coach all recordings of folders, lists and files into the tables of ``--results``."""
    from posecoach.clinic.found import find
    from posecoach.clinic.results import Results
    from posecoach.clinic.run import Run

    assert asked.results is not None
    _check(asked)
    wanted = find(asked.paths)
    plans = _Plans(asked)
    settled = [(each, plans.of(each)) for each in wanted]
    if asked.dry_run:
        _tell_dry(asked, plans, settled)
        return
    bundle = options.find_model(asked.model)
    about = _about(asked, plans, bundle)
    with Results(asked.results, about) as results:
        tasks = [
            _task(each, plan, bundle, about)
            for each, plan in settled
            if not results.check(each, plan.exercise.id)
        ]
        before = len(results.done)
        if before:
            click.echo(f"{before} recordings are in {asked.results} already.", err=True)
        with _crew(asked, bundle, len(tasks)) as crew, _Telling() as tell:
            standing = Run(results, tell).carry_out(tasks, crew)
    click.echo(
        f"{standing.done} of {standing.total} recordings are in {asked.results}, "
        f"{standing.failed} of them could not be coached; "
        f"`posecoach report {asked.results}` shows them all."
    )


def _check(asked: AnalyzeOptions) -> None:
    """Refuse what does not go together, and find out what is missing, before the work."""
    from posecoach.clinic.tables import arrow

    for name, given in (("--json", asked.output), ("--save", asked.save)):
        if given:
            raise click.UsageError(f"{name} keeps each recording by itself; leave it or --results.")
    arrow()


class _Plans:
    """The plan of each recording; those that are alike are one."""

    def __init__(self, asked: AnalyzeOptions) -> None:
        self._asked = asked
        self._exercises: dict[str, Exercise] = {}
        self._plans: dict[tuple[str, str, float | None], Plan] = {}

    def of(self, wanted: Wanted) -> Plan:
        asked = self._asked
        exercise = wanted.exercise or asked.exercise
        if not exercise:
            raise ExerciseError(
                f"Say which stretch is done in {wanted.file}, with --exercise or in the list's "
                "column exercise; `posecoach exercises list` shows all."
            )
        key = exercise, wanted.profile or asked.profile, wanted.hold_s or asked.hold
        if key not in self._plans:
            person = options.person(key[1], asked.data_dir)
            if exercise not in self._exercises:
                self._exercises[exercise] = options.find_exercise(exercise, asked.folder)
            found = self._exercises[exercise]
            ranges = None if person is None else person.scale()
            self._plans[key] = options.planned(found, asked.side, asked.reps, key[2], ranges)
        return self._plans[key]

    def definitions(self) -> dict[str, str]:
        """SHA-256 of each exercise's definition."""
        from posecoach.store.definitions import definition_text, fingerprint

        exercises = {plan.exercise.id: plan.exercise for plan in self._plans.values()}
        return {id_: fingerprint(definition_text(each)) for id_, each in sorted(exercises.items())}


def _about(asked: AnalyzeOptions, plans: _Plans, bundle: Path | None) -> dict[str, object]:
    """What a run is told; without the pose model where it is not on this machine yet."""
    from posecoach.clinic.about import versions
    from posecoach.pose.fetch import sha256_of

    return {
        **versions(),
        **({} if bundle is None else {"the pose model": sha256_of(bundle)}),
        "--side": asked.side,
        "--reps": asked.reps,
        "--hold": asked.hold,
        "--profile": asked.profile,
        "--every-frame": asked.every_frame,
        "definitions": plans.definitions(),
    }


def _task(wanted: Wanted, plan: Plan, bundle: Path, about: Mapping[str, Any]) -> Task:
    from posecoach.clinic.about import versions
    from posecoach.clinic.job import Job
    from posecoach.clinic.task import Task

    known = {
        "definition": about["definitions"][plan.exercise.id],
        "posecoach": about["PoseCoach"],
        "mediapipe": about["MediaPipe"],
        "measuring_code": about["the measuring code"],
        "model": about["the pose model"],
    }
    job = Job(wanted.file, plan, bundle, every_frame=about["--every-frame"])
    return Task(wanted, job, known, versions())


def _crew(asked: AnalyzeOptions, bundle: Path, count: int) -> AbstractContextManager[Crew]:
    """Who coaches so many recordings."""
    if asked.cluster is not None and count:
        from posecoach.clinic.cluster import Access, Cluster

        access = Access(asked.cluster, asked.tls_ca, asked.tls_cert, asked.tls_key, asked.insecure)
        return Cluster(access, bundle, asked.jobs)
    from posecoach.clinic.crew import Alone, Pool

    return nullcontext(Alone() if min(asked.jobs, count) <= 1 else Pool(min(asked.jobs, count)))


def _model_here(path: str | None) -> Path | None:
    """The pose model that a run would use; None where it would have to fetch it first."""
    from posecoach.pose.bundle import cached_bundle, own_bundle
    from posecoach.pose.manifest import DEFAULT_VARIANT

    own = own_bundle(path)
    if own is not None:
        return own
    cached = cached_bundle(DEFAULT_VARIANT)
    return cached.path if cached.state == "ready" else None


def _tell_dry(asked: AnalyzeOptions, plans: _Plans, settled: Sequence[tuple[Wanted, Plan]]) -> None:
    """What a run would do, by what is in the tables, without doing it.

    Raises:
        OutputError: a run would be refused.
    """
    from posecoach.clinic.begun import Begun

    assert asked.results is not None
    begun = Begun(asked.results, _about(asked, plans, _model_here(asked.model)))
    counts: dict[tuple[str, str], int] = {}
    for each, plan in settled:
        if not begun.check(each, plan.exercise.id):
            key = plan.exercise.id, each.person
            counts[key] = counts.get(key, 0) + 1
    if counts:
        _show_counts(counts)
    missing = sum(counts.values())
    there = len(settled) - missing
    where = "on this machine" if asked.cluster is None else f"on the cluster {asked.cluster}"
    plural = "" if missing == 1 else "s"
    words = f"{missing or 'No'} recording{plural} would be coached {where} into {asked.results}"
    click.echo(
        words + (f"; {there} {'is' if there == 1 else 'are'} there already." if there else ".")
    )


def _show_counts(counts: Mapping[tuple[str, str], int]) -> None:
    """How many recordings of each exercise and person."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("exercise", "person", "recordings"):
        table.add_column(title, justify="right" if title == "recordings" else "left")
    for (exercise, person), count in sorted(counts.items()):
        table.add_row(exercise, person or "–", str(count))
    Console(markup=False).print(table)


@dataclass
class _Telling:
    """Shows how far a run is: a bar on a terminal, else a line a minute."""

    told_s: float = 0.0
    problem: str = ""

    def __enter__(self) -> Callable[[Standing], None]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._console = Console(stderr=True)
        columns = (
            TextColumn("Recordings"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
        )
        self._bar = Progress(*columns, console=self._console, transient=True)
        self._on_bar = self._bar.add_task("", total=None)
        self.told_s = time.monotonic()
        if self._console.is_terminal:
            self._bar.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._bar.stop()

    def _tell(self, standing: Standing) -> None:
        if standing.problem and standing.problem != self.problem:
            self._console.print(standing.problem, highlight=False, soft_wrap=True, markup=False)
        self.problem = standing.problem
        words = _words(standing)
        if self._console.is_terminal:
            self._bar.update(
                self._on_bar, total=standing.total, completed=standing.done, description=words
            )
        elif time.monotonic() - self.told_s >= LINE_EVERY_S:
            self.told_s = time.monotonic()
            click.echo(f"{standing.done} of {standing.total} recordings{words}", err=True)


def _words(standing: Standing) -> str:
    words = f", {standing.failed} failed" if standing.failed else ""
    if standing.remaining_s is not None:
        words += f", {_duration(standing.remaining_s)} left"
    return words


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
