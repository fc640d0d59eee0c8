"""What the coach counts in clips of people whose repetitions, holds and faults are known.

    python -m benchmarks.coaching ../shared/clips [--landmarks DIR] [--write docs/coaching.md]

Coaches every clip as its own exercise with holds of two seconds, and prints for each clip
repetitions, holds and faults, expected and found. Then every clip as every other exercise:
none of another posture may count a repetition, nor may somebody standing about.

``--landmarks`` names a folder in which the estimator's raw output is kept, so that a
second run is quick. ``--write`` puts the tables between the markers in a Markdown file.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.recordings import clean_poses
from benchmarks.writing import write_between
from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.pose.pose import Pose
from posecoach.session.result import Result
from posecoach.session.session import Session
from posecoach.source.frame import Frame

HOLD_S = 2.0
HOLD_WITHIN_S = 0.4
FAULT_WITHIN_S = 1.0
SIDES = ("left", "right", "both")
NOTHING = Frame(np.zeros((1, 1, 3), np.uint8), 0.0)

POSTURES = {
    "wall-stretch": "upright",
    "overhead-reach": "upright",
    "neck-flexion": "upright",
    "shoulder-roll": "upright",
    "standing-about": "upright",
    "cat-cow": "all fours",
    "childs-pose": "kneeling",
    "childs-pose-arms-back": "kneeling",
    "childs-pose-thread-the-needle": "kneeling",
    "trunk-rotation": "lying",
    "knee-to-chest": "lying",
    "knee-to-chest-single": "lying",
    "thoracic-extension": "leaning back",
}


@dataclass(frozen=True)
class Row:
    """One clip coached as its own exercise."""

    clip: str
    correct: bool
    expected: dict[str, int]
    found: dict[str, int]
    holds: int
    holds_found: int
    worst_hold_s: float
    faults: list[str]
    missed: list[str]
    extra: list[str]

    @property
    def exact(self) -> bool:
        """Whether the repetitions of every side are right."""
        return self.expected == self.found


def coached(exercise: Exercise, poses: Sequence[Pose], hold_s: float = HOLD_S) -> Result:
    """Return what coaching kept poses came to."""
    session = Session(make_plan(exercise, hold=hold_s), "")
    for pose in poses:
        session.see(Frame(NOTHING.image, float(pose.time_s)), pose)
    return session.finish()


def coach(exercise: Exercise, poses: Sequence[Pose], hold_s: float = HOLD_S) -> dict[str, Any]:
    """Return the result of coaching kept poses, as ``analyze`` writes it."""
    return coached(exercise, poses, hold_s).as_json()


def judge(clip: str, truth: dict[str, Any], result: dict[str, Any]) -> Row:
    """Compare a result with the truth."""
    holds = [hold for hold in truth["holds"] if hold["correct"]]
    errors = [error for hold in holds if (error := _hold_error(hold, result)) is not None]
    open_faults = list(result["faults"])
    known = [fault for fault in truth["faults"] if fault["fault"] != "half-range"]
    missed = []
    for fault in known:
        match = next((each for each in open_faults if _same(fault, each)), None)
        if match is None:
            missed.append(_told(fault))
        else:
            open_faults.remove(match)
    return Row(
        clip=clip,
        correct=truth["form"] == "correct",
        expected={side: truth["repetitions"][side] for side in SIDES},
        found={side: result["repetitions"][side] for side in SIDES},
        holds=len(holds),
        holds_found=sum(error <= HOLD_WITHIN_S for error in errors),
        worst_hold_s=max(errors, default=0.0),
        faults=[_told(fault) for fault in known],
        missed=missed,
        extra=[_told(fault) for fault in open_faults],
    )


def _hold_error(hold: dict[str, Any], result: dict[str, Any]) -> float | None:
    near = [
        max(abs(each["start_s"] - hold["start_s"]), abs(each["end_s"] - hold["end_s"]))
        for each in result["holds"]
        if each["side"] == hold["side"] and each["completed"]
    ]
    return min(near, default=None)


def _same(true: dict[str, Any], found: dict[str, Any]) -> bool:
    apart = abs(float(true["start_s"]) - float(found["start_s"]))
    named = (true["fault"], true["side"]) == (found["fault"], found["side"])
    return named and apart <= FAULT_WITHIN_S


def _told(fault: dict[str, Any]) -> str:
    return f"{fault['fault']} {fault['side']} {fault['start_s']:.1f} s"


def _counts(counts: dict[str, int]) -> str:
    return " ".join(f"{side[0]}{number}" for side, number in counts.items() if number) or "0"


def report(clips: Path, kept: Path | None, model: str | None) -> str:
    """Coach everything and return the tables in Markdown."""
    library = standard_library()
    exercises = {name: library.find(name) for name in library.ids()}
    rows: list[Row] = []
    wrong: list[str] = []
    for path in sorted(clips.glob("*.mp4")):
        truth = json.loads(path.with_suffix(".json").read_text())
        poses = list(clean_poses(path, kept, model))
        own = truth["exercise"]
        for name, exercise in exercises.items():
            if name != own and POSTURES.get(name) == POSTURES.get(own) != "upright":
                continue
            result = coach(exercise, poses)
            if name == own:
                rows.append(judge(path.stem, truth, result))
            elif any(result["repetitions"].values()):
                other = POSTURES.get(name) != POSTURES.get(own) or own == "standing-about"
                wrong.append(
                    f"| {path.stem} | {name} | {_counts(result['repetitions'])} "
                    f"| {'must be 0' if other else 'same posture'} |"
                )
    return "\n".join(_tables(rows, wrong))


def _tables(rows: list[Row], wrong: list[str]) -> list[str]:
    lines = [
        "| clip | repetitions: true | found | holds found | worst hold | faults "
        "| missed | not there |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        lines.append(
            f"| {row.clip} | {_counts(row.expected)} "
            f"| {_counts(row.found)}{'' if row.exact else ' **wrong**'} "
            f"| {row.holds_found} of {row.holds} | {row.worst_hold_s:.2f} s "
            f"| {len(row.faults)} | {', '.join(row.missed)} | {', '.join(row.extra)} |"
        )
    correct = [row for row in rows if row.correct]
    exact = sum(row.exact for row in correct)
    faulty = [row for row in rows if not row.correct]
    there = sum(len(row.faults) for row in rows)
    right = there - sum(len(row.missed) for row in rows)
    told = right + sum(len(row.extra) for row in rows)
    holds = sum(row.holds for row in rows)
    lines += [
        "",
        f"- Repetitions exact: {exact} of {len(correct)} correct clips, "
        f"{sum(row.exact for row in faulty)} of {len(faulty)} faulty ones.",
        f"- Holds within {HOLD_WITHIN_S} s at both ends: {sum(r.holds_found for r in rows)} "
        f"of {holds}.",
        f"- Faults with the right side within {FAULT_WITHIN_S:.0f} s: recall "
        f"{right / max(there, 1):.2f} ({right} of {there}), precision "
        f"{right / max(told, 1):.2f} ({right} of {told} told).",
        "",
        "Repetitions counted where a clip was coached as another exercise:",
        "",
        "| clip | coached as | repetitions | |",
        "|---|---|---|---|",
        *(wrong or ["| none | | | |"]),
    ]
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables, and write them where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument("--landmarks", type=Path, help="folder of kept estimator output")
    parser.add_argument("--model", help="a pose model bundle of your own")
    parser.add_argument("--write", type=Path, help="Markdown file to put the tables into")
    given = parser.parse_args(arguments)
    text = report(given.clips, given.landmarks, given.model)
    print(text)
    if given.write is not None:
        write_between(given.write, "coaching", text)


if __name__ == "__main__":
    main()
