"""The crowd's pictures as rows: what MediaPipe found, what geometry reads, what is true.

A folder holds ``NAME.npz`` with ``NAME.json`` beside it, in the format of the crowd's own
README (``../shared/crowd``). Pictures in which nobody was found, and people whose start pose was
not found, teach nothing and are counted only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.instrument.stages import Arrays, Stages, mapped, sources
from benchmarks.true_angles import TrueBody
from posecoach.body.catalogue import names, raw
from posecoach.body.measure import Neutral
from posecoach.body.silhouette import EDGES, drawn
from posecoach.body.view import UNKNOWN, View
from posecoach.body.view_tracker import ViewTracker
from posecoach.pose.pose import Floats, Pose

Texts = NDArray[np.str_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """K pictures; each belongs to one person, whose start pose is one of them.

    Attributes:
        person: (K,) the person's number, of the folder's file.
        body_id: (K,) the same for all recordings of one body.
        start: (K,) index of the row of the person's own start pose.
        exercise, step, fault: (K,) words.
        held: (K,) whether it is the middle of a hold, correct or faulty.
        free: (K,) whether joints were drawn one by one.
        facing, posture, near: (K,) the view as told from this picture alone.
        image, world, visibility, size: (K, 33, 2), (K, 33, 3), (K, 33), (K, 2).
        desk: (K,) whether head and shoulders fill the picture.
        camera: (K, 4) yaw, height in metres, distance in metres, vertical field of view.
        body: (K, 4) sex (1 female), age, muscle, weight.
        read: (K, M) what geometry reads with the start pose, in the order of ``measures``.
        sure: (K, M) its confidence.
        photo: (K, M) what geometry reads without a start pose.
        photo_sure: (K, M).
        edges: (K, H) what the silhouette's edge shows, percent; NaN where it shows nothing.
        true: (K, M) the truth; NaN where none is known.
    """

    person: Ints
    body_id: Ints
    start: Ints
    exercise: Texts
    step: Texts
    fault: Texts
    held: NDArray[np.bool_]
    free: NDArray[np.bool_]
    facing: Texts
    posture: Texts
    near: Texts
    image: Floats
    world: Floats
    visibility: Floats
    size: Floats
    desk: NDArray[np.bool_]
    camera: Floats
    body: Floats
    read: Floats
    sure: Floats
    photo: Floats
    photo_sure: Floats
    edges: Floats
    true: Floats

    def __len__(self) -> int:
        return len(self.person)

    def take(self, which: NDArray[np.bool_]) -> Rows:
        """Keep whole people: every row whose start pose is kept must be kept with it."""
        place = np.cumsum(which) - 1
        kept = {each.name: getattr(self, each.name)[which] for each in fields(self)}
        kept["start"] = place[kept["start"]]
        return Rows(**kept)


MEASURES: tuple[str, ...] = names()


def read_folders(folders: Sequence[Path], stages: Stages, jobs: int = 1) -> list[Rows]:
    """Read all files of some folders, in the order of their names.

    Args:
        folders: in the crowd's format.
        stages: where the rows of each file are kept.
        jobs: processes at a time.
    """
    paths = [path for folder in folders for path in sorted(folder.rglob("*.npz"))]
    return mapped(partial(_kept_file, stages), paths, jobs)


READ_BY = ("posecoach/body", "posecoach/pose", "benchmarks/true_angles.py", __file__)
"""Sources that rows depend on."""


def _kept_file(stages: Stages, path: Path) -> Rows:
    made_of = (path.read_bytes(), path.with_suffix(".json").read_bytes(), sources(*READ_BY))

    def make() -> Arrays:
        rows = read_file(path)
        return {each.name: getattr(rows, each.name) for each in fields(rows)}

    return Rows(**stages.arrays(f"rows-{path.stem}", made_of, make))


def joined(parts: Sequence[Rows]) -> Rows:
    """Put rows together."""
    first = 0
    columns: dict[str, list[NDArray[np.generic]]] = {each.name: [] for each in fields(Rows)}
    for part in parts:
        for name, column in columns.items():
            values = getattr(part, name)
            column.append(values + first if name == "start" else values)
        first += len(part)
    return Rows(**{name: np.concatenate(column) for name, column in columns.items()})


def read_file(path: Path, last: int | None = None) -> Rows:
    """Read one file, on wish only so many of its people."""
    with np.load(path) as data:
        arrays = {name: data[name] for name in data.files}
    about = {each["series"]: each for each in json.loads(path.with_suffix(".json").read_text())}
    found = np.isfinite(arrays["image"][:, 0, 0])
    keep: list[int] = []
    start: list[int] = []
    for person in np.unique(arrays["series"])[:last]:
        members = np.flatnonzero((arrays["series"] == person) & found)
        first = members[arrays["step"][members] == "start"]
        if not first.size:
            continue
        at = len(keep) + int(np.flatnonzero(members == first[0])[0])
        keep += members.tolist()
        start += [at] * len(members)
    rows = np.array(keep)
    people = arrays["series"][rows]
    free = arrays["step"] == "free"
    poses = list(_poses(arrays, rows))
    views = [ViewTracker().update(pose) for pose in poses]
    read = [
        readings(pose, view, poses[at]) for pose, view, at in zip(poses, views, start, strict=True)
    ]
    chosen = [about[int(person)] for person in people]
    return Rows(
        person=people.astype(np.int64),
        body_id=np.array([_body_id(int(person)) for person in people]),
        start=np.array(start),
        exercise=np.array([each["exercise"] for each in chosen]),
        step=arrays["step"][rows],
        fault=arrays["fault"][rows] if "fault" in arrays else np.full(len(rows), ""),
        held=arrays["correct"][rows] >= 0 if "correct" in arrays else np.zeros(len(rows), bool),
        free=free[rows] | np.isin(people, arrays["series"][free]),
        facing=np.array([view.facing for view in views]),
        posture=np.array([view.posture for view in views]),
        near=np.array([view.near for view in views]),
        image=arrays["image"][rows].astype(float),
        world=arrays["world"][rows].astype(float),
        visibility=arrays["visibility"][rows].astype(float),
        size=arrays["size"][rows].astype(float),
        desk=np.array(["head and shoulders" in each["view"] for each in chosen]),
        camera=np.array([[each["camera"][key] for key in CAMERA] for each in chosen]),
        body=np.array([_body(each["person"]) for each in chosen]),
        read=np.array([each.read for each in read]),
        sure=np.array([each.sure for each in read]),
        photo=np.array([each.photo for each in read]),
        photo_sure=np.array([each.photo_sure for each in read]),
        edges=np.array([each.edges for each in read]),
        true=_truth(arrays, rows),
    )


PAIRED = 40000
"""From this number on the renderer draws one body for each two numbers (``PAIR=1``)."""


def _body_id(person: int) -> int:
    return person if person < PAIRED else person // 2 * 2


CAMERA = ("yaw_deg", "height_m", "distance_m", "vertical_fov_deg")
"""Of a label's camera, in the order of ``Rows.camera``."""


