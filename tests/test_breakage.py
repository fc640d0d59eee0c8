"""Ended at any moment, or on a disk that fills: what was there is whole, what is there is said.

``python -m benchmarks.breakage`` does it hundreds of times, with the commands that need the model.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest

from benchmarks.breakage import COMMANDS, template, trial

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("before")
    template(folder)
    return folder


@pytest.mark.parametrize(
    ("name", "seed"), [("forget", 1), ("forget", 2), ("export", 3), ("export", 4), ("measure", 5)]
)
def test_ended_at_any_moment_nothing_is_lost(
    name: str, seed: int, before: Path, bundle: Path
) -> None:
    assert trial(name, Random(seed), before, bundle, 1.5, None)


def test_every_command_of_the_campaign_is_one(before: Path) -> None:
    from posecoach.cli import cli

    assert {command.arguments[0] for command in COMMANDS.values()} <= set(cli.list_commands(None))  # type: ignore[arg-type]
