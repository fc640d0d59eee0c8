"""Whose program is at the other end of a connection on this machine, where the system tells.

The first address passes through the command line that opens the browser, which on many systems
all users can read. Its token alone must not let in whoever is quicker.
"""

from __future__ import annotations

from pathlib import Path

TABLE = Path("/proc/net/tcp")
"""Linux; other systems do not tell without privileges."""

LOOPBACK = "0100007F"
"""127.0.0.1 as the table writes it: the four bytes of the address as one little-endian number."""


def owner_of(peer: int, port: int, table: Path = TABLE) -> int | None:
    """The user id of who holds a connection's other end; None where nobody can tell.

    Args:
        peer: the other end's port.
        port: our own.
    """
    try:
        lines = table.read_text(encoding="ascii").splitlines()[1:]
    except (OSError, ValueError):
        return None
    wanted = [f"{LOOPBACK}:{peer:04X}", f"{LOOPBACK}:{port:04X}"]
    for line in lines:
        fields = line.split()
        if fields[1:3] == wanted and len(fields) > 7 and fields[7].isdecimal():
            return int(fields[7])
    return None
