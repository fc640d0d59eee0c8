"""How long something lasts, and when that is about to be decided."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from posecoach.coach.spell import NEARLY_S, Spell

STEP_S = 1 / 15


@given(st.floats(0.1, 5.0), st.integers(1, 120))
def test_what_is_on_ripens_only_shortly_before_it_has_lasted(wanted_s: float, moments: int) -> None:
    spell = Spell()
    ripened = False
    for moment in range(moments):
        spell.see(moment * STEP_S, verdict=True)
        lacking_s = wanted_s - moment * STEP_S
        assert spell.ripens(wanted_s) == (0 < lacking_s <= NEARLY_S)
        ripened = ripened or spell.ripens(wanted_s)
        # Nothing is decided that was not about to be: each wait is looked at closely at its end.
        assert ripened or not spell.lasted(wanted_s)


def test_what_is_not_on_does_not_ripen() -> None:
    spell = Spell()
    assert not spell.ripens(0.2)
    spell.see(0.0, verdict=True)
    assert spell.ripens(0.2)
    spell.see(0.1, verdict=False)
    assert not spell.ripens(0.2)
