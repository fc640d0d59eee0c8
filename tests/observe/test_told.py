"""What the instrument says of many moments, in one table."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from posecoach.observe.instrument.told import SURE, VALUE, ToldTable

NAMES = ("elbow_flexion_left", "elbow_flexion_right")
MOMENTS = 4


def table() -> ToldTable:
    numbers = np.arange(5 * len(NAMES) * MOMENTS, dtype=float).reshape(5, len(NAMES), MOMENTS)
    no = np.zeros((len(NAMES), MOMENTS), bool)
    return ToldTable(NAMES, numbers, no, no)


@given(arrays(bool, (len(NAMES), MOMENTS)), st.booleans())
def test_what_is_unseen_is_unknown_and_all_else_is_as_it_was(
    unseen: np.ndarray, both: bool
) -> None:
    told = table()
    names = NAMES if both else NAMES[:1]
    unseen[len(names) :] = False
    found = told.without(dict(zip(names, unseen, strict=False)))
    assert np.isnan(found.numbers[VALUE])[unseen].all()
    assert (found.numbers[SURE][unseen] == 0).all()
    assert (found.numbers[:, ~unseen] == told.numbers[:, ~unseen]).all()
    assert (told.numbers == table().numbers).all()


def test_where_nothing_is_unseen_no_table_is_copied() -> None:
    told = table()
    seen = np.zeros(MOMENTS, bool)
    assert told.without({NAMES[0]: seen, NAMES[1]: seen}) is told
    assert told.without({}) is told
    assert told.without({NAMES[0]: seen, NAMES[1]: ~seen}) is not told
