"""How much less work ``analyze`` and live practice do for the same answer.

    python -m benchmarks.work FOLDER [--only NAME ...] [--no-live] [--write docs/speed.md]

FOLDER holds recordings with the truth beside them (``../shared/render/population.py`` with ``fps``
set to 30 makes such). Each is gone through, by turns, by bare MediaPipe on every frame, by
``analyze`` as a command from its start to its exit, by live practice without a window, and by
``analyze --every-frame``, whose counts, faults and holds are what the others are held against.
Both are held against the truth, too: whether less work is as true is what matters in the end.
CPU time counts all threads; on a machine that others use its ratios are the useful ones.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.people_judge import Row as Verdict
from benchmarks.people_judge import judge
from benchmarks.speed import _run, as_installed, table

HOLD_S = "2"
"""The recordings' holds last 2.4 to 4.2 seconds."""
END_S = 0.15
"""Within which a hold's end is to be the same."""
BEGIN, END = "<!-- work -->", "<!-- work end -->"

Cost = tuple[float, float]
"""CPU and wall seconds."""


@dataclass(frozen=True)
class Row:
    """One recording.

    Attributes:
        looks: a second.
        same: whether counts and faults are those of every frame.
        ends: how far each completed hold's end is from that of every frame.
        few, every: what the two came to, against what is true.
    """

    name: str
    seconds: float
    looks: float
    same: bool
    ends: tuple[float, ...]
    few: Verdict
    every: Verdict
    bare: Cost
    analyze: Cost
    live: Cost | None


def measured(clip: Path, bundle: Path, live: bool) -> Row:
    """Go through one recording in all ways."""
    label = json.loads(clip.with_suffix(".json").read_text("utf-8"))
    exercise = str(label["exercise"])
    ways = [sys.executable, "-m", "benchmarks.speed_ways", "whole"]
    given = [str(clip), exercise, str(bundle)]
    with tempfile.TemporaryDirectory() as folder:
        few, every = Path(folder) / "few.json", Path(folder) / "every.json"
        bare = _run([*ways, "bare", *given])
        ours = _run(_analyze(clip, exercise, bundle, few))
        practice = _run([*ways, "live", *given]) if live else None
        _run([*_analyze(clip, exercise, bundle, every), "--every-frame"])
        one, other = (json.loads(path.read_text("utf-8")) for path in (few, every))
    return Row(
        name=clip.stem,
        seconds=one["duration_s"],
        looks=one["frames"] / one["duration_s"],
        same=_decided(one) == _decided(other),
        ends=tuple(_ends(one, other)),
        few=judge(clip, label, one),
        every=judge(clip, label, other),
        bare=bare,
        analyze=ours,
        live=practice,
    )


def _analyze(clip: Path, exercise: str, bundle: Path, output: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "posecoach", "analyze", str(clip), "--exercise", exercise),
        *("--hold", HOLD_S, "--model", str(bundle), "--json", str(output)),
    ]


def _decided(result: dict[str, Any]) -> tuple[Any, ...]:
    faults = sorted((each["fault"], each["side"]) for each in result["faults"])
    return result["repetitions"], result["attempts"], faults


def _ends(one: dict[str, Any], other: dict[str, Any]) -> list[float]:
    """How far each hold that every frame shows to be completed ends from its own there."""
    found = []
    for hold in other["holds"]:
        if not hold["completed"]:
            continue
        near = [
            abs(each["end_s"] - hold["end_s"])
            for each in one["holds"]
            if (each["step"], each["side"]) == (hold["step"], hold["side"])
            and each["start_s"] < hold["end_s"]
            and hold["start_s"] < each["end_s"]
        ]
        found.append(min(near, default=float("inf")))
    return found


def told(rows: Sequence[Row]) -> str:
    """The table, and what it comes to."""
    lines = []
    for row in rows:
        worst = f"{max(row.ends):.2f} s" if row.ends else "–"
        lines.append(
            [
                *(row.name, f"{row.seconds:.0f}", f"{row.looks:.1f}"),
                *("yes" if row.same else "**no**", worst),
                *("yes" if each.exact else "no" for each in (row.few, row.every)),
                *(f"{row.bare[0]:.1f}", f"{row.analyze[0]:.1f}"),
                *(f"{row.bare[0] / row.analyze[0]:.2f}", f"{row.bare[1] / row.analyze[1]:.2f}"),
                f"{row.live[0] / row.bare[0]:.2f}" if row.live else "–",
            ]
        )
    head = [
        *("recording", "s", "looks a second", "the same", "worst hold's end"),
        *("counted right", "(every frame)", "bare, CPU s", "`analyze`, CPU s"),
        *("times as quick (CPU)", "(wall)", "live, CPU to bare"),
    ]
    ends = [each for row in rows for each in row.ends]
    live = [row.live[0] / row.bare[0] for row in rows if row.live]
    cpu = [row.bare[0] / row.analyze[0] for row in rows]
    wall = [row.bare[1] / row.analyze[1] for row in rows]
    words = (
        f"{len(rows)} recordings: counts and faults as with every frame in "
        f"{sum(row.same for row in rows)}; {sum(end <= END_S for end in ends)} of {len(ends)} "
        f"holds end within {END_S} s. Bare MediaPipe on every frame takes {median(cpu):.2f} times "
        f"the CPU time of `analyze` (the least {min(cpu):.2f}), {median(wall):.2f} times the time."
    )
    if live:
        words += f" Live: {median(live):.2f} of its CPU time (the most {max(live):.2f})."
    truth = "\n".join(
        f"- {name}: {_against_truth(verdicts)}"
        for name, verdicts in (
            ("as many looks as needed", [row.few for row in rows]),
            ("every frame", [row.every for row in rows]),
        )
    )
    return f"{table(head, lines)}\n{words}\n\nAgainst the truth:\n\n{truth}\n"


def _against_truth(verdicts: Sequence[Verdict]) -> str:
    faults = [fault for each in verdicts for fault in each.faults]
    return (
        f"counted right {sum(each.exact for each in verdicts)} of {len(verdicts)}, "
        f"holds {sum(each.holds_found for each in verdicts)} of "
        f"{sum(len(each.hold_errors) for each in verdicts)}, "
        f"faults told {sum(fault.told for fault in faults)} of {len(faults)}, "
        f"told wrongly {sum(len(each.wrong) for each in verdicts)}"
    )


def main() -> None:
    """Measure from the command line."""
    from posecoach.pose.bundle import resolve_bundle

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--no-live", action="store_true")
    parser.add_argument("--model")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table into this page")
    given = parser.parse_args()
    as_installed()
    bundle = resolve_bundle(given.model)
    rows = []
    for clip in sorted(given.folder.glob("*.mp4")):
        if clip.with_suffix(".json").exists() and (not given.only or clip.stem in given.only):
            rows.append(measured(clip, bundle, not given.no_live))
            print(told(rows[-1:]), flush=True)
    text = told(rows)
    print(text)
    if given.write:
        before, _, rest = given.write.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        given.write.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
