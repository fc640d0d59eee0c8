"""``posecoach measure``: every joint angle of recordings and photos, as numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from posecoach.cli import options
from posecoach.cli.drawing import Drawing, kind_of_drawing
from posecoach.errors import OutputError, PoseCoachError, SourceError
from posecoach.outputs import Output, Outputs
from posecoach.writing import readable

if TYPE_CHECKING:
    from posecoach.body.measure import Reading
    from posecoach.kinds import Kind
    from posecoach.observe.measuring import Measured
    from posecoach.source.frame import Frame

Row = dict[str, Any]


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--csv",
    "csv_file",
    metavar="FILE",
    help="Write a table here, one row a frame; - for standard output (the default). A name "
    "that ends with .json or .parquet is written as that.",
)
@click.option("--json", "json_file", metavar="FILE", help="Write JSON here; - likewise.")
@click.option(
    "--parquet", "parquet_file", metavar="FILE", help="Write Parquet here (needs pyarrow)."
)
@click.option(
    "--trc", "trc_file", metavar="FILE", help="Write the landmarks as OpenSim's markers (TRC)."
)
@click.option(
    "--mot", "mot_file", metavar="FILE", help="Write the angles as OpenSim's coordinates (MOT)."
)
@click.option("--measures", metavar="A,B", help="Only these measures, by name, in this order.")
@click.option("--confidence", is_flag=True, help="A column with 0..1 beside each measure.")
@click.option(
    "--draw", metavar="FILE", help="Write the picture (.jpg, .png) or video (.mp4) with angles."
)
@click.option("--list", "list_names", is_flag=True, help="List the measures and what they mean.")
@options.model
def measure(
    paths: tuple[str, ...],
    measures: str | None,
    confidence: bool,
    list_names: bool,
    model: str | None,
    **files: str | None,
) -> None:
    """Write every joint angle of recordings and photos.

    Degrees in the clinical convention (0 is neutral), left and right are the person's own;
    an empty field is unknown. Beside each measure stands its spread between people: two of three
    are within one of it of the truth, nine of ten within 1.6. In pictures it is drawn so: 92° ± 5
    is 92°, give or take 5, for nine of ten. What is counted from the person's
    own start pose is counted from the first second of the recording.
    """
    from posecoach.body.catalogue import names as all_names

    if list_names:
        _list()
        return
    if not paths:
        raise click.UsageError("Give a video, a photo or a folder of photos to measure.")
    names = _chosen(measures) if measures else all_names()
    wanted = _by_ending({name.removesuffix("_file"): file for name, file in files.items()})
    _one_path(paths, wanted)
    _check(paths)
    targets = _targets(Outputs([*paths, model]), wanted)
    _check_kinds(targets)
    drawing = Drawing(targets.get("draw"))
    found: dict[str, bool] = {}
    bundle = options.find_model(model)

    def measured(path: str) -> Iterator[tuple[Row, Measured]]:
        return _rows(path, names, confidence, drawing, bundle, found, len(paths) > 1)

    rows, moments, failures = _gathered(
        paths, measured, drawing, moments="trc" in targets or "mot" in targets
    )
    _tell_of_nobody(found)
    # A video that cannot be read, or a picture that cannot be written, takes no number along.
    unwritten: list[PoseCoachError | None] = []
    if rows or not failures:
        columns = _columns(names, confidence, rows)
        tables = [kind for kind in ("csv", "json", "parquet") if kind in targets]
        unwritten += [_write(targets[kind], kind, columns, rows) for kind in tables]
    if moments:
        moving = [kind for kind in ("trc", "mot") if kind in targets]
        unwritten += [_write_moments(targets[kind], kind, moments) for kind in moving]
    options.fail([*failures, *filter(None, unwritten)])


def _check_kinds(kinds: Container[str]) -> None:
    """Say before hours of work what is not installed to write it."""
    if "parquet" in kinds:
        from posecoach.cli.parquet import check_parquet

        check_parquet()


def _tell_of_nobody(found: Mapping[str, bool]) -> None:
    """Say of what the numbers are empty: a table of empty cells looks like a failure of ours."""
    for path, seen in found.items():
        if not seen:
            click.echo(f"posecoach: Nobody was found in {readable(path)}.", err=True)


def _by_ending(wanted: dict[str, str | None]) -> dict[str, str | None]:
    """What is to be written where: a file's ending says its kind; what goes nowhere is shown."""
    for kind in ("json", "parquet"):
        file = wanted["csv"]
        if file is not None and file.lower().endswith(f".{kind}"):
            wanted = {**wanted, "csv": None, kind: wanted[kind] or file}
    return wanted if any(wanted.values()) else {**wanted, "csv": "-"}


