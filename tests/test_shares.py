"""Shares: what is told of one is the same wherever it is told."""

from __future__ import annotations

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from posecoach.cli.summary import print_summary
from posecoach.session.result import Result
from posecoach.shares import kept_share, percent, whole_percent


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.465, "47 %"), (0.575, "58 %"), (0.725, "73 %"), (0.0, "0 %"), (1.0, "100 %"), (None, "–")],
)
def test_halves_go_upwards_as_people_round(share: float | None, said: str) -> None:
    assert percent(share) == said


@given(st.floats(0, 1))
def test_what_is_read_from_a_file_is_told_as_what_was_never_written(share: float) -> None:
    assert whole_percent(kept_share(share)) == whole_percent(share)
    assert abs(whole_percent(share) - 100 * share) < 0.56


@pytest.mark.parametrize("accuracy", [0.46451, 0.465, 0.46549])
def test_the_terminal_tells_an_accuracy_as_the_report_does(
    accuracy: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Result, "accuracy", accuracy)
    result = Result("wall-stretch", "clip.mp4").as_json()
    text = StringIO()
    print_summary(Console(file=text), result, {}, {})
    assert f"Accuracy {percent(accuracy)}\n" in text.getvalue()
    assert percent(accuracy) == "47 %"
