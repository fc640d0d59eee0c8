"""The networks of all readers: each fitted with every fold left out, and with none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial

import numpy as np

from benchmarks.instrument.fit import Size, fit_network
from benchmarks.instrument.groups import GROUPS, Sample, sample
from benchmarks.instrument.rows import Ints, Rows
from benchmarks.instrument.stages import Stages, mapped, sources
from posecoach.observe.instrument.network import Network

FOLDS = 3
ALL = FOLDS
"""The fold in which nobody is left out: what is shipped."""
ALL_FOLDS = range(FOLDS + 1)


Job = tuple[int, bool, int]
"""Of a network: the group's number, whether it sees the start pose, the fold left out."""
Networks = Mapping[Job, Network]
Sizes = Mapping[str, Size]
"""By the group's name."""


def fit_networks(rows: Rows, sizes: Sizes, stages: Stages, jobs: int = 1) -> Networks:
    """Fit every group's networks, with each fold left out, and with none."""
    fold = folds(rows.body_id)
    samples = [sample(group, rows) for group in GROUPS]
    tasks: list[Job] = [
        (index, by_start, k)
        for index in range(len(GROUPS))
        for by_start in (True, False)
        for k in range(FOLDS + 1)
    ]
    # The longest first, so that no process waits for one that began late.
    tasks.sort(key=lambda task: -len(samples[task[0]].rows))
    shown = hashlib.sha256()
    for each in fields(rows):
        shown.update(getattr(rows, each.name).tobytes())
    made_of = (shown.digest(), repr(sizes).encode(), sources(*_FITTED_BY))
    work = partial(_kept_network, stages, made_of, partial(_fitted, samples, fold, sizes))
    return dict(zip(tasks, mapped(work, tasks, jobs), strict=True))


_FITTED_BY = (
    *(
        f"posecoach/observe/instrument/{name}.py"
        for name in ("bodies", "features", "lines", "network", "reader")
    ),
    "posecoach/observe/turns.py",
    *(f"posecoach/body/{name}.py" for name in ("outline", "radial_profile", "silhouette", "spine")),
    *(f"benchmarks/instrument/{name}.py" for name in ("fit", "augment", "groups", "networks")),
)


def _kept_network(
    stages: Stages, made_of: tuple[bytes, ...], fit: Callable[[Job], Network], job: Job
) -> Network:
    index, by_start, k = job
    name = f"network-{GROUPS[index].name}-{'start' if by_start else 'alone'}-{k}"
    made = stages.arrays(name, (*made_of, repr(job).encode()), lambda: fit(job).arrays())
    return Network.of(made)


def _fitted(samples: Sequence[Sample], fold: Ints, sizes: Sizes, job: Job) -> Network:
    index, by_start, k = job
    size = sizes[GROUPS[index].name]
    data = samples[index]
    which = np.flatnonzero(fold[data.rows] != k)
    if not by_start:
        size = replace(size, layers=(size.layers[0] // 2, size.layers[1] // 2))
    return fit_network(GROUPS[index], data, which, by_start, size, seed=100 * index + k)


def folds(bodies: Ints) -> Ints:
    """(K,) fold of each row, the same for all rows of one body."""
    own, which = np.unique(bodies, return_inverse=True)
    order = np.random.default_rng(0).permutation(len(own)) % FOLDS
    return np.asarray(order[which])
