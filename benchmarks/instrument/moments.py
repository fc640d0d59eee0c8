"""Moments of recordings as rows: rendered people who do a stretch, seen as the coach sees them.

The crowd's pictures are single ones, the middles of holds and poses drawn by chance. Here the model
follows a body from picture to picture, what it finds is cleaned as for the coach, and the body is
on its way as often as it is held; the start pose is what the first second shows.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.instrument.rows import (
    CAMERA,
    MEASURES,
    READ_BY,
    Rows,
    readings,
)
from benchmarks.instrument.stages import Arrays, Stages, mapped, sources
from benchmarks.instrument.used import USED
from benchmarks.recordings import clean_poses
from benchmarks.true_angles import TrueBody
from posecoach.body.silhouette import EDGES
from posecoach.body.view_tracker import ViewTracker
from posecoach.observe.zero import ZERO_S
from posecoach.pose.pose import Floats, Pose

MOMENTS = 48
"""Of a recording, the middles of its holds among them: about two a second, so that no two are
nearly the same."""
FIRST_NUMBER = 1_000_000
"""People of recordings are numbered from here on: the crowd's numbers are below."""


def read_recordings(folder: Path, kept: Path | None, stages: Stages, jobs: int = 1) -> list[Rows]:
    """Read all recordings of a folder, in the order of their names.

    Args:
        folder: recordings with labels and truth (``../shared/render/population.py``).
        kept: the estimator's kept output, else None.
        stages: where the rows of each recording are kept.
        jobs: processes at a time.
    """
    labels = [
        label
        for label in sorted(folder.glob("*.json"))
        if json.loads(label.read_text("utf-8")).get("exercise") in USED
    ]
    found = mapped(partial(_kept_recording, stages, kept), labels, jobs)
    return [rows for rows in found if len(rows)]


def _kept_recording(stages: Stages, kept: Path | None, label: Path) -> Rows:
    made_of = (
        label.with_suffix(".npz").read_bytes(),
        label.read_bytes(),
        label.with_suffix(".mp4").read_bytes(),
        sources(*READ_BY, __file__),
    )

    def make() -> Arrays:
        rows = read_recording(label, kept)
        return {each.name: getattr(rows, each.name) for each in fields(rows)}

    return Rows(**stages.arrays(f"rows-{label.stem}", made_of, make))


def read_recording(label: Path, kept: Path | None) -> Rows:
    """Read one recording; no rows where nobody is seen in its first second, or hardly later."""
    about = json.loads(label.read_text("utf-8"))
    true = TrueBody(label.with_suffix(".npz"))
    seen = [pose for pose in clean_poses(label.with_suffix(".mp4"), kept, None) if pose.seen]
    times = np.array([float(pose.time_s) for pose in seen])
    beginning = [pose for pose in seen if pose.time_s <= true.time_s[0] + ZERO_S]
    if not beginning or len(seen) < MOMENTS:
        seen, beginning = [], []
    chosen, held = _chosen(about, times) if seen else ([], [])
    poses = [_median(beginning), *(seen[at] for at in chosen)] if seen else []
    columns = np.array(
        [[each[name] for name in MEASURES] for each in true.values(MEASURES)], dtype=float
    )
    first = true.time_s <= true.time_s[0] + ZERO_S
    truth = [np.median(columns[first], axis=0)] + [
        columns[int(np.abs(true.time_s - times[at]).argmin())] for at in chosen
    ]
    return _rows(label, about, poses, [False, *held], np.array(truth))


def _chosen(about: Mapping[str, Any], times: Floats) -> tuple[list[int], list[bool]]:
    """Return indices of moments: the middles of holds, and others spread over the recording."""
    middles = [(hold["start_s"] + hold["end_s"]) / 2 for hold in about["holds"]][:MOMENTS]
    others = MOMENTS - len(middles)
    last = len(times) - 1
    spread = np.linspace(int(np.searchsorted(times, times[0] + ZERO_S)), last, others)
    held = [int(np.abs(times - middle).argmin()) for middle in middles]
    chosen = held + [min(last, int(each)) for each in spread]
    return chosen, [True] * len(held) + [False] * others


def _median(poses: list[Pose]) -> Pose:
    """Return the middle of some poses, which is what a start pose is taken from."""
    return replace(
        poses[len(poses) // 2],
        image=np.median([pose.image for pose in poses], axis=0),
        world=np.median([pose.world for pose in poses], axis=0),
        visibility=np.median([pose.visibility for pose in poses], axis=0),
    )


def _rows(
    label: Path, about: Mapping[str, Any], poses: list[Pose], held: list[bool], true: Floats
) -> Rows:
    many = len(poses)
    views = [ViewTracker().update(pose) for pose in poses]
    read = [readings(pose, view, poses[0]) for pose, view in zip(poses, views, strict=True)]
    widths = 4 * [len(MEASURES)] + [len(EDGES)]
    columns = [
        np.array([each[k] for each in read]).reshape(many, width) for k, width in enumerate(widths)
    ]
    person = FIRST_NUMBER + zlib.crc32(str(about["person"]).encode())
    camera = [float(about["camera"][key]) for key in CAMERA]
    return Rows(
        person=np.full(many, person),
        body_id=np.full(many, person),
        start=np.zeros(many, dtype=np.int64),
        exercise=np.full(many, str(about["exercise"])),
        step=np.full(many, "recording"),
        fault=np.full(many, str(about["form"])),
        held=np.array(held[:many], dtype=bool),
        free=np.zeros(many, dtype=bool),
        facing=np.array([view.facing for view in views], dtype=np.str_),
        posture=np.array([view.posture for view in views], dtype=np.str_),
        near=np.array([view.near for view in views], dtype=np.str_),
        image=np.array([pose.image for pose in poses]).reshape(many, 33, 2),
        world=np.array([pose.world for pose in poses]).reshape(many, 33, 3),
        visibility=np.array([pose.visibility for pose in poses]).reshape(many, 33),
        size=np.array([pose.size for pose in poses], dtype=float).reshape(many, 2),
        desk=np.full(many, "head and shoulders" in about["view"]),
        camera=np.tile(camera, (many, 1)),
        body=np.full((many, 4), np.nan),
        read=columns[0],
        sure=columns[1],
        photo=columns[2],
        photo_sure=columns[3],
        edges=columns[4],
        true=true[:many],
    )
