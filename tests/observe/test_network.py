"""Several small networks, of which the mean is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posecoach.observe.instrument.network import Network


def test_networks_tell_their_mean() -> None:
    rng = np.random.default_rng(7)

    def one(bias: float) -> Network:
        layers = ((5, 4), (4, 3), (3, 4))
        weights = tuple((0.4 * rng.normal(size=(1, *shape))).astype(np.float32) for shape in layers)
        biases = tuple(np.full((1, 1, shape[1]), bias, np.float32) for shape in layers)
        unit = np.full(2, 2.0, np.float32)
        centre, scale = np.zeros(5, np.float32), np.ones(5, np.float32)
        return Network(centre, scale, weights, biases, np.array([10, 20], np.float32), unit)

    parts = [one(bias) for bias in (0.0, 0.5, -0.5)]
    together = replace(
        parts[0],
        weights=tuple(
            np.concatenate(each) for each in zip(*(p.weights for p in parts), strict=True)
        ),
        biases=tuple(np.concatenate(each) for each in zip(*(p.biases for p in parts), strict=True)),
    )
    seen = rng.normal(size=(7, 5))
    value, error = together.told(seen)
    values, errors = zip(*(part.told(seen) for part in parts), strict=True)
    assert value == pytest.approx(np.mean(values, axis=0), abs=1e-4)
    # Errors are told as their logarithm, and so is their mean.
    assert error == pytest.approx(np.exp(np.mean(np.log(errors), axis=0)), rel=1e-3)
