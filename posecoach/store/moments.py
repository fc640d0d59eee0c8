"""Frames of one exercise as blobs, some seconds at a time, and back as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from posecoach.body.measure import Reading
from posecoach.body.view import UNKNOWN, Facing, Posture, View
from posecoach.observe.precision import DEGREE, METRE, PIXEL, SURE
from posecoach.observe.spread import UNTOLD, Spreads
from posecoach.pose.landmarks import COUNT
from posecoach.pose.pose import Floats, Pose
from posecoach.session.snapshot import Snapshot
from posecoach.store import packing

Row = Mapping[str, Any]
"""A row of the table ``moments``: a ``sqlite3.Row`` or a dict."""

_Number = TypeVar("_Number", bound=np.generic)

FACINGS: tuple[Facing, ...] = get_args(Facing)
POSTURES: tuple[Posture, ...] = get_args(Posture)
NOT_KNOWN = 255
"""In place of a turn in degrees."""
_SEEN, _RESTING, _SWITCHED = 1, 2, 4
"""Bits of a frame's flags."""
_STATES = 5  # flags, facing, posture, near, turned

# The order of the names in FACINGS and POSTURES is part of the format: new ones go last.


@dataclass(frozen=True, slots=True, eq=False)
class KeptMoment:
    """What is kept of one frame.

    Attributes:
        readings: (value, confidence) by full measure name.
        outlines: the same of what the silhouette showed (``body.silhouette``).
        spreads: by full measure name, how far a known reading may be off.
        landmarks: image (33, 2), world (33, 3), visibility (33,); None where not kept.
    """

    time_s: float
    size: tuple[int, int]
    seen: bool
    resting: bool
    switched: bool
    view: View
    readings: Mapping[str, Reading]
    outlines: Mapping[str, Reading]
    spreads: Spreads
    landmarks: tuple[Floats, Floats, Floats] | None

    @classmethod
    def of(cls, snapshot: Snapshot, landmarks: bool) -> KeptMoment:
        """Take what is kept of a snapshot; the picture and the mask are let go."""
        pose = snapshot.pose
        return cls(
            time_s=snapshot.frame.time_s,
            size=pose.size,
            seen=bool(pose.seen),
            resting=snapshot.resting,
            switched=snapshot.switched,
            view=snapshot.view,
            readings=snapshot.readings,
            outlines=snapshot.outlines,
            spreads=snapshot.spreads,
            landmarks=(pose.image, pose.world, pose.visibility) if landmarks else None,
        )


