"""An angle drawn into a picture says how far it may be off."""

from __future__ import annotations

import numpy as np

from posecoach.body.measure import Reading
from posecoach.observe.instrument import Told
from posecoach.screen.angles import label_of


def told(value: float, spread: float) -> Told:
    yes = np.asarray(True)
    return Told(*(np.asarray(each) for each in (value, 0.9, spread, spread, spread)), yes, yes)


def test_a_told_angle_shows_its_uncertainty_and_plain_geometry_has_none() -> None:
    assert label_of(told(92.4, 3.0)) == "92° ± 5"
    assert label_of(told(92.4, 0.1)) == "92° ± 1"  # nothing is known to less than a degree
    assert label_of(Reading(np.asarray(92.4), np.asarray(0.9))) == "92°"
