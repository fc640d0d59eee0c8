"""The instrument's errors: the program tells a person those that were measured."""

from __future__ import annotations

import pytest

from posecoach.body.catalogue import CATALOGUE
from posecoach.errors import MeasureError
from posecoach.observe.instrument import NINE_OF_TEN, error_deg, instrument
from posecoach.observe.instrument.instrument import REAL


def test_a_fitted_measure_is_off_by_what_its_readers_are() -> None:
    usual = [
        worth.usual
        for reader in instrument().readers
        for name, worth in zip(reader.measures, reader.with_start.worth, strict=True)
        if name == "trunk_lateral_flexion" and worth.kept
    ]
    told = error_deg("trunk_lateral_flexion") / NINE_OF_TEN / REAL
    assert min(usual) - 1e-9 <= told <= max(usual) + 1e-9


def test_both_sides_have_one_error() -> None:
    assert len({error_deg(f"hip_flexion_{side}") for side in ("left", "right", "near")}) == 1


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_error_is_one_that_a_joint_can_be_off_by(name: str) -> None:
    assert 0 < error_deg(f"{name}_left" if CATALOGUE[name].sided else name) < 120


def test_an_unknown_measure_has_none() -> None:
    with pytest.raises(MeasureError):
        error_deg("knee_rotation")
