"""Nothing that is there is destroyed by what is written: inputs, databases, other kinds."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

from posecoach import writing
from posecoach.errors import OutputError
from posecoach.film import Film
from posecoach.kinds import Kind, kind_at
from posecoach.outputs import Outputs
from posecoach.system import import_cv2
from posecoach.writing import part_of, remove_parts, write_text

DATA = Path(__file__).parent / "data"
REPO = Path(__file__).parent.parent
EXPORT = next((REPO / "tests").rglob("wall-stretch.posecoach"))
PICTURE = next((REPO / "tests").rglob("wall-stretch.jpg"))
CLIP = REPO / "demo" / "wall-stretch.mp4"

unix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and modes of Unix")


def _link(path: Path) -> Path:
    link = path.with_name("link")
    link.symlink_to(path)
    return link


def _hard(path: Path) -> Path:
    link = path.with_name("hard")
    link.hardlink_to(path)
    return link


SAME: Sequence[Callable[[Path], str | Path]] = (
    str,
    _link,
    _hard,
    lambda path: path.parent / "." / path.name,
    lambda path: path.parent / "in" / ".." / path.name,
    lambda path: os.path.relpath(path),
    lambda path: path.as_uri(),
)


@unix
@pytest.mark.parametrize("other", SAME[:6])
@pytest.mark.parametrize("name", SAME)
def test_an_input_is_never_an_output_by_whatever_name(
    name: Callable[[Path], str | Path], other: Callable[[Path], str | Path], tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "results.json"
    path.write_text("{}")
    given = name(path)
    for link in ("link", "hard"):
        if other in (_link, _hard) and given != tmp_path / link:
            (tmp_path / link).unlink(missing_ok=True)
    output = other(path) if given not in (tmp_path / "link", tmp_path / "hard") else path
    with pytest.raises(OutputError, match="is what is read"):
        Outputs([given]).take(output, "json")
    assert path.read_text() == "{}"


def test_what_lies_in_a_folder_that_is_read_is_an_input(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(PICTURE.read_bytes())
    with pytest.raises(OutputError, match="is what is read"):
        Outputs([tmp_path]).take(photo, "picture")
    Outputs([tmp_path]).take(tmp_path / "b.jpg", "picture")


def test_two_results_never_go_to_one_file(tmp_path: Path) -> None:
    outputs = Outputs([])
    outputs.take(tmp_path / "a.json", "json")
    with pytest.raises(OutputError, match="Two results"):
        outputs.take(tmp_path / ".." / tmp_path.name / "a.json", "csv")
    outputs.take("-", "json")
    for standard in ("-", "/dev/stdout", "/dev/fd/1"):
        with pytest.raises(OutputError, match="standard output"):
            outputs.take(standard, "csv")


@unix
def test_two_results_may_both_go_nowhere() -> None:
    outputs = Outputs([])
    assert outputs.take(os.devnull, "json").path == outputs.take(os.devnull, "csv").path


def _sample(kind: str, path: Path) -> None:
    """Write a small file of a kind."""
    texts = {
        "yaml": "id: my-stretch\nname: Mine\n",
        "json": '{"exercise": "wall-stretch"}\n',
        "rows": '[\n  {"time_s": 0.0}\n]\n',
        "schema": '{"$schema": "https://json-schema.org/draft/2020-12/schema"}\n',
        "profile": '{"format": "posecoach profile", "version": 2}\n',
        "csv": "time_s,trunk_turn\n0.0,1.0\n",
        "html": "<!DOCTYPE html>\n<html></html>\n",
        "text": "Buy milk, and\nbread.\n",
        "python": "import os\n",
    }
    files = {"video": CLIP, "picture": PICTURE, "export": EXPORT}
    if kind in texts:
        path.write_text(texts[kind])
    elif kind in files:
        path.write_bytes(files[kind].read_bytes())
    elif kind == "database":
        path.write_bytes(b"SQLite format 3\0" + bytes(1000))
    elif kind == "pdf":
        path.write_bytes(b"%PDF-1.7\n")
    elif kind == "program":
        path.write_bytes(b"\x7fELF" + bytes(100))
    elif kind == "archive":
        path.write_bytes(b"PK\x03\x04" + bytes(100))
    elif kind == "audio":
        path.write_bytes(b"RIFF\0\0\0\0WAVEfmt ")


FOUND = (
    *("yaml", "json", "rows", "schema", "profile", "csv", "html", "text", "python"),
    *("video", "picture", "export", "database", "pdf", "program", "archive", "audio"),
)
WRITTEN: tuple[Kind, ...] = (
    *("video", "picture", "json", "schema", "profile", "csv", "html", "pdf", "parquet", "export"),
)  # type: ignore[assignment]


@pytest.mark.parametrize("wanted", WRITTEN)
@pytest.mark.parametrize("found", FOUND)
def test_a_file_takes_the_place_of_one_of_its_own_kind_only(
    found: str, wanted: Kind, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    _sample(found, path)
    before = path.read_bytes()
    same = {"rows": "json"}.get(found, found) == wanted
    if same:
        Outputs([]).take(path, wanted)
    else:
        with pytest.raises(OutputError, match=r"would take its place; choose another name"):
            Outputs([]).take(path, wanted)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("content", [b"", b"broken off", b"\0\1\2"])
def test_what_cannot_be_told_is_what_its_name_says(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    Outputs([]).take(path, "json")
    if content:
        with pytest.raises(OutputError, match="another name"):
            Outputs([]).take(path, "csv")


def test_our_own_files_are_no_place_to_write_to(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("profiles", "videos"):
        (data / name).mkdir(parents=True)
    own = (
        "sessions.db",
        "sessions.db-wal",
        "preferences.json",
        "profiles/ada.json",
        "videos/x.mp4",
    )
    for name in own:
        with pytest.raises(OutputError, match="choose another name"):
            Outputs([], data).take(data / name, "json")
    # Told without knowing the folder, too, where there is a database in it.
    (data / "sessions.db").write_bytes(b"SQLite format 3\0")
    for name in own:
        with pytest.raises(OutputError, match="choose another name"):
            Outputs([]).take(data / name, "json")
    Outputs([], data).take(data / "results.json", "json")


@unix
def test_a_link_stays_and_what_it_points_to_is_new(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "a.json", tmp_path / "link.json"
    link.symlink_to(target)
    for text in ("first", "second"):  # at first it points to nothing
        Outputs([]).take(link, "json").write_text(text)
        assert link.is_symlink()
        assert target.read_text() == text


@unix
def test_a_link_to_itself_is_a_sentence(tmp_path: Path) -> None:
    link = tmp_path / "a.json"
    link.symlink_to(link)
    with pytest.raises(OutputError, match="cannot be written"):
        Outputs([]).take(link, "json")


@unix
def test_who_reads_a_pipe_gets_what_is_written(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    Outputs([]).take(pipe, "json").write_text("all of it")
    reader.join(20)
    assert got == [b"all of it"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@unix
def test_a_device_stays_one_and_one_that_is_full_is_a_sentence() -> None:
    Outputs([]).take(os.devnull, "json").write_text("nothing")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)  # noqa: PTH116
    if Path("/dev/full").exists():
        with pytest.raises(OutputError, match="no space left"):
            Outputs([]).take("/dev/full", "json").write_text("something")


@unix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_a_file_keeps_its_mode_and_a_new_one_is_like_all_others(mode: int, tmp_path: Path) -> None:
    old, new, usual = (tmp_path / f"{name}.html" for name in ("old", "new", "usual"))
    old.write_text("")
    old.chmod(mode)
    usual.write_text("")
    write_text(old, "text")
    write_text(new, "text")
    assert stat.S_IMODE(old.stat().st_mode) == mode
    assert new.stat().st_mode == usual.stat().st_mode


@unix
def test_while_it_is_written_a_private_file_is_private_too(tmp_path: Path) -> None:
    old = tmp_path / "a.json"
    old.write_text("")
    old.chmod(0o600)
    with part_of(old) as part:
        assert stat.S_IMODE(part.stat().st_mode) == 0o600


def test_asked_to_go_between_any_two_lines_no_part_is_left(tmp_path: Path) -> None:
    """Signals come between any two lines of Python; here one comes at each of them in turn."""
    inside = {part_of.__wrapped__.__code__, writing._remove.__code__}  # type: ignore[attr-defined]
    left = 0

    def ended_at(line: int) -> bool:
        lines = 0

        def trace(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal lines
            if frame.f_code not in inside:
                return None
            if event == "line":
                lines += 1
                if lines == line:
                    raise SystemExit(143)
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            with part_of(tmp_path / "a.json") as part:
                part.write_bytes(b"half")
        except SystemExit:
            return True
        finally:
            sys.settrace(before)
        return False

    line = 1
    while ended_at(line):
        left += len(list(tmp_path.iterdir()))
        remove_parts()
        assert list(tmp_path.iterdir()) == []
        line += 1
    assert line > 8
    assert left > 0  # which is why there is remove_parts


@unix
@pytest.mark.parametrize("name", ["x" * 250 + ".json", "é" * 124 + ".json"])
def test_the_longest_names_the_disk_takes_can_be_written(name: str, tmp_path: Path) -> None:
    Outputs([]).take(tmp_path / name, "json").write_text("{}")
    assert (tmp_path / name).read_text() == "{}"


@pytest.mark.parametrize("name", ["x" * 300 + ".json", "a\0b.json", "file/a.json"])
def test_a_name_that_is_none_is_a_sentence(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        Outputs([]).take(tmp_path / name, "json")


# -- films --------------------------------------------------------------------------------------

SHADE = np.full((48, 64, 3), 90, np.uint8)


def _shades(path: Path) -> list[float]:
    film = import_cv2().VideoCapture(str(path))
    found = []
    while True:
        ok, image = film.read()
        if not ok:
            return found
        found.append(float(image.mean()))


@pytest.mark.parametrize("ending", [".mp4", ".avi", ".mkv", ".mov"])
@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_film_keeps_the_time_of_its_pictures(ending: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / f"film{ending}"
    with Film(path, 20.0) as film:
        for number in range(count):
            film.add(SHADE, 5.0 + number * 0.1)
        film.add(SHADE + 100, 10.0)
        film.add(SHADE + 100, 11.0)
    shades = _shades(path)
    assert len(shades) == pytest.approx(6.0 * 20 + 1, abs=1)
    assert sum(shade < 140 for shade in shades) == pytest.approx(5.0 * 20, abs=1)


def test_a_film_given_up_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"the one before")
    film = Film(path, 20.0)
    film.add(SHADE, 0.0)
    film.add(SHADE, 1.0)
    film.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert path.read_bytes() == b"the one before"
    assert [each.name for each in tmp_path.iterdir()] == ["film.mp4"]


@pytest.mark.parametrize("ending", [".mp4", ".avi", ".mkv", ".mov"])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_a_film_that_is_not_whole_is_told_and_leaves_the_one_before(
    share: float, ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"film{ending}"
    path.write_bytes(b"the one before")
    film = Film(path, 20.0)
    noise = np.random.default_rng(1)
    for number in range(30):
        film.add(noise.integers(0, 255, SHADE.shape, np.uint8), number / 10)

    class Full:
        """Takes everything and keeps a part, as OpenCV does on a full disk."""

        writer, part = film._writer, film._part

        def write(self, image: object) -> None:
            self.writer.write(image)

        def release(self) -> None:
            self.writer.release()
            os.truncate(self.part, int(share * self.part.stat().st_size))

    film._writer = Full()
    with pytest.raises(OutputError, match="could not be written whole"):
        film.close()
    assert path.read_bytes() == b"the one before"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_what_we_write_is_known_again(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    with Film(path, 20.0) as film:
        film.add(SHADE, 0.0)
    assert kind_at(path) == "video"
