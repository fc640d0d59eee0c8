"""The loop around the practice: steady coaching whatever display and voice do, and keys."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

import numpy as np
import pytest

from posecoach.body.catalogue import moments
from posecoach.errors import ModelError, SourceError
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.pose.pose import Pose
from posecoach.practice.live import Hooks, LiveCoaching
from posecoach.practice.moment import Moment
from posecoach.practice.notices import NOT_KEPT
from posecoach.practice.pace import OVER_S, WARM_UP_S, Pace
from posecoach.practice.practice import Part, Practice
from posecoach.practice.setup_check import BLACKNESS
from posecoach.screen.keys import Action
from posecoach.session.session import Session
from posecoach.source.frame import Frame
from posecoach.source.remarks import LEAST_FPS
from posecoach.source.source import Waiting
from posecoach.store.store import Store
from posecoach.store.transfer import import_file
from posecoach.store.values import StoredExercise
from posecoach.voice.script import Script
from posecoach.voice.voice import Voice
from tests.helpers.places import DATA
from tests.helpers.practising import BLACK, DOWN, GREY, NOBODY, UP, plan


class FakeCamera:
    """A camera: always the newest frame, by the clock.

    Args:
        seconds: after which it ends.
        lost: (from, to) seconds in which it is lost.
        frozen: (from, to) seconds in which it shows the same picture again and again.
        picture: which one that is.
    """

    name, live, static, mirror_display = "fake camera", True, False, True
    fps, size = 30.0, (640, 480)
    frame_count = duration_s = None
    ended_early: str | None = None
    remarks: tuple[str, ...] = ()

    def __init__(
        self,
        seconds: float,
        lost: tuple[float, float] = (0.0, 0.0),
        frozen: tuple[float, float] = (0.0, 0.0),
        picture: np.ndarray = GREY,
    ) -> None:
        self.started_monotonic: float | None = None
        self._seconds, self._lost, self._frozen = seconds, lost, frozen
        self._picture = picture
        self.handed = 0

    def watch(self) -> Iterator[Frame | Waiting]:
        began = self.started_monotonic = time.monotonic()
        shown = -1
        while (now := time.monotonic() - began) < self._seconds:
            if self._lost[0] <= now < self._lost[1]:
                yield Waiting("The camera fake stopped sending pictures.")
                time.sleep(0.1)
                continue
            newest = int(now * self.fps)
            if newest == shown:
                time.sleep(0.003)
                continue
            shown = newest
            self.handed += 1
            frozen = self._frozen[0] <= now < self._frozen[1]
            yield Frame(self._picture if frozen else GREY, newest / self.fps, repeated=frozen)

    def frames(self) -> Iterator[Frame]:
        return (item for item in self.watch() if isinstance(item, Frame))

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class FakeEyes:
    """Sees what the script says for the time; takes as long as it is told."""

    def __init__(self, script: Callable[[float], Pose], busy_s: float = 0.0) -> None:
        self._script, self._busy_s = script, busy_s

    changed = False

    def hear(self, snapshot: Any) -> None:
        pass

    def see(self, frame: Frame) -> Pose:
        time.sleep(self._busy_s)
        return replace(self._script(frame.time_s), time_s=np.asarray(frame.time_s))


class FakeWindow:
    """A window that draws slowly and presses keys by itself."""

    def __init__(self, draws_s: float = 0.0, press: dict[int, Action] | None = None) -> None:
        self.draws_s, self.press = draws_s, press or {}
        self.shown: list[tuple[float, Moment]] = []
        self.ages: list[float] = []
        self.closed = False
        self.thread: set[int] = set()
        self.began = time.monotonic()

    def show(self, snapshot: Any, practice: Any) -> None:
        self.thread.add(threading.get_ident())
        self.ages.append(time.monotonic() - self.began - snapshot.frame.time_s)
        self.shown.append((snapshot.frame.time_s, practice))
        time.sleep(self.draws_s)

    def keys(self, wait_ms: int = 1) -> list[Action]:
        action = self.press.pop(len(self.shown), None)
        return [] if action is None else [action]


def still(time_s: float) -> Pose:
    return DOWN


def practising(repetitions: int = 2) -> Practice:
    part = Part(plan(repetitions=repetitions))
    return Practice([part], "fake camera", setup=False)


def coach(camera: FakeCamera, eyes: FakeEyes, practice: Practice, **rest: Any) -> list[Any]:
    front = {name: rest.pop(name) for name in ("window", "voice") if name in rest}
    return LiveCoaching(practice, camera, hooks=Hooks(**rest), **front).run(eyes)  # type: ignore[arg-type]


def test_slow_drawing_does_not_slow_the_coaching_and_shows_only_now() -> None:
    camera, window = FakeCamera(3.0), FakeWindow(draws_s=0.25)
    told: list[Moment] = []
    coach(camera, FakeEyes(still), practising(), window=window, tell=told.append)
    assert len(told) == camera.handed
    assert len(told) > 3 * len(window.shown)  # most were left out, none was queued
    times = [time_s for time_s, _ in window.shown]
    assert times == sorted(set(times))
    assert window.thread == {threading.get_ident()}  # windows belong to the main thread
    # What is drawn is never older than one frame that was still being coached.
    assert np.median(window.ages) < 0.25


def test_a_slow_voice_holds_nothing_up() -> None:
    class Speech:
        def __init__(self) -> None:
            self.until = time.monotonic() + 3.0

        def done(self) -> bool:
            return time.monotonic() > self.until

        def problem(self) -> str:
            return ""

        def stop(self) -> None:
            self.until = 0.0

    class Slow:
        said: list[str] = []  # noqa: RUF012

        def start(self, text: str) -> Speech:
            time.sleep(0.5)  # a system that takes its time even to begin
            self.said.append(text)
            return Speech()

        def close(self) -> None: ...

    def script(time_s: float) -> Pose:
        return UP if 1.0 < time_s < 3.0 else DOWN

    camera, told = FakeCamera(4.0), list[Moment]()
    with Voice(Slow()) as voice:
        front = {"voice": voice, "window": FakeWindow(), "tell": told.append}
        (result,) = coach(camera, FakeEyes(script), practising(), **front)
    assert result.repetitions["both"] == 1
    assert len(told) == camera.handed
    assert 1 <= len(Slow.said) < 4  # sentences it had no time for were dropped


def test_keys_do_what_they_say() -> None:
    window = FakeWindow(press={5: Action.PAUSE, 20: Action.PAUSE, 40: Action.QUIT})
    practice = practising()
    (result,) = coach(FakeCamera(20.0), FakeEyes(still), practice, window=window)
    paused = [bool(practice.paused) for _, practice in window.shown]
    assert not any(paused[:5])
    assert any(paused[6:21])
    assert not paused[-1]
    assert result.duration_s < 10


def test_closing_the_window_ends_it() -> None:
    window = FakeWindow()
    window.press = {3: Action.MUTE}

    def keys(wait_ms: int = 1) -> list[Action]:
        window.closed = len(window.shown) > 3
        return []

    window.keys = keys  # type: ignore[method-assign]
    (result,) = coach(FakeCamera(20.0), FakeEyes(still), practising(), window=window)
    assert result.duration_s < 10


def test_a_lost_camera_is_told_and_forgiven() -> None:
    notices: list[str] = []

    def tell(moment: Moment) -> None:
        notices.append(moment.practice.notice)

    def script(time_s: float) -> Pose:
        return UP if 0.7 < time_s < 5.0 else DOWN

    camera = FakeCamera(6.5, lost=(1.2, 3.4))
    (result,) = coach(camera, FakeEyes(script), practising(), tell=tell)
    told = {notice for notice in notices if notice}
    assert told == {"The camera fake stopped sending pictures. Trying again."}
    assert not notices[-1]
    assert result.repetitions["both"] == 1
    assert result.holds[0].held_s < 3.0  # what nobody saw was not held


def test_a_frozen_camera_is_told_and_what_it_shows_is_no_evidence() -> None:
    told: list[tuple[float, str]] = []

    def tell(moment: Moment) -> None:
        told.append((moment.snapshot.frame.time_s, moment.practice.notice))

    def script(time_s: float) -> Pose:
        return UP if 0.7 < time_s < 1.2 else DOWN  # the frozen picture shows the arms up

    camera = FakeCamera(4.5, frozen=(1.1, 3.4))
    (result,) = coach(camera, FakeEyes(script), practising(), tell=tell)
    frozen = [time_s for time_s, notice in told if notice]
    assert {notice for _, notice in told if notice} == {
        "The camera stands still: it sends no new picture."
    }
    assert frozen[0] > 2.0
    assert not told[-1][1]
    assert result.repetitions["both"] == 0  # the arms were up for half a second as far as seen


def test_a_shutter_that_is_closed_in_the_middle_is_told_as_that() -> None:
    """Some cameras make pictures without any noise behind it: they equal each other."""
    told: list[str] = []
    camera = FakeCamera(3.0, frozen=(0.6, 2.4), picture=BLACK)
    coach(
        camera,
        FakeEyes(lambda time_s: DOWN if time_s < 0.6 or time_s > 2.4 else NOBODY),
        practising(),
        tell=lambda moment: told.append(moment.practice.notice),
    )
    assert {notice for notice in told if notice} == {BLACKNESS}
    assert not told[-1]


def test_an_error_behind_the_window_comes_before_it() -> None:
    def broken(time_s: float) -> Pose:
        raise SourceError("It broke; mend it.")

    with pytest.raises(SourceError, match="mend it"):
        coach(FakeCamera(5.0), FakeEyes(broken), practising(), window=FakeWindow())


def test_a_machine_too_slow_says_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.practice.pace.WARM_UP_S", 0.3)
    monkeypatch.setattr("posecoach.practice.pace.OVER_S", 1.0)
    said: list[str] = []
    eyes = FakeEyes(still, busy_s=0.25)
    coach(FakeCamera(3.0), eyes, practising(), warn=said.append)
    assert len(said) == 1
    assert "pictures a second" in said[0]


def test_a_lighter_model_takes_over_on_a_slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.practice.pace.WARM_UP_S", 0.3)
    monkeypatch.setattr("posecoach.practice.pace.OVER_S", 1.0)
    quick: list[float] = []

    def script(time_s: float) -> Pose:
        quick.append(time_s)
        return DOWN

    window = FakeWindow()
    slow, light = FakeEyes(still, busy_s=0.25), FakeEyes(script)
    coach(FakeCamera(4.0), slow, practising(), window=window, lighter=lambda: light)
    assert quick
    assert any("lighter model" in practice.remark for _, practice in window.shown)


class Clock:
    """Time that passes only where somebody works or waits."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class FilmedCamera(FakeCamera):
    """A person filmed before, by that clock."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        super().__init__(seconds)
        self._clock = clock

    def watch(self) -> Iterator[Frame | Waiting]:
        began = self.started_monotonic = self._clock.now
        shown = -1
        while (now := self._clock.now - began) < self._seconds:
            newest = int(now * self.fps)
            if newest == shown:
                self._clock.sleep(0.003)
                continue
            shown = newest
            yield Frame(GREY, newest / self.fps)


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> StoredExercise:
    """What the model saw of a person doing the wall stretch, and what that came to."""
    folder = tmp_path_factory.mktemp("store")
    import_file(DATA / "store" / "wall-stretch.posecoach", folder)
    with Store.open(folder) as store:
        return store.load("last").exercises[0]


SLOW = "move slowly, and close other programs."
LIGHTER = "a lighter model takes over."


@pytest.mark.parametrize(
    ("light_s", "told"),
    [(0.12, [LIGHTER]), (0.2, [LIGHTER, SLOW]), (None, [SLOW]), (ModelError("x"), [SLOW])],
    ids=["light enough", "not light enough", "nothing lighter", "broken"],
)
def test_on_a_slow_machine_counts_stay_right(
    filmed: StoredExercise,
    light_s: float | ModelError | None,
    told: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Five frames a second at first, then eight where a lighter model is there."""
    assert filmed.poses is not None
    poses, times, clock = filmed.poses, filmed.times, Clock()
    monkeypatch.setattr("posecoach.practice.live.time", clock)
    monkeypatch.setattr("posecoach.practice.notices.time", clock)
    monkeypatch.setattr("posecoach.practice.notices.REMARK_S", 4.0)

    class SlowEyes:
        def __init__(self, busy_s: float) -> None:
            self.busy_s, self.looked = busy_s, 0

        changed = False

        def hear(self, snapshot: Any) -> None:
            pass

        def see(self, frame: Frame) -> Pose:
            self.looked += 1
            clock.sleep(self.busy_s)
            row: Any = min(int(np.searchsorted(times, frame.time_s)), len(times) - 1)
            return replace(moments(poses, row), time_s=np.asarray(frame.time_s))

    light = SlowEyes(light_s) if isinstance(light_s, float) else None

    def lighter() -> Any:
        if isinstance(light_s, ModelError):
            raise light_s
        return light

    script, said, warned = Script(), [], []

    class Ear:
        muted = False

        def hear(self, snapshot: Any, practice: Any) -> None:
            said.extend(getattr(item, "text", "") for item in script.update(snapshot, practice))

    plan = make_plan(standard_library().find("wall-stretch"), hold=2, repetitions=2)
    whole = Session(plan, "every picture")
    for row, time_s in enumerate(times):
        whole.see(Frame(np.zeros((1, 1, 3), np.uint8), float(time_s)), moments(poses, row))
    every = whole.finish()
    (result,) = LiveCoaching(
        Practice([Part(plan)], "fake camera", guided=False),
        FilmedCamera(clock, float(times[-1])),  # type: ignore[arg-type]
        voice=Ear(),  # type: ignore[arg-type]
        hooks=Hooks(warn=warned.append, lighter=lighter),
    ).run(SlowEyes(0.2))  # type: ignore[arg-type]
    assert result.repetitions == every.repetitions
    mine, all_seen = ([h for h in r.holds if h.completed] for r in (result, every))
    for one, then in zip(mine, all_seen, strict=True):
        assert one.held_s == pytest.approx(then.held_s, abs=0.5)
    assert [words.partition(": ")[2] for words in warned] == told
    assert warned[0].startswith("This computer manages only 5 pictures a second")
    assert [text for text in said if "This computer" in text] == warned
    assert (light is not None and light.looked > 20) == isinstance(light_s, float)
    assert bool(result.notes) == (SLOW in told)


