"""What a benchmark prints, put into a page of the documentation."""

from __future__ import annotations

import sys
from pathlib import Path


def write_between(page: Path, mark: str, text: str) -> None:
    """Replace what stands between a page's comments ``MARK: begin`` and ``MARK: end``.

    Ends the program with a sentence where the page has no such comments.
    """
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        sys.exit(f"{page} has no markers {begin} and {end}.")
    page.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
