"""Elementary functions that give an array the very numbers they give each of its elements.

NumPy's own work on several elements at once, in ways that differ from processor to processor
and, in the last digit, from Python's. Where a recording's moments taken together must come out
as they do one by one, these are used instead: each takes a Python number, or an (N,) array of
which every element is treated as that number would be.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

# A float or complex number, or an (N,) array of them.
Number = Any


def _each(function: Callable[..., float], *numbers: Number) -> Number:
    length = len(numbers[0])
    return np.fromiter(map(function, *(each.tolist() for each in numbers)), float, length)


def arctan2(y: Number, x: Number) -> Number:
    """Return the angle of (x, y), radians."""
    return math.atan2(y, x) if isinstance(y, float) else _each(math.atan2, y, x)


def sine(angle: Number) -> Number:
    """Return the sine of an angle in radians."""
    return math.sin(angle) if isinstance(angle, float) else _each(math.sin, angle)


def length(line: Number) -> Number:
    """Return the length of complex ``line``."""
    return abs(line) if isinstance(line, complex) else _each(abs, line)


def dot(a: Number, b: Number) -> Number:
    """Return the real part of ``b * conj(a)``: how far both complex numbers go together."""
    return a.real * b.real + a.imag * b.imag


def cross(a: Number, b: Number) -> Number:
    """Return the imaginary part of ``b * conj(a)``: + where the turn from a to b is clockwise,
    as one looks at the picture."""
    return a.real * b.imag - a.imag * b.real


def least(first: Number, *others: Number) -> Number:
    """Return the smallest; of a number that is none and another the one named first."""
    if isinstance(first, float):
        return min(first, *others)
    for each in others:
        first = np.where(each < first, each, first)
    return first


def most(first: Number, *others: Number) -> Number:
    """Return the largest; of a number that is none and another the one named first."""
    if isinstance(first, float):
        return max(first, *others)
    for each in others:
        first = np.where(each > first, each, first)
    return first


def where(condition: Any, yes: Number, no: Number) -> Number:
    """Return ``yes`` where the condition is true, ``no`` elsewhere."""
    if isinstance(condition, bool):
        return yes if condition else no
    return np.where(condition, yes, no)
