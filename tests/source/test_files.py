"""Recordings and photos as sources."""

import os
import random
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Generator
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from posecoach.errors import SourceError
from posecoach.source import Source, open_source, recorded
from posecoach.source.display_matrix import display_matrix
from posecoach.source.prefetch import Prefetch
from tests.helpers.places import DATA, REPOSITORY

RECORDINGS = DATA / "source"
RED = (0, 0, 255)


def write_video(
    path: Path, count: int, fps: float, size: tuple[int, int], codec: str = "MJPG"
) -> Path:
    """A video whose frames are flat and ever lighter."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, size)
    assert writer.isOpened()
    for number in range(count):
        writer.write(np.full((size[1], size[0], 3), 5 * number % 256, np.uint8))
    writer.release()
    return path


def times(source: Source) -> list[float]:
    return [frame.time_s for frame in source.frames()]


def corner_of_red(image: np.ndarray) -> tuple[str, str]:
    height, width = image.shape[:2]
    for y, down in ((0.25, "top"), (0.75, "bottom")):
        for x, across in ((0.25, "left"), (0.75, "right")):
            if np.abs(image[int(height * y), int(width * x)] - np.array(RED)).max() < 30:
                return down, across
    raise AssertionError("no red quarter")


def decoders() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name.startswith("posecoach-")]


def descriptors() -> int:
    if not sys.platform.startswith("linux"):
        pytest.skip("open files are counted in /proc")
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


def sentence(spec: Path | str) -> str:
    with pytest.raises(SourceError) as caught:
        open_source(str(spec))
    text = str(caught.value)
    assert "\n" not in text
    assert text[-1] in ".)0"
    return text


# --- what a recording gives


def test_every_frame_in_order_with_its_time(tmp_path: Path) -> None:
    with open_source(str(write_video(tmp_path / "a.avi", 40, 25, (64, 48)))) as source:
        frames = list(source.frames())
        assert (source.name, source.size, source.fps) == ("a.avi", (64, 48), 25)
        assert (source.frame_count, source.duration_s) == (40, pytest.approx(1.6))
        assert [source.live, source.static, source.mirror_display] == [False] * 3
        assert source.ended_early is None
    assert [f.time_s for f in frames] == pytest.approx(np.arange(40) / 25)
    assert [f.image.mean() for f in frames] == pytest.approx(5 * np.arange(40), abs=3)
    assert all(f.image.shape == (48, 64, 3) and f.image.dtype == np.uint8 for f in frames)


def test_variable_frame_rate() -> None:
    with open_source(str(RECORDINGS / "vfr.mp4")) as source:
        expected = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 1.4, 1.6, 1.8]
        assert times(source) == pytest.approx(expected, abs=1e-3)
        assert source.ended_early is None


def test_a_stream_without_times_goes_at_its_nominal_rate() -> None:
    with open_source(str(RECORDINGS / "untimed.h264")) as source:
        assert source.fps is not None
        assert times(source) == pytest.approx(np.arange(10) / source.fps)
        assert source.frame_count is None
        assert source.ended_early is None


@pytest.mark.parametrize(
    ("turn", "size", "corner"),
    [
        (90, (64, 96), ("bottom", "left")),
        (180, (96, 64), ("bottom", "right")),
        (270, (64, 96), ("top", "right")),
    ],
)
def test_rotation_is_applied(turn: int, size: tuple[int, int], corner: tuple[str, str]) -> None:
    with open_source(str(RECORDINGS / f"rotated-{turn}.mp4")) as source:
        image = next(iter(source.frames())).image
        assert source.size == size == image.shape[1::-1]
        assert corner_of_red(image) == corner


def _with_matrix(path: Path, box: bytes, matrix: tuple[int, ...]) -> Path:
    """The upright recording with another display matrix in a track's or the film's header."""
    data = bytearray((RECORDINGS / "vfr.mp4").read_bytes())
    place = data.index(box) + 4
    version = data[place]
    place += 4 + {b"tkhd": (36, 48), b"mvhd": (32, 44)}[box][version]
    a, b, c, d = (one << 16 for one in matrix)
    data[place : place + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


MATRICES = {
    (1, 0, 0, 1): ("top", "left"),
    (-1, 0, 0, 1): ("top", "right"),
    (1, 0, 0, -1): ("bottom", "left"),
    (-1, 0, 0, -1): ("bottom", "right"),
    (0, 1, 1, 0): ("top", "left"),
    (0, 1, -1, 0): ("top", "right"),
    (0, -1, 1, 0): ("bottom", "left"),
    (0, -1, -1, 0): ("bottom", "right"),
}
"""Every way to turn and mirror, and where the red quarter at the top left comes to lie."""


@pytest.mark.parametrize("box", [b"tkhd", b"mvhd"])
@pytest.mark.parametrize("matrix", MATRICES)
def test_the_whole_display_matrix_is_honoured(
    matrix: tuple[int, ...], box: bytes, tmp_path: Path
) -> None:
    path = _with_matrix(tmp_path / "a.mp4", box, matrix)
    with open_source(str(path)) as source:
        sizes = {frame.image.shape[:2] for frame in source.frames()}
        again = [frame.image for frame in source.frames()]
        assert sizes == {(96, 64) if matrix[0] == 0 else (64, 96)}
        assert source.size == (again[0].shape[1], again[0].shape[0])
        assert corner_of_red(again[0]) == MATRICES[matrix]


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_header_has_no_matrix_and_breaks_nothing(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    data = bytearray((RECORDINGS / "rotated-90.mp4").read_bytes())
    begin = data.index(b"moov")
    for _ in range(chance.randrange(1, 60)):
        data[chance.randrange(begin, len(data))] = chance.randrange(256)
    path = tmp_path / "a.mp4"
    path.write_bytes(data[: chance.randrange(len(data))] if seed % 3 else data)
    assert len(display_matrix(path)) == 4


@pytest.mark.skipif(os.name != "posix", reason="names are text there")
@pytest.mark.parametrize(
    "name", [b"a-\xff.mp4", b"\xc3.mp4", b"\xed\xa0\x80.mp4", "é\u200d.mp4".encode()]
)
def test_names_that_are_no_text_are_names(name: bytes, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_bytes((RECORDINGS / "vfr.mp4").read_bytes())
    with open_source(str(path)) as source:
        assert len(list(source.frames())) == 11
        source.name.encode()
    with pytest.raises(SourceError, match="no letter"):
        open_source(f"http://localhost/{path.name}" if name[-5] != 0x8D else "http://\udcff")


@pytest.mark.parametrize(
    ("name", "shape"), [("anamorphic.mp4", 2.0), ("anamorphic-rotated.mp4", 0.5)]
)
def test_pixels_are_square(name: str, shape: float) -> None:
    with open_source(str(RECORDINGS / name)) as source:
        assert source.size[0] / source.size[1] == pytest.approx(shape, rel=0.02)


def test_an_animated_gif_is_a_video() -> None:
    with open_source(str(RECORDINGS / "animated.gif")) as source:
        assert times(source) == pytest.approx(np.arange(10) / 10)
        assert not source.static


def test_real_gifs_and_clips(shared: Path) -> None:
    with open_source(str(shared / "real" / "quickpose_lateral-raises.gif")) as source:
        assert times(source) == pytest.approx(np.arange(143) / 10)
    clip = shared / "clips" / "wall-stretch-correct.mp4"
    truth = np.load(clip.with_suffix(".npz"))["t_s"]
    with open_source(str(clip)) as source:
        assert times(source) == pytest.approx(truth - truth[0], abs=1e-3)


@pytest.mark.parametrize("fps", [1, 240])
def test_slow_and_fast(tmp_path: Path, fps: int) -> None:
    with open_source(str(write_video(tmp_path / "a.avi", 6, fps, (32, 32)))) as source:
        assert times(source) == pytest.approx(np.arange(6) / fps, abs=1e-3)


@pytest.mark.parametrize("size", [(1, 1), (7680, 4320)])
def test_small_and_large(tmp_path: Path, size: tuple[int, int]) -> None:
    with open_source(str(write_video(tmp_path / "a.avi", 2, 30, size))) as source:
        assert source.size == size
        assert [f.image.shape for f in source.frames()] == [(size[1], size[0], 3)] * 2


def test_one_frame(tmp_path: Path) -> None:
    with open_source(str(write_video(tmp_path / "a.avi", 1, 30, (32, 32)))) as source:
        assert times(source) == [0.0]
        assert source.ended_early is None


def test_the_extension_does_not_matter(tmp_path: Path) -> None:
    wrong = tmp_path / "really a video.jpg"
    wrong.write_bytes((RECORDINGS / "vfr.mp4").read_bytes())
    with open_source(str(wrong)) as source:
        assert len(times(source)) == 11
        assert not source.static


@pytest.mark.parametrize("name", ["cam.mjpeg", "cam.MJPG"])
def test_photos_one_after_the_other_in_a_file_are_a_recording(tmp_path: Path, name: str) -> None:
    """By its first bytes it is a photo, of which one would be coached out of hundreds."""
    photos = [np.full((48, 64, 3), 8 * number, np.uint8) for number in range(12)]
    path = tmp_path / name
    path.write_bytes(b"".join(cv2.imencode(".jpg", each)[1].tobytes() for each in photos))
    with open_source(str(path)) as source:
        assert not source.static
        frames = list(source.frames())
        assert [round(float(frame.image.mean()) / 8) for frame in frames] == list(range(12))
        assert [frame.time_s for frame in frames] == pytest.approx([n / 25 for n in range(12)])
        assert source.remarks[0] == f"{name} holds no times; it was read at 25 pictures a second."


@pytest.mark.parametrize("name", ["cam:1.mp4", "100%d.mp4", "größe 1.mp4", "-.mp4"])
def test_odd_names(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes((RECORDINGS / "vfr.mp4").read_bytes())
    for spec in (name, Path(name).absolute().as_uri()):
        with open_source(spec) as source:
            assert len(times(source)) == 11


# --- photos


def test_a_photo(tmp_path: Path) -> None:
    for suffix in ("jpg", "png", "webp"):
        path = tmp_path / f"a.{suffix}"
        cv2.imwrite(str(path), np.full((20, 30, 3), RED, np.uint8))
        with open_source(str(path)) as source:
            assert (source.static, source.live, source.frame_count) == (True, False, 1)
            (frame,) = source.frames()
            assert (frame.name, frame.time_s, source.size) == (path.name, 0.0, (30, 20))
            assert frame.image[10, 15] == pytest.approx(RED, abs=5)


def test_exif_orientation(tmp_path: Path) -> None:
    image = np.full((20, 30, 3), 128, np.uint8)
    image[:10, :15] = RED
    jpeg = cv2.imencode(".jpg", image)[1].tobytes()
    # TIFF header, one entry: orientation (0x0112), SHORT, 6 = turn clockwise for viewing.
    entry = struct.pack("<HHIHHI", 0x0112, 3, 1, 6, 0, 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + entry
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    path = tmp_path / "turned.jpg"
    path.write_bytes(jpeg[:2] + segment + jpeg[2:])
    with open_source(str(path)) as source:
        assert source.size == (20, 30)
        assert corner_of_red(next(iter(source.frames())).image) == ("top", "right")


def test_grey_transparent_and_deep_photos_come_as_bgr(tmp_path: Path) -> None:
    for number, shape in enumerate([(8, 9), (8, 9, 4)]):
        for kind in (np.uint8, np.uint16):
            cv2.imwrite(str(tmp_path / f"{number}{kind.__name__}.png"), np.zeros(shape, kind))
    with open_source(str(tmp_path)) as source:
        for frame in source.frames():
            assert (frame.image.shape, frame.image.dtype) == ((8, 9, 3), np.uint8)


def test_a_folder_of_photos_by_name(tmp_path: Path) -> None:
    for name in ("b.JPG", "a.png", "c.webp"):
        cv2.imwrite(str(tmp_path / name), np.zeros((20, 30, 3), np.uint8))
    (tmp_path / "notes.txt").write_text("not a photo")
    (tmp_path / ".hidden.jpg").write_text("not for us")
    with open_source(str(tmp_path)) as source:
        assert [(f.name, f.time_s) for f in source.frames()] == [
            ("a.png", 0.0),
            ("b.JPG", 1.0),
            ("c.webp", 2.0),
        ]
        assert source.static
        assert source.name == tmp_path.name


def test_a_gif_of_one_picture_is_a_photo(tmp_path: Path) -> None:
    path = tmp_path / "still.gif"
    cv2.imwrite(str(path), np.zeros((20, 30, 3), np.uint8))
    with open_source(str(path)) as source:
        assert source.static


# --- what is wrong is told in a sentence


def test_missing_and_unfit(tmp_path: Path) -> None:
    assert "There is no file" in sentence(tmp_path / "nope.mp4")
    assert "no file, folder or camera" in sentence("nope")
    (tmp_path / "empty.mp4").touch()
    assert "is empty" in sentence(tmp_path / "empty.mp4")
    (tmp_path / "folder").mkdir()
    assert "no photos" in sentence(tmp_path / "folder")
    (tmp_path / "text.mp4").write_text("hello " * 100)
    assert "is a text file" in sentence(tmp_path / "text.mp4")
    (tmp_path / "noise.mp4").write_bytes(random.Random(1).randbytes(50_000))
    assert "not a video that can be read" in sentence(tmp_path / "noise.mp4")
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))
    assert "save it as JPEG" in sentence(tmp_path / "a.heic")
    assert "source is empty" in sentence(" ")
    assert "zero character" in sentence("a\0b")
    assert "cannot be read" in sentence("x" * 5000 + ".mp4")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is not a file" in sentence(tmp_path / "pipe")


def test_not_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_video(tmp_path / "a.avi", 3, 30, (32, 32))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "not allowed to read" in sentence(path)


def test_a_damaged_photo(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (100, 100, 3), np.uint8)
    for suffix in (".jpg", ".png", ".webp"):
        data = cv2.imencode(suffix, noise)[1].tobytes()
        path = tmp_path / f"cut{suffix}"
        path.write_bytes(data[: len(data) // 2])
        assert "damaged" in sentence(path)


def test_a_photo_that_is_none_is_told_before_the_work_begins(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.jpg"), np.zeros((8, 8, 3), np.uint8))
    (tmp_path / "z.jpg").write_text("no photo")
    assert "z.jpg is not a photo" in sentence(tmp_path)


def test_a_photo_cut_off_in_a_folder_is_told_when_its_turn_comes(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (100, 100, 3), np.uint8)
    cv2.imwrite(str(tmp_path / "a.jpg"), noise)
    (tmp_path / "b.jpg").write_bytes((tmp_path / "a.jpg").read_bytes()[:3000])
    with open_source(str(tmp_path)) as source:
        frames = source.frames()
        assert next(frames).name == "a.jpg"
        with pytest.raises(SourceError, match=r"b\.jpg is damaged"):
            next(frames)
    assert not decoders()


def test_an_absurd_photo(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    path = tmp_path / "huge.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"") + chunk(b"IEND", b""))
    assert "megapixels" in sentence(path)


def test_an_absurd_video(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorded, "MAX_PIXELS", 96 * 64 - 1)
    assert "claims pictures of 96 x 64" in sentence(RECORDINGS / "vfr.mp4")


def test_cut_off_before_its_index(tmp_path: Path) -> None:
    path = tmp_path / "cut.mp4"
    path.write_bytes((RECORDINGS / "vfr.mp4").read_bytes()[:600])
    assert "cut off" in sentence(path)


def test_cut_off_half_way_gives_what_there_is(tmp_path: Path) -> None:
    whole = (RECORDINGS / "faststart.mp4").read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) * 6 // 10])
    with open_source(str(path)) as source:
        got = times(source)
        assert 5 < len(got) < 35
        assert source.ended_early is not None
        assert source.ended_early.startswith("cut.mp4 ends after")
        assert source.ended_early.endswith(
            "of 4.0 s: it is cut off or damaged; what was seen until there is kept."
        )


def test_cut_off_in_the_first_picture(tmp_path: Path) -> None:
    whole = (RECORDINGS / "faststart.mp4").read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: whole.index(b"mdat") + 40])
    assert "No picture" in sentence(path)


def test_a_cut_gif(tmp_path: Path) -> None:
    whole = (RECORDINGS / "animated.gif").read_bytes()
    path = tmp_path / "cut.gif"
    path.write_bytes(whole[: len(whole) * 9 // 10])
    with open_source(str(path)) as source:
        assert 0 < len(times(source)) < 10
        assert source.ended_early == "cut.gif is cut off; what was seen until there is kept."


@pytest.mark.parametrize("name", ["faststart.mp4", "vfr.mp4", "animated.gif"])
def test_flipped_bits_never_break_it(tmp_path: Path, name: str) -> None:
    rng = random.Random(name)
    whole = (RECORDINGS / name).read_bytes()
    read = refused = 0
    for number in range(40):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 5, 50))):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(data)
        try:
            with open_source(str(path)) as source:
                got = times(source)
        except SourceError:
            refused += 1
            continue
        read += 1
        assert got[0] == 0
        assert all(b > a for a, b in pairwise(got))
    assert read
    assert read + refused == 40
    assert not decoders()


def test_nothing_is_said_on_stderr_nor_loaded_early(tmp_path: Path) -> None:
    whole = (RECORDINGS / "faststart.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "no-index.mp4").write_bytes(whole[:100])
    (tmp_path / "noise.mp4").write_bytes(random.Random(1).randbytes(5000))
    script = """
