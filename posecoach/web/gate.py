"""The door of the house: who may come in, and what goes with every answer.

Other people use this machine and other pages are open in this browser. So by default it is
closed: the address must be our own (a name that was pointed at this machine is refused), the
browser must hold the cookie that was given for a token used once, and whatever changes something
must come from a page of ours.
"""

from __future__ import annotations

import html
import os
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, TypeAlias

from posecoach.web.peer import owner_of

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "posecoach"

BODY_BYTES = 256 * 1024
"""Of a form or a definition file; the largest of our own has 6 kB."""

VIDEO_BYTES = 2 * 1024**3
"""Of a recording: an hour and a half of a phone's 1080p."""

ELSEWHERE = "This address is not PoseCoach's. Open it with: posecoach app"
USED = "This address has been used already. Start posecoach app again: it opens a new one."
STRANGER = "This page belongs to a PoseCoach on this computer. Open it with: posecoach app"
FOREIGN = "This was asked for by another page, and is refused."
TOO_LARGE = "This is larger than PoseCoach takes."


@dataclass(slots=True)
class Keys:
    """What opens the door of one running PoseCoach.

    Attributes:
        root: the path below which everything is, unguessable. Cookies are not kept apart by port:
            a page of somebody else's server on this machine is sent only those of its own path.
        cookie: what a browser that was let in holds.
        again: what a second start of the same person's PoseCoach says to be given a new token.
    """

    root: str = field(default_factory=lambda: f"/{secrets.token_hex(8)}")
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    again: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _tokens: set[str] = field(default_factory=set)

    def new_token(self) -> str:
        """A token that lets one browser in, once."""
        token = secrets.token_urlsafe(32)
        self._tokens.add(token)
        return token

    def spend(self, token: str) -> bool:
        """Whether the token lets in; it does so once."""
        found = next((each for each in self._tokens if _same(each, token)), None)
        if found is not None:
            self._tokens.discard(found)
        return found is not None


def _same(one: str, other: str) -> bool:
    return compare_digest(one.encode(), other.encode())


