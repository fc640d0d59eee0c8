"""The page in a real browser: from the first click to the report, with the clips as the camera."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import pytest

pytest.importorskip("starlette", reason="the extra 'web' is not installed")
pytest.importorskip("playwright", reason="Playwright is not installed")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from posecoach.cli.demo import CLIP
from posecoach.data import data_dir
from posecoach.exercise.library import standard_library
from posecoach.practice.pace import LEAST_FPS
from posecoach.profile.files import Profiles
from posecoach.session.eyes import Eyes
from posecoach.source.open import open_source
from posecoach.store.store import Store
from tests.helpers.store_sessions import record
from tests.helpers.web import CHROMIUM, Served, camera_file, chromium, served

if CHROMIUM is None:
    pytest.skip("there is no Chromium here (apt-get install chromium)", allow_module_level=True)

SIZES = ((1440, 900), (1920, 1080), (820, 1180), (390, 844))
NAMES = tuple(each.name for each in map(standard_library().find, standard_library().ids()))
START_MS, PRACTISED_MS = 30_000, 120_000

ROUTINE = """\
id: three
name: Three stretches
purpose: Three shortened stretches, one after the other.
rest: 2
exercises:
  - {exercise: cat-cow, repetitions: 1, hold: 1}
  - {exercise: overhead-reach, repetitions: 1, hold: 1.5}
  - {exercise: neck-flexion, repetitions: 1, hold: 1}
