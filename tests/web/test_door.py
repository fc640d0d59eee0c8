"""The door of the served page: strangers, used tokens, foreign pages, too much of anything."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra 'web' is not installed")

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from posecoach.web.peer import TABLE, owner_of
from posecoach.web.running import FILE, Running, note
from tests.helpers.web import Served, served


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("data")) as found:
        found.enter()
        yield found


def line(house: Served, path: str = "/talk", **headers: str) -> ClientConnection:
    sent = {"Cookie": house.cookie, **headers}
    origin = sent.pop("Origin", house.origin)
    url = f"ws://127.0.0.1:{house.port}{house.root}{path}"
    return connect(
        url,
        origin=None if origin == "none" else origin,
        additional_headers=sent,  # type: ignore[arg-type]
    )


def test_who_was_let_in_sees_the_first_page(house: Served) -> None:
    answer, text = house.ask("GET", f"{house.root}/")
    assert answer.status == 200
    assert "What do you want to practise?" in text


def test_a_token_lets_in_once(house: Served) -> None:
    answer, text = house.ask("GET", house.address.removeprefix(house.origin), known=False)
    assert answer.status == 403
    assert "used already" in text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/enter/", "/enter/guess", "/static/page.css", "/talk"])
def test_a_stranger_is_told_nothing(house: Served, path: str) -> None:
    for whole in (path, house.root + path):
        answer, text = house.ask("GET", whole, known=False)
        assert answer.status in (403, 404)
        assert "posecoach app" in text


def test_the_cookie_does_not_open_other_paths(house: Served) -> None:
    answer, _ = house.ask("GET", "/")
    assert answer.status == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "localhost", "127.0.0.1", "0.0.0.0", ""]
)
def test_a_name_pointed_at_this_machine_is_refused(house: Served, host: str) -> None:
    answer, _ = house.ask("GET", f"{house.root}/", headers={"Host": host})
    assert answer.status in (400, 421)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", ""])
def test_another_pages_form_changes_nothing(house: Served, origin: str) -> None:
    answer, _ = house.ask("POST", f"{house.root}/end", b"", {"Origin": origin})
    assert answer.status == 403
    assert house.process.poll() is None


def test_a_change_without_an_origin_is_refused(house: Served) -> None:
    only = {"Cookie": house.cookie}
    answer, _ = house.ask("POST", f"{house.root}/end", b"", only, known=False)
    assert answer.status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_foreign_page_cannot_ask_in_the_persons_name(house: Served, site: str) -> None:
    answer, _ = house.ask("GET", f"{house.root}/", headers={"Sec-Fetch-Site": site})
    assert answer.status == 403


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Origin": "none"}])
def test_a_line_from_elsewhere_is_refused(house: Served, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused, line(house, **headers):
        pass
    assert refused.value.response.status_code == 403


def test_a_line_without_the_cookie_is_refused(house: Served) -> None:
    with pytest.raises(InvalidStatus), line(house, Cookie="posecoach=guess"):
        pass


def test_every_answer_allows_nothing_from_elsewhere(house: Served) -> None:
    for path in ("/", "/static/page.css", "/nothing", "/cards"):
        answer, _ = house.ask("GET", house.root + path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../gate.py",
        "/static/..%2fgate.py",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/demonstrations/..%2f..%2fpyproject.toml.mp4",
        "/demonstrations/%2e%2e.mp4",
        "/tones/..%2f..%2fx.wav",
        "/practise/..%2f..%2fetc%2fpasswd",
        "/practise/%00",
        "/practise/..%2f..%2fexercises%2fcat-cow.yaml",
        "/stretches/..%2fcat-cow.yaml",
        "/figures/..%2fcat-cow.yaml.svg",
        "/people/..%2f..%2fetc",
        "/people/one?name=..%2f..%2fetc",
        "/sessions/1/report.exe",
        "/compare?session=../1&session=2",
        "/practise/<script>alert(1)</script>",
    ],
)
def test_no_parameter_leads_out(house: Served, path: str) -> None:
    answer, text = house.ask("GET", house.root + path.replace(" ", "%20"))
    assert answer.status in (400, 404)
    assert "root:" not in text
    assert "[project]" not in text
    assert "<script>alert" not in text


def test_a_large_form_is_refused(house: Served) -> None:
    answer, _ = house.ask("POST", f"{house.root}/who", b"who=" + b"x" * 300_000)
    assert answer.status == 413


def test_a_large_body_of_unknown_length_is_cut_off(house: Served) -> None:
    with socket.create_connection(("127.0.0.1", house.port), timeout=20) as raw:
        head = (
            f"POST {house.root}/who HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\n"
            f"Cookie: {house.cookie}\r\nOrigin: {house.origin}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            "Transfer-Encoding: chunked\r\n\r\n"
        )
        raw.sendall(head.encode())
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        try:
            for _ in range(64):
                raw.sendall(chunk)
            raw.sendall(b"0\r\n\r\n")
            assert b" 200 " not in raw.recv(4096)[:20]
        except OSError:
            pass
    assert house.ask("GET", f"{house.root}/")[0].status == 200


@pytest.mark.skipif(os.name != "posix", reason="modes of Unix")
def test_the_data_folder_it_makes_is_its_owners_alone(tmp_path: Path) -> None:
    """Whoever begins with the page has sessions as private as whoever begins in the terminal."""
    folder = tmp_path / "mine" / "posecoach"
    note(folder, Running(1, "word"))
    assert [each.stat().st_mode & 0o077 for each in (folder.parent, folder)] == [0, 0]
    assert (folder / FILE).stat().st_mode & 0o077 == 0


def test_a_second_start_opens_the_running_one(house: Served, tmp_path: Path) -> None:
    data = house.process.args[house.process.args.index("--data-dir") + 1]  # type: ignore[index, union-attr, arg-type]
    command = [sys.executable, "-m", "posecoach", "app", "--no-browser", "--data-dir", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert done.stdout.startswith(f"{house.origin}/enter/")
    assert done.stdout.count("\n") == 1
    answer, _ = house.ask("GET", done.stdout.strip().removeprefix(house.origin), known=False)
    assert answer.status == 200


def test_who_does_not_know_the_word_is_given_no_token(house: Served) -> None:
    for headers in ({}, {"X-PoseCoach-Again": "guess"}):
        answer, text = house.ask("POST", "/again", b"", headers, known=False)
        assert answer.status == 403
        assert "/enter/" not in text


def test_the_note_is_for_its_own_user_alone(house: Served) -> None:
    args = house.process.args
    assert isinstance(args, list)
    note = Path(args[args.index("--data-dir") + 1]) / "app.json"
    assert note.stat().st_mode & 0o077 == 0 or sys.platform == "win32"


def test_a_taken_port_is_a_sentence(house: Served, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "posecoach", "app", "--no-browser"]
    command += ["--port", str(house.port), "--data-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith(f"posecoach: Port {house.port} is taken")
    assert done.stderr.count("\n") == 1


def test_another_users_program_is_not_let_in_with_a_token_it_has_seen(tmp_path: Path) -> None:
    """The table is Linux's, with a connection of user 1001 and one of our own."""
    table = tmp_path / "tcp"
    line = "   {}: 0100007F:{:04X} 0100007F:2221 01 00000000:00000000 00:0 0 {}        0 4242 1"
    rows = [
        "  sl  local_address rem_address",
        line.format(0, 50001, 1001),
        line.format(1, 50002, 7),
    ]
    table.write_text("\n".join(rows), encoding="ascii")
    assert owner_of(50001, 0x2221, table) == 1001
    assert owner_of(50002, 0x2221, table) == 7
    assert owner_of(50003, 0x2221, table) is None
    assert owner_of(50001, 80, table) is None
    assert owner_of(50001, 80, tmp_path / "none") is None


