"""Events as rows: the class's name and its fields as JSON."""

from __future__ import annotations

import json
from dataclasses import MISSING, asdict, fields

from posecoach.coach.events import CueGiven, Event
from posecoach.coach.state import Cue

_KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}

_TYPES: dict[str, type | tuple[type, ...]] = {"float": (float, int), "bool": bool, "Cue": Cue}
"""What a field's annotation stands for in JSON; all others are texts."""


def event_row(event: Event) -> tuple[float, str, str, str]:
    """Return (time_s, kind, side, JSON) of an event; floats survive it bit for bit."""
    data = asdict(event)
    side = data.get("side", "")
    if isinstance(event, CueGiven):
        side = event.cue.side
    return event.time_s, type(event).__name__, side, json.dumps(data, ensure_ascii=False)


def event_of(kind: str, text: str) -> Event:
    """Read an event.

    Raises:
        ValueError: there is no such kind, or its fields are others.
    """
    found = _KINDS.get(kind)
    data = json.loads(text)
    if found is None or not isinstance(data, dict):
        raise ValueError(f"unknown event {kind}")
    if isinstance(data.get("cue"), dict):
        data["cue"] = _cue(data["cue"])
    wanted = {field.name for field in fields(found)}
    if not data.keys() <= wanted:
        raise ValueError(f"{kind} has other fields")
    for field in fields(found):
        if field.name not in data and field.default is not MISSING:
            continue  # an event of a version that did not tell it
        if not isinstance(data.get(field.name), _TYPES.get(str(field.type), str)):
            raise ValueError(f"{kind} lacks {field.name}, or it is of a wrong kind")
    return found(**data)


def _cue(data: dict[str, object]) -> Cue:
    texts = {field.name for field in fields(Cue)}
    if data.keys() != texts or not all(isinstance(v, str | None) for v in data.values()):
        raise ValueError("a cue has other fields")
    return Cue(**data)  # type: ignore[arg-type]
