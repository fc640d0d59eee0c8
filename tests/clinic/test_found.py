"""Which recordings a run is about."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecoach.clinic.found import SUFFIXES, Wanted, find
from posecoach.errors import SourceError


def _touched(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_a_tree_gives_its_recordings_and_whose_they_are(tmp_path: Path) -> None:
    root = tmp_path / "share"
    _touched(root / "loose.MP4", root / "ann" / "a.mov", root / "bob" / "week 1" / "b.avi")
    _touched(root / "ann" / "notes.txt", root / "ann" / ".a.mov", root / ".trash" / "c.mp4")
    found = find([str(root)])
    assert {Path(each.file).name: each.person for each in found} == {
        "a.mov": "ann",
        "b.avi": "bob",
        "loose.MP4": "",
    }
    assert {each.root for each in found} == {str(root)}


def test_what_is_named_twice_is_one_recording(tmp_path: Path) -> None:
    _touched(tmp_path / "share" / "ann" / "a.mp4")
    share = str(tmp_path / "share")
    assert len(find([share, share, f"{share}/ann/a.mp4"])) == 1


@pytest.mark.parametrize("mark", [",", ";"])
def test_a_list_says_what_is_done_by_whom(tmp_path: Path, mark: str) -> None:
    lines = ["file,exercise,person,hold", "ann/a.mp4,cat-cow,Ann,2.5", "", "b.mp4,,,"]
    text = "\ufeff" + "\r\n".join(lines).replace(",", mark)
    (tmp_path / "list.csv").write_text(text, "utf-8")
    first, second = find([str(tmp_path / "list.csv")])
    root = str(tmp_path)  # a folder that was never there is no share that went away
    assert first == Wanted(str(tmp_path / "ann" / "a.mp4"), root, "cat-cow", "Ann", "", 2.5)
    assert second == Wanted(str(tmp_path / "b.mp4"), root)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("path\na.mp4\n", "no column file"),
        ("file,persn\na.mp4,x\n", "'persn'"),
        ("file,file\na.mp4,x\n", "a column twice"),
        ("file,hold\na.mp4,long\n", "Line 2"),
        ("file,hold\na.mp4,0.1\n", "0.5 to 600"),
        ("file,hold\na.mp4,nan\n", "0.5 to 600"),
        ("file,hold\n,2\n", "names no file"),
        ("file,hold\na.mp4,2,3\n", "more fields"),
        ("file\na.mp4\n./a.mp4\n", "twice"),
        ("", "no column file"),
    ],
)
def test_a_list_that_is_none_is_refused_in_a_sentence(
    tmp_path: Path, text: str, words: str
) -> None:
    (tmp_path / "list.csv").write_text(text, "utf-8")
    with pytest.raises(SourceError, match=words):
        find([str(tmp_path / "list.csv")])


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no file or folder"):
        find([str(tmp_path / "gone")])


NAMES = st.text("abcxyz0123 ", min_size=1, max_size=6).map(str.strip).filter(bool)
TREES = st.sets(
    st.tuples(st.lists(NAMES, max_size=3).map(tuple), NAMES, st.sampled_from((*SUFFIXES, ".txt"))),
    max_size=12,
)


@given(TREES)
def test_every_recording_of_a_tree_is_found_once(
    tmp_path_factory: pytest.TempPathFactory, tree: set[tuple[tuple[str, ...], str, str]]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    expected = set()
    for folders, name, suffix in tree:
        path = root.joinpath("in", *folders, name + suffix)
        _touched(path)
        expected |= {str(path)} if suffix in SUFFIXES else set()
    (root / "in").mkdir(exist_ok=True)
    found = [each.file for each in find([str(root / "in")])]
    assert len(found) == len(set(found))
    assert set(found) == expected
