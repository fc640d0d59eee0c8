"""What the coach makes of many people, cameras, rooms, tempos and grades of fault.

    python -m benchmarks.people ../shared/clips ../shared/population [--true] [--hold 2]
        [--landmarks KEPT] [--only EXERCISE] [--people D1,D2] [--jobs 2] [--rows 20]
        [--write docs/people.md]

Prints counts, holds within 0.5 s at both ends, faults told and told wrongly: by exercise, person,
fault and grade, yaw, height, distance, lens and frame rate; then the worst rows with their reason.
With ``--true`` the coach is given the true angles in place of read ones, with no spread: what is
wrong then is wrong in the rules, and no better eye mends it.

``--landmarks`` is a folder with one folder of kept estimator output for each folder of clips
(``KEPT/clips``, ``KEPT/population``), so that no pose is estimated twice.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.coaching import coach
from benchmarks.people_judge import FULL, MODERATE, Row, judge
from benchmarks.recordings import clean_poses
from benchmarks.true_angles import TrueBody
from benchmarks.writing import write_between
from posecoach.coach.coach import Coach
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.plan.scaled import scaled_targets
from posecoach.session.result import Result

HOLD_S = 2.0


@dataclass(frozen=True)
class Way:
    """How the clips are coached."""

    true: bool
    hold_s: float
    kept: Path | None
    model: str | None


def coach_truth(path: Path, exercise_id: str, hold_s: float) -> dict[str, Any]:
    """Coach the true angles of a clip, and return the result."""
    plan = make_plan(standard_library().find(exercise_id), hold=hold_s)
    body = TrueBody(path.with_suffix(".npz"))
    engine, result = Coach(plan), Result(exercise_id, "", targets=scaled_targets(plan))
    times = [float(each) for each in body.time_s]
    result.start_s, result.duration_s = times[0], times[-1] - times[0]
    for time_s, values in zip(times, body.values(plan.measures), strict=True):
        result.add(engine.update(time_s, values, body.view)[1])
    result.add(engine.finish())
    return result.as_json()


def look_at(way: Way, path: Path) -> Row:
    """Coach one clip and compare with its label."""
    label = json.loads(path.with_suffix(".json").read_text())
    name = label["exercise"]
    if way.true:
        return judge(path, label, coach_truth(path, name, way.hold_s))
    kept = None if way.kept is None else way.kept / path.parent.name
    poses = list(clean_poses(path, kept, way.model))
    return judge(path, label, coach(standard_library().find(name), poses, way.hold_s))


def look_at_all(paths: Sequence[Path], way: Way, jobs: int) -> list[Row]:
    """Coach many clips, several at a time."""
    if jobs < 2:
        return [look_at(way, path) for path in paths]
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(partial(look_at, way), paths))


# -- figures ---------------------------------------------------------------------------------


def figures(rows: Sequence[Row]) -> list[str]:
    """Return the cells of one group: counts correct and faulty, holds, faults, wrong ones."""
    right, faulty = [r for r in rows if r.correct], [r for r in rows if not r.correct]
    graded = [(r.grade, fault) for r in rows for fault in r.faults if not fault.apart]
    full = [fault.told for grade, fault in graded if grade >= FULL]
    moderate = [fault.told for grade, fault in graded if MODERATE <= grade < FULL]
    told = sum(fault.told for _, fault in graded)
    wrong = sum(len(r.wrong) for r in rows)
    return [
        _of(r.exact for r in right),
        _of(r.exact for r in faulty),
        _share(sum(r.holds_found for r in rows), sum(len(r.hold_errors) for r in rows)),
        _of(full),
        _of(moderate),
        _share(told, len(graded)),
        f"{wrong} (+{sum(len(r.misnamed) for r in rows)})",
        f"{told / (told + wrong):.2f}" if told + wrong else "-",
    ]


HEAD = (
    "correct exact",
    "faulty exact",
    "holds",
    "full faults told",
    "0.7-0.9 told",
    "all told",
    "told wrongly (misnamed)",
    "precision",
)


def _of(verdicts: Iterable[bool]) -> str:
    each = list(verdicts)
    return _share(sum(each), len(each))


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({100 * part / whole:.0f} %)" if whole else "-"


def table(title: str, rows: Sequence[Row], group: Callable[[Row], str]) -> list[str]:
    """Return a table in Markdown with one line for each group of clips."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(group(row), []).append(row)
    lines = [f"| {title} | {' | '.join(HEAD)} |", "|---" * (len(HEAD) + 1) + "|"]
    lines += [
        f"| {name} | {' | '.join(figures(members))} |" for name, members in sorted(groups.items())
    ]
    return [*lines, ""]


