"""From a demonstration to a definition, with what could not be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor

from posecoach.body.view import Posture
from posecoach.errors import LearningError
from posecoach.exercise.check import check_text
from posecoach.exercise.definition import Exercise
from posecoach.learn.coached import coached
from posecoach.learn.demonstration import Demonstration, demonstration
from posecoach.learn.draft import Draft, Pose, Step, Turn, Wanted, text
from posecoach.learn.faults import suggested
from posecoach.learn.motion import SMOOTH_S, Moving, Stop, moving, stops
from posecoach.learn.pattern import Pattern, find_pattern
from posecoach.learn.phrases import PHRASES
from posecoach.learn.places import Place, place
from posecoach.learn.positions import Position, positions, without_waypoints
from posecoach.learn.rounds import FLAT, LEAST_DEG, Rounds, find_rounds
from posecoach.learn.targets import FORGIVEN_DEG, HALF, REACHED, Chooser, cue_words
from posecoach.learn.wording import (
    camera_words,
    counted_words,
    listed,
    name_words,
    plain_words,
    pose_words,
)
from posecoach.observe.recorded import KeptMoments
from posecoach.plan.sides import SIDES, Side

HELD_S = 2.0
"""Who stays for less turns round: no stretch is held for less than two seconds, and nobody comes to
rest and leaves again to the tenth of a second."""

WAY_S = 2 * SMOOTH_S
"""So much longer a stay may be read than it was, for where it begins and ends is told from a speed
that is smoothed over as long (``motion.SMOOTH_S``), of values that are, too."""

HOLD_SHARE = 0.9
"""Part of the shortest stay shown that is asked for."""

STRICTER, STRICTEST, MILDER = 0.7, 0.8, HALF
"""Parts of the way tried where ``REACHED`` does not count what was shown: up to what everybody did
(``targets.LEAST_SHOWN``), then down to half the way."""

TRIED = tuple(
    (form, reached) for form in (2, 1, 0) for reached in (REACHED, STRICTER, STRICTEST, MILDER)
)
"""How many measures beside its driver a position may ask for, and from which part of the way on it
is taken: tried in turn, for the first that counts what was shown is the one that asks for most."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt.

    Attributes:
        text: the definition's file.
        exercise: the same, read.
        shown: repetitions seen in the demonstration, by side.
        counted: repetitions that coaching it gives.
        questions: what a person is to answer.
    """

    text: str
    exercise: Exercise
    shown: dict[str, int]
    counted: dict[str, int]
    questions: tuple[str, ...]

    @property
    def seen_words(self) -> str:
        """What was shown: "3 repetitions (2 left, 1 right)"."""
        return counted_words(self.shown)


def learn(kept: KeptMoments, id_: str) -> Learnt:
    """Learn a stretch.

    Args:
        kept: what was seen, see ``Watcher``.
        id_: what the stretch is to be called.

    Raises:
        LearningError: nothing can be learnt from it, and why.
    """
    shown = demonstration(kept)
    rounds = find_rounds(shown)
    if rounds is not None:
        wanted = {"left": 0, "right": 0, "both": rounds.count}
        drafts: Iterator[Draft] = iter([circling(shown, rounds, id_)])
    else:
        lesson = take_apart(shown)
        wanted = lesson.counts
        drafts = (lesson.draft(id_, *how) for how in TRIED)
    return _first_that_counts(drafts, kept, wanted)


def _first_that_counts(
    drafts: Iterator[Draft], kept: KeptMoments, wanted: dict[str, int]
) -> Learnt:
    """The first draft by which the demonstration has what it shows, else the nearest."""
    best: Learnt | None = None
    for draft in drafts:
        written = text(draft)
        checked = check_text(written, draft.id, expected_id=draft.id)
        if checked.exercise is None:
            raise LearningError(f"What was learnt is not sound: {checked.problems[0]}")
        counted = coached(checked.exercise, kept).repetitions
        learnt = Learnt(written, checked.exercise, wanted, counted, draft.questions)
        if counted == wanted:
            return learnt
        if best is None or _miss(learnt) < _miss(best):
            best = learnt
    assert best is not None
    return best


def _miss(learnt: Learnt) -> int:
    return sum(abs(learnt.shown[side] - learnt.counted[side]) for side in learnt.shown)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A demonstration taken apart.

    Attributes:
        found: where the body stopped; places: which position each is.
        otherwise: repetitions with the movement of the others, and something else different.
    """

    shown: Demonstration
    move: Moving
    found: Sequence[Stop]
    places: Sequence[Position]
    pattern: Pattern
    otherwise: int = 0

    @property
    def sided(self) -> bool:
        """Whether both sides were shown, so that it is written once for each."""
        return {*self.pattern.sides} == {"left", "right"}

    @property
    def counts(self) -> dict[str, int]:
        """Repetitions by side, as the coach counts them."""
        counted = Counter(self.pattern.sides)
        if not self.sided:
            return {"left": 0, "right": 0, "both": counted.total() + self.otherwise}
        return {side: counted[side] for side in SIDES}

    @property
    def postures(self) -> tuple[Posture, ...]:
        """Those of its positions, the most frequent first.

        On the way from one to another, or for a moment, a body is taken for what it is not.
        """
        held = {posture for each in self.places for posture in self._postures_of(each.key)}
        return tuple(each for each in self.shown.postures if each in held) or self.shown.postures

    def _postures_of(self, key: int) -> tuple[Posture, ...]:
        """The posture of a position wherever it was taken; nothing where none is known."""
        counted: Counter[Posture] = Counter()
        for stop, each in zip(self.found, self.places, strict=True):
            if each.key == key:
                counted.update(self.shown.postures_between(stop.start_s, stop.end_s))
        return tuple(posture for posture, _ in counted.most_common(1))

    def _words_of(self, key: int) -> str:
        """How a position is taken, as far as that is known."""
        return pose_words(self._postures_of(key) or self.postures)

    def values(self, stop: int) -> Mapping[str, float]:
        """What is measured at one stop."""
        return {name: each.deg for name, each in self._place([stop]).values.items()}

    def _place(self, stops: Iterable[int]) -> Place:
        stays: list[tuple[Stop, Side]] = [
            (self.found[index], self.places[index].side if self.sided else "both")
            for index in stops
        ]
        return place(self.shown, stays)

    def _pose(self, key: int) -> Place:
        """A position wherever it was taken."""
        return self._place(index for index, each in enumerate(self.places) if each.key == key)

    def _step(self, key: int) -> Place:
        """A step's position; coming by again on the way back is no stay in it."""
        firsts = [
            next((index for index in stops if self.places[index].key == key), None)
            for stops in self.pattern.repetitions
        ]
        return self._place(index for index in firsts if index is not None)

    def chooser(self, form: int, reached: float) -> Chooser:
        """Who chooses the targets."""
        setup = None if self.pattern.setup is None else self._pose(self.pattern.setup)
        return Chooser(
            shown=self.shown,
            sided=self.sided,
            trusted=self.move.trusted,
            form=form,
            reached=reached,
            start=self._pose(self.pattern.start),
            setup=setup,
            steps=tuple(self._step(key) for key in self.pattern.steps),
        )

    def draft(self, id_: str, form: int, reached: float) -> Draft:
        """Write a definition."""
        choose = self.chooser(form, reached)
        steps = tuple(self._steps(choose))
        setup = None
        if choose.setup is not None:
            targets = choose.setup_pose()
            if targets:
                assert self.pattern.setup is not None
                setup = Pose(self._words_of(self.pattern.setup), targets)
        start = Pose(self._start_words(choose), choose.start_pose())
        counted = Counter(self.pattern.sides)
        view = self.shown.facing
        asked = {each.measure for step in steps for each in step.targets}
        return Draft(
            id=id_,
            name=name_words(id_),
            posture=listed_postures(self.postures),
            view=("left", "right") if self.shown.from_the_side else (view,),
            camera=camera_words(view),
            sides="each" if self.sided else "none",
            repetitions=max(counted.values()),
            setup=setup,
            start=start,
            steps=steps,
            faults=suggested(self.shown, choose.features, asked, self.sided),
            questions=self._questions(steps),
            source=self._source(),
        )

    def _steps(self, choose: Chooser) -> Iterator[Step]:
        used: Counter[str] = Counter()
        for index, key in enumerate(self.pattern.steps):
            drivers = choose.drivers(index)
            place = choose.steps[index]
            up = place.values[drivers[0].column].deg > choose.start.values[drivers[0].column].deg
            phrase = PHRASES[drivers[0].stem]
            targets = choose.step(index)
            towards = targets[0].towards
            side = towards or ("left" if up else "right")
            words = cue_words(drivers[0], phrase.up if up else phrase.down, side, drivers)
            say = cue_words(drivers[0], phrase.say_up if up else phrase.say_down, side, drivers)
            plain = plain_words(words)
            used[plain] += 1
            hold, origin = _hold(place.seconds)
            yield Step(
                plain if used[plain] == 1 else f"{plain} {used[plain]}",
                f"{say}.",
                targets,
                hold,
                origin,
                optional=key in self.pattern.optional,
            )

    def _start_words(self, choose: Chooser) -> str:
        """How the start pose is taken: by the way to it, or as the body is."""
        if choose.setup is None:
            return self._words_of(self.pattern.start)
        said = []
        kept = choose.kept()
        for feature in kept:
            start, before = (
                each.values[feature.column].deg for each in (choose.start, choose.setup)
            )
            phrase = PHRASES[feature.stem]
            words = phrase.say_up if start > before else phrase.say_down
            said.append(cue_words(feature, words, "side", kept))
        return ". ".join(dict.fromkeys(said)) + "." if said else self._words_of(self.pattern.start)

    def _questions(self, steps: Sequence[Step]) -> tuple[str, ...]:
        asked = ["What is it good for, and who must not do it? (purpose, safety)"]
        asked.append("May each movement go farther than shown? It is written so that it may.")
        if not self.sided and any(side != "both" for side in self.pattern.sides):
            asked.append("Only one side was shown. Is it done on the other side, too?")
        if len(self.pattern.repetitions) == 1:
            asked.append("It was shown once: how often is it to be done?")
        elif max(Counter(self.pattern.sides).values()) == 1:
            asked.append(
                "It was shown once to each side, which may have been by the way. Is that the "
                "stretch? Three times to each side tell more surely."
            )
        if self.otherwise:
            asked.append(
                f"Of {len(self.pattern.repetitions) + self.otherwise} repetitions {self.otherwise} "
                "differed in something else than the movement itself; they count. Should they?"
            )
        if not self.move.trusted:
            asked.append(
                f"Seen from {listed(self.shown.facing)} not all of it is measured well. Can it be "
                "filmed from the side, or from the front?"
            )
        if self.pattern.optional:
            names = [s.id for s in steps if s.optional]
            asked.append(f"Not every repetition had {' and '.join(names)}: is it a deeper variant?")
        return tuple(asked)

    def _source(self) -> str:
        count = len(self.pattern.repetitions)
        return (
            f"Learnt from one demonstration of {count} repetition{'s' * (count > 1)}, seen from "
            f"{listed(self.shown.facing)}; the measures' accuracy: docs/instrument.md."
        )