source: Made for a test.
"""


@dataclass
class Here:
    """A served PoseCoach in a browser."""

    house: Served
    browser: Browser
    page: Page
    data: Path

    def go(self, path: str) -> None:
        self.page.goto(f"{self.house.origin}{self.house.root}{path}")


@pytest.fixture(scope="module")
def play() -> Iterator[Playwright]:
    """There can be one at a time only."""
    with sync_playwright() as found:
        yield found


@contextmanager
def opened(
    play: Playwright, folder: Path, camera: Path | None, *flags: str, own: Path | None = None
) -> Iterator[Here]:
    """Start both, and let the browser in by the printed address."""
    data = folder / "data"
    with served(data, own=own) as house:
        browser = chromium(play, camera, *flags)
        # The moving pictures of the cards stand still, so that the coach has the processor.
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(house.address)
        page.wait_for_selector("#cards")
        house.root = page.evaluate("document.documentElement.dataset.root")
        cookie = page.context.cookies(f"{house.origin}{house.root}/")[0]
        house.cookie = f"{cookie['name']}={cookie['value']}"
        yield Here(house, browser, page, data)
        browser.close()


@pytest.fixture
def quick_enough(bundle: Path) -> None:
    """Somebody before a camera does not wait: on a machine that cannot keep up with them, the
    browser beside the model, counts are not promised (see ``practice.pace``)."""
    times = []
    with open_source(str(data_dir("demo") / CLIP)) as clip, Eyes(bundle) as eyes:
        for frame, _ in zip(clip.frames(), range(12), strict=False):
            began = time.perf_counter()
            eyes.estimate(frame.image, frame.time_s)
            times.append(time.perf_counter() - began)
    fps = 1 / median(times[4:])
    if fps < 2 * LEAST_FPS:
        pytest.skip(f"this machine is busy: the model alone manages {fps:.0f} pictures a second")


@pytest.fixture(scope="module")
def here(
    play: Playwright, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Here]:
    """With the wall stretch before the camera."""
    folder = tmp_path_factory.mktemp("page")
    clip = shared / "clips" / "wall-stretch-correct.mp4"
    camera = camera_file(folder / "wall.mjpeg", [(clip, 9, 0, 40)])
    for _ in range(2):  # something to read, compare and delete
        record(folder / "data", "wall-stretch")
    with opened(play, folder, camera) as found:
        yield found


def begin(page: Page, **fields: str) -> None:
    """Fill in how much of it, and begin."""
    page.locator("summary").click()
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_url("**/practise/now")


def ended(page: Page) -> str:
    """Wait for the end; what it says."""
    page.wait_for_selector("#card:not([hidden]) >> text=/Well done|Ended/", timeout=PRACTISED_MS)
    return page.locator("#card-words").inner_text()


# -- from the first click to the report ----------------------------------------------------------


@pytest.mark.usefixtures("quick_enough")
def test_a_whole_wall_stretch(here: Here) -> None:
    page = here.page
    page.evaluate("localStorage.clear()")
    said = "window.said = []; addEventListener('posecoach-drawn', (e) => said.push(e.detail))"
    page.add_init_script(said)
    page.get_by_role("link", name="Wall stretch", exact=True).click()
    begin(page, repetitions="2", hold="2")
    expect(page.locator("#words")).to_have_text("Good. Stay there", timeout=START_MS)
    assert page.locator("#demonstration").is_visible()
    seen_at = here.page.evaluate("said.length")
    assert "4 of " in ended(page)
    assert page.evaluate("said.length") > seen_at
    page.get_by_role("link", name="See how it went").click()
    frame = page.frame_locator("iframe.framed")
    expect(frame.get_by_role("heading", name="Wall stretch")).to_be_visible()
    with Store.open(here.data) as store:
        row = store.find("last")
        found = store.load(row).exercises[0].row.tallies
    assert {side: tally.repetitions for side, tally in found.items() if tally.attempts} == {
        "left": 2,
        "right": 2,
    }


def test_nothing_of_the_camera_is_on_the_disk(here: Here) -> None:
    """After the stretch above: numbers, and no picture."""
    kinds = {path.suffix for path in here.data.rglob("*") if path.is_file()}
    assert kinds <= {".db", ".json", ".db-wal", ".db-shm", ".lock", ""}


def test_the_report_is_downloaded(here: Here) -> None:
    here.go("/sessions")
    here.page.locator("tbody a").first.click()
    for kind, head in (("HTML", b"<!DOCTYPE"), ("PDF", b"%PDF"), ("CSV", b""), ("JSON", b"{")):
        with here.page.expect_download() as waiting:
            here.page.get_by_role("link", name=kind, exact=True).click()
        path = waiting.value.path()
        assert waiting.value.suggested_filename.endswith(kind.lower())
        assert path.read_bytes().startswith(head)


def test_a_dropped_recording(here: Here, shared: Path, tmp_path: Path) -> None:
    clip = cut(shared / "clips" / "cat-cow-correct.mp4", tmp_path / "<b>cat<img src=x>.mp4", 11.2)
    here.go("/recordings")
    page = here.page
    page.locator("#exercise").select_option("cat-cow")
    page.locator("#files").set_input_files(clip)
    done = page.locator(".job[data-state=done]")
    done.wait_for(timeout=PRACTISED_MS)
    assert "of 1 attempts counted" in done.inner_text()
    assert "<b>cat<img src=x>.mp4" in done.inner_text()
    assert page.locator("img[src=x]").count() == 0
    link = page.get_by_role("link", name="See the report").first
    box = link.bounding_box()
    assert box is not None
    assert box["width"] < 200, "the button is far wider than its words"
    link.click()
    expect(page.frame_locator("iframe").get_by_role("heading", name="Cat and cow")).to_be_visible()


def test_what_is_refused_of_several_recordings_stays_told(here: Here, tmp_path: Path) -> None:
    names = ("empty.mp4", "text.mp4", "also empty.mp4", "text too.mp4")
    for name in names:
        (tmp_path / name).write_text("This is no video.\n" if "text" in name else "")
    here.go("/recordings")
    page = here.page
    page.locator("#files").set_input_files([tmp_path / name for name in names])
    for name in ("text.mp4", "text too.mp4"):
        page.locator(".job[data-state=failed]", has_text=name).wait_for(timeout=PRACTISED_MS)
    told = page.locator("#told").inner_text().splitlines()
    assert told == [f"{name}: The recording is empty." for name in names if "empty" in name]


def test_the_word_before_a_step_stands_apart_from_it(here: Here) -> None:
    page = here.page
    here.go("/stretches/wall-stretch")
    term = page.locator(".told dt", has_text="Before").first
    ends = term.evaluate(
        "(term) => { const range = document.createRange(); range.selectNodeContents(term);"
        "return range.getBoundingClientRect().right }"
    )
    begins = page.locator(".told dd").first.evaluate("(each) => each.getBoundingClientRect().left")
    assert begins - ends > 5


def test_two_sessions_are_compared_and_one_deleted(here: Here) -> None:
    page = here.page
    here.go("/sessions")
    boxes = page.get_by_role("checkbox")
    before = boxes.count()
    assert before >= 2
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("rowheader", name="Counted").first).to_be_visible()
    here.go("/sessions")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("checkbox")).to_have_count(before - 1)


@pytest.mark.usefixtures("quick_enough")
def test_a_routine_of_three_stretches(play: Playwright, shared: Path, tmp_path: Path) -> None:
    clips = shared / "clips"
    routines = tmp_path / "own" / "posecoach" / "exercises" / "routines"
    routines.mkdir(parents=True)
    (routines / "three.yaml").write_text(ROUTINE, encoding="utf-8")
    camera = camera_file(
        tmp_path / "three.mjpeg",
        [
            (clips / "cat-cow-correct.mp4", 9, 0, 11.2),
            (clips / "overhead-reach-correct.mp4", 11, 0, 12.9),
            (clips / "neck-flexion-correct.mp4", 11, 0, 11.0),
            (clips / "neck-flexion-correct.mp4", 9, 0, 0.1),
        ],
    )
    with opened(play, tmp_path, camera, own=tmp_path / "own") as three:
        three.page.get_by_role("link", name="Three stretches").click()
        three.page.get_by_role("button", name="Begin", exact=True).click()
        told = ended(three.page)
        assert re.findall(r"(\d of \d) attempts", told) == ["1 of 1", "2 of 2", "2 of 2"]
        with Store.open(three.data) as store:
            row = store.find("last")
        assert [each.exercise for each in row.exercises] == [
            "cat-cow",
            "overhead-reach",
            "neck-flexion",
        ]


@pytest.mark.usefixtures("quick_enough")
def test_a_calibration(play: Playwright, shared: Path, tmp_path: Path) -> None:
    clip = shared / "clips" / "overhead-reach-correct.mp4"
    down_and_up = (clip, 8.0, 0.0, 2.5)
    to_the_left = [(clip, 3.0, 2.5, 7.9), (clip, 0.5, 2.5, 7.9), (clip, 0.5, 2.5, 7.9)]
    camera = camera_file(tmp_path / "reach.mjpeg", [down_and_up, *to_the_left])
    with opened(play, tmp_path, camera) as one:
        page = one.page
        one.go("/calibrate")
        page.get_by_label("Your name, where you are new").fill("Ada")
        page.get_by_text("Overhead reach").click()
        page.get_by_role("button", name="Begin", exact=True).click()
        page.wait_for_url("**/practise/now")
        left = page.locator('.dots-row[aria-label="Left 3 of 3"]')
        left.wait_for(state="attached", timeout=PRACTISED_MS)

        def skipped() -> bool:
            page.keyboard.press("n")
            return page.locator("#card").is_visible()

        until(skipped, 30)  # the other side is left out
        told = ended(page)
        assert "°" in told
        person = Profiles(one.data).load("Ada")
        assert len(person.calibrations) == 1
        assert len(person.current()) == 1


# -- what goes wrong has its sentence, and nothing is lost ----------------------------------------


def test_a_reload_and_a_second_page_go_on_with_it(here: Here) -> None:
    page = here.page
    here.go("/practise/wall-stretch")
    begin(page)
    expect(page.locator("#words")).to_have_text("Good. Stay there", timeout=START_MS)
    page.reload()
    expect(page.locator("#words")).not_to_be_empty(timeout=START_MS)
    expect(page.locator("#title")).to_have_text("Wall stretch")
    other = page.context.new_page()
    other.goto(page.url)
    expect(page.locator("#card-words")).to_contain_text("goes on in another tab", timeout=START_MS)
    other.close()
    page.get_by_role("button", name="Go on here").click()
    expect(page.locator("#words")).not_to_be_empty(timeout=START_MS)
    here.go("/")
    expect(page.get_by_text("A practice is going on")).to_be_visible()
    page.get_by_text("A practice is going on").click()
    page.locator("button.end").click()
    page.wait_for_selector("#card:not([hidden])")


def test_the_keyboard_alone_suffices(here: Here) -> None:
    page = here.page
    here.go("/")
    page.wait_for_selector(".card")
    tab_to(page, "Overhead reach")
    page.keyboard.press("Enter")
    page.wait_for_url("**/practise/overhead-reach")
    tab_to(page, "Begin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/practise/now")
    expect(page.locator("#words")).not_to_be_empty(timeout=START_MS)
    for close in ("Escape", "h"):
        page.keyboard.press("h")
        expect(page.get_by_role("heading", name="Keys")).to_be_visible()
        page.keyboard.press(close)
        expect(page.get_by_role("heading", name="Keys")).to_be_hidden()
    until(lambda: page.evaluate("document.getElementById('sentence').dataset.tone") is not None, 30)
    paused = page.locator("#over").filter(has_text="Paused")
    page.keyboard.press("Space")  # begin without the set-up check
    until(lambda: page.locator(".dots-row").count() > 0 or paused.is_visible(), 60)
    if not paused.is_visible():  # else the check had just ended by itself
        page.keyboard.press("Space")
    expect(paused).to_be_visible(timeout=START_MS)
    page.keyboard.press("h")
    page.keyboard.press("m")  # while the keys show, they do what is told of them
    expect(page.get_by_role("heading", name="Keys")).to_be_hidden()
    expect(page.locator("#mute")).to_have_text("Voice on")
    page.keyboard.press("Space")
    expect(page.locator("#over")).to_be_hidden()
    page.keyboard.press("q")
    page.wait_for_selector("#card:not([hidden]) a")
    assert page.evaluate("document.activeElement.closest('#card') !== null")


def test_a_camera_that_may_not_be_used_and_a_server_that_is_gone(
    play: Playwright, tmp_path: Path
) -> None:
    with opened(play, tmp_path, None, "--deny-permission-prompts") as one:
        one.go("/practise/wall-stretch")
        one.page.get_by_role("button", name="Begin", exact=True).click()
        words = one.page.locator("#card-words")
        expect(words).to_contain_text(
            re.compile("may not use the camera|finds no camera"), timeout=START_MS
        )
        one.house.process.terminate()
        expect(words).to_contain_text("does not answer", timeout=START_MS)


# -- other pages ----------------------------------------------------------------------------------

ATTACK = """
const tried = {};
async function attempt(name, act) {
  try { tried[name] = String(await act()); } catch (error) { tried[name] = "refused"; }
}
const to = new URLSearchParams(location.search).get("to");
await attempt("read", async () => (await fetch(to + "/", {credentials: "include"})).status);
await attempt("change", async () =>
  (await fetch(to + "/end", {method: "POST", credentials: "include", mode: "no-cors"})).type);
