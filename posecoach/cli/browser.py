"""Showing a page in the person's browser."""

from __future__ import annotations

from pathlib import Path


def open_in_browser(path: Path) -> bool:
    """Open a file in the person's browser; tell whether one was found."""
    import webbrowser

    try:
        return webbrowser.open(path.resolve().as_uri())
    except webbrowser.Error:
        return False
