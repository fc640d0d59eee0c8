"""Shares of a whole (accuracies, times seen), the same wherever they are told."""

from __future__ import annotations

DIGITS = 3
"""Of a share that is written down: tenths of a percent, finer than any is sure."""


def kept_share(share: float) -> float:
    """Return 0..1 as it is written down."""
    return round(share, DIGITS)


def whole_percent(share: float) -> int:
    """Return 0..1 in whole percent, halves upwards.

    Of what is written down: so it is the same whether it is read from there or not, and is not
    rounded one way here and another way there.
    """
    return (round(1000 * kept_share(share)) + 5) // 10


def percent(share: float | None) -> str:
    """``72 %``; an en dash where there is nothing to tell."""
    return "–" if share is None else f"{whole_percent(share)} %"
