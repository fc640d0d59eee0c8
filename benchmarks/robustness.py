"""Feeds PoseCoach what nobody should: broken definitions, landmarks and video files.

    python -m benchmarks.robustness definitions [--count 10000] [--seed 1]
    python -m benchmarks.robustness landmarks [--count 10000] [--seed 1]
    python -m benchmarks.robustness videos [--count 60] [--seed 1]

Each campaign prints what it tried and every finding with the seed that makes it again, and
ends with exit code 1 if there is one. What counts as a finding: an exception that is not a
``PoseCoachError``, a warning, a number that is none in what is told, a hang, a traceback, a
wrong exit code, an output written half.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from random import Random

Trial = Callable[[Random], str]
"""Makes one broken thing and feeds it; returns what became of it, raises for a finding."""


def campaign(trial: Trial, count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Run many trials, each with a seed of its own.

    Returns:
        How often each outcome came, and the findings.
    """
    outcomes: Counter[str] = Counter()
    findings: list[str] = []
    for number in range(count):
        own = f"{seed}/{number}"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                outcomes[trial(Random(own))] += 1
        except Exception as error:
            findings.append(f"{own}: {type(error).__name__}: {error} ({_place(error)})")
    return outcomes, findings


def again(trial: Trial, own: str) -> str:
    """Repeat one trial by its seed, for a debugger."""
    return trial(Random(own))


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    place = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "posecoach" in code.co_filename:
            place = f"{code.co_filename.rpartition('posecoach')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def main(arguments: list[str] | None = None) -> int:
    """Run a campaign from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=("definitions", "landmarks", "videos"))
    parser.add_argument("--count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", metavar="SEED", help="only this trial, e.g. 1/4711")
    given = parser.parse_args(arguments)
    trial, count = _trial(given.what)
    if given.again:
        print(again(trial, given.again))
        return 0
    began = time.monotonic()
    outcomes, findings = campaign(trial, given.count or count, given.seed)
    print(f"{sum(outcomes.values())} {given.what} in {time.monotonic() - began:.0f} s")
    for outcome, times in outcomes.most_common():
        print(f"  {times:6d}  {outcome}")
    print(f"{len(findings)} findings")
    for finding in findings[:50]:
        print(f"  {finding}")
    return 1 if findings else 0


def _trial(what: str) -> tuple[Trial, int]:
    if what == "definitions":
        from benchmarks.broken_definitions import trial

        return trial, 10_000
    if what == "landmarks":
        from benchmarks.broken_landmarks import trial

        return trial, 10_000
    from benchmarks.broken_videos import trial

    return trial, 60


if __name__ == "__main__":
    sys.exit(main())
