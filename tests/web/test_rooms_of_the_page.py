"""What the pages do, asked as a browser asks: recordings, definitions, people."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

pytest.importorskip("starlette", reason="the extra 'web' is not installed")

from posecoach.cli.demo import CLIP
from posecoach.data import data_dir
from posecoach.profile.files import Profiles
from posecoach.store.store import Store
from tests.helpers.store_sessions import record
from tests.helpers.web import Served, served

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def house(data: Path, bundle: Path) -> Iterator[Served]:
    with served(data) as found:
        found.enter()
        yield found


def send(house: Served, path: str, **fields: str) -> tuple[int, str]:
    """Send a form; the answer, and where it leads."""
    answer, text = house.ask("POST", house.root + path, urlencode(fields).encode(), FORM)
    return answer.status, answer.headers.get("location") or text


def drop(house: Served, name: str, body: bytes, exercise: str = "wall-stretch") -> Any:
    query = urlencode({"name": name, "exercise": exercise})
    _, text = house.ask("PUT", f"{house.root}/recordings/take?{query}", body)
    return json.loads(text)


def job(house: Served, number: int) -> Any:
    _, text = house.ask("GET", f"{house.root}/recordings/jobs")
    return next(each for each in json.loads(text) if each["number"] == number)


def until(so: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.2)


def test_a_stretch_that_cannot_be_called_so_is_not_shown(house: Served) -> None:
    _, text = send(house, "/show", called="wall-stretch")
    assert "own stretches" in text
    status, _ = send(house, "/show", called="")
    assert status == 400


# -- recordings -----------------------------------------------------------------------------------


def test_a_recording_that_is_cancelled_leaves_nothing(house: Served, data: Path) -> None:
    clip = (data_dir("demo") / CLIP).read_bytes()
    number = drop(house, "../../etc/<b>mine</b>.mp4", clip)["number"]
    until(lambda: job(house, number)["frames"] > 0)
    assert job(house, number)["name"] == "b>.mp4"
    assert send(house, f"/recordings/{number}/cancel")[0] == 303
    until(lambda: job(house, number)["state"] == "cancelled")
    with Store.open(data) as store:
        assert store.sessions() == []


@pytest.mark.parametrize(
    "body", [b"no video at all", b"\0" * 5000, b"RIFF\xff\xff\xff\xffAVI LIST"], ids=range(3)
)
def test_what_is_no_video_is_told_in_a_sentence(house: Served, body: bytes) -> None:
    number = drop(house, "holiday.mp4", body)["number"]
    until(lambda: job(house, number)["state"] == "failed")
    words = job(house, number)["words"]
    assert words.endswith(".")
    assert "holiday.mp4" in words
    assert "posecoach-recording-" not in words
    assert "/tmp" not in words


def test_a_recording_needs_an_exercise_and_a_body(house: Served) -> None:
    assert "unknown exercise" in drop(house, "a.mp4", b"x", "../../x.yaml")["problem"]
    assert "empty" in drop(house, "a.mp4", b"")["problem"]


# -- definitions ----------------------------------------------------------------------------------


def check(house: Served, text: str, name: str = "my-stretch.yaml") -> str:
    status, page = send(house, "/stretches/check", text=text, name=name)
    assert status == 200
    return page


def test_a_built_in_definition_has_no_mistakes(house: Served) -> None:
    path = data_dir("exercises") / "cat-cow.yaml"
    assert "No mistakes." in check(house, path.read_text(encoding="utf-8"), path.name)


@pytest.mark.parametrize("letter", ["a", "\N{MATHEMATICAL BOLD CAPITAL A}"])
def test_a_file_whose_name_no_disk_takes_is_checked(house: Served, letter: str) -> None:
    text = (data_dir("exercises") / "cat-cow.yaml").read_text(encoding="utf-8")
    assert "Error in id." in check(house, text, f"{letter * 300}.yaml")


def test_a_mistake_stands_at_its_line(house: Served) -> None:
    path = data_dir("exercises") / "cat-cow.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines, 1) if line.startswith("repetitions:"))
    lines[at - 1] = "repetitions: many"
    page = check(house, "\n".join(lines), path.name)
    assert f'<li value="{at}" class="wrong"><code>repetitions: many</code>' in page
    assert "<b>Error in repetitions.</b>" in page


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]",
        "[" * 5000,
        "!!python/object/apply:os.system ['touch HERE/hurt']",
        "id: <script>alert(1)</script>",
        "\0\0",
        "a: " + "x" * 200_000,
    ],
    ids=range(6),
)
def test_a_hostile_definition_is_only_text(house: Served, text: str, tmp_path: Path) -> None:
    page = check(house, text.replace("HERE", str(tmp_path)), "../../../hurt.yaml")
    assert "<script>alert" not in page
    assert not (tmp_path / "hurt").exists()
    assert house.ask("GET", f"{house.root}/")[0].status == 200


# -- people ---------------------------------------------------------------------------------------


def test_somebody_new_practises_and_is_deleted(house: Served, data: Path) -> None:
    name = "Zoë 'O''Brien' & co"
    assert send(house, "/people", name=name)[0] == 303
    assert Profiles(data).names() == [name]
    _, cards = house.ask("GET", f"{house.root}/cards")
    assert "Hello Zo" in cards
    there = urlencode({"name": name})
    assert send(house, f"/people/one?{there}", voice="off")[0] == 303
    assert Profiles(data).load(name).preferences.voice is False
    assert send(house, f"/people/forget?{there}")[0] == 303  # not sure: nothing happens
    assert Profiles(data).names() == [name]
    assert send(house, f"/people/forget?{there}", sure="yes")[0] == 303
    assert Profiles(data).names() == []


def test_whatever_a_name_has_in_it_its_links_lead_to_its_person(house: Served, data: Path) -> None:
    names = (
        "a/b",
        "../x",
        "..",
        "/",
        "who?",
        "#1",
        "100%2F",
        "%",
        "a b+c",
        "x/forget",
        "👩‍👧 Zoë",
        "&name=x",
    )
    for name in names:
        assert send(house, "/people", name=name)[0] == 303
    _, settings = house.ask("GET", f"{house.root}/settings")
    for name in names:
        shown = rf'href="([^"]+)"><span class="what">{re.escape(escape(name))}<'
        person, page = _followed(house, settings, shown)
        assert f"<h1>{escape(name)}</h1>" in page, name
        assert person in page  # what is preferred is sent there
        _, sure = _followed(house, page, 'href="([^"]+)">Delete this profile')
        action = _found(sure, 'action="([^"]*/forget[^"]*)"')
        assert send(house, action.removeprefix(house.root), sure="yes")[0] == 303
        assert name not in Profiles(data).names()


def _found(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    assert found, pattern
    return unescape(found[1])


def _followed(house: Served, page: str, pattern: str) -> tuple[str, str]:
    """What is at a link of a page, asked for as a browser does."""
    link = _found(page, pattern)
    path = urlsplit(urljoin(f"{house.origin}{house.root}/", link))
    _, text = house.ask("GET", f"{path.path}?{path.query}")
    return escape(link), text


@pytest.mark.parametrize("name", ["", "x" * 200, "a\x00b", "\u202egnp"])
def test_what_is_no_name_is_a_sentence(house: Served, name: str) -> None:
    status, page = send(house, "/people", name=name)
    assert status == 400
    assert "name" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("repetitions", "0"), ("repetitions", "nan"), ("hold", "1e9"), ("hold", "x"), ("side", "up")],
)
def test_a_number_out_of_range_is_a_sentence(house: Served, field: str, value: str) -> None:
    status, page = send(house, "/practise", id="wall-stretch", **{field: value})
    assert status == 400
    assert "That did not work" in page


def test_one_goes_on_with_the_rest_of_a_routine(house: Served, data: Path) -> None:
    """What was done of it today is not asked for again; somebody else begins at the beginning."""
    from posecoach.web.done import done_today
    from posecoach.web.house import House

    _, cards = house.ask("GET", f"{house.root}/cards")
    assert "Begin the routine" in cards
    assert "Go on with the routine" not in cards
    record(data, "wall-stretch", options={"routine": "upper-back"})
    assert done_today(House(data), "upper-back") == {"wall-stretch"}
    assert done_today(House(data), "another") == set()
    _, page = house.ask("GET", f"{house.root}/practise/upper-back")
    assert "Go on with Cat and cow" in page
    _, cards = house.ask("GET", f"{house.root}/cards")
    assert "Go on with the routine" in cards
    assert 'value="wall-stretch">' in page
    assert 'value="cat-cow" checked>' in page


def test_sessions_go_by_the_names_of_their_stretches(house: Served, data: Path) -> None:
    record(data, "cat-cow")
    for path in ("/sessions", "/cards"):
        _, page = house.ask("GET", house.root + path)
        assert "Cat and cow" in page
        assert "Cat cow" not in page


def test_a_routine_takes_as_long_on_both_pages(house: Served) -> None:
    _, cards = house.ask("GET", f"{house.root}/cards")
    _, routine = house.ask("GET", f"{house.root}/practise/upper-back")
    (there,) = re.findall(r"stretches, about (\d+) minutes<", cards)
    (here,) = re.findall(r"stretches, about (\d+) minutes in all<", routine)
    assert here == there


def test_the_history_of_somebody_new_is_a_sentence_and_names_nobody_else(
    house: Served, data: Path
) -> None:
    record(data, "cat-cow", profile="Ada")
    assert send(house, "/people", name="Newcomer")[0] == 303
    _, page = house.ask("GET", f"{house.root}/history")
    assert "Nothing has been practised yet by Newcomer." in page
    assert "iframe" not in page
    assert "Ada" not in page
    assert send(house, "/people/forget?name=Newcomer", sure="yes")[0] == 303


def test_what_goes_wrong_in_a_frame_is_told_without_the_site_around_it(house: Served) -> None:
    _, page = house.ask("GET", f"{house.root}/sessions/987654/report")
    assert "There is no session" in page
    assert "<nav" not in page


def test_the_machine_is_tried(house: Served) -> None:
    _, text = house.ask("GET", f"{house.root}/settings/doctor")
    found = {each["what"]: each["well"] for each in json.loads(text)}
    assert found["model"] is True
    assert "camera" not in found