def take_apart(shown: Demonstration) -> Lesson:
    """Find the positions of a demonstration and what is repeated in it.

    Raises:
        LearningError: there are no positions, or nothing is done wholly.
    """
    move = moving(shown)
    found = stops(shown.times, move)
    if len(found) < 2:
        raise LearningError(
            "Nothing moves in it far enough to be sure of: film the whole body, from the side on "
            "which the movement is seen best, and begin and end in the start pose."
        )
    found, places = without_waypoints(found, positions(found, move))
    pattern = find_pattern(places)
    if pattern is None:
        raise LearningError(
            "There is no whole repetition in it: begin in the start pose, do the stretch, come "
            "back, and do it three times."
        )
    return _with_variants(Lesson(shown, move, found, places, pattern))


def _with_variants(lesson: Lesson) -> Lesson:
    """Count, too, what has the whole movement of a step and differs in something else.

    Only where one step is all there is, to no side: else nobody could say which was meant.
    """
    if lesson.sided or len(lesson.pattern.steps) > 1:
        return lesson
    choose = lesson.chooser(0, REACHED)
    count = 0
    for other in lesson.pattern.others:
        values = [lesson.values(index) for index in other]
        count += any(choose.does(0, each) for each in values)
    return replace(lesson, otherwise=count)