import sys, pathlib
from posecoach.source import open_source
from posecoach.errors import SourceError
assert "cv2" not in sys.modules
for spec in [*sorted(map(str, pathlib.Path(sys.argv[1]).iterdir())), "http://127.0.0.1:1/", "99"]:
    try:
        with open_source(spec) as source:
            print(len(list(source.frames())))
    except SourceError as error:
        print(error)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    assert ran.stderr == ""
    assert len(ran.stdout.splitlines()) == 5


# --- closing


def test_threads_and_files_are_given_back(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.avi", 60, 30, (64, 48))
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((8, 8, 3), np.uint8))
    with open_source(str(path)) as source:
        list(source.frames())
    before = descriptors()

    open_source(str(path)).close()  # never read

    with open_source(str(path)) as source:  # left half-way, the iterator still held
        frames = source.frames()
        next(frames)
    assert not decoders()
    assert list(frames) == []

    source = open_source(str(path))  # the iterator dropped half-way
    for frame in source.frames():
        if frame.time_s > 0.5:
            break
    del frame
    source.close()

    with open_source(str(tmp_path)) as source:  # photos
        next(source.frames())
    assert not decoders()
    assert descriptors() == before


def test_a_recording_can_be_read_again(tmp_path: Path) -> None:
    with open_source(str(write_video(tmp_path / "a.avi", 12, 30, (64, 48)))) as source:
        first = times(source)
        assert times(source) == first
        assert len(first) == 12


def test_prefetching_stays_within_its_depth_and_in_order() -> None:
    made = 0

    def count() -> Generator[int, None, None]:
        nonlocal made
        for number in range(200):
            made += 1
            yield number

    ahead = Prefetch(count(), depth=2)
    for taken, number in enumerate(ahead):
        assert number == taken
        assert made - taken <= 2 + 2  # two waiting, one in each hand
    assert made == 200
    ahead.close()


def test_errors_come_after_what_was_read_before_them() -> None:
    def fail() -> Generator[int, None, None]:
        yield from (1, 2)
        raise SourceError("gone")

    ahead = Prefetch(fail(), depth=4)
    assert [next(ahead), next(ahead)] == [1, 2]
    with pytest.raises(SourceError, match="gone"):
        next(ahead)
    with pytest.raises(StopIteration):
        next(ahead)


def test_large_frames_wait_in_smaller_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_source(str(RECORDINGS / "vfr.mp4")) as source:
        assert isinstance(source, recorded.VideoSource)
        assert source._depth == 4
    monkeypatch.setattr(recorded, "_AHEAD_BYTES", 1)
    with open_source(str(RECORDINGS / "vfr.mp4")) as source:
        assert isinstance(source, recorded.VideoSource)
        assert source._depth == 1