def by_fault(rows: Sequence[Row]) -> list[str]:
    """Return how often each fault was told, by grade, and told wrongly."""
    seen: dict[tuple[str, str], dict[str, list[bool]]] = {}
    wrong: dict[tuple[str, str], int] = {}
    for row in rows:
        for fault in row.faults:
            grade = "full" if row.grade >= FULL else "moderate" if row.grade >= MODERATE else "mild"
            key = (row.exercise, fault.fault)
            seen.setdefault(key, {}).setdefault(grade, []).append(fault.told)
        for text in row.wrong:
            key = (row.exercise, text.split(" ")[0])
            wrong[key] = wrong.get(key, 0) + 1
    lines = ["| exercise | fault | full | 0.7-0.9 | told wrongly |", "|---|---|---|---|---|"]
    for key in sorted({*seen, *wrong}):
        grades = seen.get(key, {})
        cells = [_of(grades.get(grade, [])) for grade in ("full", "moderate")]
        lines.append(f"| {key[0]} | {key[1]} | {' | '.join(cells)} | {wrong.get(key, 0)} |")
    return [*lines, ""]


def _band(value: float, edges: Sequence[float]) -> str:
    for low, high in pairwise(edges):
        if low <= value < high:
            return f"{low:g} to {high:g}"
    return f"{edges[-1]:g} and more"


def report(rows: Sequence[Row], worst: int) -> str:
    """Return all tables in Markdown."""
    judged = [row for row in rows if not row.apart]
    camera: Callable[[Row], Any] = lambda row: row.label["camera"]  # noqa: E731
    lines = table("all", judged, lambda row: row.folder) if judged else []
    lines += table("together", judged, lambda row: "all")
    lines += table("exercise", judged, lambda row: row.exercise)
    lines += table("person", judged, lambda row: row.person)
    lines += by_fault(judged)
    lines += table("yaw, degrees", judged, lambda r: _band(abs(camera(r)["yaw_deg"]), (0, 6, 12)))
    lines += table("height, m", judged, lambda r: _band(camera(r)["height_m"], (0, 0.6, 1.2)))
    lines += table("distance, m", judged, lambda r: _band(camera(r)["distance_m"], (0, 1.5, 3)))
    lens = (0, 48, 58)
    lines += table("lens, degrees", judged, lambda r: _band(camera(r)["vertical_fov_deg"], lens))
    lines += table("frames a second", judged, lambda row: f"{row.label['fps']:>2}")
    lines += table("framing", judged, lambda row: str(row.label["view"]).split(", camera")[0])
    apart = [row for row in rows if row.apart]
    if apart:
        lines += ["Apart, not in the figures:", ""]
        lines += table("from the front", apart, lambda row: row.exercise)
    twists = [f.told for row in judged for f in row.faults if f.apart]
    if twists:
        lines += [f"Apart: trunk-twists in the overhead reach, told {_of(twists)}.", ""]
    lines += ["| worst rows | person | grade | reason |", "|---|---|---|---|"]
    bad = sorted(judged, key=lambda row: -row.badness())[:worst]
    lines += [
        f"| {r.clip} | {r.person} | {r.grade:.2f} | {r.reason()} |" for r in bad if r.reason()
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folders", type=Path, nargs="+", help="folders of clips with labels")
    parser.add_argument("--true", action="store_true", help="coach the true angles")
    parser.add_argument("--hold", type=float, default=HOLD_S, help="seconds asked of each hold")
    parser.add_argument("--landmarks", type=Path, help="kept estimator output, by folder")
    parser.add_argument("--model", help="a pose model bundle of your own")
    parser.add_argument("--only", help="one exercise, or several with commas")
    parser.add_argument("--people", help="these people only, with commas")
    parser.add_argument("--jobs", type=int, default=1, help="clips coached at the same time")
    parser.add_argument("--rows", type=int, default=20, help="worst rows printed")
    parser.add_argument("--write", type=Path, help="Markdown file to put the tables into")
    given = parser.parse_args(arguments)
    paths = [
        path
        for folder in given.folders
        for path in sorted(folder.glob("*.mp4"))
        if _wanted(path, given.only, given.people)
    ]
    way = Way(given.true, given.hold, given.landmarks, given.model)
    text = report(look_at_all(paths, way, given.jobs), given.rows)
    print(text)
    if given.write is not None:
        write_between(given.write, "people true" if given.true else "people read", text)


def _wanted(path: Path, only: str | None, people: str | None) -> bool:
    label = json.loads(path.with_suffix(".json").read_text())
    if label["exercise"] not in standard_library().ids():
        return False
    return (only is None or label["exercise"] in only.split(",")) and (
        people is None or label["person"] in people.split(",")
    )


if __name__ == "__main__":
    main()