await attempt("line", () => new Promise((good, bad) => {
  const line = new WebSocket(to.replace("http", "ws") + "/talk");
  line.onopen = () => good("open");
  line.onerror = bad;
}));
await attempt("frame", () => new Promise((good) => {
  const frame = document.createElement("iframe");
  frame.onload = () => {
    try { good(frame.contentDocument.body.innerText); } catch { good("refused"); }
  };
  frame.src = to + "/";
  document.body.append(frame);
}));
window.tried = tried;
"""


@contextmanager
def foreign_page() -> Iterator[str]:
    """A page of somebody else's server on this machine, which knows even our path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f'<body><script type="module">{ATTACK}</script></body>'.encode()
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def test_another_origins_page_can_do_nothing(here: Here) -> None:
    page = here.page.context.new_page()
    with foreign_page() as evil:
        page.goto(f"{evil}?to={here.house.origin}{here.house.root}")
        page.wait_for_function("window.tried", timeout=START_MS)
        tried = page.evaluate("window.tried")
    page.close()
    assert tried["read"] in ("refused", "403")
    assert tried["line"] == "refused"
    assert "What do you want" not in tried["frame"]
    assert here.house.process.poll() is None
    assert here.house.ask("GET", f"{here.house.root}/")[0].status == 200


def test_html_in_a_name_is_only_a_name(here: Here) -> None:
    page = here.page
    name = '<img src=x onerror="window.hurt=1">'
    here.go("/settings")
    page.get_by_label("Somebody new").fill(name)
    page.get_by_role("button", name="Add").click()
    for path in ("/", "/settings", "/calibrate", "/sessions"):
        here.go(path)
        if path == "/":
            page.wait_for_selector(".card")
        assert page.evaluate("window.hurt") is None
        assert page.locator("img[src=x]").count() == 0
    here.go("/settings")
    page.get_by_role("link", name="<img").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("link", name="Delete this profile").click()
    page.get_by_role("button", name="Delete it").click()


