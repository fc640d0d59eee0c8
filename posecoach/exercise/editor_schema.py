"""The JSON Schemas by which editors complete and check definition files while one writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from posecoach.exercise.definition import Exercise
from posecoach.exercise.naming import (
    CIRCLE_MEASURES,
    TOWARDS,
    Catalogue,
    landmark_names,
    measure_names,
)
from posecoach.exercise.routine import Routine

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def editor_schema(catalogue: Catalogue) -> dict[str, object]:
    """Return the schema, with the names of measures and landmarks as choices.

    Args:
        catalogue: measures by name without side.
    """
    schema = Exercise.model_json_schema(by_alias=True)
    _tidy(schema)
    parts = schema["$defs"]
    parts["MeasureName"] = {
        "type": "string",
        "description": "A named joint angle. {side}: the working side, {other}: its mirror, "
        "near / far: as the camera sees it.",
        "enum": measure_names(catalogue),
    }
    parts["LandmarkName"] = {"type": "string", "enum": landmark_names()}
    parts["FaultMeasureName"] = {
        "description": "In a fault of an exercise with a circle also what the circle was like",
        "anyOf": [{"$ref": "#/$defs/MeasureName"}, {"enum": _circle_names()}],
    }
    for name, part in parts.items():
        fields = part.get("properties", {})
        kind = "FaultMeasureName" if name == "Condition" else "MeasureName"
        for key in ("measure", "minus"):
            if key in fields:
                fields[key] = _described(fields[key], {"$ref": f"#/$defs/{kind}"})
        if "towards" in fields:
            choices = {"type": "string", "enum": list(TOWARDS)}
            fields["towards"] = _described(fields["towards"], choices)
    for key in ("a", "vertex", "b"):
        parts["LandmarkAngle"]["properties"][key] = {"$ref": "#/$defs/LandmarkName"}
    for key in ("posture", "view"):
        words = schema["properties"][key]["items"]["enum"]
        words.remove("unknown")
    head = {"$schema": DIALECT, "title": "PoseCoach exercise"}
    return head | {key: value for key, value in schema.items() if key != "title"}


def editor_schema_text(catalogue: Catalogue) -> str:
    """Return the schema as it is written to ``exercises/schema.json``."""
    return json.dumps(editor_schema(catalogue), indent=2, ensure_ascii=False) + "\n"


def routine_schema(exercises: Sequence[str]) -> dict[str, object]:
    """Return the schema of routine files.

    Args:
        exercises: ids to offer; any other is allowed too, because one's own may be meant.
    """
    schema = Routine.model_json_schema(by_alias=True)
    _tidy(schema)
    item = schema["$defs"]["Item"]["properties"]
    own = {key: value for key, value in item["exercise"].items() if key != "description"}
    item["exercise"] = _described(item["exercise"], {"anyOf": [{"enum": sorted(exercises)}, own]})
    head = {"$schema": DIALECT, "title": "PoseCoach routine"}
    return head | {key: value for key, value in schema.items() if key != "title"}


def routine_schema_text(exercises: Sequence[str]) -> str:
    """Return the schema as it is written to ``exercises/routines/schema.json``."""
    return json.dumps(routine_schema(exercises), indent=2, ensure_ascii=False) + "\n"


def _circle_names() -> list[str]:
    names = measure_names(CIRCLE_MEASURES)
    return [name for name in names if not name.endswith(("_near", "_far"))]


def _described(field: dict[str, Any], choices: dict[str, Any]) -> dict[str, object]:
    return {"description": field["description"], **choices}


def _tidy(node: Any) -> None:
    """Take out what is of no use in an editor.

    Pydantic titles every field with its own name again; and allows null where a field may be
    left out, but an empty value in a file is a mistake.
    """
    if isinstance(node, list):
        for value in node:
            _tidy(value)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("title"), str):
        del node["title"]
    if "default" in node and node["default"] is None:
        del node["default"]
    choices = [each for each in node.get("anyOf", []) if each != {"type": "null"}]
    if len(choices) == 1:
        del node["anyOf"]
        node.update(choices[0])
    for value in node.values():
        _tidy(value)
