"""What ``models/manifest.toml`` says: which pose models there are and how to know them."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from posecoach.data import data_dir
from posecoach.errors import ModelError
from posecoach.pose.assemble import Normalization

DEFAULT_VARIANT = "full"


@dataclass(frozen=True, slots=True)
class Member:
    """One network of an assembled bundle.

    Attributes:
        name: its name in the bundle.
        source: its path in the wheel.
        sha256: of the file in the wheel.
        normalization: what to write into it; None where it says so itself.
    """

    name: str
    source: str
    sha256: str
    normalization: Normalization | None


@dataclass(frozen=True, slots=True)
class Assembly:
    """How to make a bundle from a wheel.

    Attributes:
        requirement: the wheel, as pip names it.
        python, platform: tags of the one wheel to take, whatever this machine is.
        wheel_size: bytes of the wheel, for the progress bar.
        size, sha256: of the finished bundle.
        members: its networks, in order.
    """

    requirement: str
    python: str
    platform: str
    wheel_size: int
    size: int
    sha256: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One pose model.

    Attributes:
        name: "lite", "full" or "heavy".
        about: what it is good for, in a few words.
        url: the official download.
        size, sha256: of the file behind ``url``.
        licence: SPDX identifier.
        model_card: address of its makers' description.
        assembly: the second way to it, where there is one.
    """

    name: str
    about: str
    url: str
    size: int
    sha256: str
    licence: str
    model_card: str
    assembly: Assembly | None

    @property
    def file_name(self) -> str:
        """The bundle's name in the cache."""
        return f"pose_landmarker_{self.name}.task"

    @property
    def origins(self) -> Mapping[str, str]:
        """SHA-256 of every file that counts as this model → where such a file comes from."""
        known = {self.sha256: "official download"}
        if self.assembly is not None:
            known[self.assembly.sha256] = f"assembled from {self.assembly.requirement}"
        return known


@cache
def variants() -> Mapping[str, Variant]:
    """Return all models by name, in the manifest's order.

    Raises:
        ModelError: the manifest is missing or damaged.
    """
    try:
        return read_manifest(data_dir("models") / "manifest.toml")
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelError(
            f"The list of pose models is missing or damaged ({error}); reinstall posecoach."
        ) from error


def variant(name: str) -> Variant:
    """Return one model.

    Raises:
        ModelError: there is no such model, or the manifest is missing or damaged.
    """
    known = variants()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise ModelError(f"There is no pose model {name!r}{hint}; choose one of {', '.join(known)}.")


def read_manifest(path: Path) -> Mapping[str, Variant]:
    """Read a manifest.

    Raises:
        OSError, ValueError, LookupError, TypeError, AttributeError: it cannot be read or is
            not a manifest.
    """
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType(
        {name: _variant(name, dict(entry)) for name, entry in content["variants"].items()}
    )


def _variant(name: str, entry: dict[str, Any]) -> Variant:
    assembly = entry.pop("assembly", None)
    return Variant(name=name, assembly=_assembly(dict(assembly)) if assembly else None, **entry)


def _assembly(entry: dict[str, Any]) -> Assembly:
    members = tuple(
        Member(
            name=member["name"],
            source=member["source"],
            sha256=member["sha256"],
            normalization=(
                Normalization(member["mean"], member["std"]) if "mean" in member else None
            ),
        )
        for member in entry.pop("members")
    )
    return Assembly(members=members, **entry)