def test_the_longest_name_widens_no_page(here: Here) -> None:
    page, name = here.page, "W" * 60
    page.set_viewport_size({"width": 390, "height": 844})
    here.go("/settings")
    page.get_by_label("Somebody new").fill(name)
    page.get_by_role("button", name="Add").click()
    try:
        for path in ("/", "/settings", "/practise/wall-stretch", "/calibrate", "/history"):
            here.go(path)
            if path == "/":
                page.wait_for_selector(".card")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    finally:
        page.set_viewport_size({"width": 1440, "height": 900})
        here.go("/settings")
        page.get_by_role("link", name=name).click()
        page.get_by_role("link", name="Delete this profile").click()
        page.get_by_role("button", name="Delete it").click()


def test_no_heading_of_the_reports_is_broken_on_a_phone(here: Here) -> None:
    page = here.page
    page.set_viewport_size({"width": 390, "height": 844})
    here.go("/sessions")
    found = page.evaluate(
        "[...document.querySelectorAll('thead th')].map((each) => {"
        "const range = document.createRange(); range.selectNodeContents(each);"
        "return range.getClientRects().length})"
    )
    seen = page.evaluate(
        "(({scrollWidth, clientWidth}) => scrollWidth <= clientWidth)"
        "(document.querySelector('.scroll'))"
    )
    words = page.evaluate(
        "(words) => { const cell = document.querySelector('.given.what');"
        "return words.map((word) => { cell.textContent = word;"
        "const range = document.createRange(); range.selectNodeContents(cell);"
        "return range.getClientRects().length }) }",
        sorted({word for name in NAMES for word in name.split()}),
    )
    page.set_viewport_size({"width": 1440, "height": 900})
    assert found == [1] * 5
    assert seen
    assert set(words) == {1}


