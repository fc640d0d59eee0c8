"""Where a coach is put: in the middle, in another order, at a desk, before people who do nothing.

    python -m benchmarks.situations ../shared/situations ../shared/clips ../shared/population \
        ../shared/real [--landmarks KEPT] [--limit 10] [--skip desk,real]

Prints

- every rendered situation, coached as its note says: repetitions, attempts, holds within half a
  second, what was said, and what the set-up check says of its first start pose shown for 8 s;
- desk crops (``benchmarks.desk``) of the stretches people do at a desk, against the same clip
  uncropped; ``--limit`` takes so many of each stretch, because each is estimated anew;
- every recording of real people, coached as every exercise of its posture: none may count.

``--landmarks`` is a folder with a folder of kept estimator output for each folder of clips; what
it lacks is estimated and put there.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.coaching import HOLD_S, POSTURES, coached
from benchmarks.desk import desk_poses
from benchmarks.people_judge import Row, judge
from benchmarks.recordings import clean_poses, keep, kept_poses, raw_poses
from posecoach.body.view import UNKNOWN
from posecoach.exercise.library import standard_library
from posecoach.observe.picture import beyond
from posecoach.plan.plan import Plan, make_plan
from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.pose import Pose
from posecoach.practice.setup_check import Glimpse, SetupCheck
from posecoach.session.result import Result
from posecoach.session.session import Session

HOLDS = {"cat-cow-begun-in-cow": 1.0}
"""Where the note asks for another hold than ``HOLD_S``."""

AT_A_DESK = ("neck-flexion", "shoulder-roll", "overhead-reach", "wall-stretch")
SHOWN_S = 8.0
"""How long the first frame in the start pose is shown to the set-up check."""

FRAME_S = 1.0 / 15
BOTH = ("left", "right")
REFUSED_S = 3.0
"""Who cannot be coached from here must be told so within this time."""

BRIGHT = 128.0
"""Mean brightness of an ordinary room; the rendered rooms are lit."""

UPRIGHT = tuple(each for each, posture in POSTURES.items() if posture == "upright")[:4]


def clean(poses: Sequence[Pose]) -> list[Pose]:
    """Poses as the coach gets them."""
    cleaner = PoseCleaner()
    return [cleaner.update(pose) for pose in poses]


def in_start(plan: Plan, poses: Sequence[Pose]) -> Pose | None:
    """The first moment in the pose to begin in, None where there is none."""
    observer = Session(plan, "").observer
    side = plan.sides[0]
    for pose in poses:
        seen = observer.observe(pose)
        goals = side.setup or side.start
        met = [goal.met(goal.reader.raw(seen.values)) for goal in goals]
        if seen.values and all(each or each is None for each in met) and any(met):
            return pose
    return None


def set_up(plan: Plan, poses: Sequence[Pose]) -> str:
    """What the set-up check says of a first frame shown for some seconds, and for how long."""
    begin = in_start(plan, poses)
    still = next((pose for pose in poses if pose.seen), None) if begin is None else begin
    if still is None:
        return "nobody is seen"
    check, observer = SetupCheck(plan), Session(plan, "").observer
    said: dict[str, float] = {}
    for time_s in np.arange(0.0, SHOWN_S, FRAME_S):
        seen = observer.observe(replace(still, time_s=np.asarray(time_s)))
        told = check.update(float(time_s), Glimpse(seen.pose, seen.view, BRIGHT, seen.values)).wrong
        if told:
            said[told] = said.get(told, 0.0) + FRAME_S
        if check.passed:
            words = f"passed after {time_s:.1f} s"
            break
    else:
        words = "not passed"
    asked = [f'"{text}" {seconds:.1f} s' for text, seconds in said.items()]
    return "; ".join([words, *asked, *(["no start pose"] if begin is None else [])])


def counts(numbers: Mapping[str, int]) -> str:
    """Numbers by side in short."""
    return " ".join(f"{side[0]}{n}" for side, n in numbers.items() if n) or "0"


def situations(folder: Path, kept: Path | None) -> Iterator[str]:
    """One line for each situation, then how many are as their notes say."""
    yield "| situation | true | counted | holds | attempts | reasons and unseen | set-up |"
    yield "|---|---|---|---|---|---|---|"
    rows: list[Row] = []
    for path in sorted(folder.glob("*.mp4")):
        label = json.loads(path.with_suffix(".json").read_text())
        hold = HOLDS.get(path.stem, HOLD_S)
        poses = list(clean_poses(path, of_folder(kept, path), None))
        exercise = standard_library().find(label["exercise"])
        result = coached(exercise, poses, hold)
        row = judge(path, label, result.as_json())
        rows.append(row)
        yield (
            f"| {path.stem} | {counts(row.expected)} | {counts(row.found)}"
            f"{'' if row.exact else ' **wrong**'} | {row.holds_found} of {len(row.hold_errors)} "
            f"| {counts(result.attempts)} of {counts(label['attempts'])} | {words(result)} "
            f"| {set_up(make_plan(exercise), poses)} |"
        )
    yield ""
    holds = sum(row.holds_found for row in rows), sum(len(row.hold_errors) for row in rows)
    yield f"- Situations counted as they are: {sum(r.exact for r in rows)} of {len(rows)}; "
    yield f"  holds within half a second {holds[0]} of {holds[1]}."
    yield ""


def words(result: Result) -> str:
    """What the program said: why attempts did not count, what was not seen, and faults."""
    reasons = [each.reason for each in result.ended if each.reason]
    unseen = [each.text for each in result.hidden]
    faults = [f"{each.fault} {each.start_s:.0f} s" for each in result.faults]
    return "; ".join([*dict.fromkeys(reasons), *dict.fromkeys(unseen), *faults]) or "-"


def of_folder(kept: Path | None, path: Path) -> Path | None:
    """Where the estimator's output for a clip is kept."""
    return None if kept is None else kept / path.parent.name