def _body(person: dict[str, float | str]) -> list[float]:
    return [
        float(person["sex"] == "female"),
        *(float(person[key]) for key in ("age", "muscle", "weight")),
    ]


def _poses(arrays: dict[str, NDArray[np.generic]], rows: Ints) -> Iterator[Pose]:
    for row in rows:
        width, height = (int(each) for each in arrays["size"][row])
        mask = arrays["mask15"][row, : height // 2, : width // 2]
        yield Pose(
            time_s=np.asarray(0.0),
            image=arrays["image"][row].astype(float),
            world=arrays["world"][row].astype(float),
            visibility=arrays["visibility"][row].astype(float),
            size=(width, height),
            mask=mask.astype(np.float32) / np.float32(15) if mask.any() else None,
        )


class Readings(NamedTuple):
    """Geometry, with the start pose and without, and what the silhouette's edge shows."""

    read: list[float]
    sure: list[float]
    photo: list[float]
    photo_sure: list[float]
    edges: list[float]


def readings(pose: Pose, view: View, start: Pose) -> Readings:
    """Read one picture by geometry."""
    neutral = Neutral(start, {})
    here = raw(pose, MEASURES, view, neutral)
    alone = raw(pose, MEASURES, view, None)
    back = drawn(pose, EDGES, view)
    return Readings(
        [float(here[name].value) for name in MEASURES],
        [float(here[name].confidence) for name in MEASURES],
        [float(alone[name].value) for name in MEASURES],
        [float(alone[name].confidence) for name in MEASURES],
        [float(back[name].value) for name in EDGES],
    )


def _truth(arrays: dict[str, NDArray[np.generic]], rows: Ints) -> Floats:
    """(K, M) what is true; NaN where the file does not tell."""
    given = {
        name.removeprefix("true_"): np.asarray(arrays[name][rows], dtype=float)
        for name in arrays
        if name.startswith("true_")
    }
    given.setdefault("world", np.full((len(rows), 33, 3), np.nan))
    given.setdefault("image", np.full((len(rows), 33, 2), np.nan))
    body = TrueBody.of(given | {"t_s": np.zeros(len(rows))}, UNKNOWN)
    return np.stack([body.series(name) for name in MEASURES], axis=1)
