"""What kind of file is there already, told by its first bytes: names lie.

Asked before something is written over it. What cannot be told (plain text, unknown bytes) is
believed to be what its name says.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Literal

Kind = Literal[
    "nothing",
    "database",
    "video",
    "picture",
    "json",
    "schema",
    "profile",
    "csv",
    "html",
    "pdf",
    "parquet",
    "markers",
    "motion",
    "export",
    "archive",
    "yaml",
    "text",
    "other",
]

NAMES: dict[Kind, str] = {
    "nothing": "nothing",
    "database": "a database",
    "video": "a video",
    "picture": "a picture",
    "json": "JSON",
    "schema": "a JSON Schema",
    "profile": "a person's profile",
    "csv": "a table",
    "html": "a web page",
    "pdf": "a PDF",
    "parquet": "a Parquet table",
    "markers": "markers (TRC)",
    "motion": "a motion (MOT)",
    "export": "exported sessions",
    "archive": "an archive",
    "yaml": "YAML",
    "text": "text",
    "other": "something else",
}

SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "video": (".mp4", ".avi", ".mkv", ".mov"),
    "picture": (".jpg", ".jpeg", ".png"),
    "json": (".json",),
    "schema": (".json",),
    "profile": (".json",),
    "csv": (".csv",),
    "html": (".html", ".htm"),
    "pdf": (".pdf",),
    "parquet": (".parquet",),
    "markers": (".trc",),
    "motion": (".mot", ".sto"),
    "export": (".posecoach", ".zip"),
}
"""What the names of files that we write end with, usually."""

REPORTS: dict[str, Kind] = {"html": "html", "json": "json", "csv": "csv", "pdf": "pdf"}
"""What a session's report may be, by the ending without its dot."""

EXPORT_HEADER = "posecoach.json"
"""The first file in an archive of exported sessions."""

HEAD = 4096
"""Bytes looked at."""

PHOTO = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"II*\0", b"MM\0*")
GIF = b"GIF8"
AVIF, HEIC = (b"avif", b"avis"), (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
"""How pictures begin, and the brands of those in boxes (at 8, after ``ftyp`` at 4)."""

_SQLITE = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83", b"\xd9\xd5\x05\xf9")
"""A database, its write-ahead log (both byte orders), its journal."""
_VIDEO = (b"\x1aE\xdf\xa3", b"\0\0\x01\xba", b"\0\0\x01\xb3", b"FLV\x01", b"OggS", b"0&\xb2u\x8ef")
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
_JSON = re.compile(rb'(?:\{\s*["}]|\[\s*[\[{"\]\d-])')
_YAML = re.compile(rb"(?:\A|\n)(?:%YAML|---|(?:id|name|schema|exercises)\s*:)")
_TABLE = re.compile(rb"(?:file,)?time_s(?:,|\r?\n)|\w+,(?:\w+,)*\w+\r?\n")


def kind_at(path: Path) -> Kind:
    """Tell what a regular file holds; "nothing" where it is empty or not there.

    Raises:
        OSError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except FileNotFoundError:
        return "nothing"
    if head.startswith(b"PK\x03\x04"):
        return "export" if _first_entry(path) == EXPORT_HEADER else "archive"
    return kind_of_head(head)


def kind_of_head(head: bytes) -> Kind:
    """Tell what a file holds by its first bytes; an archive is an archive."""
    if not head:
        return "nothing"
    if head.startswith(_SQLITE):
        return "database"
    if head[4:8] == b"ftyp" and head[8:12] in (*AVIF, *HEIC):
        return "picture"
    if head.startswith(_VIDEO) or head[4:8] in _BOXES:
        return "video"
    if head.startswith(b"RIFF"):
        return {b"AVI ": "video", b"WEBP": "picture"}.get(head[8:12], "other")  # type: ignore[return-value]
    if head.startswith((*PHOTO, GIF)):
        return "picture"
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "archive"
    if any(byte < 9 or byte == 127 for byte in head):
        return "other"
    return _kind_of_text(head.removeprefix(b"\xef\xbb\xbf").lstrip())


def _kind_of_text(head: bytes) -> Kind:
    if _JSON.match(head):
        if b'"$schema"' in head[:200]:
            return "schema"
        return "profile" if b'"posecoach profile"' in head[:200] else "json"
    if head[:15].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    if head.startswith(b"PathFileType"):
        return "markers"
    if head.startswith(b"Coordinates"):
        return "motion"
    if _TABLE.match(head):
        return "csv"
    return "yaml" if _YAML.search(head) else "text"


def _first_entry(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()[0]
    except (OSError, zipfile.BadZipFile, IndexError, ValueError):
        return ""


def may_replace(path: Path, found: Kind, wanted: Kind) -> bool:
    """Whether a file of one kind may be written where one of another kind is."""
    if found in ("nothing", wanted):
        return True
    plain = found in ("text", "other")
    return plain and path.suffix.lower() in SUFFIXES.get(wanted, ())
