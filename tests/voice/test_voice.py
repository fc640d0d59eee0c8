"""What is said, when, and what happens where the voice is slow, absent or interrupted."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecoach.coach.events import (
    AttemptEnded,
    Completed,
    CueGiven,
    Event,
    HoldBroken,
    HoldCompleted,
    Praised,
    StepReached,
    Unseen,
)
from posecoach.coach.state import CoachState, Phase
from posecoach.errors import MachineError
from posecoach.session.practice_state import PracticeState, SetupState
from posecoach.voice import speaker as speakers
from posecoach.voice.desk import Cut, Desk, Speak
from posecoach.voice.script import WAITS_S, Item, Outdated, Rank, Script, Utterance
from posecoach.voice.speaker import Command, CommandSpeaker, LineSpeaker, Speech, find_speaker
from posecoach.voice.tones import NOTES, RATE, Tones, samples, write_wave
from posecoach.voice.voice import Voice
from tests.helpers.moments import cue, moment, state

# -- the script ----------------------------------------------------------------------------


def spoken(items: tuple[Item, ...]) -> list[str]:
    heard = [item for item in items if not isinstance(item, Outdated)]
    return [item.text if isinstance(item, Utterance) else f"<{item.tone}>" for item in heard]


def play(
    script: Script,
    states: list[CoachState],
    rate: float = 15.0,
    practice: PracticeState | None = None,
) -> list[str]:
    heard: list[str] = []
    for n, one in enumerate(states):
        at = replace(one, time_s=one.time_s + n / rate)
        heard += spoken(script.update(moment(at), practice))
    return heard


def told(events: tuple[Event, ...], shown: CoachState | None = None) -> tuple[Item, ...]:
    return Script().update(moment(shown or state(), events=events))


def test_a_step_is_spelled_out_once_and_only_named_after_that() -> None:
    script = Script()
    ready = state(Phase.READY, step="forearm", say="Put your right forearm on the wall")
    turn = state(say="Turn away from the wall")
    heard = play(script, [ready] * 10 + [turn] * 10)
    assert heard == ["Put your right forearm on the wall", "Turn away from the wall"]
    again = [replace(one, time_s=10.0) for one in [ready] * 10 + [turn] * 10]
    assert play(script, again) == ["Forearm", "Turn"]


def test_a_step_that_comes_for_a_frame_is_not_said() -> None:
    script = Script()
    play(script, [state()] * 10)
    flicker = [state(say="Put your forearm on the wall"), state(), state(), state()]
    assert play(script, [replace(one, time_s=1.0) for one in flicker]) == []


def test_the_last_three_seconds_of_a_hold_are_counted_once_each() -> None:
    script = Script()
    play(script, [state()] * 10)
    holding = [state(Phase.HOLDING, held_s=n / 15, time_s=1.0) for n in range(75)]
    assert play(script, holding) == ["three", "two", "one"]


@settings(max_examples=25, deadline=None)
@given(st.floats(0.5, 8), st.integers(5, 30))
def test_counting_goes_down_and_never_names_the_whole_hold(hold_s: float, rate: int) -> None:
    script = Script()
    states = [
        state(Phase.HOLDING, held_s=min(hold_s, n / rate), hold_s=hold_s)
        for n in range(int(hold_s * rate) + 2)
    ]
    counts = [word for word in play(script, states, rate) if word in ("three", "two", "one")]
    assert counts == [word for n, word in ((3, "three"), (2, "two"), (1, "one")) if n < hold_s]


def test_a_broken_hold_is_counted_anew() -> None:
    script = Script()
    play(script, [state()] * 10)
    first = [state(Phase.HOLDING, held_s=2.5, time_s=1.0)]
    moving = [state(Phase.MOVING, held_s=0.0, time_s=2.0)]
    second = [state(Phase.HOLDING, held_s=2.5, time_s=3.0)]
    assert play(script, first + moving + second) == ["three", "three"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (StepReached(0, "turn", "right"), ["<reached>"]),
        (HoldCompleted(0, "turn", "right"), ["<held>"]),
        (HoldBroken(0, "turn", "right"), ["<lost>"]),
        (CueGiven(0, cue()), ["Bend your elbow more"]),
        (Unseen(0, "Show me your feet"), ["Show me your feet"]),
        (Praised(0, "That is better"), ["That is better"]),
        (Completed(0), ["<done>", "Well done. You have finished."]),
    ],
)
def test_events(event: Event, expected: list[str]) -> None:
    assert spoken(told((event,))) == expected


def test_a_safety_cue_has_the_highest_rank() -> None:
    (item,) = told((CueGiven(0, cue("Stop", "safety")),))
    assert isinstance(item, Utterance)
    assert item.rank is Rank.SAFETY


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ({"left": 0, "right": 1}, "Good. 2 more."),
        ({"left": 0, "right": 2}, "Good. One more."),
        ({"left": 0, "right": 3}, "Good. Now the left side."),
        ({"left": 3, "right": 3}, "Good."),
    ],
)
def test_a_repetition_is_praised_with_what_is_left(done: dict[str, int], expected: str) -> None:
    ended = AttemptEnded(0, "right", 0, 1, completed=True, accuracy=1, reason="")
    shown = state(Phase.READY, repetitions=done)
    assert spoken(told((ended, Praised(0, "Good")), shown)) == [expected]
    missed = replace(ended, completed=False, reason="not held")
    assert spoken(told((missed,), shown)) == []


@pytest.mark.parametrize(
    "other", [{"side": "left"}, {"phase": Phase.RETURNING}, {"step": "forearm"}]
)
def test_another_side_or_stage_outdates_what_waits(other: dict[str, object]) -> None:
    script = Script()
    first = script.update(moment())
    here = script.update(moment(state(cue=cue()), events=(CueGiven(0, cue()),)))
    there = script.update(moment(replace(state(), **other)))  # type: ignore[arg-type]
    assert not any(isinstance(item, Outdated) for item in (*first, *here))
    assert there[0] == Outdated("")
    again = script.update(moment(state(cue=cue())))
    assert again[0] == Outdated("Bend your elbow more")


def test_a_pause_silences_the_coach() -> None:
    script = Script()
    cued = moment(events=(CueGiven(0, cue()),))
    assert spoken(script.update(cued, PracticeState(paused="Paused"))) == ["Paused"]
    assert spoken(script.update(cued, PracticeState(paused="Paused"))) == []
    assert spoken(script.update(moment(), PracticeState())) == ["Going on"]


def test_a_rest_is_told_and_its_end_counted() -> None:
    script = Script()
    heard: list[str] = []
    for left in np.arange(20, -0.1, -0.5):
        practice = PracticeState(rest_s=(float(left), 20.0), next="Cat-Cow")
        heard += spoken(script.update(moment(), practice))
    assert heard == ["Rest. Next: Cat-Cow.", "three", "two", "one"]


def test_a_setup_correction_is_said_and_said_again_while_it_lasts() -> None:
    script = Script()
    heard: list[str] = []
    for n in range(8 * 15):
        practice = PracticeState(setup=SetupState("Turn your left side to the camera"))
        heard += spoken(script.update(moment(time_s=n / 15), practice))
    heard += spoken(script.update(moment(time_s=9.0), PracticeState(setup=SetupState("", 0.1))))
    assert heard == ["Turn your left side to the camera"] * 2 + ["Good. Stay there"]


def test_nothing_is_said_of_steps_while_the_person_is_not_seen() -> None:
    assert play(Script(), [state(Phase.UNSEEN)] * 20) == []


# -- the desk ------------------------------------------------------------------------------


def words(text: str, rank: Rank = Rank.STEP) -> Utterance:
    return Utterance(text, rank, WAITS_S[rank])


def test_one_sentence_at_a_time() -> None:
    desk = Desk()
    desk.offer(words("a"), 0)
    assert desk.turn(0, busy=False) == Speak(words("a"))
    desk.offer(words("b"), 0.1)
    assert desk.turn(0.2, busy=True) is None
    assert desk.turn(1.0, busy=False) == Speak(words("b"))
    assert desk.turn(1.1, busy=True) is None


def test_an_outdated_sentence_is_dropped() -> None:
    desk = Desk()
    desk.offer(words("three", Rank.COUNT), 0)
    assert desk.turn(0.5, busy=False) is None


@pytest.mark.parametrize(
    ("rank", "now", "stays"),
    [
        (Rank.CUE, "", False),
        (Rank.CUE, "Lean to your left", False),
        (Rank.CUE, "Lean to your right", True),  # the stage is another one, the fault is not
        (Rank.SAFETY, "", True),
        (Rank.STEP, "", True),
        (Rank.PRAISE, "", True),
    ],
)
def test_a_correction_of_the_other_side_waits_no_longer(rank: Rank, now: str, stays: bool) -> None:
    desk = Desk()
    desk.offer(words("Lean to your right", rank), 0)
    desk.turn_over(Outdated(now))
    assert desk.idle is not stays


def test_the_voice_does_not_correct_a_side_that_is_over() -> None:
    speaker = FakeSpeaker()
    right = replace(cue("Lean farther to your right"), side="right")
    with Voice(speaker) as voice:
        voice.say(words("a long sentence"))
        first = speaker.wait_for(1)
        voice.hear(moment(state(cue=right), events=(CueGiven(0, right),)))
        voice.hear(moment(state(side="left", say="Lean to your left"), time_s=0.1))
        voice.hear(moment(state(side="left", say="Lean to your left"), time_s=0.5))
        first.over.set()
        assert speaker.wait_for(2).text == "Lean to your left"


def test_the_newer_of_equals_and_the_higher_of_two_stay() -> None:
    desk = Desk()
    desk.offer(words("old", Rank.CUE), 0)
    desk.offer(words("new", Rank.CUE), 0.1)
    desk.offer(words("nice", Rank.PRAISE), 0.2)
    assert desk.turn(0.3, busy=False) == Speak(words("new", Rank.CUE))
    assert desk.turn(0.4, busy=False) is None


@pytest.mark.parametrize(
    ("running", "new", "cuts"),
    [
        (Rank.STEP, Rank.SAFETY, True),
        (Rank.COUNT, Rank.SAFETY, True),
        (Rank.SAFETY, Rank.SAFETY, False),
        (Rank.PRAISE, Rank.CUE, True),
        (Rank.PRAISE, Rank.STEP, False),
        (Rank.STEP, Rank.CUE, False),
        (Rank.CUE, Rank.COUNT, False),
    ],
)
def test_what_cuts_what(running: Rank, new: Rank, cuts: bool) -> None:
    desk = Desk()
    desk.offer(words("first", running), 0)
    desk.turn(0, busy=False)
    desk.offer(words("second", new), 0.1)
    assert isinstance(desk.turn(0.1, busy=True), Cut) is cuts
    if cuts:
        assert desk.turn(0.1, busy=False) == Speak(words("second", new))


@given(
    st.lists(
        st.tuples(st.floats(0, 0.5), st.sampled_from(list(Rank)), st.floats(0.1, 5)), max_size=60
    )
)
def test_nothing_is_ever_late(offers: list[tuple[float, Rank, float]]) -> None:
    """Whatever comes and however slow the voice, each is begun within its time or never."""
    desk, now, until = Desk(), 0.0, 0.0
    offered: dict[str, tuple[float, Utterance]] = {}
    begun: list[str] = []
    for n, (gap, rank, lasts) in enumerate(offers):
        now += gap
        utterance = words(f"{n}", rank)
        offered[utterance.text] = (now, utterance)
        desk.offer(utterance, now)
        for at in (now, now + gap / 2):
            step = desk.turn(at, busy=at < until)
            if isinstance(step, Cut):
                step, until = desk.turn(at, busy=False), at
            if isinstance(step, Speak):
                came, one = offered[step.utterance.text]
                assert at - came <= one.waits_s + 1e-9
                begun.append(one.text)
                until = at + lasts
    assert len(begun) == len(set(begun))


# -- the voice -----------------------------------------------------------------------------


@dataclass
class FakeSpeech:
    text: str
    over: threading.Event = field(default_factory=threading.Event)
    cut: bool = False
    failure: str = ""

    def done(self) -> bool:
        return self.over.is_set()

    def problem(self) -> str:
        return self.failure

    def stop(self) -> None:
        self.cut = True
        self.over.set()


class FakeSpeaker:
    """Says nothing; each sentence lasts until the test ends it."""

    def __init__(self) -> None:
        self.begun: list[FakeSpeech] = []
        self.closed = False

    def start(self, text: str) -> Speech:
        self.begun.append(FakeSpeech(text))
        return self.begun[-1]

    def close(self) -> None:
        self.closed = True

    def wait_for(self, count: int) -> FakeSpeech:
        until = time.monotonic() + 10
        while len(self.begun) < count and time.monotonic() < until:
            time.sleep(0.002)
        assert len(self.begun) >= count, "the sentence was never begun"
        return self.begun[count - 1]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_slow_voice_never_piles_up() -> None:
    speaker, clock = FakeSpeaker(), Clock()
    with Voice(speaker, clock=clock) as voice:
        voice.say(words("Bend your elbow", Rank.CUE))
        first = speaker.wait_for(1)
        for n in range(20):  # all these come while the voice is still speaking
            clock.now += 0.5
            voice.say(words(f"cue {n}", Rank.CUE))
        first.over.set()
        last = speaker.wait_for(2)
        assert last.text == "cue 19"
        last.over.set()
        voice.finish()
        assert len(speaker.begun) == 2
    assert speaker.closed


def test_what_waited_too_long_is_never_said() -> None:
    speaker, clock = FakeSpeaker(), Clock()
    with Voice(speaker, clock=clock) as voice:
        voice.say(words("a long sentence"))
        first = speaker.wait_for(1)
        voice.say(words("three", Rank.COUNT))
        clock.now = 3.0
        first.over.set()
        voice.finish()
        voice.say(words("next"))
        assert speaker.wait_for(2).text == "next"


def test_a_safety_cue_cuts_the_running_sentence() -> None:
    speaker = FakeSpeaker()
    with Voice(speaker) as voice:
        voice.say(words("a long explanation"))
        first = speaker.wait_for(1)
        voice.say(words("Stop, your knee", Rank.SAFETY))
        second = speaker.wait_for(2)
        assert first.cut
        assert second.text == "Stop, your knee"


def test_hearing_does_not_wait_for_the_voice() -> None:
    """The speaker blocks for ever; the coaching thread goes on."""

    class Stuck(FakeSpeaker):
        def start(self, text: str) -> Speech:
            speech = super().start(text)
            release.wait(20)
            return speech

    release = threading.Event()
    speaker = Stuck()
    with Voice(speaker) as voice:
        for n in range(30):
            voice.hear(moment(events=(CueGiven(n / 15, cue()),), time_s=n / 15))
        assert not release.is_set()
        assert len(speaker.begun) <= 1
        release.set()


def test_muting_cuts_and_silences_but_the_script_goes_on() -> None:
    speaker = FakeSpeaker()
    with Voice(speaker) as voice:
        voice.say(words("a long sentence"))
        first = speaker.wait_for(1)
        voice.muted = True
        assert first.over.wait(10)
        assert first.cut
        for n in range(20):
            voice.hear(moment(time_s=n / 15))
        voice.muted = False
        for n in range(20, 40):
            voice.hear(moment(time_s=n / 15))  # the step was told while muted: not again
        voice.say(words("heard"))
        assert speaker.wait_for(2).text == "heard"


def test_a_voice_that_cannot_be_begun_is_told_once_and_the_session_goes_on() -> None:
    class Broken(FakeSpeaker):
        def start(self, text: str) -> Speech:
            raise OSError("no sound device")

    with Voice(Broken()) as voice:
        voice.say(words("hello"))
        problem = wait_for_problem(voice)
        assert "no sound device" in problem
        assert "--mute" in problem
        voice.say(words("again"))
        voice.finish()
        assert voice.take_problem() == ""


def test_a_voice_that_fails_while_speaking_is_told_once() -> None:
    speaker = FakeSpeaker()
    with Voice(speaker) as voice:
        voice.say(words("hello"))
        speech = speaker.wait_for(1)
        speech.failure = "device lost"
        speech.over.set()
        assert "device lost" in wait_for_problem(voice)
        voice.say(words("again"))
        voice.finish()
        assert len(speaker.begun) == 1


def wait_for_problem(voice: Voice) -> str:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        problem = voice.take_problem()
        if problem:
            return problem
        time.sleep(0.005)
    raise AssertionError("no problem was told")


def test_a_machine_without_a_voice_is_silent_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speakers.shutil, "which", lambda name: None)
    with pytest.raises(MachineError, match="no voice"):
        find_speaker()
    with Voice.of_system() as voice:
        assert "no voice" in voice.take_problem()
        assert voice.take_problem() == ""
        voice.hear(moment(events=(CueGiven(0, cue()),)))
        voice.finish()
    with Voice.of_system(muted=True) as voice:
        assert voice.take_problem() == ""  # who asked for silence need not hear of it


def test_closing_twice_is_harmless() -> None:
    voice = Voice(FakeSpeaker())
    voice.close()
    voice.close()


# -- real processes ------------------------------------------------------------------------

ECHO = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"
SLEEP = "import sys, time; sys.stdin.read(); time.sleep(60)"
LINES = """
import sys
for line in sys.stdin:
    open(sys.argv[1], 'a').write(line)
    print('.', flush=True)
