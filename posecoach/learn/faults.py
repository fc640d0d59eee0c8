"""Faults that a demonstration suggests: what stayed as it was throughout."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import ceil, floor

import numpy as np

from posecoach.body.catalogue import CATALOGUE
from posecoach.learn.demonstration import Demonstration
from posecoach.learn.draft import Fault
from posecoach.learn.motion import smoothed
from posecoach.learn.phrases import PHRASES
from posecoach.learn.targets import FORM_DEG, Feature, cue_words
from posecoach.learn.wording import whole

MOST = 3
"""More suggestions than that nobody reads."""

WITHIN = 2.0
"""Spreads and what it varied by, beyond which a measure has left its place."""


def suggested(
    shown: Demonstration, features: Sequence[Feature], asked: Collection[str], sided: bool
) -> tuple[Fault, ...]:
    """Suggest a fault for each of the best seen measures that stayed."""
    stems = {written.rpartition("_")[0] or written for written in asked} | {*asked}
    found: list[tuple[float, Fault]] = []
    told: set[str] = set()
    for feature in features:
        if feature.stem in stems or feature.stem in told:
            continue
        spread = shown.spreads[feature.column].value
        values = smoothed(shown.columns[feature.column])
        low, high = (float(each) for each in np.percentile(values, (2, 98)))
        if high - low >= FORM_DEG or spread > FORM_DEG:
            continue
        told.add(feature.stem)
        room = max(FORM_DEG, WITHIN * spread)
        found.append((spread, _fault(feature, (low, high), room, sided)))
    found.sort(key=lambda each: (each[0], each[1].id))
    return tuple(fault for _, fault in found[:MOST])


def _fault(feature: Feature, stayed: tuple[float, float], room: float, sided: bool) -> Fault:
    phrase = PHRASES[feature.stem]
    low, high = stayed[0] - room, stayed[1] + room
    if feature.lateral and sided:
        high = max(abs(low), abs(high))
        low = -high
    test = f'{{measure: "{feature.written}", outside: [{floor(low):g}, {ceil(high):g}]}}'
    if low <= 0 and not (feature.lateral or CATALOGUE[feature.stem].zero_from != "anatomy"):
        test = f'{{measure: "{feature.written}", above: {ceil(high):g}}}'
    name = cue_words(feature, phrase.kept, "side").replace("{side} ", "").replace("{other} ", "")
    return Fault(
        feature.stem.replace("_", "-") + "-changes",
        name,
        test,
        cue_words(feature, phrase.keep, "side") + ".",
        f"It stayed between {whole(stayed[0])} and {whole(stayed[1])} throughout; "
        f"{whole(room)} more are left free.",
    )
