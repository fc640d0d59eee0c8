"""How round circles are read, and how much flatter fast ones: what ``coach.loops`` goes by.

    python -m benchmarks.circles ../shared/clips ../shared/population [--landmarks KEPT] [--begun]
        [--desk OUT]

Of every recording of circles whose label names what was done: the shapes of good circles, fast ones
and shrugs as the coach reads them, and by people who did both slow and fast ones the time constant
of a low-pass that makes the one of the other. ``benchmarks.instrument --coached`` prints the same
of the people that readers are fitted on, each read by those that never met them.

``--begun`` also coaches each from the middle of its first circle on, as recordings of people who
do not rest first, and prints how many come to the true count or, that circle being cut, to one
less.

``--desk`` also cuts them as a laptop on a desk sees them (``benchmarks.desk``), keeps the landmarks
of that in OUT, and prints how much of the rate of the rise is read as a way back there, where the
way across is told by how wide the shoulders look (``loops.WIDTH_LATE_S``).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from math import inf, pi, sqrt
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from benchmarks.coaching import NOTHING, coached
from benchmarks.desk import desk_poses
from benchmarks.recordings import clean_poses, raw_poses
from posecoach.coach.circles import ways_across
from posecoach.coach.instant import Instant
from posecoach.coach.loops import Loop, LoopFinder, Sample, passes, whole_seconds
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.plan.quantity import Reader
from posecoach.pose.cleaner import PoseCleaner
from posecoach.session.session import Session
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame

SIDES = ("left", "right")

KINDS = {"good": "good", "too-fast": "fast", "shrug-only": "shrugs"}
"""What a label says was done, and what it is called here."""

QUANTILES = (0.05, 0.1, 0.5, 0.9, 0.95)
"""Of shapes, what share of circles is flatter."""

BEGUN_S = (0.0, 0.3, 0.8, 1.3)
"""Seconds after its first circle began from which a recording is coached (0: the whole): a circle
takes 1.3 to 4.3 seconds, so that some begin on the way up, at the top and on the way down."""

SLACK_S = 0.3
"""A loop belongs to what was done when it was half over, give or take."""


SETTLED_S = 1.0
"""Seconds after which readings have settled; before, the true shoulders rest."""

FEWEST = 30
"""Moments of one shoulder to fit anything on."""


class Made(NamedTuple):
    """One loop and what it was.

    Attributes:
        recording: whose it is.
        kind: one of ``KINDS``.
        loop: as it was read.
        shape: its shape, negative where it goes the wrong way round.
    """

    recording: str
    kind: str
    loop: Loop
    shape: float


def made_in(path: Path, landmarks: Path | None) -> list[Made]:
    """Find the loops of one recording.

    Args:
        path: the film, label and truth beside it.
        landmarks: the estimator's kept output, by folder.
    """
    label = json.loads(path.with_suffix(".json").read_text("utf-8"))
    plan = make_plan(standard_library().find(label["exercise"]))
    circle = plan.circles[0].circle
    ups, acrosses = (
        [Reader.of(quantity, side) for side in ("left", "right")]
        for quantity in (circle.up, circle.across)
    )
    session, finder, found = Session(plan, path.stem), LoopFinder(circle.size), []
    kept = None if landmarks is None else landmarks / path.parent.name
    for pose in clean_poses(path, kept, None):
        seen = session.see(Frame(NOTHING.image, float(pose.time_s)), pose)
        values = {name: float(each.value) for name, each in seen.readings.items()}
        up, across = ([reader.raw(values) for reader in both] for both in (ups, acrosses))
        if not np.isfinite([*up, *across]).all():
            continue
        told = ways_across(acrosses, _instant(seen))
        sample = Sample.of(float(pose.time_s), up, across)
        loop = finder.add(sample, sure=told.sure, by_width=told.by_width)
        kind = None if loop is None else _kind(label, loop)
        if loop is not None and kind is not None:
            right = loop.direction == _at(label["directions"], loop)["direction"]
            found.append(Made(path.stem, kind, loop, loop.shape if right else -loop.shape))
    return found


def _instant(seen: Snapshot) -> Instant:
    """What tells how the ways across were read."""
    return Instant(seen.frame.time_s, {}, spreads=seen.spreads, view=seen.view)


def _at(spans: Sequence[dict[str, object]], loop: Loop) -> dict[str, object]:
    middle = (loop.start_s + loop.end_s) / 2
    within = (
        each
        for each in spans
        if float(str(each["start_s"])) - SLACK_S <= middle <= float(str(each["end_s"])) + SLACK_S
    )
    return next(within, {})


def _kind(label: dict[str, list[dict[str, object]]], loop: Loop) -> str | None:
    if not (done := _at(label["reps"], loop)) or not _at(label["directions"], loop):
        return None
    return KINDS.get(str(done["fault"] or "good"))


def time_constant_s(slow: Sequence[Loop], fast: Sequence[Loop]) -> float:
    """Return the time constant, seconds, of the low-pass by which fast circles are read flatter.

    The ratio of its gains at the circles' own frequencies is that of their shapes as they are
    read: 0 where fast ones are no flatter, infinite where no low-pass makes them so flat.
    """
    ratio = _read(fast) / _read(slow)
    low, high = (
        (2 * pi / median(whole_seconds(each.start_s, each.end_s) for each in loops)) ** 2
        for loops in (slow, fast)
    )
    if ratio >= 1:
        return 0.0
    left = ratio**2 * high - low
    return sqrt((1 - ratio**2) / left) if left > 0 else inf


def _read(loops: Sequence[Loop]) -> float:
    return median(each.shape * passes(whole_seconds(each.start_s, each.end_s)) for each in loops)


def table(made: Iterable[Made]) -> str:
    """Return shapes by what was done, and the time constant, as Markdown."""
    made = list(made)
    rows = []
    for kind in KINDS.values():
        shapes = [each.shape for each in made if each.kind == kind]
        if shapes:
            numbers = np.quantile(shapes, QUANTILES)
            rows.append([kind, str(len(shapes)), *(f"{number:.2f}" for number in numbers)])
    head = ["circles", "how many", *(f"{100 * share:g} %" for share in QUANTILES)]
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
    constants = []
    for name in dict.fromkeys(each.recording for each in made):
        slow, fast = (
            [each.loop for each in made if each.recording == name and each.kind == kind]
            for kind in ("good", "fast")
        )
        if len(slow) > 1 and len(fast) > 1:
            constants.append(time_constant_s(slow, fast))
    middle = f"{median(constants):.2f} s" if constants else "-"
    shown = "\n".join(lines)
    told = f"Time constant {middle}, the median of {len(constants)} recordings."
    return f"{shown}\n\n{told}\n"


def begun(paths: Iterable[Path], landmarks: Path | None) -> str:
    """Return as Markdown what recordings come to that begin in their first circle."""
    right, nothing = dict.fromkeys(BEGUN_S, 0), dict.fromkeys(BEGUN_S, 0)
    paths = list(paths)
    for path in paths:
        label = json.loads(path.with_suffix(".json").read_text("utf-8"))
        true, first_s = label["repetitions"]["both"], float(label["reps"][0]["start_s"])
        exercise = standard_library().find(label["exercise"])
        kept = None if landmarks is None else landmarks / path.parent.name
        raw = list(raw_poses(path, kept, None))
        for after_s in BEGUN_S:
            since_s = first_s + after_s if after_s else 0.0
            cleaner = PoseCleaner()
            seen = [cleaner.update(pose) for pose in raw if float(pose.time_s) >= since_s]
            counted = coached(exercise, seen).repetitions["both"]
            right[after_s] += counted == true or (after_s > 0 and counted == true - 1)
            nothing[after_s] += counted == 0 < true
    lines = ["| begun after | right | none counted |", "|---|---|---|"]
    for after_s in BEGUN_S:
        when = f"{after_s:g} s" if after_s else "whole"
        lines.append(f"| {when} | {right[after_s]}/{len(paths)} | {nothing[after_s]} |")
    return "\n".join(lines) + "\n"


def late_s(path: Path, landmarks: Path | None, desks: Path) -> list[float]:
    """Return of each shoulder how much of the rate of its rise is read as a way back, seconds.

    By a fit of the way across that is read on the true one and the height that is read and the
    rates of both. Only of moments whose way across is told by the shoulders' width.

    Args:
        path: the film, label and truth beside it.
        landmarks: the estimator's kept output of the whole film.
        desks: where that of the cut one is kept.
    """
    truth = np.load(path.with_suffix(".npz"))
    rests = truth["t_s"] < SETTLED_S
    plan = make_plan(standard_library().find("shoulder-roll"))
    acrosses = [Reader.of(plan.circles[0].circle.across, side) for side in SIDES]
    session, cleaner = Session(plan, path.stem), PoseCleaner()
    names = ("shoulder_elevation", "shoulder_protraction")
    seen = []
    for pose in desk_poses(path, list(raw_poses(path, landmarks, None)), desks):
        now = session.see(Frame(NOTHING.image, float(pose.time_s)), cleaner.update(pose))
        if ways_across(acrosses, _instant(now)).by_width:
            row = (now.readings[f"{name}_{side}"].value for side in SIDES for name in names)
            seen.append((float(pose.time_s), *map(float, row)))
    table = np.array(seen).reshape(-1, 5)
    table = table[table[:, 0] > SETTLED_S]
    if len(table) < FEWEST:
        return []
    times, found = table[:, 0], []
    for at, side in enumerate(SIDES):
        up, across = table[:, 1 + 2 * at], table[:, 2 + 2 * at]
        true = truth[f"{names[1]}_{side}"]
        true = np.interp(times, truth["t_s"], true - np.median(true[rests]))
        rate = np.convolve(np.gradient(up, times), np.ones(3) / 3, "same")
        columns = np.column_stack(
            [np.ones(len(times)), up, rate, true, np.gradient(true, times)],
        )
        known = np.isfinite(columns).all(axis=1) & np.isfinite(across)
        if known.sum() >= FEWEST:
            found.append(float(np.linalg.lstsq(columns[known], across[known], rcond=None)[0][2]))
    return found


def recordings(folders: Iterable[Path]) -> list[Path]:
    """The films of circles among those of some folders."""
    labels = (label for folder in folders for label in sorted(folder.glob("*.json")))
    return [
        label.with_suffix(".mp4")
        for label in labels
        if json.loads(label.read_text("utf-8")).get("directions")
    ]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, help="recordings with labels")
    parser.add_argument("--landmarks", type=Path, help="kept estimator output, by folder")
    parser.add_argument("--begun", action="store_true", help="also coach them from a circle on")
    parser.add_argument("--desk", type=Path, help="also cut as at a desk; what is kept of that")
    given = parser.parse_args()
    paths = recordings(given.folders)
    found = [made for path in paths for made in made_in(path, given.landmarks)]
    print(table(found))
    if given.begun:
        print(begun(paths, given.landmarks))
    if given.desk is not None:
        kept = [None if given.landmarks is None else given.landmarks / p.parent.name for p in paths]
        late = [
            each
            for path, at in zip(paths, kept, strict=True)
            for each in late_s(path, at, given.desk)
        ]
        quarters = ", ".join(f"{each:.3f}" for each in np.quantile(late, (0.25, 0.5, 0.75)))
        print(f"Of the rise's rate read as a way back: {quarters} s (quarters of {len(late)}).")


if __name__ == "__main__":
    main()