def test_what_cannot_be_kept_is_said_in_the_window() -> None:
    window = FakeWindow()
    full_after = 5
    coach(
        FakeCamera(2.0),
        FakeEyes(still),
        practising(),
        window=window,
        unsaved=lambda: len(window.shown) >= full_after,
    )
    lost = [practice.unsaved for _, practice in window.shown]
    assert not lost[0]
    assert lost[-1]
    assert NOT_KEPT in {practice.remark for _, practice in window.shown}


@pytest.mark.parametrize(("fps", "busy_s", "slow"), [(5, 0.2, True), (9, 0.11, False)])
def test_pace(fps: float, busy_s: float, slow: bool) -> None:
    pace = Pace()
    for number in range(round(20 * fps)):
        pace.worked(number / fps, busy_s)
    assert pace.too_slow == slow
    assert pace.fps == pytest.approx(fps, rel=0.1)


def test_a_camera_of_few_frames_is_not_a_slow_machine() -> None:
    pace = Pace()
    assert not any(pace.worked(number / 5, 0.02) for number in range(100))


@pytest.mark.parametrize("every", [3, 7, 20])
def test_a_quick_frame_now_and_then_hides_no_slow_machine(every: int) -> None:
    """One in four seconds was enough that it was never told."""
    pace, time_s, told_s = Pace(), 0.0, []
    for number in range(120):
        busy_s = 0.04 if number % every == 0 else 0.25
        time_s += busy_s
        if pace.worked(time_s, busy_s):
            told_s.append(time_s)
    assert told_s[0] < WARM_UP_S + OVER_S + 0.5
    assert pace.fps < LEAST_FPS