def _hold(seconds: Sequence[float]) -> tuple[float | None, str]:
    shortest = min(seconds)
    if shortest < HELD_S:
        return None, ""
    hold = floor(HOLD_SHARE * (shortest - WAY_S) * 2) / 2
    return hold, (
        f"The shortest stay lasted {shortest:.1f} s, of which {WAY_S:g} may be way; nine tenths "
        "of the rest, in half seconds."
    )


TWINS = {
    "upright": "sitting",
    "sitting": "upright",
    "all-fours": "kneeling",
    "kneeling": "all-fours",
}
"""Postures that a camera does not always tell from one another: a chair is hidden behind who sits
on it, and whoever kneels on hands and knees is between two of them."""


def listed_postures(seen: Sequence[str]) -> tuple[str, ...]:
    """The postures to write, with those that are easily taken for them."""
    return tuple(dict.fromkeys([*seen, *(TWINS[each] for each in seen if each in TWINS)]))


HANGING_DEG = 45.0
"""Arms that hang are nearer to the trunk than half a right angle, for people of any breadth."""


def circling(shown: Demonstration, rounds: Rounds, id_: str) -> Draft:
    """Write a definition of circles."""
    size = float(max(LEAST_DEG, floor(rounds.size / 2)))
    steps = []
    seen: set[str] = set()
    for each in rounds.rounds:
        if each.direction in seen:
            continue
        seen.add(each.direction)
        lasting = float(round(each.end_s - each.start_s))
        origin = (
            f"The smallest circle shown was {rounds.size:.0f} degrees high: half of it, for people "
            "differ. Flatter than a fifth of its height a path goes up and down."
        )
        turn = Turn(
            f"{rounds.up}_{{side}}", f"{rounds.across}_{{side}}", each.direction, size, FLAT,
            lasting, origin,
        )  # fmt: skip
        words = "forward and down" if each.direction == "forward" else "backward and down"
        steps.append(Step(f"round {each.direction}", f"Circle up, {words}, slowly.", turn=turn))
    arms = [
        Wanted(
            f"shoulder_abduction_{side}", None, HANGING_DEG, FORGIVEN_DEG,
            "Arms that hang are nearer to the trunk than half a right angle.", tolerated=True,
        )
        for side in ("left", "right")
    ]  # fmt: skip
    return Draft(
        id=id_,
        name=name_words(id_),
        posture=listed_postures(shown.postures[:1]),  # nobody changes it while they circle
        view=(shown.facing,),
        camera=camera_words(shown.facing),
        sides="none",
        repetitions=1,
        start=Pose("Let your arms hang.", tuple(arms)),
        steps=tuple(steps),
        questions=("What is it good for, and who must not do it? (purpose, safety)",),
        source=f"Learnt from one demonstration of {rounds.count} circles.",
    )
