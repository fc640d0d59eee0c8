"""From rows to the instrument: networks, grounds, worths, all by people left out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.instrument.fit import edges, fit_ground, inputs_of
from benchmarks.instrument.groups import GROUPS, Group, Sample, as_coached, from_start, sample
from benchmarks.instrument.networks import (
    ALL,
    ALL_FOLDS,
    FOLDS,
    Networks,
    Sizes,
    fit_networks,
    folds,
)
from benchmarks.instrument.rows import Ints, Rows
from benchmarks.instrument.stages import Stages
from benchmarks.instrument.worth import LeftOut, geometry_spreads, worths
from posecoach.observe.instrument.bodies import Body, some
from posecoach.observe.instrument.ground import Ground, limb_angles
from posecoach.observe.instrument.instrument import Instrument
from posecoach.observe.instrument.network import Network
from posecoach.observe.instrument.reader import FittedReader, Way, swapped
from posecoach.pose.pose import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """What came of it.

    Attributes:
        shipped: fitted on everybody, each figure in it from people left out.
        judges: for each fold, fitted and weighed without its people.
        fold: (K,) of each row.
    """

    shipped: Instrument
    judges: tuple[Instrument, ...]
    fold: Ints


def derive(rows: Rows, sizes: Sizes, stages: Stages, jobs: int = 1) -> Derived:
    """Derive the instrument.

    Args:
        rows: all people.
        sizes: of the networks.
        stages: where networks are kept.
        jobs: processes at a time; the result does not depend on them.
    """
    return assemble(rows, fit_networks(rows, sizes, stages, jobs))


def assemble(rows: Rows, networks: Networks) -> Derived:
    """Judge networks by people left out, and put the readers together."""
    fold = folds(rows.body_id)
    readers: list[list[FittedReader]] = [[] for _ in range(FOLDS + 1)]
    for index, group in enumerate(GROUPS):
        data = sample(group, rows)
        own = fold[data.rows]
        grounds = _grounds(group, data, own)
        ways = [
            _ways(
                group, data, rows, own, [networks[index, by_start, k] for k in ALL_FOLDS], by_start
            )
            for by_start in (True, False)
        ]
        for k in ALL_FOLDS:
            readers[k].append(
                FittedReader(
                    group.name,
                    group.facings,
                    group.upper,
                    group.turned,
                    float(data.now.size.min()),
                    data.measures,
                    *grounds[k],
                    with_start=ways[0][k],
                    alone=ways[1][k],
                )
            )
    read = from_start(rows)
    version = _version(networks[task] for task in sorted(networks))
    made = [
        Instrument(readers[k], geometry_spreads(rows, read, fold != k), version, real=1.0)
        for k in ALL_FOLDS
    ]
    shipped = Instrument(made[ALL].readers, made[ALL].spreads, version)
    return Derived(shipped, tuple(made[:FOLDS]), fold)


def _grounds(group: Group, data: Sample, fold: Ints) -> list[tuple[Ground, Ground]]:
    """Return grounds of body and start pose for each fold, and for all."""
    first = data.start == np.arange(len(data.rows))
    angles = limb_angles(data.now, group.upper)
    if not group.turned:
        angles = np.concatenate([angles, limb_angles(data.now.mirrored(), group.upper)])
        fold, first = np.tile(fold, 2), np.tile(first, 2)
    made: list[tuple[Ground, Ground]] = []
    found: list[list[tuple[float, float]]] = [[], []]
    for k in range(FOLDS + 1):
        pair = []
        for number, part in enumerate((np.ones(len(first), bool), first)):
            ground = fit_ground(angles[part & (fold != k)], seed=k)
            if k < FOLDS:
                found[number].append(edges(ground, angles[part & (fold == k)]))
                edge, core = found[number][-1]
            else:
                edge, core = (float(each) for each in np.mean(found[number], axis=0))
            pair.append(replace(ground, edge=edge, core=core))
        made.append((pair[0], pair[1]))
    return made


def _ways(
    group: Group,
    data: Sample,
    rows: Rows,
    fold: Ints,
    networks: Sequence[Network],
    by_start: bool,
) -> list[Way]:
    """Return for each fold, and for all, the network with what its measures are worth."""
    value = np.full(data.true.shape, np.nan)
    error = np.full(data.true.shape, np.nan)
    for k in range(FOLDS):
        which = np.flatnonzero(fold == k)
        stretches = rows.exercise[data.rows[which]]
        start = as_coached(some(data.now, data.start[which]), stretches) if by_start else None
        now = as_coached(some(data.now, which), stretches)
        value[which], error[which] = _told(group, data, networks[k], now, start)
    left_out = LeftOut(value, error)
    return [
        Way(networks[k], worths(group, data, rows, left_out, fold != k, by_start))
        for k in range(FOLDS + 1)
    ]


def _told(
    group: Group, data: Sample, network: Network, now: Body, start: Body | None
) -> tuple[Floats, Floats]:
    """Return what a network tells of bodies, as its reader runs it."""
    value, error = network.told(inputs_of(group, now, start).astype(float))
    if group.turned:
        return value, error
    mirrored = inputs_of(group, now.mirrored(), None if start is None else start.mirrored())
    other, other_error = network.told(mirrored.astype(float))
    return (
        (value + swapped(other, data.measures)) / 2,
        (error + swapped(other_error, data.measures, signed=False)) / 2,
    )


def _version(networks: Iterable[Network]) -> str:
    """A short name of exactly these weights."""
    digest = hashlib.sha256()
    for network in networks:
        for _, array in sorted(network.arrays().items()):
            digest.update(array.tobytes())
    return digest.hexdigest()[:12]


def about(rows: Rows) -> Mapping[str, int]:
    """Return the number of people of each stretch, scripted and free."""
    counts = {}
    for free in (False, True):
        for name in sorted(set(rows.exercise.tolist())):
            part = (rows.exercise == name) & (rows.free == free)
            counts[f"{name}{', free' if free else ''}"] = len(np.unique(rows.person[part]))
    return counts
