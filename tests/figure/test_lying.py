"""The figure of somebody who lies."""

from __future__ import annotations

import numpy as np
import pytest

from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import standard_library
from posecoach.figure.body import figure_of


def hugging(knees: float) -> Exercise:
    """Knees to the chest, bent so far."""
    exercise = standard_library([]).find("knee-to-chest")
    value = exercise.model_dump(mode="json", by_alias=True, exclude_none=True)
    value["steps"][0]["targets"].append({"measure": "knee_flexion_near", "at_least": knees})
    return Exercise.model_validate(value)


@pytest.mark.parametrize("knees", [60, 110, 125, 140])
def test_however_far_the_knees_are_bent_the_back_stays_on_the_floor(knees: float) -> None:
    """Deeply bent knees made a kneeling body of it, folded over its thighs."""
    exercise = hugging(knees)
    lying = figure_of(exercise, None, None)
    figure = figure_of(exercise, exercise.steps[0].id, None)
    trunk = dict(figure.limbs)["trunk"]
    assert abs(trunk[0, 1] - trunk[-1, 1]) < 0.01
    assert np.allclose(trunk[-1] - trunk[0], dict(lying.limbs)["trunk"][-1] - trunk[0])
