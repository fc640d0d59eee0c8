"""Pictures of every page and every state of the stage, at every size, light and dark.

    python -m benchmarks.pages ../shared/clips docs/screens [--full FOLDER]

PoseCoach is served as a person starts it, and a real browser (Chromium) looks at it; before its
camera the wall stretch is shown, standing still at the moments that are looked at. Of each page
and state there is one sheet: four windows, light above and dark below. ``--full`` keeps every
picture unreduced. It takes about six minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from tests.helpers.acting import noisy
from tests.helpers.mjpeg import clip_frames
from tests.helpers.store_sessions import record
from tests.helpers.web import RATE, chromium, served

SIZES = ((1440, 900), (1920, 1080), (820, 1180), (390, 844))
SCHEMES = ("light", "dark")
PAGES = {
    "home": "/",
    "stretch": "/practise/wall-stretch",
    "routine": "/practise/upper-back",
    "calibrate": "/calibrate",
    "sessions": "/sessions",
    "session": "/sessions/1",
    "compare": "/compare?session=1&session=2",
    "forget": "/sessions/1/forget",
    "history": "/history",
    "recordings": "/recordings",
    "stretches": "/stretches",
    "definition": "/stretches/wall-stretch",
    "check": "/stretches/check",
    "settings": "/settings",
    "nothing-here": "/nothing-here",
}
SHEET_HEIGHT = 360
QUALITY = 72
WALL, BENT = "wall-stretch-correct", "wall-stretch-elbow-not-90"
SHOWN = (
    (WALL, 0.0, 25.0),
    (WALL, 4.3, 0.0),
    (WALL, 4.9, 40.0),
    (BENT, 5.2, 30.0),
)
"""Before the camera: of each clip the moment up to which it is shown, and how long it stays."""

Picture = NDArray[np.uint8]


def camera(clips: Path, into: Path) -> Path:
    """The fake camera's film: it plays, and stands still where it is looked at."""
    with into.open("wb") as file:

        def write(frames: list[np.ndarray], times: int) -> None:
            packed = [
                cv2.imencode(".jpg", each, [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes()
                for each in frames
            ]
            for number in range(times):
                file.write(packed[number % len(packed)])

        shown = {name: clip_frames(clips / f"{name}.mp4") for name in {each[0] for each in SHOWN}}
        begun = dict.fromkeys(shown, 0)
        for name, until_s, still_s in SHOWN:
            frames, fps = shown[name]
            last = round(until_s * fps)
            for frame in frames[begun[name] : last]:
                write([frame], round(RATE / fps))
            begun[name] = last
            write(noisy(frames[last]), round(still_s * RATE))
    return into


@contextmanager
def browsing(clips: Path) -> Iterator[tuple[Page, str]]:
    """A page in a browser that was let in, and where everything else begins."""
    with tempfile.TemporaryDirectory() as made, sync_playwright() as play:
        folder = Path(made)
        for _ in range(2):
            record(folder / "data", "wall-stretch")
        film = camera(clips, folder / "shown.mjpeg")
        with served(folder / "data") as house:
            browser = chromium(play, film)
            page = browser.new_context(reduced_motion="reduce").new_page()
            page.goto(house.address)
            page.wait_for_selector("#cards")
            root = page.evaluate("document.documentElement.dataset.root")
            yield page, house.origin + root
            browser.close()


def taken(page: Page) -> list[list[Picture]]:
    """What stands in the page now, in each scheme and size."""
    rows = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        row = []
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(400)
            coded = np.frombuffer(page.screenshot(), np.uint8)
            picture = cv2.imdecode(coded, cv2.IMREAD_COLOR)
            assert picture is not None
            row.append(np.asarray(picture, np.uint8))
        rows.append(row)
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    return rows


def sheet(rows: list[list[Picture]]) -> Picture:
    """All of them side by side, at one height."""

    def reduced(picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        size = (round(width * SHEET_HEIGHT / height), SHEET_HEIGHT)
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)

    return np.vstack([np.hstack([reduced(each) for each in row]) for row in rows])


def states(page: Page, root: str) -> Iterator[str]:
    """Practise the stretch, and stop at each state that is to be looked at."""

    def words(part: str) -> Callable[[], bool]:
        return lambda: part in page.locator("#words").inner_text()

    page.goto(f"{root}/practise/wall-stretch")
    page.locator("summary").click()
    page.locator("[name=repetitions]").fill("2")
    page.locator("[name=hold]").fill("30")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_url("**/practise/now")
    until(page, words("Good. Stay there"))
    yield "stage-start"
    until(page, lambda: page.locator("#ring").get_attribute("aria-label") not in ("", None), 60)
    until(page, words("old"), 90)
    yield "stage-holding"
    until(page, words("elbow"), 90)
    yield "stage-correcting"
    page.locator("#pause").click()
    page.wait_for_timeout(500)
    yield "stage-paused"
    page.get_by_role("button", name="Keys").click()
    yield "stage-keys"
    page.keyboard.press("Escape")
    page.locator("button.end").click()
    page.wait_for_selector("#card:not([hidden])")
    yield "stage-ended"


def until(page: Page, so: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something is so; where it never is, the picture shows what was instead."""
    for _ in range(round(seconds / 0.1)):
        if so():
            return
        page.wait_for_timeout(100)
    print(f"waited {seconds:.0f} s in vain; shown: {page.locator('#words').inner_text()}")


def main(arguments: list[str] | None = None) -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--full", type=Path, help="keep every picture unreduced here")
    given = parser.parse_args(arguments)
    given.output.mkdir(parents=True, exist_ok=True)
    with browsing(given.clips) as (page, root):

        def keep(name: str) -> None:
            rows = taken(page)
            path = given.output / f"page-{name}.jpg"
            cv2.imwrite(str(path), sheet(rows), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
            print(path, file=sys.stderr)
            if given.full is not None:
                given.full.mkdir(parents=True, exist_ok=True)
                for scheme, row in zip(SCHEMES, rows, strict=True):
                    for (width, height), each in zip(SIZES, row, strict=True):
                        full = given.full / f"{name}-{width}x{height}-{scheme}.png"
                        cv2.imwrite(str(full), each)

        for name, path in PAGES.items():
            page.goto(root + path)
            page.wait_for_load_state("networkidle")
            keep(name)
        for name in states(page, root):
            keep(name)


if __name__ == "__main__":
    main()