@pytest.mark.parametrize("every", [2, 3])
def test_who_looks_seldom_on_purpose_is_not_slow(every: int) -> None:
    """A machine that is often quick enough lets frames go by."""
    pace = Pace()
    for number in range(200):
        assert not pace.worked(number / 6, 0.04 if number % every else 0.09)


def test_a_hitch_is_no_slow_machine() -> None:
    pace = Pace()
    for number in range(200):
        late_s = 0.0 if number < 100 else 3.0
        assert not pace.worked(number / 7 + late_s, 3.0 if number == 100 else 0.04)


def test_frames_that_show_nothing_new_hide_no_slow_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.practice.pace.WARM_UP_S", 0.3)
    monkeypatch.setattr("posecoach.practice.pace.OVER_S", 1.0)
    said: list[str] = []

    class Camera(FakeCamera):
        def watch(self) -> Iterator[Any]:
            for number, frame in enumerate(super().watch()):
                yield replace(frame, repeated=True) if number % 3 == 2 else frame

    class Eyes(FakeEyes):
        def see(self, frame: Frame) -> Pose:
            self._busy_s = 0.0 if frame.repeated else 0.25
            return super().see(frame)

    coach(Camera(4.0), Eyes(still), practising(), warn=said.append)
    assert len(said) == 1


