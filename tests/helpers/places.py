"""Where the tests' material lies, and whose the tests are."""

import os
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
REPOSITORY = TESTS.parent
DATA = TESTS / "data"
DEFINITIONS = TESTS / "definitions"
"""Exercises of our own, apart from those that the program brings."""
SHARED = REPOSITORY.parent / "shared"
"""The development material beside the checkout, where it is there."""

AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
"""Whether whoever runs the tests may read and write whatever they like."""
