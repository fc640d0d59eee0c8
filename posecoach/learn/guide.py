"""Who is to show a stretch before the camera is led through it: a pure script, moment by moment.

    BEGIN (the start pose, still) ─► SHOW (three times, to each side) ─► still in it again ─► done

What has been shown until now is told by what learns from it (``progress``), looked at whenever the
body is at rest; so what is said here is what will be written. It gives back the same ``CoachState``
and events as the coach, so that screen and voice show it as they show a session.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from posecoach.coach.events import AttemptEnded, CueGiven, Event, Seen, Unseen
from posecoach.coach.spell import MAX_GAP_S
from posecoach.coach.state import CoachState, Cue, Phase
from posecoach.learn.progress import Progress
from posecoach.observe.stillness import STILL_S
from posecoach.plan.sides import SIDES

TIMES = 3
"""Repetitions that are asked for, of each side: from two nobody could say which one was odd."""

BEGIN_S = 2.0
"""The start pose is kept still for so long: a second is the person's own zero (``zero.ZERO_S``),
and in another their readings settle."""

END_S = 4.0
"""Who keeps still for so long in the start pose after all repetitions is done: nobody who goes on
rests for so long between two of them, nor waits longer without doubt whether they were seen."""

FEWER_S = 10.0
"""The same after fewer, or after one side only: the sentence that asks for more takes three seconds
to be said, and who has to turn round or to change arms takes some more."""

LAPSE_S = 1.5 * STILL_S
"""Who was still is taken to be so for as long after: where pictures come rarely, or half a second
without any, a second of them is needed to tell it again (``Stillness``)."""

LOOK_S = 3.0
"""Who rests is looked at again so often: a movement too small to end the stillness of a body is
seen only by its measures."""

IDLE_S = 12.0
"""Who does nothing for so long is asked again (``profile.guide.PATIENCE_S``)."""

AWAY_S = 40.0
"""Who rests elsewhere for so long is told how it ends: longer than a stretch is held (30 s)."""

LOST_S = MAX_GAP_S
"""Who was not seen for longer may be another one, or has done nobody knows what."""

LONGEST_S = 300.0
"""It ends by itself: three times to each side, held for thirty seconds with ten between, are four
minutes."""

CUE_S = 5.0
"""How long a sentence in passing stands: twice as long as it takes to be said."""

SAY_BEGIN = "Begin in the start pose of the stretch, and keep still."
SAY_STILL = "Good. Keep still."
SAY_SHOW = (
    "Do it three times, and come back to the start pose each time. "
    "If it has sides, three times to each."
)
SAY_AGAIN = "Once more, please. Or keep still to finish."
SAY_OTHER = "Now the other side, if it has one. Or keep still to finish."
SAY_ENOUGH = "That is enough. Keep still to finish."
SAY_BACK = "When you are done, come back to the start pose and keep still."
SAY_LOST = "I lost sight of you, so please begin again in the start pose."
UNSEEN = "I can't see you. Come into the picture."


class Guide:
    """Leads through one demonstration.

    Attributes:
        showing: whether the demonstration has begun.
        done: whether it is over.
        begun: how often it has begun: what was seen before the last time is to be forgotten.
    """

    def __init__(self) -> None:
        self.showing = self.done = False
        self.begun = 0
        self._progress = self._praised = Progress()
        self._cue: tuple[Cue, float] | None = None
        self._unseen = self._lost = False
        self._seen_s: float | None = None
        self._still_s: float | None = None
        self._begun_s = self._looked_s = self._told_s = 0.0
        self._last_still_s = -inf

    # -- what is so ------------------------------------------------------------------------

    @property
    def resting(self) -> bool:
        """Whether the body keeps still, as far as that can be told."""
        return self._still_s is not None

    @property
    def home(self) -> bool:
        """Whether the body is known to be at rest where its last repetition ended."""
        if not self.showing or self._still_s is None or self._looked_s < self._still_s:
            return False
        return self._progress.home and self._progress.total > 0

    def wants_look(self, time_s: float) -> bool:
        """Whether it should be looked now how far the demonstration has come."""
        if self.done or not self.showing or self._still_s is None:
            return False
        new = self._looked_s < self._still_s
        return new or time_s - self._looked_s >= LOOK_S

    # -- what the person asks for --------------------------------------------------------------

    def again(self) -> None:
        """Begin anew."""
        self.showing = self.done = False
        self._progress = self._praised = Progress()
        self._still_s = self._cue = None

    def end(self) -> None:
        """What was shown is all there is."""
        self.done = True

    # -- time goes on ----------------------------------------------------------------------------

    def look(self, time_s: float, found: Progress) -> Iterator[Event]:
        """Take in how far it had come at a moment in which ``wants_look`` was true."""
        before, self._progress = self._progress, found
        self._looked_s = time_s
        if found.counts != before.counts or found.home != before.home:
            self._told_s = time_s
        if not found.home:
            return
        before, self._praised = self._praised, found
        for side, count in found.counts.items():
            if count > before.counts.get(side, 0):
                # The voice says "Good. Two more." to it, as to a repetition of any stretch.
                yield AttemptEnded(time_s, side, time_s, time_s, True, 1.0, "")

    def update(self, time_s: float, *, seen: bool, still: bool) -> tuple[Event, ...]:
        """Take in one moment.

        Args:
            seen: whether the person is.
            still: whether the body has kept still for a while (see ``Stillness``).
        """
        events: list[Event] = []
        if not self.done:
            self._watch_seen(time_s, seen, events)
            self._watch_rest(time_s, still=still)
            if self.showing:
                self._watch_showing(time_s, events, still=still)
            elif self._still_s is not None and time_s - self._still_s >= BEGIN_S:
                self._begin(time_s, events)
        if self._cue is not None and time_s - self._cue[1] > CUE_S:
            self._cue = None
        return tuple(events)

    def _watch_rest(self, time_s: float, *, still: bool) -> None:
        if still:
            self._last_still_s = time_s
            self._still_s = time_s if self._still_s is None else self._still_s
        elif time_s - self._last_still_s > LAPSE_S:
            self._still_s = None

    def _begin(self, time_s: float, events: list[Event]) -> None:
        self.showing = True
        self._progress = self._praised = Progress()
        self._cue = None
        self._begun_s = self._looked_s = self._told_s = time_s
        if self.begun:  # a voice says what stands there once, and this is no news
            self._tell(time_s, SAY_SHOW, events)
        self.begun += 1

    def _watch_seen(self, time_s: float, seen: bool, events: list[Event]) -> None:
        lost = self._seen_s is None or time_s - self._seen_s > LOST_S
        if lost and self.showing:
            # Who has shown all goes to the machine, and need not come back.
            if self._enough:
                self.end()
                return
            self.again()
            self._lost = True
        if not seen:
            if lost and not self._unseen:
                events.append(Unseen(time_s, UNSEEN))
                self._unseen = True
            return
        self._seen_s = time_s
        if self._unseen:
            events.append(Seen(time_s))
        if self._lost:
            self._tell(time_s, SAY_LOST, events)
        self._unseen = self._lost = False

    def _watch_showing(self, time_s: float, events: list[Event], *, still: bool) -> None:
        waited = self.home and still and self._rested_s(time_s) >= self._wait_s
        if waited or time_s - self._begun_s >= LONGEST_S:
            self.end()
        elif self._still_s is None or self.home:
            return
        elif not self._progress.moved:
            if self._rested_s(time_s) >= IDLE_S:
                self._told_s = time_s
                self._tell(time_s, SAY_SHOW, events)
        elif self._rested_s(time_s) >= AWAY_S:
            self._told_s = time_s
            self._tell(time_s, SAY_BACK, events)

    @property
    def _one_sided(self) -> bool:
        """Whether all went to the same side, so that the other may be still to come."""
        return [*self._progress.counts] in (["left"], ["right"])

    @property
    def _enough(self) -> bool:
        """Whether as many were shown as were asked for."""
        counts = self._progress.counts
        return self._progress.total > 0 and min(counts.values()) >= TIMES

    @property
    def _wait_s(self) -> float:
        return END_S if self._enough and not self._one_sided else FEWER_S

    def _rested_s(self, time_s: float) -> float:
        """Seconds of rest since it is known what was shown."""
        assert self._still_s is not None
        return time_s - max(self._still_s, self._told_s)

    def _tell(self, time_s: float, text: str, events: list[Event]) -> None:
        cue = Cue(text, None, "both", None, "hint")
        self._cue = (cue, time_s)
        events.append(CueGiven(time_s, cue))

    # -- what is shown -------------------------------------------------------------------------

    def state(self, time_s: float) -> CoachState:
        """What screen and voice show of this moment."""
        phase, say, held, hold = Phase.WAITING, SAY_BEGIN, 0.0, 0.0
        if self.done:
            phase = Phase.DONE
        elif self._unseen:
            phase = Phase.UNSEEN
        elif self.home and (self._enough or self._rested_s(time_s) >= END_S):
            # After fewer it is said only to who stays: the others hear that they were seen.
            say = SAY_AGAIN if not self._enough else SAY_OTHER if self._one_sided else SAY_ENOUGH
            phase, hold = Phase.HOLDING, self._wait_s
            held = min(hold, max(0.0, self._rested_s(time_s)))
        elif self.showing:
            phase, say = Phase.READY, SAY_SHOW
        elif self._still_s is not None:
            phase, say, hold = Phase.HOLDING, SAY_STILL, BEGIN_S
            held = min(hold, time_s - self._still_s)
        counts: dict[str, int] = {side: self._progress.counts.get(side, 0) for side in SIDES}
        return CoachState(
            time_s=time_s,
            phase=phase,
            side="both",
            step="",  # what it is made of nobody knows yet
            say=say,
            targets=(),
            held_s=held,
            hold_s=hold,
            repetitions=counts,
            attempts=dict(counts),
            prescribed=self._wanted(),
            cue=None if self._cue is None else self._cue[0],
            unseen=UNSEEN if self._unseen else "",
            # As many moments as a recording is looked at with; what is decided, is at its end.
            undecided=self.showing and not self.done,
        )

    def _wanted(self) -> dict[str, int]:
        """Repetitions asked for; to which sides is not known before they were shown."""
        return dict.fromkeys(self._progress.counts or {"both": 0}, TIMES)
