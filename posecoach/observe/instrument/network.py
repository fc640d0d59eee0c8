"""Some small networks of two layers, run in plain NumPy, of which the mean is told.

They tell several measures at once, each with how far it is usually off in such a picture: the
mean absolute error they learnt to expect, before what people left out of the fitting showed of
it (see ``reader``). They differ only by chance, in where their fitting began; what chance made of
each is evened out in the mean.

Source: Lakshminarayanan, Pritzel and Blundell, Simple and Scalable Predictive Uncertainty
Estimation using Deep Ensembles, 2017.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.pose.pose import Floats

Single = NDArray[np.float32]

FARTHEST = 5.0
"""Spreads from the mean; an input beyond is taken as if it were there."""


TOGETHER = 4
"""Rows multiplied at once, never more nor fewer: a product is rounded otherwise with another number
of rows, and one moment must be read as it is among many. One row alone would fetch all weights for
itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Weights of E networks of F inputs, two hidden layers, and 2 x M outputs.

    Attributes:
        centre, scale: (F,) of the inputs.
        weights: of the three layers, (E, inputs, outputs) each.
        biases: (E, 1, outputs) each.
        mean, unit: (M,) of the outputs, degrees.
    """

    centre: Single
    scale: Single
    weights: tuple[Single, ...]
    biases: tuple[Single, ...]
    mean: Single
    unit: Single

    def told(self, inputs: Floats) -> tuple[Floats, Floats]:
        """Return values and the error to expect, degrees, (..., M) each, from (..., F)."""
        shape, width = inputs.shape[:-1], inputs.shape[-1]
        rows = inputs.size // width
        x = np.zeros((rows + -rows % TOGETHER, width), np.float32)
        x[:rows] = inputs.reshape(-1, width)
        x -= self.centre
        x /= self.scale
        np.maximum(x, -FARTHEST, out=x)
        np.minimum(x, FARTHEST, out=x)
        x = x.reshape(-1, 1, TOGETHER, width)
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = x @ weight
            x += bias
            if layer < last:
                np.maximum(x, 0.0, out=x)
        many = len(self.mean)
        x = np.add.reduce(x, axis=1).reshape(-1, 2 * many)[:rows].reshape(*shape, 2 * many)
        x /= len(self.weights[0])
        value = x[..., :many] * self.unit + self.mean
        error = np.exp(np.minimum(np.maximum(x[..., many:], -6.0), 3.0)) * self.unit
        return value.astype(np.float64), error.astype(np.float64)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what is kept of it in a file: half precision, which is finer than it knows."""
        kept: dict[str, NDArray[np.generic]] = {
            "centre": self.centre,
            "scale": self.scale,
            "mean": self.mean,
            "unit": self.unit,
        }
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            kept[f"weight{layer}"], kept[f"bias{layer}"] = weight, bias
        return {name: array.astype(np.float16) for name, array in kept.items()}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Network:
        """Make a network of what was kept."""
        layers = sum(name.startswith("weight") for name in arrays)
        single = {name: np.asarray(array, dtype=np.float32) for name, array in arrays.items()}
        return cls(
            single["centre"],
            single["scale"],
            tuple(single[f"weight{layer}"] for layer in range(layers)),
            tuple(single[f"bias{layer}"] for layer in range(layers)),
            single["mean"],
            single["unit"],
        )
