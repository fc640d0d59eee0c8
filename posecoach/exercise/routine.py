"""What a routine file may say: exercises in an order, with rests between them.

The schema of ``exercises/routines/*.yaml``. A routine names exercises; what they are stands
in their own files.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from posecoach.exercise.definition import Identifier, Text

Rest = Annotated[float, Field(ge=0, le=600)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Item(_Part):
    """One exercise of a routine, and what is done otherwise than its own file says."""

    exercise: Identifier = Field(description="The id of an exercise")
    repetitions: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="Repetitions, per side, in place of the exercise's own"
    )
    hold: Annotated[float, Field(ge=0.5, le=600)] | None = Field(
        default=None, description="Seconds to hold, in place of the exercise's own"
    )
    side: Literal["left", "right"] | None = Field(
        default=None, description="Work only this side (exercises with sides)"
    )
    rest: Rest | None = Field(
        default=None, description="Seconds of rest after it, in place of the routine's"
    )


class Routine(_Part):
    """Exercises in the order in which they are done."""

    id: Identifier = Field(description="Short name; the file is called like it")
    name: Text = Field(description="Name for people")
    purpose: Text = Field(description="What it is good for")
    rest: Rest = Field(default=20, description="Seconds of rest between two exercises")
    exercises: Annotated[tuple[Item, ...], Field(min_length=1, max_length=50)] = Field(
        description="The exercises, in order; where time is short the last are left out"
    )
    source: Text = Field(description="Where the choice and the order come from")
