"""What is usual, from the literature: for comparison, never a judgement."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from posecoach.profile.motion import Motion

FILE = Path(__file__).with_name("norms.yaml")


@cache
def _norms() -> tuple[Mapping[tuple[str, str], Mapping[str, float]], Mapping[str, str]]:
    import yaml

    value = yaml.safe_load(FILE.read_text("utf-8"))
    sources = {name: " ".join(str(text).split()) for name, text in value["sources"].items()}
    ranges = {
        (entry["measure"], towards): {name: float(entry[name]) for name in sources if name in entry}
        for entry in value["ranges"]
        for towards in entry["towards"]
    }
    return MappingProxyType(ranges), MappingProxyType(sources)


def usual(motion: Motion) -> Mapping[str, float]:
    """Degrees by source ("AAOS", "AMA"); empty where none fits this motion."""
    return _norms()[0].get((motion.stem, motion.towards), {})


def sources() -> Mapping[str, str]:
    """The works the norms are from, by their short names."""
    return _norms()[1]
