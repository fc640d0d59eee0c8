"""Fixtures all tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.helpers.displays import a_display
from tests.helpers.places import SHARED

# How long an example takes says nothing on a busy machine. The examples are the same in every
# run, so that a change is judged by what it did; to look for new ones:
# pytest --hypothesis-profile=search
settings.register_profile("posecoach", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("posecoach")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development material beside the checkout: clips, photos, recordings with truth."""
    if not (SHARED / "clips").is_dir():
        pytest.skip("../shared (truth clips, photos, recordings) is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The pose model, fetched on the first run as it is for a user."""
    from posecoach.pose.bundle import ensure_bundle

    return ensure_bundle("full")


@pytest.fixture
def display(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment with an X display of its own; what it shows is kept in ``tmp_path``."""
    with a_display(tmp_path) as environment:
        yield environment
