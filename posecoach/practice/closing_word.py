"""A word at the end of a session: that a calibration would fit, or that there is such a thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from posecoach.errors import ProfileError, StoreError

if TYPE_CHECKING:
    from posecoach.plan.plan import Plan
    from posecoach.profile.person import Profile
    from posecoach.profile.proposal import Proposal
    from posecoach.store.store import Store

NOTHING_BEGUN = "Nothing was begun, so nothing is kept."
"""What is told of a session that was ended at its set-up."""


@dataclass(frozen=True, slots=True)
class Word:
    """Words for the person.

    Attributes:
        brief: to be said, and read in passing.
        text: with what to do.
    """

    brief: str
    text: str


class ClosingWord:
    """Finds the word for one person's session, once.

    Args:
        folder: the data folder.
        name: the profile's; "" for nobody in particular.
        plans: what was practised.
        kept: tells whether it is kept; of a session that is not there is nothing to say.
    """

    def __init__(
        self, folder: Path, name: str, plans: Sequence[Plan], kept: Callable[[], bool]
    ) -> None:
        self._folder, self._name, self._plans = folder, name, plans
        self._kept = kept
        self._began = datetime.now().astimezone()
        self._word: Word | None = None

    def brief(self) -> str:
        """For screen and voice; empty where there is nothing to say."""
        word = self.word()
        return "" if word is None else word.brief

    def word(self) -> Word | None:
        """The word. What cannot be read says nothing here: other commands tell it."""
        if self._word is None and self._name:
            try:
                self._word = self._found()
            except (ProfileError, StoreError):
                return None
        return self._word

    def _found(self) -> Word | None:
        from posecoach.profile.files import Profiles
        from posecoach.store.store import Store

        if not self._kept():
            return None
        profiles = Profiles(self._folder)
        person = profiles.find(self._name)
        with Store.open(self._folder) as store:
            if person is None or not person.calibrations:
                return self._hint(store)
            proposal = _due(store, person)
        if proposal is None:
            return None
        _remember(self._folder, person, proposal)
        return Word(proposal.brief, in_full(proposal, person))

    def _hint(self, store: Store) -> Word | None:
        """After the first session in which a range would have counted, and never again."""
        from posecoach.profile.files import same_name
        from posecoach.profile.motion import motions_of_plan
        from posecoach.profile.range_words import how_to

        asked = [plan.exercise.id for plan in self._plans if motions_of_plan(plan)]
        if not asked:
            return None
        scaling = _scaling_exercises() | set(asked)
        for row in store.sessions():
            earlier = row.started < self._began and same_name(row.profile) == same_name(self._name)
            if earlier and any(each.exercise in scaling for each in row.exercises):
                return None
        return Word(
            "Some targets can follow your own range. Calibrate once, and they fit you.",
            "Some targets can follow your own range of motion; now they are the textbook's. Find "
            f"yours once with `{how_to(asked[0], self._name)}`.",
        )


def _due(store: Store, person: Profile) -> Proposal | None:
    from posecoach.profile.proposal import due
    from posecoach.store.outcomes import outcomes

    return due(person, outcomes(store, person))


def standing(folder: Path, person: Profile) -> Proposal | None:
    """The proposal that stands, told or not.

    Raises:
        StoreError: the sessions cannot be read.
    """
    from posecoach.profile.proposal import propose
    from posecoach.store.outcomes import outcomes
    from posecoach.store.store import Store

    with Store.open(folder) as store:
        return propose(person, outcomes(store, person))


def in_full(proposal: Proposal, person: Profile) -> str:
    """A proposal with what to type to follow it."""
    from posecoach.profile.range_words import how_to

    return f"{proposal.text} To do so: `{how_to(proposal.what, person.name)}`."


def _remember(folder: Path, person: Profile, proposal: Proposal) -> None:
    """Note that it was told; where nothing can be written it may be told again."""
    from posecoach.profile.files import Profiles
    from posecoach.profile.person import Told

    now = datetime.now().astimezone()
    for motion in (proposal.motion, proposal.motion.other):  # one calibration finds both sides
        if motion is not None and motion in person.current():
            person = person.with_told(Told(now, motion))
    with suppress(ProfileError):
        Profiles(folder).save(person)


def _scaling_exercises() -> set[str]:
    """Ids of the library's exercises with a target that depends on a range."""
    from posecoach.errors import ExerciseError
    from posecoach.exercise.library import standard_library
    from posecoach.plan.plan import make_plan
    from posecoach.profile.motion import motions_of_plan

    library = standard_library([])
    found = set()
    for each in library.ids():
        try:
            if motions_of_plan(make_plan(library.find(each))):
                found.add(each)
        except ExerciseError:
            continue
    return found
