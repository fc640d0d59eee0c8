"""A profile as a JSON file: written for people to read, read with suspicion.

Version 3 says what measured each calibration. Version 2 kept every calibration. Version 1 kept
one number for each range. What a file of
this version may lack or have too many of ("proposed"; once there was a "side" among the
preferences) is read as nothing. A step in ``_STEPS`` makes the next version of a file out of
the one before, so that any old file takes the same way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from math import isfinite
from typing import Any, cast

from posecoach.body.catalogue import split_name
from posecoach.errors import MeasureError
from posecoach.observe.measures import EARLIER
from posecoach.profile.motion import TOWARDS, Motion, Towards
from posecoach.profile.person import (
    TRIAL_DIGITS,
    Calibration,
    Method,
    Preferences,
    Profile,
    Range,
    Told,
)

FORMAT = "posecoach profile"
VERSION = 3
"""Of the form; a change that an earlier program would misread takes the next number."""


class DamagedError(ValueError):
    """The text is no profile; the message says what is wrong with it."""


class TooNewError(ValueError):
    """The text is a profile of a version that is not known yet."""


def as_text(profile: Profile) -> str:
    """The file's text."""
    value = {
        "format": FORMAT,
        "version": VERSION,
        "name": profile.name,
        "units": "degrees from neutral, in the clinical convention; left and right are the "
        "person's own",
        "preferences": {
            "voice": profile.preferences.voice,
            "camera": profile.preferences.camera,
        },
        "calibrations": [_calibration_value(each) for each in profile.calibrations],
        "proposed": [
            {
                "date": each.at.isoformat(timespec="seconds"),
                "measure": each.motion.measure,
                "towards": each.motion.towards,
            }
            for each in profile.told
        ],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _calibration_value(calibration: Calibration) -> dict[str, object]:
    return {
        "date": calibration.at.isoformat(timespec="seconds"),
        "method": calibration.method,
        "source": calibration.source,
        "exercise": calibration.exercise,
        "instrument": calibration.instrument,
        "camera_tilt": None if calibration.tilt_deg is None else round(calibration.tilt_deg, 1),
        "neutral": {name: round(value, 2) for name, value in sorted(calibration.offsets.items())},
        "ranges": [_range_value(each) for each in calibration.ranges],
    }


def _range_value(each: Range) -> dict[str, object]:
    return {
        "measure": each.motion.measure,
        "towards": each.motion.towards,
        "range": round(each.deg, 1),
        "mean": round(each.mean, 1),
        "spread": round(each.spread, 1),
        "trials": [round(trial, TRIAL_DIGITS) for trial in each.trials],
        "instrument_error": each.error_deg,
    }


def from_text(text: str) -> Profile:
    """Read a file's text, of this or any older version.

    Raises:
        DamagedError: it is not a profile, or not a whole one.
        TooNewError: a newer program wrote it.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"it is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise DamagedError("it holds no profile")
    version = value.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise DamagedError("it has no version")
    if version > VERSION:
        raise TooNewError(f"version {version}")
    try:
        for before in range(version, VERSION):
            value = _STEPS[before](value)
        return _profile(value)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, MeasureError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise DamagedError(what) from None


# -- reading the newest version ------------------------------------------------------------


def _profile(value: dict[str, Any]) -> Profile:
    if value["format"] != FORMAT:
        raise ValueError("it is a file of another kind")
    preferences = value["preferences"]
    return Profile(
        name=_text(value["name"], "name"),
        preferences=Preferences(
            voice=_one_of(preferences.get("voice"), (None, True, False), "voice"),
            camera=None if preferences.get("camera") is None else str(preferences["camera"]),
        ),
        calibrations=tuple(_calibration(each) for each in value["calibrations"]),
        told=tuple(Told(_date(each), _motion(each)) for each in value.get("proposed", ())),
    )


def _calibration(value: dict[str, Any]) -> Calibration:
    tilt = value.get("camera_tilt")
    return Calibration(
        at=_date(value),
        method=cast(Method, _one_of(value["method"], ("live", "recording", "unknown"), "method")),
        source=str(value.get("source", "")),
        exercise=str(value.get("exercise", "")),
        ranges=tuple(_range(each) for each in value["ranges"]),
        offsets={str(name): _number(each, name) for name, each in value.get("neutral", {}).items()},
        tilt_deg=None if tilt is None else _number(tilt, "camera_tilt"),
        instrument=str(value["instrument"]),
    )


def _range(value: dict[str, Any]) -> Range:
    motion = _motion(value)
    trials = tuple(_number(each, "trials") for each in value["trials"])
    if not trials:
        raise ValueError(f"the range of {motion.measure} has no trials")
    return Range(motion, trials, _number(value["instrument_error"], motion.measure))


def _motion(value: dict[str, Any]) -> Motion:
    measure = _text(value["measure"], "measure")
    split_name(measure)
    return Motion(measure, cast(Towards, _one_of(value["towards"], TOWARDS, "towards")))


def _date(value: dict[str, Any]) -> datetime:
    at = datetime.fromisoformat(value["date"])
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{what} should be a number, found {value!r}")
    if abs(value) > 360:
        raise ValueError(f"{what} should be an angle, found {value:g}")
    return float(value)


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{what} should be text, found {value!r}")
    return value


def _one_of(value: Any, allowed: tuple[Any, ...], what: str) -> Any:
    if value not in allowed or (isinstance(value, int) and not isinstance(value, bool)):
        raise ValueError(f"{what} should be one of {', '.join(map(str, allowed))}, found {value!r}")
    return value


# -- older versions --------------------------------------------------------------------------


def _from_1(old: dict[str, Any]) -> dict[str, object]:
    """Version 1: ``{"name", "date", "voice", "ranges": {measure: {"left": 31.0, ...}}}``.

    Every range was one number and all were of one date. A sided joint's ranges stood under the
    bare name with its sides; a motion without sides had "flexion" and "extension".
    """
    names = {"flexion": "up", "extension": "down", "left": "left", "right": "right"}
    ranges = []
    for measure, sides in old["ranges"].items():
        for word, number in sides.items():
            towards, full = names[word], measure
            try:
                found, _ = split_name(measure)
            except MeasureError:
                full, towards = f"{measure}_{word}", "up"
                found, _ = split_name(full)
            degrees = _number(number, measure)
            ranges.append(
                {
                    "measure": full,
                    "towards": towards,
                    "trials": [degrees],
                    "instrument_error": found.error_deg,
                }
            )
    calibration = {"date": old["date"], "method": "unknown", "ranges": ranges}
    return {
        "format": FORMAT,
        "version": 2,
        "name": old["name"],
        "preferences": {"voice": old.get("voice")},
        "calibrations": [calibration] if ranges else [],
    }


def _from_2(old: dict[str, Any]) -> dict[str, object]:
    """Version 2 did not say what had measured: it was geometry, before there was a version."""
    calibrations = [{**each, "instrument": EARLIER} for each in old["calibrations"]]
    return {**old, "version": 3, "calibrations": calibrations}


_STEPS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1, 2: _from_2}