def test_once_too_slow_it_must_be_plainly_faster_to_be_well() -> None:
    pace = Pace()
    for number in range(100):
        pace.worked(number / 6, 0.16)
    assert pace.too_slow
    for number in range(200):
        pace.worked(17 + number / (LEAST_FPS + 1), 0.11)
    assert pace.too_slow


def test_stages_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    from posecoach.cli.terminal import TerminalTeller

    def script(time_s: float) -> Pose:
        return UP if 0.5 < time_s < 2.5 else DOWN

    with TerminalTeller(Console()) as tell:
        coach(FakeCamera(3.5), FakeEyes(script), practising(), tell=tell)
    out = capsys.readouterr().out
    assert "Arms up" in out
    assert "repetition (both)" in out


class SwiftCamera(FakeCamera):
    """Hands over every frame at once, whatever the clock says."""

    def watch(self) -> Iterator[Frame | Waiting]:
        self.started_monotonic = 0.0
        for number in range(int(self._seconds * self.fps)):
            self.handed += 1
            yield Frame(GREY, number / self.fps)


class CountingEyes(FakeEyes):
    """Remembers when it was asked to look."""

    def __init__(self, script: Callable[[float], Pose]) -> None:
        super().__init__(script)
        self.looks: list[float] = []

    def see(self, frame: Frame) -> Pose:
        self.looks.append(frame.time_s)
        return super().see(frame)