# -- for everybody --------------------------------------------------------------------------------

PAGES = (
    "/",
    "/practise/wall-stretch",
    "/practise/upper-back",
    "/calibrate",
    "/sessions",
    "/history",
    "/recordings",
    "/stretches",
    "/stretches/wall-stretch",
    "/stretches/check",
    "/settings",
    "/nothing-here",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_suits_every_window_and_everybody(here: Here, path: str) -> None:
    page = here.page
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    here.go(path)
    if path == "/":
        page.wait_for_selector(".card")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert serious(page) == []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, height)
    page.set_viewport_size({"width": 1440, "height": 900})
    assert wrong == []


def test_the_first_mistake_of_a_definition_is_seen_at_once(here: Here) -> None:
    page = here.page
    here.go("/stretches/check")
    page.locator("#name").fill("my-stretch.yaml")
    page.locator("#text").fill("# a comment\n" * 60 + "id: my-stretch\nnmae: My stretch\n")
    page.get_by_role("button", name="Check", exact=True).click()
    box, wrong = (page.locator(each).first.bounding_box() for each in (".source", ".wrong"))
    assert box is not None
    assert wrong is not None
    assert box["y"] <= wrong["y"] <= box["y"] + box["height"] / 2


def test_the_stage_suits_every_window_and_everybody(here: Here) -> None:
    page = here.page
    here.go("/practise/wall-stretch")
    page.get_by_role("button", name="Begin", exact=True).click()
    until(lambda: page.locator("#words").inner_text() == "Good. Stay there", 30)
    assert serious(page) == []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        boxes = page.evaluate(
            "['picture','title','ring','sentence','pause'].map((id) => {"
            "const b = document.getElementById(id).getBoundingClientRect();"
            "return [b.left, b.top, b.right, b.bottom]})"
        )
        for left, top, right, bottom in boxes:
            assert left >= 0, (width, boxes)
            assert top >= 0, (width, boxes)
            assert right <= width + 1, (width, boxes)
            assert bottom <= height + 1, (width, boxes)
            assert right - left > 20, (width, boxes)
            assert bottom - top > 20, (width, boxes)
        assert_nothing_covers_another(page)
    assert_the_bar_holds_together(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("button.end").click()
    page.wait_for_selector("#card:not([hidden])")


# -- helpers --------------------------------------------------------------------------------------


def assert_nothing_covers_another(page: Page) -> None:
    """At the set-up the film and the ring have their own places, and a note has its own above the
    picture: over it, it hid the head of whoever stands there."""
    film, ring, note, picture = page.evaluate(
        "(() => { for (const id of ['demonstration', 'note'])"
        " document.getElementById(id).hidden = false;"
        "return ['demonstration', 'ring', 'note', 'picture'].map((id) => {"
        "const b = document.getElementById(id).getBoundingClientRect();"
        "return [b.left, b.top, b.right, b.bottom]}) })()"
    )
    assert film[3] <= ring[1], (film, ring)
    assert note[0] >= picture[0] - 1, (note, picture)
    assert note[2] <= picture[2] + 1, (note, picture)
    assert 0 <= note[1] < note[3] <= picture[1] + 1, (note, picture)
    assert picture[3] - picture[1] > 3 * (note[3] - note[1]), (note, picture)


def assert_the_bar_holds_together(page: Page) -> None:
    """However long a camera's name is (here that of a file with all its folders)."""
    end, pause, cameras = (page.locator(each) for each in (".end", "#pause", "#cameras"))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_timeout(300)
    last, first = end.bounding_box(), pause.bounding_box()
    assert last is not None
    assert first is not None
    assert last["y"] < first["y"] + first["height"], "End stands in a row of its own"
    label = page.locator("label.camera").bounding_box()
    assert label is not None
    assert label["height"] <= first["height"], "the word Camera is broken into letters"
    for width in (390, 375, 360, 320):
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_timeout(300)
        name = cameras.bounding_box()
        assert name is not None
        assert name["width"] > 60
        for each in page.locator(".bar button").all():
            box = each.bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= width, "a button ends outside the picture"
            beside = (
                box["x"] + box["width"] + 4 <= name["x"] or name["x"] + name["width"] <= box["x"]
            )
            below = box["y"] + box["height"] <= name["y"] or name["y"] + name["height"] <= box["y"]
            assert beside or below, "the camera's name lies under a button"


def serious(page: Page) -> list[str]:
    """What axe finds that keeps somebody out."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def tab_to(page: Page, name: str) -> None:
    """Press the tabulator until a control of this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    raise AssertionError(f"{name} cannot be reached by the keyboard")


def until(so: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.2)


def cut(clip: Path, to: Path, seconds: float) -> Path:
    """The beginning of a clip, as a file."""
    capture = cv2.VideoCapture(str(clip))
    fps = capture.get(cv2.CAP_PROP_FPS)
    size = (int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)), int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)))
    plain = to.with_name("cut.mp4")
    writer = cv2.VideoWriter(str(plain), cv2.VideoWriter.fourcc(*"mp4v"), fps, size)
    for _ in range(round(seconds * fps)):
        there, image = capture.read()
        if there:
            writer.write(image)
    writer.release()
    capture.release()
    return plain.rename(to)
