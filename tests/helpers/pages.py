"""What must be true of every page we write."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from tests.helpers.web import CHROMIUM, chromium

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
EMBEDDED = r"data:(?:image/jpeg|video/mp4);base64,[A-Za-z0-9+/]+={0,2}"

SCREENS = ((1280, "light"), (390, "dark"))
"""Width in pixels and colours in which a page is looked at: a desk's and a phone's."""


def parse(page: str) -> Element:
    """The page as a strict parser reads it: any mistake is an error."""
    import html5lib

    parser = html5lib.HTMLParser(strict=True)
    tree: Element = parser.parse(page)
    return tree


def check_structure(page: str) -> Element:
    """Strict HTML, one file, nothing loaded, headings in order, every chart told in words."""
    tree = parse(page)
    loads_nothing(page, tree)
    ids = [each.get("id") for each in tree.iter() if each.get("id")]
    assert len(ids) == len(set(ids)), "an id is there twice"
    for each in tree.iter():
        for name in ("aria-labelledby", "aria-describedby"):
            for id_ in (each.get(name) or "").split():
                assert id_ in ids, f"{name} names {id_}, which is not there"
        if (each.get("href") or "").startswith("#"):
            assert (each.get("href") or "")[1:] in ids
    assert tree.get("lang") == "en"
    levels = [int(str(each.tag)[-1]) for each in tree.iter() if _is_heading(each)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels)), levels
    for each in tree.iter(f"{SVG}svg"):
        if each.get("aria-hidden") == "true":
            continue
        assert each.get("role") == "img"
        for name in ("title", "desc"):
            told = each.find(f"{SVG}{name}")
            assert told is not None
            assert (told.text or "").strip()
    for each in tree.iter(f"{XHTML}th"):
        assert each.get("scope") == "col"
        assert "".join(each.itertext()).strip()
    return tree


def _is_heading(each: Element) -> bool:
    return bool(re.fullmatch(re.escape(XHTML) + "h[1-6]", str(each.tag)))


def loads_nothing(page: str, tree: Element) -> None:
    """No address of another place, other than in words (names of namespaces are no address).

    What is in the page itself, as text, is not loaded.
    """
    page = re.sub(rf'"{EMBEDDED}"', '""', page)
    assert not re.search(r"""(?i)(?:https?:|ftp:|(?<![\w:])//)[^\s"'<]*""", page)
    assert not re.search(r"(?i)@import|url\(", page)
    for each in tree.iter():
        assert str(each.tag).split("}")[-1] not in ("script", "link", "iframe", "object")
        assert not any(name.startswith("on") for name in each.attrib)
        for name in ("srcset", "action", "data"):
            assert name not in each.attrib
        for name in ("src", "poster"):
            assert re.fullmatch(EMBEDDED, each.get(name, "data:image/jpeg;base64,aa=="))


def text_of(tree: Element) -> str:
    """Everything a person can read, spaces as one."""
    return " ".join(" ".join(tree.itertext()).split())


def check_with_axe(page: str, folder: Path) -> None:
    """Nothing keeps anybody out, the page is no wider than its screen, and loads nothing more.

    Axe is asked through headless Chromium; skips where there is none.
    """
    pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here (apt-get install chromium)")
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    with sync_playwright() as play:
        browser = chromium(play, None)
        for width, colours in SCREENS:
            screen = {"width": width, "height": 900}
            shown = browser.new_page(viewport=screen, color_scheme=colours)
            asked: list[str] = []
            shown.on("request", lambda each, asked=asked: asked.append(each.url))
            shown.goto(path.as_uri())
            wide = shown.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, "the page is wider than the screen"
            shown.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
            found = Axe().run(shown).response["violations"]
            assert not found, [(each["id"], each["nodes"][0]["html"][:120]) for each in found]
            assert len(asked) == 1, asked
        browser.close()