"""


def until_done(speech: Speech) -> None:
    until = time.monotonic() + 20
    while not speech.done() and time.monotonic() < until:
        time.sleep(0.01)
    assert speech.done()


def test_a_program_gets_the_sentence_on_its_input(tmp_path: Path) -> None:
    """Not among its arguments, where a sentence that begins with a dash would be an option."""
    out = tmp_path / "said"
    speaker = CommandSpeaker(Command((sys.executable, "-c", ECHO, str(out))))
    speech = speaker.start("-v 78° → 90°,\nor so")
    until_done(speech)
    assert out.read_text() == "-v 78 degrees to 90 degrees, or so\n"
    assert speech.problem() == ""


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("51° → 90°", "51 degrees to 90 degrees"),
        ("1° more", "1 degree more"),
        ("21° more", "21 degrees more"),
        ("−5°, 10–20°", "minus 5 degrees, 10 to 20 degrees"),
        ("Hold 5 s – slowly", "Hold 5 seconds, slowly"),
        ("100 %", "100 percent"),
        ("I can’t see you", "I can't see you"),
    ],
)
def test_signs_are_written_out_for_the_voice(written: str, spoken: str, tmp_path: Path) -> None:
    out = tmp_path / "said"
    speech = CommandSpeaker(Command((sys.executable, "-c", ECHO, str(out)))).start(written)
    until_done(speech)
    assert out.read_text() == spoken + "\n"


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_a_real_voice_speaks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Through ALSA's own device that swallows all sound; without any it says what is wrong."""
    device = tmp_path / "asound.conf"
    device.write_text("pcm.!default { type null }\nctl.!default { type null }\n")
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(device))
    speaker = CommandSpeaker(Command(("espeak-ng", "--stdin")))
    speech = speaker.start("Bend your elbow more, to 90°.")
    until_done(speech)
    assert speech.problem() == ""
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "none"))
    speech = speaker.start("Nobody hears this.")
    until_done(speech)
    assert speech.problem()