@pytest.mark.parametrize(
    ("speed", "oldest_s", "most"), [(60.0, 2 / 30, 1 / 3), (0.0, 5 / 30, 1 / 5)]
)
def test_every_picture_is_shown_with_what_was_found_last(
    monkeypatch: pytest.MonkeyPatch, speed: float, oldest_s: float, most: float
) -> None:
    """Of a camera's thirty a second each third is looked at while the body moves, and it is drawn
    over pictures that are at most two newer."""
    monkeypatch.setattr("posecoach.practice.live.QUICK_S", float("inf"))
    told: list[Moment] = []

    def script(time_s: float) -> Pose:
        return replace(DOWN, image=DOWN.image + np.array([speed * time_s, 0.0]))

    camera, eyes = SwiftCamera(6.0), CountingEyes(script)
    coaching = LiveCoaching(practising(), camera, hooks=Hooks(tell=told.append))
    coaching.run(eyes)  # type: ignore[arg-type]
    assert [each.snapshot.frame.time_s for each in told] == [n / 30 for n in range(camera.handed)]
    late = [each for each in told if each.snapshot.frame.time_s > 3.0]
    for each in late:
        age = each.snapshot.frame.time_s - max(
            look for look in eyes.looks if look <= each.snapshot.frame.time_s
        )
        assert age <= oldest_s + 1e-6
    looked = [look for look in eyes.looks if look > 3.0]
    assert len(looked) <= most * len(late) + 1