@pytest.mark.skipif(not TABLE.exists(), reason="this system does not tell whose a connection is")
def test_ones_own_connection_is_known(house: Served) -> None:
    with socket.create_connection(("127.0.0.1", house.port)) as raw:
        assert owner_of(raw.getsockname()[1], house.port) == os.getuid()


def test_only_this_machine_can_reach_it(house: Served) -> None:
    others = {
        info[4][0]
        for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        if not str(info[4][0]).startswith("127.")
    }
    for address in others or {"127.0.0.2"}:
        with socket.socket() as tried:
            tried.settimeout(2)
            assert tried.connect_ex((str(address), house.port)) != 0


def begin(house: Served) -> None:
    form = b"id=wall-stretch&setup=no"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer, _ = house.ask("POST", f"{house.root}/practise", form, kind)
    assert answer.status == 303


def send_until_closed(talk: ClientConnection, packet: bytes, times: int) -> None:
    """Send, and wait for the end that must come; without one ``recv`` runs out of time."""
    with suppress(ConnectionClosed, BrokenPipeError, ConnectionResetError):
        for _ in range(times):
            talk.send(packet)
        while True:
            talk.recv(timeout=20)


def test_a_picture_of_100_megabytes_ends_the_line_and_nothing_else(house: Served) -> None:
    begin(house)
    with line(house) as talk:
        send_until_closed(talk, b"x" * 100_000_000, 1)
    assert house.ask("GET", f"{house.root}/practise/now")[0].status == 200


def test_a_thousand_pictures_a_second_are_sent_away(house: Served) -> None:
    begin(house)
    with line(house) as talk:
        send_until_closed(talk, b"\0" * 12 + b"\xff\xd8\xff", 20_000)
    assert house.ask("GET", f"{house.root}/practise/now")[0].status == 200


@pytest.mark.parametrize(
    "said", ["", "null", "[]", "{", '{"kind": 3}', '{"kind":"do","action":"__class__"}', "x" * 9999]
)
def test_what_a_page_cannot_say_is_passed_over(house: Served, said: str) -> None:
    begin(house)
    with line(house) as talk:
        talk.send(said)
        talk.send(b"\0")
        talk.send(json.dumps({"kind": "lost", "why": "denied"}))
        assert json.loads(talk.recv(timeout=20))["kind"] in ("loading", "waiting")


def test_a_second_page_takes_the_place_of_the_first(house: Served) -> None:
    begin(house)
    with line(house) as first:
        first.recv(timeout=20)
        with line(house) as second:
            heard = ""
            while heard != "taken":
                heard = json.loads(first.recv(timeout=20))["kind"]
            with pytest.raises(ConnectionClosed):
                first.recv(timeout=20)
            assert json.loads(second.recv(timeout=20))["kind"] in ("loading", "waiting")


def test_it_ends_by_the_button(tmp_path: Path) -> None:
    with served(tmp_path) as house:
        house.enter()
        answer, text = house.ask("POST", f"{house.root}/end", b"")
        assert answer.status == 200
        assert "has ended" in text
        assert "<form" not in text  # there is nothing left to end, nor to go to
        assert "<a " not in text
        assert house.process.wait(30) == 0
    assert not (tmp_path / "app.json").exists()


def test_it_ends_by_itself_when_nobody_is_there(tmp_path: Path) -> None:
    """The ten minutes, shortened: nobody waits for them here."""
    from posecoach.web.house import House
    from posecoach.web.serving import listening, serve

    with listening(0) as opened:
        began = time.monotonic()
        serve(House(tmp_path), opened, lambda _: None, idle_s=1.0)
    assert time.monotonic() - began >= 1.0
