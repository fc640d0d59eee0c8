"""The films of the built-in stretches, and their key moments (``demonstrations/README.md``)."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from posecoach.data import data_dir
from posecoach.errors import ExerciseError
from posecoach.exercise.definition import Exercise
from posecoach.exercise.library import load


@lru_cache(maxsize=64)
def film_of(exercise: Exercise) -> Path | None:
    """The film of a built-in stretch; None of one that somebody changed or wrote."""
    film = data_dir("demonstrations") / f"{exercise.id}.mp4"
    try:
        built_in = load(data_dir("exercises") / f"{exercise.id}.yaml")
    except ExerciseError:
        return None
    return film if film.is_file() and built_in == exercise else None


def key_moments(film: Path) -> dict[str, float]:
    """When the start pose and each step of a film are seen best, seconds by the step's id.

    The first picture, and the middle of a step's first hold; of circles, which have none, the
    middle of each direction's.
    """
    told = json.loads(film.with_suffix(".json").read_text(encoding="utf-8"))
    found = {"start": 0.0}
    for name, moments in (("step", told["moments"]), ("direction", told["directions"])):
        for each in moments:
            found.setdefault(each[name], (each["start_s"] + each["end_s"]) / 2)
    return found
