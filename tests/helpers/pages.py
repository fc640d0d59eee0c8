"""What must be true of every page we write."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
EMBEDDED = r"data:(?:image/jpeg|video/mp4);base64,[A-Za-z0-9+/]+={0,2}"

_AXE = """
import {{ chromium }} from 'playwright-core'; import fs from 'fs';
const browser = await chromium.launch({{ executablePath: {browser}, args: ['--no-sandbox',
  '--disable-gpu', '--no-first-run', '--disable-background-networking'] }});
const found = [];
for (const [width, colorScheme] of [[1280, 'light'], [390, 'dark']]) {{
  const page = await (await browser.newContext({{ viewport: {{ width, height: 900 }},
    colorScheme }})).newPage();
  const asked = [];
  page.on('request', (each) => asked.push(each.url()));
  await page.goto({address});
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => d.open = true));
  await page.evaluate(fs.readFileSync({axe}, 'utf8'));
  const result = await page.evaluate(() => axe.run());
  found.push({{ width, wide, asked, violations: result.violations.map((v) => [v.id, v.impact]) }});
}}
await browser.close();
console.log(JSON.stringify(found));
"""


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


def check_with_axe(path: Path, tools: Path) -> None:
    """Ask axe through headless Chromium; skips where either of them is not there."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    axe = tools / "node_modules/axe-core/axe.min.js"
    if browser is None or shutil.which("node") is None or not axe.is_file():
        pytest.skip("axe needs Chromium, Node and AXE_DIR, a folder with axe-core, playwright-core")
    script = tools / "posecoach-axe.mjs"
    script.write_text(
        _AXE.format(
            browser=json.dumps(browser),
            address=json.dumps(path.resolve().as_uri()),
            axe=json.dumps(str(axe)),
        )
    )
    try:
        done = subprocess.run(
            ["node", str(script)], capture_output=True, text=True, timeout=180, check=False
        )
    finally:
        script.unlink()
    assert done.returncode == 0, done.stderr
    for found in json.loads(done.stdout):
        assert found["wide"] <= 0, "the page is wider than the screen"
        assert len(found["asked"]) == 1, found["asked"]
        assert found["violations"] == []
