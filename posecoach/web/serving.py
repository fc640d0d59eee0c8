"""The server itself: its port, its address, its end."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from posecoach.errors import MachineError
from posecoach.web import running
from posecoach.web.gate import App, Gate, Keys, Receive, Scope, Send
from posecoach.web.house import IDLE_S, House

PORT = 8737
"""Always the same one, because browsers remember by the address whom they let use the camera."""

MOST_MESSAGE = 2 * 1024**2 + 64
"""Bytes of a WebSocket's message: the largest picture (``jpeg.MOST_BYTES``) and its head."""

LOOK_S = 0.5
"""How often it is looked whether it is time to end."""


def listening(port: int) -> socket.socket:
    """A socket on this machine only; port 0 takes any that is free.

    Raises:
        MachineError: the port is taken, or may not be used.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", port))
        made.listen(64)
    except PermissionError:
        made.close()
        raise MachineError(
            f"Port {port} may not be used here; give one above 1023 with --port."
        ) from None
    except OSError:
        made.close()
        raise MachineError(
            f"Port {port} is taken by another program; give another one with --port."
        ) from None
    made.setblocking(False)
    return made


def serve(
    house: House, opened: socket.socket, tell: Callable[[str], None], idle_s: float = IDLE_S
) -> None:
    """Serve until the person ends it, or nobody has been there for ``idle_s``.

    Args:
        tell: given the address that lets one browser in, as soon as it answers.

    Raises:
        OutputError: the data folder cannot be written.
    """
    keys = Keys()
    house.root = keys.root
    port = opened.getsockname()[1]
    note = running.Running(port, keys.again)
    running.note(house.folder, note)
    try:
        tell(f"http://127.0.0.1:{port}/enter/{keys.new_token()}")
        asyncio.run(_serve(house, opened, keys, port, idle_s))
    finally:
        running.forget(house.folder, note)
        house.close()


async def _serve(house: House, opened: socket.socket, keys: Keys, port: int, idle_s: float) -> None:
    import uvicorn

    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    behind = _Behind(house)
    config = uvicorn.Config(
        Gate(behind, port, keys, behind.begin),
        log_config=None,
        access_log=False,
        lifespan="off",
        ws=_line,  # type: ignore[arg-type]
        ws_max_size=MOST_MESSAGE,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
        limit_concurrency=200,
        h11_max_incomplete_event_size=32 * 1024,
    )

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Leave them to us: uvicorn would end the process before a session is closed."""
            yield

    server = Server(config)
    # Windows has none (Ctrl-C ends the loop by an exception), nor have threads beside the main one.
    with suppress(NotImplementedError, RuntimeError, ValueError):
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, _end, house)

    async def watch() -> None:
        while not (house.ending or house.idle_s > idle_s):
            await asyncio.sleep(LOOK_S)
        await asyncio.sleep(LOOK_S)  # the last page is on its way
        server.should_exit = True

    watching = asyncio.create_task(watch())
    try:
        await server.serve(sockets=[opened])
    finally:
        watching.cancel()


class _Behind:
    """What is behind the gate; imported while the first page is on its way to the browser."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._lock = threading.Lock()
        self._sites: list[App] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._sites:
            await asyncio.to_thread(self._make)
        await self._sites[0](scope, receive, send)

    def begin(self) -> None:
        """Begin to make it."""
        asyncio.get_running_loop().run_in_executor(None, self._make)

    def _make(self) -> None:
        from posecoach.web.site import Site

        with self._lock:
            if not self._sites:
                self._sites.append(Site(self._house))


def _line(*given: Any, **named: Any) -> asyncio.Protocol:
    """A WebSocket's protocol; what it needs is imported with the first one."""
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    return WebSocketsSansIOProtocol(*given, **named)


def _end(house: House) -> None:
    house.ending = True
