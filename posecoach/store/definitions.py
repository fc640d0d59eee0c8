"""A definition as it is kept with a session: what it means, not how its file is laid out."""

from __future__ import annotations

import hashlib

import yaml

from posecoach.errors import StoreError
from posecoach.exercise.check import check_text
from posecoach.exercise.definition import Exercise
from posecoach.plan.plan import Plan, make_plan
from posecoach.store.prescriptions import Prescription


def definition_text(exercise: Exercise) -> str:
    """Write a definition as YAML; equal definitions give equal texts."""
    data = exercise.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse_definition(text: str, id_: str) -> Exercise:
    """Read a kept definition.

    Raises:
        StoreError: this version of PoseCoach does not understand it.
    """
    checked = check_text(text, f"the stored definition of {id_}")
    if checked.exercise is None:
        first = checked.errors[0]
        raise StoreError(
            f"The definition of {id_} kept with the session is not understood by this version "
            f"({first.field}: {first.message}); give one with --exercise-file."
        )
    return checked.exercise


def plan_again(exercise: Exercise, prescription: Prescription) -> Plan:
    """Settle a definition with a kept prescription; a side it does not have is left out."""
    side = prescription.side if exercise.sides == "each" else None
    return make_plan(
        exercise,
        side=side,
        repetitions=prescription.repetitions,
        hold=prescription.hold,
        ranges={(name, sign): deg for name, sign, deg in prescription.ranges},
    )


def prescription_of(plan: Plan) -> Prescription:
    """Return what in a plan differs from its definition."""
    exercise = plan.exercise
    one_side = exercise.sides == "each" and len(plan.sides) == 1
    written = {step.id: step.hold for step in exercise.steps}
    holds = {
        step.hold
        for side in plan.sides
        for step in side.steps
        if step.hold != written[step.id] and step.is_hold
    }
    return Prescription(
        side=plan.sides[0].side if one_side else None,
        repetitions=None if plan.repetitions == exercise.repetitions else plan.repetitions,
        hold=max(holds) if holds else None,
        ranges=tuple((name, sign, deg) for (name, sign), deg in sorted(plan.ranges.items())),
    )
