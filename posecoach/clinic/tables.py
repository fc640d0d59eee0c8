"""The columns of the four tables, with their types; docs/clinic.md says what they mean."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from posecoach.errors import MachineError
from posecoach.plan.sides import SIDES

FORMAT = 1
"""Of the tables: another one has other columns."""

NAMES = ("recordings", "repetitions", "holds", "faults")

SIDES_OF = {what: [f"{what}_{side}" for side in SIDES] for what in ("repetitions", "attempts")}
"""By what is counted: its columns in ``recordings``."""

_WHOSE = {"file": "string", "exercise": "string", "person": "string", "definition": "string"}
COLUMNS: dict[str, dict[str, str]] = {
    "recordings": {
        **_WHOSE,
        "profile": "string",
        "hold_s": "double",
        "coached": "bool",
        "problem": "string",
        "duration_s": "double",
        "frames": "int64",
        "frames_with_person": "int64",
        **{column: "int32" for columns in SIDES_OF.values() for column in columns},
        "accuracy": "double",
        "tried_s": "double",
        "unseen_s": "double",
        "unseen": "strings",
        "notes": "strings",
        "size_bytes": "int64",
        "worker": "string",
        "seconds": "double",
        "finished": "time",
        "posecoach": "string",
        "mediapipe": "string",
        "measuring_code": "string",
        "model": "string",
    },
    "repetitions": {
        **_WHOSE,
        "side": "string",
        "direction": "string",
        "start_s": "double",
        "end_s": "double",
        "counted": "bool",
        "accuracy": "double",
        "reason": "string",
    },
    "holds": {
        **_WHOSE,
        "step": "string",
        "side": "string",
        "start_s": "double",
        "end_s": "double",
        "held_s": "double",
        "accuracy": "double",
        "completed": "bool",
        "bridged_s": "double",
    },
    "faults": {
        **_WHOSE,
        "fault": "string",
        "side": "string",
        "start_s": "double",
        "end_s": "double",
        "cue": "string",
    },
}
"""By table: its columns and the kinds of their values."""


def arrow() -> ModuleType:
    """pyarrow with its Parquet module.

    Raises:
        MachineError: it is not installed.
    """
    try:
        import pyarrow.compute
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise missing("--results", "pyarrow") from None
    return pyarrow  # type: ignore[no-any-return]


def missing(what: str, package: str) -> MachineError:
    """The error where the extra is not installed."""
    return MachineError(
        f"{what} needs the Python package {package}; install PoseCoach with: "
        "pip install 'posecoach[clinic]'"
    )


def schema(table: str) -> Any:
    """The types of a table's columns, for pyarrow."""
    pa = arrow()
    kinds = {
        "string": pa.string(),
        "double": pa.float64(),
        "bool": pa.bool_(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "strings": pa.list_(pa.string()),
        "time": pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([(name, kinds[kind]) for name, kind in COLUMNS[table].items()])