def pack(
    moments: Sequence[KeptMoment], measures: Sequence[str], outlines: Sequence[str]
) -> tuple[bytes, bytes, bytes, bytes, bytes | None, bytes]:
    """Pack frames of one picture size: times, states, measures, outlines, landmarks, spreads."""
    return (
        packing.pack_times(np.array([each.time_s for each in moments])),
        packing.pack_bytes(np.array([_state(each) for each in moments], dtype=np.uint8)),
        _pack_readings([each.readings for each in moments], measures),
        _pack_readings([each.outlines for each in moments], outlines),
        _pack_landmarks(moments),
        _pack_spreads([each.spreads for each in moments], measures),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The frames of an exercise as arrays; attributes as in ``StoredExercise``."""

    times: Floats
    seen: NDArray[np.bool_]
    resting: NDArray[np.bool_]
    switched: NDArray[np.bool_]
    views: tuple[View, ...]
    measures: Mapping[str, Reading]
    outlines: Mapping[str, Reading]
    spreads: Mapping[str, Floats] | None
    poses: Pose | None


def unpack(rows: Sequence[Row], measures: Sequence[str], outlines: Sequence[str]) -> Series:
    """Put the blobs of an exercise together.

    Raises:
        ValueError: a blob is damaged.
    """
    counts = [int(row["frames"]) for row in rows]
    if any(not 0 < count <= 100_000 for count in counts):
        raise ValueError("a number of frames that cannot be")
    counted = list(zip(rows, counts, strict=True))
    times = _joined([packing.unpack_times(row["times"], n) for row, n in counted], np.zeros(0))
    states = _joined(
        [packing.unpack_bytes(row["states"], n, _STATES) for row, n in counted],
        np.zeros((0, _STATES), dtype=np.uint8),
    )
    return Series(
        times=times,
        seen=(states[:, 0] & _SEEN) > 0,
        resting=(states[:, 0] & _RESTING) > 0,
        switched=(states[:, 0] & _SWITCHED) > 0,
        views=_views(states[:, 1:]),
        measures=_unpack_readings([row["measures"] for row in rows], counts, measures),
        outlines=_unpack_readings([row["outlines"] for row in rows], counts, outlines),
        spreads=_unpack_spreads([row.get("spreads") for row in rows], counts, measures),
        poses=_poses(rows, counts, times),
    )


def _state(moment: KeptMoment) -> tuple[int, int, int, int, int]:
    view = moment.view
    turned = view.turned_deg
    return (
        moment.seen * _SEEN | moment.resting * _RESTING | moment.switched * _SWITCHED,
        FACINGS.index(view.facing),
        POSTURES.index(view.posture),
        view.near == "right",
        round(turned) if 0 <= turned <= 90 else NOT_KNOWN,
    )


def _views(states: NDArray[np.uint8]) -> tuple[View, ...]:
    known: dict[bytes, View] = {}
    views = []
    for row in states:
        key = row.tobytes()
        if key not in known:
            known[key] = _view(*row.tolist())
        views.append(known[key])
    return tuple(views)


def _view(facing: int, posture: int, near: int, turned: int) -> View:
    if facing >= len(FACINGS) or posture >= len(POSTURES):
        raise ValueError("a view that is not known")
    view = View(
        FACINGS[facing],
        POSTURES[posture],
        "right" if near else "left",
        float("nan") if turned == NOT_KNOWN else float(turned),
    )
    return UNKNOWN if turned == NOT_KNOWN and view.facing == "unknown" else view


def _pack_readings(moments: Sequence[Mapping[str, Reading]], names: Sequence[str]) -> bytes:
    values = np.full((len(moments), len(names)), np.nan)
    sure = np.zeros((len(moments), len(names)))
    for index, readings in enumerate(moments):
        for column, name in enumerate(names):
            reading = readings.get(name)
            if reading is not None:
                values[index, column] = reading.value
                sure[index, column] = reading.confidence
    # On one grid, so that one blob holds both.
    return packing.pack_grid(np.concatenate([values, sure * (SURE / DEGREE)], axis=1), DEGREE)


def _unpack_readings(
    blobs: Sequence[bytes], counts: Sequence[int], names: Sequence[str]
) -> dict[str, Reading]:
    width = len(names)
    tables = [
        packing.unpack_grid(blob, (n, 2 * width), DEGREE)
        for blob, n in zip(blobs, counts, strict=True)
    ]
    table = _joined(tables, np.zeros((0, 2 * width)))
    sure = table[:, width:] * (DEGREE / SURE)
    return {
        name: Reading(table[:, column].copy(), sure[:, column].copy())
        for column, name in enumerate(names)
    }


def _pack_spreads(moments: Sequence[Spreads], names: Sequence[str]) -> bytes:
    rows = [[moment.get(name, UNTOLD) for name in names] for moment in moments]
    return packing.pack_grid(np.array(rows).reshape(len(moments), -1), DEGREE)


def _unpack_spreads(
    blobs: Sequence[bytes | None], counts: Sequence[int], names: Sequence[str]
) -> dict[str, Floats] | None:
    tables = []
    for blob, count in zip(blobs, counts, strict=True):
        if blob is None:
            return None
        tables.append(packing.unpack_grid(blob, (count, len(names), 3), DEGREE))
    table = _joined(tables, np.zeros((0, len(names), 3)))
    return {name: table[:, column] for column, name in enumerate(names)}


def _pack_landmarks(moments: Sequence[KeptMoment]) -> bytes | None:
    kept = [each.landmarks for each in moments if each.landmarks is not None]
    if len(kept) < len(moments):
        return None
    image, world, visibility = (np.stack(part) for part in zip(*kept, strict=True))
    n = len(moments)
    # In whole parts, put side by side: one blob compresses better than three.
    table = np.concatenate(
        [
            image.reshape(n, -1) * PIXEL,
            world.reshape(n, -1) * METRE,
            visibility.reshape(n, -1) * SURE,
        ],
        axis=1,
    )
    return packing.pack_grid(table, 1)


def _poses(rows: Sequence[Row], counts: Sequence[int], times: Floats) -> Pose | None:
    if not rows or any(row["landmarks"] is None for row in rows):
        return None
    size = int(rows[0]["width"]), int(rows[0]["height"])
    tables = []
    for row, n in zip(rows, counts, strict=True):
        table = packing.unpack_grid(row["landmarks"], (n, 6 * COUNT), 1)
        # A camera that came back with another picture size: put on the scale of the first.
        table[:, : 2 * COUNT] *= size[0] / row["width"]
        tables.append(table)
    whole = np.concatenate(tables)
    n = len(whole)
    return Pose(
        time_s=times,
        image=whole[:, : 2 * COUNT].reshape(n, COUNT, 2) / PIXEL,
        world=whole[:, 2 * COUNT : 5 * COUNT].reshape(n, COUNT, 3) / METRE,
        visibility=whole[:, 5 * COUNT :].reshape(n, COUNT) / SURE,
        size=size,
    )


def _joined(parts: Sequence[NDArray[_Number]], empty: NDArray[_Number]) -> NDArray[_Number]:
    return np.concatenate(parts) if parts else empty
