"""``posecoach measure``: every joint angle of recordings and photos, as numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from posecoach.cli import options
from posecoach.errors import OutputError, SourceError

if TYPE_CHECKING:
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
@click.option("--measures", metavar="A,B", help="Only these measures, by name, in this order.")
@click.option("--confidence", is_flag=True, help="A column with 0..1 beside each measure.")
@click.option(
    "--draw", metavar="FILE", help="Write the picture (.jpg, .png) or video (.mp4) with angles."
)
@click.option("--list", "list_names", is_flag=True, help="List the measures and what they mean.")
@options.model
def measure(
    paths: tuple[str, ...],
    csv_file: str | None,
    json_file: str | None,
    parquet_file: str | None,
    measures: str | None,
    confidence: bool,
    draw: str | None,
    list_names: bool,
    model: str | None,
) -> None:
    """Write every joint angle of recordings and photos.

    Degrees in the clinical convention (0 is neutral), left and right are the person's own;
    an empty field is unknown. What is counted from the person's own start pose is counted from
    the first second of the recording.
    """
    from posecoach.body.catalogue import names as all_names

    if list_names:
        _list()
        return
    if not paths:
        raise click.UsageError("Give a video, a photo or a folder of photos to measure.")
    names = _chosen(measures) if measures else all_names()
    if csv_file is not None and csv_file.lower().endswith(".json"):
        csv_file, json_file = None, json_file or csv_file
    if csv_file is not None and csv_file.lower().endswith(".parquet"):
        csv_file, parquet_file = None, parquet_file or csv_file
    if csv_file is None and json_file is None and parquet_file is None and draw is None:
        csv_file = "-"
    _check(paths, (csv_file, json_file, parquet_file, draw))
    if draw is not None and len(paths) > 1:
        raise click.UsageError("--draw writes one file; give one PATH with it.")
    if parquet_file is not None:
        from posecoach.cli.parquet import check_parquet

        check_parquet()
    rows = list(_measure_all(paths, names, confidence, draw, options.find_model(model)))
    if csv_file is not None:
        _write(csv_file, _as_csv(rows, _columns(names, confidence, rows)))
    if json_file is not None:
        from posecoach.writing import as_text

        _write(json_file, as_text(rows))
    if parquet_file is not None:
        from posecoach.cli.parquet import write_parquet

        write_parquet(Path(parquet_file), _columns(names, confidence, rows), rows)


def _list() -> None:
    from rich.console import Console
    from rich.table import Table

    from posecoach.body.catalogue import CATALOGUE

    table = Table(box=None, pad_edge=False)
    for heading in ("measure", "0° is", "positive is", "seen from", "usual error"):
        table.add_column(heading, no_wrap=heading == "measure")
    for each in CATALOGUE.values():
        name = f"{each.name}_left\n{each.name}_right" if each.sided else each.name
        views = ", ".join(each.views)
        table.add_row(name, each.zero, each.positive, views, f"{each.error_deg:.0f}°")
    Console().print(table)


def _chosen(measures: str) -> tuple[str, ...]:
    from posecoach.body.catalogue import split_name

    names = tuple(dict.fromkeys(name.strip() for name in measures.split(",") if name.strip()))
    if not names:
        raise click.UsageError("--measures names none; posecoach measure --list shows all.")
    for name in names:
        split_name(name)
    return names


def _check(paths: tuple[str, ...], outputs: tuple[str | None, ...]) -> None:
    """Find out before the work what would keep its results from being written."""
    from posecoach.writing import check_writable

    for path in paths:
        if "://" not in path and not Path(path).expanduser().exists():
            raise SourceError(f"There is no file {path}; check the path.")
    for output in outputs:
        if output is not None and output != "-":
            check_writable(Path(output))


def _measure_all(
    paths: tuple[str, ...], names: tuple[str, ...], confidence: bool, draw: str | None, bundle: Path
) -> Iterator[Row]:
    for path in paths:
        several = len(paths) > 1
        for file, measured in _measured(path, names, draw, bundle):
            row: Row = {"file": file or Path(path).name} if several or file else {}
            row["time_s"] = round(float(measured.pose.time_s), 4)
            for name in names:
                reading = measured.readings.get(name)
                known = reading is not None and bool(reading.confidence > 0)
                row[name] = round(float(reading.value), 2) if known and reading else None
                if confidence:
                    row[f"{name}_confidence"] = (
                        round(float(reading.confidence), 3) if reading else 0.0
                    )
            yield row


def _measured(
    path: str, names: tuple[str, ...], draw: str | None, bundle: Path
) -> Iterator[tuple[str | None, Measured]]:
    """Yield the file's name, where it is one of several photos, and what was measured."""
    from posecoach.observe.measuring import Measurer, measure_photo
    from posecoach.session.eyes import Eyes
    from posecoach.source.open import open_source

    with open_source(path) as source:
        if source.live:
            raise SourceError(f"{path} is live; record it first, or use `posecoach run`.")
        measurer = Measurer(names)
        with (
            Eyes(bundle, masks=measurer.needs_mask, static=source.static) as eyes,
            _Drawing(draw, source.static, source.fps) as drawing,
        ):
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


class _Drawing:
    """The picture or video with the angles drawn in; nothing where no file is wanted."""

    def __init__(self, path: str | None, static: bool, fps: float | None) -> None:
        self._path = path
        self._static = static
        self._fps = fps or 30.0
        self._video: Any = None
        if path is not None:
            wanted = (".jpg", ".jpeg", ".png") if static else (".mp4", ".avi", ".mkv", ".mov")
            if Path(path).suffix.lower() not in wanted:
                what = "photo" if static else "recording"
                raise OutputError(
                    f"{path} cannot hold a {what}; give a name that ends with {wanted[0]}."
                )

    def __enter__(self) -> _Drawing:
        return self

    def __exit__(self, *_: object) -> None:
        if self._video is not None:
            self._video.release()

    def add(self, frame: Frame, measured: Measured) -> None:
        if self._path is None:
            return
        from posecoach.screen.angles import draw_angles
        from posecoach.system import import_cv2

        cv2 = import_cv2()
        image = draw_angles(frame.image, measured)
        if self._static:
            if not cv2.imwrite(self._path, image):
                raise OutputError(f"{self._path} cannot be written; choose another place.")
            return
        if self._video is None:
            size = (image.shape[1], image.shape[0])
            four = cv2.VideoWriter.fourcc(*"mp4v")
            self._video = cv2.VideoWriter(self._path, four, self._fps, size)
            if not self._video.isOpened():
                raise OutputError(f"{self._path} cannot be written as a video; try .avi.")
        self._video.write(image)


def _columns(names: tuple[str, ...], confidence: bool, rows: list[Row]) -> list[str]:
    first = ["file"] if rows and "file" in rows[0] else []
    columns = [*first, "time_s"]
    for name in names:
        columns += [name, f"{name}_confidence"] if confidence else [name]
    return columns


def _as_csv(rows: list[Row], columns: list[str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _write(output: str, text: str) -> None:
    from posecoach.writing import write_text

    if output == "-":
        click.echo(text, nl=False)
    else:
        write_text(Path(output), text)
