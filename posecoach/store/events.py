"""Events as rows: the class's name and its fields as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, fields

from posecoach.coach.events import CueGiven, Event
from posecoach.coach.state import Cue

_KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}


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
        data["cue"] = Cue(**data["cue"])
    wanted = {field.name for field in fields(found)}
    if not data.keys() <= wanted:
        raise ValueError(f"{kind} has other fields")
    try:
        return found(**data)
    except TypeError as error:
        raise ValueError(f"{kind} lacks fields") from error
