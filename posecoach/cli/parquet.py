"""Writing rows of numbers as Parquet, for pandas, R and DuckDB; by pyarrow, if it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from posecoach.errors import MachineError
from posecoach.outputs import Output


def write_parquet(
    target: Output, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write a table in one step; whatever is None or missing in a row is null.

    Args:
        target: the file.
        columns: their names, in order.
        rows: each with text under "file", and numbers under the others.

    Raises:
        MachineError: pyarrow is not installed.
        OutputError: the disk refuses.
    """
    arrow, parquet = _pyarrow()
    kinds = [(name, arrow.string() if name == "file" else arrow.float64()) for name in columns]
    table = arrow.Table.from_pylist(
        [{name: row.get(name) for name in columns} for row in rows], schema=arrow.schema(kinds)
    )
    with target.opened() as file:
        parquet.write_table(table, file)


def check_parquet() -> None:
    """Find out before the work whether Parquet can be written.

    Raises:
        MachineError: pyarrow is not installed.
    """
    _pyarrow()


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ModuleNotFoundError:
        raise MachineError(
            "Parquet needs the Python package pyarrow: install it with `pip install "
            "'posecoach[parquet]'`, or write --csv or --json."
        ) from None
    return pyarrow, pyarrow.parquet
