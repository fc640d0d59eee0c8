"""Ranges of an earlier instrument are kept, said to be so, and neither scale nor are compared."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from posecoach.observe import measures
from posecoach.profile import range_words
from posecoach.profile.format import as_text, from_text
from posecoach.profile.motion import Motion
from posecoach.profile.person import Calibration, Difference, Profile, Range
from posecoach.profile.proposal import Outcome, propose

MOTION = Motion("trunk_lateral_flexion", "left")


def calibrated(instrument: str, deg: float = 30.0) -> Calibration:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    ranges = (Range(MOTION, (deg,), 3.0),)
    return Calibration(at, "live", "camera 0", "", ranges, instrument=instrument)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> str:
    """The version of today's instrument, whatever the coach reads with in this version."""
    monkeypatch.setattr(measures, "FITTED", True)
    return measures.measured_with()


def test_a_range_of_todays_instrument_scales(today: str) -> None:
    assert Profile("Kim", calibrations=(calibrated(today),)).scale()


def test_a_range_of_an_earlier_one_scales_nothing_until_it_is_renewed(today: str) -> None:
    old = Profile("Kim", calibrations=(calibrated(measures.EARLIER),))
    assert old.outdated() == {MOTION}
    assert old.scale() == {}
    renewed = old.with_calibration(calibrated(today))
    assert renewed.outdated() == set()
    assert renewed.scale()


def test_degrees_of_two_instruments_are_not_compared(today: str) -> None:
    old, now = calibrated(measures.EARLIER), calibrated(today, 60.0)
    profile = Profile("Kim", calibrations=(old, now))
    assert range_words.EARLIER in range_words.change(profile.history(MOTION))
    assert "more" in range_words.change([(now, old.ranges[0]), (now, now.ranges[0])])


def test_left_and_right_of_two_instruments_are_not_compared(today: str) -> None:
    old, now = calibrated(measures.EARLIER), calibrated(today, 60.0)
    assert "not compared" in range_words.sides((old, old.ranges[0]), (now, now.ranges[0]))
    assert "farther" in range_words.sides((now, old.ranges[0]), (now, now.ranges[0]))


def test_a_range_of_an_earlier_instrument_is_proposed_to_be_renewed(today: str) -> None:
    """By who practises it: one session says so, as nothing has to be found out first."""
    at = datetime(2026, 5, 2, tzinfo=UTC)
    done = Outcome(at, MOTION, 20.0, 55.0, attempts=4, repetitions=4, held=4)
    old = Profile("Kim", calibrations=(calibrated(measures.EARLIER),))
    found = propose(old, [done])
    assert found is not None
    assert found.direction == "renew"
    assert range_words.EARLIER in found.text
    assert range_words.EARLIER in found.brief
    assert propose(old, []) is None
    assert propose(old.with_calibration(calibrated(today)), [done]) is None


def test_a_profile_of_version_2_opens_and_is_of_an_earlier_instrument(today: str) -> None:
    value = json.loads(as_text(Profile("Kim", calibrations=(calibrated(today),))))
    value["version"] = 2
    del value["calibrations"][0]["instrument"]
    found = from_text(json.dumps(value))
    assert found.outdated() == {MOTION}
    assert json.loads(as_text(found))["version"] == 3


def test_two_recordings_of_one_person_are_nearer_than_two_people() -> None:
    one, other = (
        Range(Motion(f"hip_flexion_{side}", "up"), (30.0, 30.0), 5.0) for side in ("left", "right")
    )
    again, sides = Difference.of(one, one), Difference.of(one, other)
    assert 0 < again.uncertainty < sides.uncertainty