def desk(folders: Sequence[Path], kept: Path, desks: Path, limit: int) -> Iterator[str]:
    """One line for each cropped clip, then how many count as uncropped."""
    yield "| desk crop | uncropped | cropped | said first | set-up |"
    yield "|---|---|---|---|---|"
    same: dict[str, list[bool]] = {}
    for path, label in of_desk(folders, limit):
        exercise = standard_library().find(label["exercise"])
        raw = list(raw_poses(path, of_folder(kept, path), None))
        cropped = clean(desk_poses(path, raw, desks))
        whole, cut = coached(exercise, clean(raw)), coached(exercise, cropped)
        as_whole = whole.repetitions == cut.repetitions
        said = [each.text for each in cut.hidden if each.start_s <= REFUSED_S]
        refused = bool(said) and arm_leaves(cropped)
        at_desk = label["exercise"] in AT_A_DESK[:2]
        same.setdefault(label["exercise"], []).append(as_whole or (refused and not at_desk))
        yield (
            f"| {path.stem} | {counts(whole.repetitions)} | {counts(cut.repetitions)}"
            f"{'' if as_whole else ' **other**'} | {said[0] if said else '-'} "
            f"| {set_up(make_plan(exercise), cropped)} |"
        )
    yield ""
    for name, verdicts in same.items():
        yield f"- {name}: {sum(verdicts)} of {len(verdicts)} as uncropped (or refused in 3 s)."
    yield ""


def arm_leaves(poses: Sequence[Pose]) -> bool:
    """Whether an elbow or wrist is outside of the picture before anybody is refused."""
    until = float(poses[0].time_s) + REFUSED_S
    shown = [pose for pose in poses if float(pose.time_s) <= until and pose.seen]
    return any(beyond(pose, f"elbow_flexion_{side}", UNKNOWN) for pose in shown for side in BOTH)


def of_desk(folders: Sequence[Path], limit: int) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The clips to crop, at most so many of each stretch."""
    taken: dict[str, int] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.mp4")):
            label = json.loads(path.with_suffix(".json").read_text())
            name = label["exercise"]
            if name in AT_A_DESK and taken.get(name, 0) < limit:
                taken[name] = taken.get(name, 0) + 1
                yield path, label


def real(folder: Path, kept: Path | None) -> Iterator[str]:
    """One line for each recording of people who do none of our stretches."""
    yield "| recording | exercise | counted (must be 0) | attempts | said |"
    yield "|---|---|---|---|---|"
    wrong = total = 0
    for path in recordings_in(folder):
        poses = clean(subject(path, kept))
        for name in UPRIGHT:
            result = coached(standard_library().find(name), poses)
            total += 1
            wrong += bool(sum(result.repetitions.values()))
            if any(result.attempts.values()) or result.hidden:
                yield (
                    f"| {path.name} | {name} | {counts(result.repetitions)} "
                    f"| {counts(result.attempts)} | {words(result)} |"
                )
    yield ""
    yield f"- Repetitions counted where there are none: in {wrong} of {total} runs."


def recordings_in(folder: Path) -> list[Path]:
    """The recordings of a folder and of the one within it."""
    kinds = {".mp4", ".gif", ".mkv"}
    return sorted(path for path in folder.rglob("*") if path.suffix in kinds)


def subject(path: Path, kept: Path | None) -> list[Pose]:
    """Raw poses of whoever is coached in a recording with more than one person."""
    from posecoach.pose.bundle import resolve_bundle
    from posecoach.pose.estimator import PoseEstimator
    from posecoach.pose.subject import SubjectKeeper
    from posecoach.session.eyes import CROWD
    from posecoach.source.open import open_source

    name = path.stem
    where = None if kept is None else kept / "real"
    if where is not None and (where / f"{name}.mask.npz").is_file():
        return list(kept_poses(where, name))
    bundle = resolve_bundle(None)
    with (
        open_source(str(path)) as source,
        PoseEstimator(bundle, masks=True) as one,
        SubjectKeeper(
            one, lambda: PoseEstimator(bundle, static=True, num_poses=CROWD, masks=True)
        ) as keeper,
    ):
        poses = [keeper.estimate(frame.image, frame.time_s) for frame in source.frames()]
    if where is not None:
        keep(poses, where, name)
    return poses


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", help="situations, clips ..., real")
    parser.add_argument("--landmarks", type=Path, help="kept estimator output, by folder")
    parser.add_argument("--desks", type=Path, help="kept estimator output of the desk crops")
    parser.add_argument("--limit", type=int, default=1000, help="crops of each stretch")
    parser.add_argument("--skip", default="", help="situations, desk, real: with commas")
    given = parser.parse_args(arguments)
    skipped = given.skip.split(",")
    clips = [each for each in given.folders if each.name not in ("situations", "real")]
    for folder in given.folders:
        if folder.name == "situations" and "situations" not in skipped:
            tell(situations(folder, given.landmarks))
    if clips and "desk" not in skipped:
        desks = given.desks or given.landmarks
        if desks is None:
            parser.error("desk crops are estimated once and kept: say where, with --desks")
        tell(desk(clips, given.landmarks, desks, given.limit))
    for folder in given.folders:
        if folder.name == "real" and "real" not in skipped:
            tell(real(folder, given.desks or given.landmarks))


def tell(lines: Iterator[str]) -> None:
    """Print as they come: some take minutes."""
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