def _gathered(
    paths: Iterable[str],
    measured: Callable[[str], Iterable[tuple[Row, Measured]]],
    drawing: Drawing,
    *,
    moments: bool,
) -> tuple[list[Row], list[Measured], list[PoseCoachError]]:
    """All rows there are, and what failed; the moments where wanted.

    A recording that cannot be read leaves the others as they are; whatever else fails ends it.
    """
    rows: list[Row] = []
    kept: list[Measured] = []
    failures: list[PoseCoachError] = []
    for path in paths:
        try:
            with drawing:
                for row, moment in measured(path):
                    rows.append(row)
                    if moments:
                        kept.append(replace(moment, pose=replace(moment.pose, mask=None)))
        except SourceError as error:
            failures.append(error)
        except PoseCoachError as error:
            return rows, kept, [*failures, error]
    return rows, kept, failures


def _one_path(paths: Sequence[str], wanted: Mapping[str, str | None]) -> None:
    for name in ("draw", "trc", "mot"):
        if wanted[name] is not None and len(paths) > 1:
            raise click.UsageError(f"--{name} writes one file; give one PATH with it.")


def _write_moments(target: Output, kind: str, moments: Sequence[Measured]) -> PoseCoachError | None:
    from posecoach.cli.biomechanics import mot, trc

    assert target.path is not None
    text = mot(moments) if kind == "mot" else trc(moments, target.path.name)
    return options.written(target, text)


def _targets(outputs: Outputs, wanted: dict[str, str | None]) -> dict[str, Output]:
    """Take the files that are asked for."""
    kinds: dict[str, Kind] = {
        "csv": "csv",
        "json": "json",
        "parquet": "parquet",
        "trc": "markers",
        "mot": "motion",
    }
    found = {}
    for name, spec in wanted.items():
        if spec is not None:
            kind = kind_of_drawing(spec) if name == "draw" else kinds[name]
            found[name] = outputs.take(spec, kind)
            if found[name].path is None and name in ("parquet", "draw", "trc", "mot"):
                raise OutputError(f"--{name} is no text for a terminal; name a file.")
    return found


def _list() -> None:
    from rich.console import Console
    from rich.table import Table

    from posecoach.body.catalogue import CATALOGUE
    from posecoach.observe.instrument import error_deg

    table = Table(box=None, pad_edge=False)
    longest = max(len(f"{view},") for each in CATALOGUE.values() for view in each.views)
    table.add_column("measure", no_wrap=True)
    for heading in ("0° is", "positive is"):
        table.add_column(heading)
    table.add_column("seen from", width=longest)
    table.add_column("give or take")
    for each in CATALOGUE.values():
        name = f"{each.name}_left\n{each.name}_right" if each.sided else each.name
        views = ", ".join(each.views)
        one = f"{each.name}_left" if each.sided else each.name
        table.add_row(name, each.zero, each.positive, views, f"{error_deg(one):.0f}°")
    Console().print(table)


def _chosen(measures: str) -> tuple[str, ...]:
    from posecoach.body.catalogue import split_name

    names = tuple(dict.fromkeys(name.strip() for name in measures.split(",") if name.strip()))
    if not names:
        raise click.UsageError("--measures names none; posecoach measure --list shows all.")
    for name in names:
        split_name(name)
    return names


