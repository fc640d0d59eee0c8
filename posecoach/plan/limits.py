"""What may be asked of an exercise, by whichever door."""

from __future__ import annotations

LEAST_HOLD_S, MOST_HOLD_S = 0.5, 600.0
"""Seconds of a hold: less is no hold, more is no stretch."""

MOST_REPETITIONS = 1000
"""For each side: more is a slip of the hand."""
