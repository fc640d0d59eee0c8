"""What the camera saw of an exercise, for a word where it was not what the exercise needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

from posecoach.body.upside import upside_down
from posecoach.body.view import Facing, Posture, View
from posecoach.body.view_words import BODY_IS, SEEN_FROM
from posecoach.exercise.definition import Exercise
from posecoach.pose.pose import Pose
from posecoach.session.away import Away
from posecoach.session.sideways import lies_level
from posecoach.shares import percent

ABSENT = 0.05
"""Share of the time without a person from which on a word is due."""
WRONG_VIEW = 0.2
"""Share of the frames that may show the body from elsewhere than the exercise asks."""
WRONG_POSTURE = 0.5
"""Share of the frames in another posture from which on it is a matter of the whole recording,
not of the way in and out."""
LEVEL = 0.8
"""Share of the frames with a level body from which on the picture may be on its side. Pictures that
are have one in 87 % or more of them, the rest misread by the model; who lies down for a while has
fewer."""

STANDING_OR_SITTING: tuple[Posture, ...] = ("upright", "sitting")


Kind = TypeVar("Kind", Facing, Posture)


class Seeing:
    """Counts what the person was seen as.

    Args:
        level: whether it is asked if the body is level; not of who may lie (``never_lying``).

    Attributes:
        away: for how long they were not seen at all.
    """

    def __init__(self, *, level: bool = True) -> None:
        self._asks_level = level
        self._frames = 0
        self._absent = 0
        self.away = Away()
        self._upside_down = 0
        self._level = 0
        self._facings: Counter[Facing] = Counter()
        self._postures: Counter[Posture] = Counter()

    def see(self, pose: Pose, view: View) -> None:
        """Count one moment."""
        self._frames += 1
        self.away.see(float(pose.time_s), bool(pose.seen))
        if pose.seen:
            self._facings[view.facing] += 1
            self._postures[view.posture] += 1
            self._upside_down += upside_down(pose)
            self._level += self._asks_level and lies_level(pose)
        else:
            self._absent += 1

    @classmethod
    def kept(
        cls,
        times: Sequence[float],
        seen: Sequence[bool],
        views: Sequence[View],
        upside_down: int,
        level: int,
    ) -> Seeing:
        """Count the moments of a kept session, in which somebody was seen or was not.

        Args:
            times: seconds of the source.
            upside_down: in how many of those seen they were; level: in how many they lay level.
        """
        found = cls()
        there = [view for view, here in zip(views, seen, strict=True) if here]
        found._frames = len(seen)
        found._absent = len(seen) - len(there)
        for time_s, here in zip(times, seen, strict=True):
            found.away.see(time_s, here)
        found._upside_down, found._level = upside_down, level
        found._facings.update(view.facing for view in there)
        found._postures.update(view.posture for view in there)
        return found

    def notes(self, exercise: Exercise, *, all_read: bool) -> list[str]:
        """Return sentences on what was not as the exercise needs it; none where all was well.

        Args:
            all_read: whether the exercise was read and counted all the same: then no word on
                the view is due, which movements such as a turn of the trunk change.
        """
        amiss = self.amiss(exercise, all_read=all_read)
        if amiss or all_read:
            # Seen from elsewhere would be true as well, and is no help in another posture.
            return [*self._away(), *amiss]
        return self.placing(exercise)

    def amiss(self, exercise: Exercise, *, all_read: bool) -> list[str]:
        """Return a sentence where nothing could come of it: nobody there, or not as it is done.

        Args:
            all_read: as for ``notes``; whoever was read and counted did not lie.
        """
        if not self._frames:
            return []
        there = self._frames - self._absent
        if not there:
            return ["Nobody was found in any picture."]
        share = self._upside_down / there
        if share > WRONG_POSTURE:
            # All else follows from it.
            return [
                f"You are upside down in {percent(share)} of the pictures; turn the camera or the "
                "recording round."
            ]
        share = self._level / there
        if share >= LEVEL and not all_read and never_lying(exercise):
            # Whichever it is: a picture of somebody who lies there looks the same.
            wanted = _either([BODY_IS[each] for each in exercise.posture])
            return [
                f"You lie in {percent(share)} of the pictures, or they are on their side: then "
                f"turn the camera or the recording. This stretch is done {wanted}."
            ]
        posture, share = _most_wrong(self._postures, exercise.posture)
        if share > WRONG_POSTURE:
            wanted = _either([BODY_IS[each] for each in exercise.posture if each in BODY_IS])
            return [
                f"You were {BODY_IS[posture]} for {percent(share)} of the time; this stretch is "
                f"done {wanted}."
            ]
        return []

    def placing(self, exercise: Exercise) -> list[str]:
        """Return sentences on what another place of camera or person would mend."""
        return [*self._away(), *self._elsewhere(exercise)]

    def _away(self) -> list[str]:
        if self.away.share <= ABSENT or self._absent == self._frames:
            return []
        return [f"Nobody was found for {percent(self.away.share)} of the time."]

    def _elsewhere(self, exercise: Exercise) -> list[str]:
        facing, share = _most_wrong(self._facings, exercise.view)
        if share <= WRONG_VIEW:
            return []
        wanted = _either([SEEN_FROM[each] for each in exercise.view if each in SEEN_FROM])
        return [
            f"For {percent(share)} of the time the camera saw you from {SEEN_FROM[facing]}; "
            f"this stretch is seen from {wanted}."
        ]


def never_lying(exercise: Exercise) -> bool:
    """Whether nobody lies, kneels or is on all fours in it, whose bodies may be level."""
    return set(exercise.posture) <= set(STANDING_OR_SITTING)


def _most_wrong(counts: Mapping[Kind, int], right: tuple[Kind, ...]) -> tuple[Kind, float]:
    """The commonest known kind that is not right, and the share of all that are not."""
    known = {kind: count for kind, count in counts.items() if kind != "unknown"}
    wrong = {kind: count for kind, count in known.items() if kind not in right}
    if not wrong:
        return right[0], 0.0
    return max(wrong, key=lambda kind: wrong[kind]), sum(wrong.values()) / sum(known.values())


def _either(words: list[str]) -> str:
    return " or ".join(words)