def _check(paths: tuple[str, ...]) -> None:
    """Find out before the work what is not there."""
    for path in paths:
        if "://" not in path and not Path(path).expanduser().exists():
            raise SourceError(f"There is no file {path}; check the path.")


def _rows(
    path: str,
    names: tuple[str, ...],
    confidence: bool,
    drawing: Drawing,
    bundle: Path,
    found: dict[str, bool],
    several: bool,
) -> Iterator[tuple[Row, Measured]]:
    """Yield a row for each picture; notes in ``found``, by path, whether anybody was in one."""
    for file, measured in _measured(path, names, drawing, bundle):
        found[path] = found.get(path, False) or bool(measured.pose.seen)
        row: Row = {"file": file or readable(Path(path).name)} if several or file else {}
        row["time_s"] = round(float(measured.pose.time_s), 4)
        for name in names:
            reading = measured.readings.get(name)
            known = reading is not None and bool(reading.confidence > 0)
            row[name] = round(float(reading.value), 2) if known and reading else None
            row[f"{name}_spread"] = _spread(reading) if known else None
            if confidence:
                row[f"{name}_confidence"] = round(float(reading.confidence), 3) if reading else 0.0
        yield row, measured


def _spread(reading: Reading | None) -> float | None:
    """How far the value may be off, a standard deviation between people; None where unknown."""
    from posecoach.observe.instrument import Told

    if not isinstance(reading, Told) or not isfinite(reading.spread):
        return None
    return round(float(reading.spread), 2)


def _measured(
    path: str, names: tuple[str, ...], drawing: Drawing, bundle: Path
) -> Iterator[tuple[str | None, Measured]]:
    """Yield the file's name, where it is one of several photos, and what was measured."""
    from posecoach.observe.measuring import Measurer, measure_photo
    from posecoach.session.eyes import Eyes
    from posecoach.source.open import open_source

    with open_source(path) as source:
        if source.live:
            raise SourceError(f"{path} is live; record it first, or use `posecoach run`.")
        measurer = Measurer(names)
        drawing.begin(source.static, source.fps, source.frame_count)
        with Eyes(bundle, masks=measurer.needs_mask, static=source.static) as eyes:
            waiting: list[Frame] = []
            for frame in source.frames():
                pose = eyes.estimate(frame.image, frame.time_s)
                if source.static:
                    measured = measure_photo(pose, names)
                    drawing.add(frame, measured)
                    folder = Path(path).is_dir()
                    yield (frame.name if folder else None), measured
                    continue
                waiting.append(frame)
                for measured in measurer.update(pose):
                    drawing.add(waiting.pop(0), measured)
                    yield None, measured
            for measured in measurer.finish():
                drawing.add(waiting.pop(0), measured)
                yield None, measured


def _columns(names: tuple[str, ...], confidence: bool, rows: list[Row]) -> list[str]:
    first = ["file"] if rows and "file" in rows[0] else []
    columns = [*first, "time_s"]
    for name in names:
        columns += [name, f"{name}_spread"]
        if confidence:
            columns.append(f"{name}_confidence")
    return columns


def _as_csv(rows: list[Row], columns: list[str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _write(target: Output, kind: str, columns: list[str], rows: list[Row]) -> PoseCoachError | None:
    """Write the numbers; where that fails they are shown. Returns what keeps them from a file."""
    if kind == "parquet":
        from posecoach.cli.parquet import write_parquet

        try:
            write_parquet(target, columns, rows)
        except OutputError as error:
            failure: PoseCoachError | None = error
        else:
            return None
    else:
        from posecoach.writing import as_text

        text = as_text(rows) if kind == "json" else _as_csv(rows, columns)
        failure = options.written(target, text)
    if failure is None:
        return None
    click.echo(as_text(rows) if kind == "json" else _as_csv(rows, columns), nl=False)
    return OutputError(f"{failure} What was measured stands on standard output.")