def test_a_running_program_can_be_cut(tmp_path: Path) -> None:
    cancelled = tmp_path / "cancelled"
    cancel = (sys.executable, "-c", f"open({str(cancelled)!r}, 'w')")
    speech = CommandSpeaker(Command((sys.executable, "-c", SLEEP), cancel)).start("long")
    assert not speech.done()
    speech.stop()
    assert speech.done()
    assert cancelled.exists()


@pytest.mark.parametrize(
    "code",
    ["import sys; sys.exit('no device')", "import sys; sys.stderr.write('error: no device')"],
)
def test_a_program_that_fails_tells_why(code: str) -> None:
    speech = CommandSpeaker(Command((sys.executable, "-c", code))).start("hello")
    until_done(speech)
    assert "no device" in speech.problem()


def test_a_program_kept_running_says_line_after_line(tmp_path: Path) -> None:
    out = tmp_path / "said"
    speaker = LineSpeaker([sys.executable, "-c", LINES, str(out)])
    for text in ("one\nline", "two"):
        speech = speaker.start(text)
        until_done(speech)
        assert speech.problem() == ""
    assert out.read_text() == "one line\ntwo\n"
    speaker.close()


def test_a_program_kept_running_is_cut_and_begins_again(tmp_path: Path) -> None:
    out = tmp_path / "said"
    code = LINES.replace("print(", "import time; time.sleep(60 * ('long' in line)); print(")
    speaker = LineSpeaker([sys.executable, "-c", code, str(out)])
    long = speaker.start("long")
    long.stop()
    short = speaker.start("short")
    until_done(short)
    assert short.problem() == ""
    speaker.close()


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_the_real_voice_speaks_or_tells_why() -> None:
    """With a sound device it ends without a problem, without one it names it."""
    speech = CommandSpeaker(Command(("espeak-ng", "--stdin"))).start("Hello")
    until_done(speech)
    problem = speech.problem()
    assert problem == "" or "error" in problem.lower()