class Gate:
    """Stands before the whole application (ASGI).

    Args:
        app: what is behind it; it sees paths without the root.
        port: of this server.
        keys: see ``Keys``.
        entered: called when a browser has been let in.
    """

    def __init__(
        self, app: App, port: int, keys: Keys, entered: Callable[[], None] | None = None
    ) -> None:
        self._app, self._keys, self._entered = app, keys, entered
        self._port = port
        self._host = f"127.0.0.1:{port}"
        self._origin = f"http://{self._host}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or answer here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        path = str(scope["path"])
        if headers.get("host") != self._host:
            await self._refuse(scope, send, ELSEWHERE, 421)
        elif scope["type"] == "http" and scope["method"] == "GET" and path.startswith("/enter/"):
            await self._enter(scope, send, path.removeprefix("/enter/"))
        elif scope["type"] == "http" and scope["method"] == "POST" and path == "/again":
            await self._again(send, headers)
        elif not (self._inside(path) and self._knows(headers)):
            await self._refuse(scope, send, STRANGER, 403)
        elif self._foreign(scope, headers):
            await self._refuse(scope, send, FOREIGN, 403)
        else:
            await self._through(scope, headers, receive, send)

    # -- who may come in -----------------------------------------------------------------------

    def _inside(self, path: str) -> bool:
        return path == self._keys.root or path.startswith(f"{self._keys.root}/")

    def _knows(self, headers: dict[str, str]) -> bool:
        pairs = (each.strip().partition("=") for each in headers.get("cookie", "").split(";"))
        return any(name == COOKIE and _same(value, self._keys.cookie) for name, _, value in pairs)

    def _foreign(self, scope: Scope, headers: dict[str, str]) -> bool:
        """Whether another page asks for it; what changes something must say who asks."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return True
        if scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD"):
            return headers.get("origin") != self._origin
        return False

    async def _enter(self, scope: Scope, send: Send, token: str) -> None:
        """Give the cookie for a token, and go on from a page of ours.

        A redirect would not do: where the address was clicked in another page the browser keeps a
        strict cookie back until a page of ours asks.
        """
        if self._somebody_elses(scope):
            await _page(send, 403, STRANGER)
            return
        if not self._keys.spend(token):
            await _page(send, 403, USED)
            return
        root = self._keys.root
        cookie = f"{COOKIE}={self._keys.cookie}; Path={root}; HttpOnly; SameSite=Strict"
        more = [(b"set-cookie", cookie.encode())]
        onward = f'<meta http-equiv="refresh" content="0;url={root}/">'
        await _page(send, 200, "PoseCoach opens.", head=onward, link=f"{root}/", more=more)
        if self._entered is not None:
            self._entered()

    def _somebody_elses(self, scope: Scope) -> bool:
        """Whether another user's program asks; an administrator's may."""
        client = scope.get("client")
        owner = None if client is None else owner_of(int(client[1]), self._port)
        return owner not in (None, 0, os.getuid() if hasattr(os, "getuid") else None)

    async def _again(self, send: Send, headers: dict[str, str]) -> None:
        """Hand a second start of the same person's PoseCoach the way in."""
        if not _same(headers.get("x-posecoach-again", ""), self._keys.again):
            await _page(send, 403, STRANGER)
            return
        path = f"/enter/{self._keys.new_token()}"
        await _answer(send, 200, b"text/plain; charset=utf-8", path.encode())

    # -- what goes with it ---------------------------------------------------------------------

    async def _through(
        self, scope: Scope, headers: dict[str, str], receive: Receive, send: Send
    ) -> None:
        root = self._keys.root
        if scope["path"] == root:
            scope["path"] = f"{root}/"
        inner = dict(scope, root_path=root)
        limit = _limit(str(scope["path"]).removeprefix(root))
        try:
            announced = int(headers.get("content-length", "0"))
        except ValueError:
            announced = limit + 1
        if scope["type"] == "http" and announced > limit:
            await _page(send, 413, TOO_LARGE)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > limit:  # a body that did not say how long it is
                    return {"type": "http.disconnect"}
            return message

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                known = {name.lower() for name, _ in given}
                message["headers"] = given + [
                    each for each in self._always() if each[0] not in known
                ]
            await send(message)

        await self._app(inner, counted, guarded)

    def _always(self) -> Iterable[tuple[bytes, bytes]]:
        return _safety(f"connect-src 'self' ws://{self._host}; ")

    async def _refuse(self, scope: Scope, send: Send, words: str, status: int) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": words})
        else:
            await _page(send, status, words)


def policy(extra: str = "") -> str:
    """The Content-Security-Policy: nothing from elsewhere, nothing inline."""
    return (
        f"default-src 'self'; {extra}object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'self'"
    )


def _safety(extra: str = "") -> list[tuple[bytes, bytes]]:
    return [
        (b"content-security-policy", policy(extra).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"SAMEORIGIN"),
        # "no-referrer" would have browsers hide our own origin in forms, too.
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(self), microphone=(), geolocation=()"),
        (b"cache-control", b"no-store"),
    ]


def _limit(path: str) -> int:
    return VIDEO_BYTES if re.fullmatch(r"/recordings/take", path) else BODY_BYTES


def _headers(scope: Scope) -> dict[str, str]:
    """By lower-case name; one that comes twice is empty, but of cookies the last counts."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        found[key] = "" if key in found and key != "cookie" else value.decode("latin-1")
    return found


async def _page(
    send: Send,
    status: int,
    words: str,
    *,
    head: str = "",
    link: str = "",
    more: list[tuple[bytes, bytes]] | None = None,
) -> None:
    """A page of one sentence, without anything to load."""
    said = html.escape(words)
    if link:
        said = f'<a href="{html.escape(link)}">{said}</a>'
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}'
        '<meta name="viewport" content="width=device-width">'
        f"<title>PoseCoach</title></head><body><main><p>{said}</p></main></body></html>"
    )
    await _answer(send, status, b"text/html; charset=utf-8", text.encode(), more)


async def _answer(
    send: Send,
    status: int,
    kind: bytes,
    body: bytes,
    more: list[tuple[bytes, bytes]] | None = None,
) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    headers += [*_safety(), *(more or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
