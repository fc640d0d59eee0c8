"""What is learnt from one person, and whether it counts the others.

    python -m benchmarks.learning ../shared/clips ../shared/population [--landmarks KEPT]
        [--real ../shared/real] [--only EXERCISE] [--people D1,D2] [--apart]
        [--write docs/learning.md]

From each correct clip a definition is learnt, without its label and without any built-in
definition. It is tried on its own clip, on the correct clips of the other people who do that
stretch (with holds of two seconds), and with ``--apart`` on the correct clips of every other
posture and on somebody standing about, which must give nothing. Thread-the-needle seen from the
front is left out: from there nothing of it can be told. With ``--real`` real recordings of
movements that are none of the stretches are learnt, too.

``--people`` learns from these people only, and is tried on all. ``--landmarks`` is a folder with
one folder of kept estimator output for each folder of clips (``KEPT/clips``, ...).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.coaching import POSTURES, SIDES
from benchmarks.recordings import clean_poses
from benchmarks.writing import write_between
from posecoach.errors import LearningError
from posecoach.learn.coached import coached
from posecoach.learn.demonstration import Watcher
from posecoach.learn.learner import HOLD_SHARE, Learnt, learn
from posecoach.observe.recorded import KeptMoments

HOLD_S = 2.0
STANDING = "standing-about"
REAL = {
    "quickpose_lateral-raises.gif": 6,
    "tfjs_pose_squats.mp4": 2,
    "quickpose_health-shoulder-rom.gif": 2,
    "quickpose_health-back-rom.gif": 1,
    "tfjs_pose_1.mp4": 1,
}
"""Movements that real recordings show wholly, good and bad together (their README)."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A correct clip: what was seen, how many repetitions its label counts, its shortest holds.

    Attributes:
        holds: seconds of each step's shortest, in their order.
    """

    clip: str
    exercise: str
    person: str
    repetitions: dict[str, int]
    kept: KeptMoments
    holds: tuple[float, ...] = ()


def seen(path: Path, landmarks: Path | None) -> KeptMoments:
    """Look at a recording as the learner does."""
    watcher = Watcher()
    for pose in clean_poses(path, landmarks, None):
        watcher.see(pose)
    return watcher.finish()


def correct_clips(
    folders: Sequence[Path], landmarks: Path | None, only: str | None
) -> Iterator[Shown]:
    """Yield the correct clips, and somebody standing about."""
    for folder in folders:
        for path in sorted(folder.glob("*.mp4")):
            label: dict[str, Any] = json.loads(path.with_suffix(".json").read_text())
            standing = path.stem == STANDING
            if not (standing or (label["form"] == "correct" and _wanted(label, only))):
                continue
            kept = seen(path, None if landmarks is None else landmarks / folder.name)
            counts = {side: label["repetitions"][side] for side in SIDES}
            name = STANDING if standing else label["exercise"]
            yield Shown(path.stem, name, label["person"], counts, kept, shortest(label["holds"]))


def shortest(holds: Sequence[dict[str, Any]]) -> tuple[float, ...]:
    """Seconds of the shortest hold of each step, in their order."""
    found: dict[str, float] = {}
    for each in holds:
        lasted = each["end_s"] - each["start_s"]
        found[each["step"]] = min(lasted, found.get(each["step"], lasted))
    return tuple(found.values())


def too_long(learnt: Learnt, clip: Shown) -> tuple[int, int]:
    """Holds that ask for more than nine tenths of what the label says, and holds compared.

    Only where as many steps were learnt as the label has: else nobody could say which is which.
    """
    steps = learnt.exercise.steps
    if len(steps) != len(clip.holds):
        return 0, 0
    asked = [(s.hold, t) for s, t in zip(steps, clip.holds, strict=True) if s.hold is not None]
    return sum(hold > HOLD_SHARE * true for hold, true in asked), len(asked)


def _wanted(label: dict[str, Any], only: str | None) -> bool:
    hidden = label["exercise"].endswith("thread-the-needle") and label["view"] == "front"
    return not hidden and (only is None or label["exercise"] == only)


def report(clips: Sequence[Shown], people: Sequence[str], apart: bool) -> list[str]:
    """Learn from each clip and try it on the others; return the tables in Markdown."""
    stretches = [clip for clip in clips if clip.exercise != STANDING]
    rows: list[str] = []
    refused: list[str] = []
    own = others = tried = wrong = asked = same = long = holds = 0
    teachers = [clip for clip in stretches if not people or clip.person in people]
    teachers.sort(key=lambda clip: (clip.exercise, clip.clip))
    for clip in teachers:
        try:
            learnt = learn(clip.kept, "learnt")
        except LearningError as error:
            refused.append(f"- {clip.clip}: {error}")
            tried += sum(one.exercise == clip.exercise for one in stretches) - 1
            continue
        own += learnt.counted == clip.repetitions
        same += learn(clip.kept, "learnt").text == learnt.text
        beyond, compared = too_long(learnt, clip)
        long, holds = long + beyond, holds + compared
        cells = []
        for other in stretches:
            if other.exercise == clip.exercise and other is not clip:
                found = coached(learnt.exercise, other.kept, HOLD_S).repetitions
                tried += 1
                others += found == other.repetitions
                cells.append(_cell(other, found))
        rows.append(_row(clip, learnt, cells))
        if apart:
            for other in clips:
                if POSTURES[other.exercise] != POSTURES[clip.exercise] or (
                    other.exercise == STANDING
                ):
                    asked += 1
                    found = coached(learnt.exercise, other.kept, HOLD_S).repetitions
                    wrong += any(found.values())
                    if any(found.values()):
                        refused.append(f"- learnt from {clip.clip}, counted on {other.clip}")
    lines = [
        "| stretch | learnt from | steps | own clip | the others |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"- Own clip exact: {own} of {len(teachers)}.",
        f"- Learnt again, byte for byte the same: {same} of {len(teachers)}.",
        f"- Holds that ask for more than nine tenths of the shortest labelled: {long} of {holds}.",
        f"- Other people's correct clips exact: {others} of {tried} ({_percent(others, tried)}).",
    ]
    if apart:
        lines.append(f"- Clips of other postures and standing about, counted: {wrong} of {asked}.")
    return [*lines, *refused]


def _row(clip: Shown, learnt: Learnt, cells: Sequence[str]) -> str:
    steps = ", ".join(step.id for step in learnt.exercise.steps)
    own = "exact" if learnt.counted == clip.repetitions else _counts(learnt.counted, clip)
    return f"| {clip.exercise} | {clip.person} | {steps} | {own} | {', '.join(cells)} |"


def _cell(other: Shown, found: dict[str, int]) -> str:
    return other.person if found == other.repetitions else _counts(found, other)


def _counts(found: dict[str, int], clip: Shown) -> str:
    told = "/".join(str(found[side]) for side in SIDES)
    true = "/".join(str(clip.repetitions[side]) for side in SIDES)
    return f"**{clip.person}: {told} for {true}**"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "-"


def report_real(folder: Path, landmarks: Path | None) -> list[str]:
    """Learn real recordings; return a table in Markdown."""
    lines = ["", "| real recording | movements | seen | counted | steps |", "|---|---|---|---|---|"]
    for name, count in REAL.items():
        kept = seen(folder / name, None if landmarks is None else landmarks / folder.name)
        try:
            learnt = learn(kept, "learnt")
        except LearningError as error:
            lines.append(f"| {name} | {count} | refused: {error} | | |")
            continue
        steps = ", ".join(step.id for step in learnt.exercise.steps)
        told = [sum(each.values()) for each in (learnt.shown, learnt.counted)]
        lines.append(f"| {name} | {count} | {told[0]} | {told[1]} | {steps} |")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables, and write them where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", help="folders of clips with labels")
    parser.add_argument("--landmarks", type=Path, help="kept estimator output, by folder")
    parser.add_argument("--real", type=Path, help="a folder of real recordings")
    parser.add_argument("--only", help="one exercise")
    parser.add_argument("--people", default="", help="learn from these people only, with commas")
    parser.add_argument("--apart", action="store_true", help="try it on other postures, too")
    parser.add_argument("--write", type=Path, help="Markdown file to put the tables into")
    given = parser.parse_args(arguments)
    clips = list(correct_clips(given.folders, given.landmarks, given.only))
    lines = report(clips, [each for each in given.people.split(",") if each], given.apart)
    if given.real is not None:
        lines += report_real(given.real, given.landmarks)
    text = "\n".join(lines)
    print(text)
    if given.write is not None:
        write_between(given.write, "learning", text)


if __name__ == "__main__":
    main()