# -- tones ---------------------------------------------------------------------------------


@pytest.mark.parametrize("tone", list(NOTES))
def test_a_tone_is_short_soft_and_does_not_click(tone: str) -> None:
    found = samples(tone)  # type: ignore[arg-type]
    assert 0.15 < len(found) / RATE < 0.8
    assert np.abs(found).max() <= 0.36
    assert np.abs(found).max() > 0.1
    assert abs(found[0]) < 0.01
    assert abs(found[-1]) < 0.01
    # A click is a jump; the steepest a note can be is its own slope.
    highest = max(hertz for hertz, _ in NOTES[tone])  # type: ignore[index]
    assert np.abs(np.diff(found)).max() < 2 * np.pi * highest * 2 / RATE * 0.36


def test_reached_rises_and_lost_falls() -> None:
    def pitch(part: np.ndarray) -> float:
        return float(np.argmax(np.abs(np.fft.rfft(part))) * RATE / len(part))

    reached, lost = samples("reached"), samples("lost")
    assert pitch(reached[: int(0.09 * RATE)]) < pitch(reached[int(0.09 * RATE) :])
    assert pitch(lost[: int(0.12 * RATE)]) > pitch(lost[int(0.12 * RATE) :])


def test_tones_are_played_by_a_process_and_cleaned_up(tmp_path: Path) -> None:
    played = tmp_path / "played"
    code = f"import sys, shutil; shutil.copy(sys.argv[1], {str(played)!r})"
    tones = Tones(player=(sys.executable, "-c", code))
    tones.play("held")
    until = time.monotonic() + 20
    while not played.exists() and time.monotonic() < until:
        time.sleep(0.01)
    tones.close()
    expected = tmp_path / "expected.wav"
    write_wave("held", expected)
    assert played.stat().st_size <= expected.stat().st_size


def test_without_a_player_tones_are_silent() -> None:
    tones = Tones(player=())
    tones.play("lost")
    tones.close()


def test_a_tone_and_the_newest_only() -> None:
    class Counting(Tones):
        def play(self, tone: object) -> None:
            heard.append(tone)

    heard: list[object] = []
    with Voice(FakeSpeaker(), Counting(player=())) as voice:
        voice.hear(moment(events=(StepReached(0, "turn", "right"),)))
        voice.finish()
        assert heard == ["reached"]
        with voice._changed:  # its thread must not come in between
            voice.play("lost")
            voice.play("held")
        voice.finish()
    assert heard == ["reached", "held"]
