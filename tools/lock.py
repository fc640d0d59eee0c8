"""Write ``constraints.txt``: every package that PoseCoach and its extras bring, in one version.

    python -m tools.lock          # everything at the newest that pyproject.toml's bounds allow
    python -m tools.lock --keep   # only what a new requirement brings; all else stays

It holds for Linux, macOS and Windows and every Python from 3.11: one version of a package for
all of them, so that what is tested on one is what the others get. A file of constraints, and not
one of requirements with hashes, since it serves every choice of extras
(``pip install -c constraints.txt ".[pdf]"``) and pip takes a folder like ``.`` without a hash
only where nothing has one. Constraints do not reach into pip's build environments, so what builds
PoseCoach is named exactly in pyproject.toml, by this command too.

Asks PyPI alone, whatever this machine's pip is told to use, through uv (in the ``dev`` extra).
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "constraints.txt"
PROJECT = ROOT / "pyproject.toml"

INDEX = "https://pypi.org/simple"
OLDEST_PYTHON = "3.11"
BUILD = ("hatchling>=1.27,<2", "editables>=0.5")
"""What builds a wheel, and what hatchling asks for besides where it builds one for ``-e``."""

HEADER = """\
# What is tested, in every version: Linux, macOS, Windows; Python 3.11 and newer.
# Written by `python -m tools.lock`, not by hand.
"""

_BUILD_LINE = re.compile(r"^requires = \[.*?\]$", re.MULTILINE | re.DOTALL)


def compiled(source: str, before: str, *, keep: bool) -> str:
    """Settle requirements into lines of ``name==version``.

    Args:
        source: a file of uv's kinds, or requirements as text.
        before: the lines that were settled last.
        keep: whether to leave those as they are.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "settled.txt"
        output.write_text(before, encoding="utf-8")
        if not source.endswith(".toml"):
            path = Path(folder) / "wanted.in"
            path.write_text(source, encoding="utf-8")
            source = str(path)
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", source, "--output-file", str(output)),
            *("--universal", "--fork-strategy", "fewest", "--python-version", OLDEST_PYTHON),
            *("--no-config", "--default-index", INDEX, "--quiet"),
            *("--no-header", "--no-annotate"),
            *(["--all-extras"] if source.endswith(".toml") else []),
            *([] if keep else ["--upgrade"]),
        ]
        subprocess.run(command, check=True, cwd=ROOT, env=_alone())
        return output.read_text(encoding="utf-8")


def _alone() -> dict[str, str]:
    """The environment without what points uv or pip at other places."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("UV_", "PIP_"))}


def versions(lines: str) -> dict[str, str]:
    """What is settled: name, and its version with the marker where it has one."""
    pairs = (line.partition("==") for line in lines.splitlines() if "==" in line)
    return {name.strip(): version.strip() for name, _, version in pairs}


def moved(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What is new, gone or in another version, a line each."""
    lines = []
    for name in sorted(before | after):
        old, new = before.get(name, "(new)"), after.get(name, "(gone)")
        if old != new:
            lines.append(f"{name:<28} {old} -> {new}")
    return lines


def main() -> None:
    """Write the lock and tell what moved."""
    parser = argparse.ArgumentParser(prog="python -m tools.lock", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="move nothing that is locked already")
    keep = parser.parse_args().keep
    locked = LOCK.read_text(encoding="utf-8") if LOCK.exists() else ""
    project = PROJECT.read_text(encoding="utf-8")
    build = "\n".join(re.findall(r'"([^"]+)"', _BUILD_LINE.findall(project)[0])) + "\n"

    new_lock = HEADER + compiled(str(PROJECT), locked, keep=keep)
    new_build = compiled("\n".join(BUILD), build, keep=keep)
    names = "".join(f'    "{name}=={one}",\n' for name, one in versions(new_build).items())

    LOCK.write_text(new_lock, encoding="utf-8")
    PROJECT.write_text(
        _BUILD_LINE.sub(lambda _: f"requires = [\n{names}]", project, count=1), encoding="utf-8"
    )
    for title, old, new in (("locked", locked, new_lock), ("to build", build, new_build)):
        lines = moved(versions(old), versions(new))
        print(f"{title}: {len(versions(new))} packages, {len(lines) or 'none'} moved")
        print("".join(f"  {line}\n" for line in lines), end="")


if __name__ == "__main__":
    main()
