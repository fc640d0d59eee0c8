"""The instrument's data files: ``readers.npz``, the weights; ``readers.json``, the rest.

Both are written by ``python -m benchmarks.instrument`` and by nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.observe.instrument.geometry import GeometrySpreads
from posecoach.observe.instrument.ground import Ground
from posecoach.observe.instrument.instrument import Instrument
from posecoach.observe.instrument.network import Network
from posecoach.observe.instrument.reader import Beside, FittedReader, Way, Worth

WEIGHTS = Path(__file__).with_name("readers.npz")
ABOUT = Path(__file__).with_name("readers.json")

Arrays = dict[str, NDArray[np.generic]]
_PARTS = ("ground", "start_ground", "with_start", "alone")


def load(weights: Path = WEIGHTS, about: Path = ABOUT) -> Instrument:
    """Read the instrument from its two files."""
    data = json.loads(about.read_text("utf-8"))
    with np.load(weights) as kept:
        arrays = {name: kept[name] for name in kept.files}
    readers = [_reader(each, arrays) for each in data["readers"]]
    spreads = GeometrySpreads.of_data(data["geometry"])
    return Instrument(readers, spreads, data["version"], again=data.get("again", {}))


def data_of(instrument: Instrument, about: Mapping[str, object]) -> tuple[Arrays, dict[str, Any]]:
    """Return the arrays and the data that ``load`` makes the instrument of.

    Args:
        instrument: what is to be kept.
        about: what else the file says: inputs, numbers of people.
    """
    arrays: Arrays = {}
    for reader in instrument.readers:
        parts: tuple[Ground | Network, ...] = (
            reader.ground,
            reader.start_ground,
            reader.with_start.network,
            reader.alone.network,
        )
        for part, each in zip(_PARTS, parts, strict=True):
            arrays |= {
                f"{reader.name}/{part}/{name}": array for name, array in each.arrays().items()
            }
    readers = [
        {
            "name": reader.name,
            "facings": list(reader.facings),
            "upper": reader.upper,
            "turned": reader.turned,
            "least_px": reader.least_px,
            "measures": list(reader.measures),
            "with_start": _worths(reader.with_start, reader.measures),
            "alone": _worths(reader.alone, reader.measures),
        }
        for reader in instrument.readers
    ]
    geometry = instrument.spreads.as_data()
    head = {"version": instrument.version, "again": dict(instrument.again), **about}
    return arrays, {**head, "readers": readers, "geometry": geometry}


def _worths(way: Way, measures: tuple[str, ...]) -> dict[str, dict[str, object]]:
    return {
        name: {key: each for key, each in asdict(worth).items() if each is not None}
        for name, worth in zip(measures, way.worth, strict=True)
    }


def _worth(data: Mapping[str, Any]) -> Worth:
    beside = data.get("beside")
    return Worth(**{**data, "beside": None if beside is None else Beside(**beside)})


def _reader(data: Mapping[str, Any], arrays: Mapping[str, NDArray[np.generic]]) -> FittedReader:
    def part(name: str) -> Arrays:
        prefix = f"{data['name']}/{name}/"
        return {
            key.removeprefix(prefix): array
            for key, array in arrays.items()
            if key.startswith(prefix)
        }

    def way(name: str) -> Way:
        worth = tuple(_worth(data[name][each]) for each in data["measures"])
        return Way(Network.of(part(name)), worth)

    return FittedReader(
        data["name"],
        tuple(data["facings"]),
        bool(data["upper"]),
        bool(data["turned"]),
        float(data["least_px"]),
        tuple(data["measures"]),
        Ground.of(part("ground")),
        Ground.of(part("start_ground")),
        way("with_start"),
        way("alone"),
    )
