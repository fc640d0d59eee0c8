"""The WebSockets."""

from __future__ import annotations

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from posecoach.web.presence import presence
from posecoach.web.talk import talk


def routes() -> list[BaseRoute]:
    """What answers here."""
    return [WebSocketRoute("/talk", _talk), WebSocketRoute("/presence", _presence)]


async def _talk(socket: WebSocket) -> None:
    await talk(socket, socket.app.state.house)


async def _presence(socket: WebSocket) -> None:
    await presence(socket, socket.app.state.house)
