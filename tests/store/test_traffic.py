"""Three programs at once on one database: no row lost, none foreign.

``python -m benchmarks.traffic`` does it ten thousand times.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.traffic import traffic


@pytest.mark.parametrize("seed", [3])
def test_three_programs_lose_nothing_and_mix_nothing(seed: int, tmp_path: Path) -> None:
    came = traffic(tmp_path, 300, seed)
    assert came["whole"] > 10
    assert came["forgotten"] > 5
