"""Which pages are open: each holds one line to the server, and sees by it when that is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect

if TYPE_CHECKING:
    from posecoach.web.house import House


async def presence(socket: WebSocket, house: House) -> None:
    """Count one page while it is open."""
    await socket.accept()
    house.pages += 1
    try:
        while True:
            await socket.receive_text()
    except (WebSocketDisconnect, KeyError):
        pass
    finally:
        house.pages -= 1
