"""The WebSocket of a practice: pictures and wishes come in, scenes and words go out."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect

from posecoach.screen.keys import Action

if TYPE_CHECKING:
    from posecoach.web.house import House
    from posecoach.web.sitting import Sitting

MOST_A_SECOND = 120.0
"""Messages: a camera of 60 pictures a second, and as much again. More is left unread."""

FLOOD = 600.0
"""So many left unread, and the page is no page of ours: it is sent away."""

LONGEST_TEXT = 2000
"""Letters: what a page asks for is a few words."""
NAMES = {action.name.lower(): action for action in Action}
LOST = {
    "denied": "The browser may not use the camera.",
    "none": "The browser finds no camera.",
    "busy": "Another program uses the camera.",
    "gone": "The camera was unplugged.",
}
"""Why a page has no camera, as the coach says it; the page says what to do."""


class Flow:
    """How many messages a page may send: a bucket that fills with time."""

    def __init__(self, rate: float = MOST_A_SECOND) -> None:
        self._rate, self._left, self._at = rate, rate, time.monotonic()
        self.refused = 0.0

    def passes(self) -> bool:
        """Whether one more may pass now."""
        now = time.monotonic()
        fresh = (now - self._at) * self._rate
        self._left, self._at = min(self._rate, self._left + fresh), now
        self.refused = max(0.0, self.refused - fresh)
        if self._left < 1:
            self.refused += 1
            return False
        self._left -= 1
        return True


async def talk(socket: WebSocket, house: House) -> None:
    """Serve one page of a practice until it goes, or another page takes its place."""
    await socket.accept()
    sitting = house.sitting
    if sitting is None:
        await socket.send_text(json.dumps({"kind": "none"}))
        await socket.close()
        return
    ready = sitting.link.attach()
    sitting.camera.come()
    writer = asyncio.create_task(_write(socket, sitting, ready))
    reader = asyncio.create_task(_read(socket, sitting))
    try:
        await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sitting.link.detach(ready)
        sitting.camera.go()
        for task in (writer, reader):
            task.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await task
        with suppress(RuntimeError):
            await socket.close(1000)


async def _write(socket: WebSocket, sitting: Sitting, ready: asyncio.Event) -> None:
    while True:
        await ready.wait()
        messages = sitting.link.take(ready)
        if messages is None:
            await socket.send_text(json.dumps({"kind": "taken"}))
            return
        for message in messages:
            await socket.send_text(message)


async def _read(socket: WebSocket, sitting: Sitting) -> None:
    flow = Flow()
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        if not flow.passes():
            if flow.refused > FLOOD:
                await socket.close(1008, "Too many messages.")
                return
            continue
        data, text = message.get("bytes"), message.get("text")
        if data is not None:
            sitting.camera.take(data)
        elif text is not None and len(text) <= LONGEST_TEXT:
            with suppress(ValueError, TypeError):
                _heed(json.loads(text), sitting)


def _heed(said: object, sitting: Sitting) -> None:
    """Do what a page asks for; what it cannot ask for is passed over."""
    match said:
        case {"kind": "do", "action": str(name)} if name in NAMES:
            sitting.display.ask(NAMES[name])
        case {"kind": "spoken", "number": int(number)}:
            sitting.voice.spoken(number)
        case {"kind": "camera", "name": str(name)}:
            sitting.camera.call(name)
        case {"kind": "lost", "why": str(why)} if why in LOST:
            sitting.camera.lose(LOST[why])
