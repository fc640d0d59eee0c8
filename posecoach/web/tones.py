"""The tones of the voice room, for the page to play."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from posecoach.voice.script import Tone
from posecoach.voice.tones import write_wave


async def tone(request: Request) -> Response:
    """One tone as a WAV file."""
    name = request.path_params["name"]
    found = next((each for each in get_args(Tone) if each == name), None)
    if found is None:
        return Response(status_code=404)
    return Response(_wave(found), media_type="audio/wav", headers={"cache-control": "max-age=3600"})


@cache
def _wave(name: Tone) -> bytes:
    with tempfile.TemporaryDirectory(prefix="posecoach-tones-") as folder:
        path = Path(folder) / "tone.wav"
        write_wave(name, path)
        return path.read_bytes()
