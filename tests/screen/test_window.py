"""The window on a real display (Xvfb where it is installed)."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from posecoach.errors import MachineError
from posecoach.screen.display import display_available, display_problem
from posecoach.screen.layout import layout
from posecoach.screen.palette import GREEN, TEXT
from posecoach.screen.window import START_SIZE, Window
from tests.helpers.desk_keys import painted, press
from tests.helpers.displays import differs, shown_on
from tests.helpers.places import REPOSITORY

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X displays are Linux's")


def run(code: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a process of its own: HighGUI keeps one display a process."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**env, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=120,
    )


@linux
def test_without_a_display_there_is_a_sentence_and_no_crash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not display_available()
    with pytest.raises(MachineError, match="DISPLAY is not set"):
        Window()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert "Xwayland" in display_problem()


@linux
def test_a_display_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    assert "':987' does not answer" in display_problem()


def test_an_opencv_without_windows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import cv2

    monkeypatch.delattr(cv2, "imshow")
    assert "no windows" in display_problem()


SHOW = """
import cv2, time
from tests.helpers.desk_keys import press, until, window_called
from tests.helpers.moments import moment, state, target, cue
from posecoach.screen.window import Window
from posecoach.screen.paint import draw
with Window("PoseCoach test", size=(1000, 600)) as window:
    shown = moment(state(targets=(target(),), cue=cue()))
    for _ in range({frames}):
        window.show(shown)
        window.keys({wait})
    def showing(heard=[]):
        window.show(shown)
        heard += window.keys(20)
        return heard
    until(lambda: showing() is not None and window.size == (1000, 600), "the window's size")
    print(*window.size, window.closed)
    {then}
"""


def test_a_moment_is_on_the_display(display: dict[str, str], tmp_path: Path) -> None:
    """Looked at from outside, in the display's own memory: what is seen is what was drawn."""
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool, which finds windows, is not installed")
    then = f"""
    import numpy as np, shutil
    from pathlib import Path
    from tests.helpers.desk_keys import painted
    from tests.helpers.displays import differs
    drawn = draw(shown, window.size)
    np.save({str(tmp_path / "drawn.npy")!r}, drawn)
    painted("PoseCoach test", Path({str(tmp_path / "Xvfb_screen0")!r}), breathe=showing)
    for _ in range(200):  # a busy desktop takes its time to show what it was given
        window.show(shown)
        window.keys(50)
        shutil.copy({str(tmp_path / "Xvfb_screen0")!r}, {str(tmp_path)!r} + "/copy")
        if not differs({str(tmp_path)!r} + "/copy", drawn):
            break
"""
    result = run(SHOW.format(frames=1, wait=20, then=then.strip()), display)
    assert result.returncode == 0, result.stderr
    seen, drawn = shown_on(tmp_path / "copy"), np.load(tmp_path / "drawn.npy")
    assert not differs(tmp_path / "copy", drawn)
    height = len(drawn)
    assert not seen[height:].any()


def test_size_and_keys(display: dict[str, str]) -> None:
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool, which presses keys, is not installed")
    then = """
    heard = []
    for number, key in enumerate(("m", "space", "n", "r", "s", "z", "q")):
        press("PoseCoach test", key)
        if key != "z":  # which means nothing
            until(lambda: len(showing(heard)) >= number + (number < 5), key)
    print(*[action.name for action in heard])
    del heard[:]
    press("PoseCoach test", "f")
    until(lambda: showing(heard) is not None and window.full_screen, "full screen")
    press("PoseCoach test", "h")
    until(lambda: showing(heard) is not None and window._help, "the help")
    print(window.full_screen, heard)
"""
    result = run(SHOW.format(frames=5, wait=10, then=then.strip()), display)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "1000 600 False"
    assert lines[1] == "MUTE PAUSE NEXT REPEAT SIDE QUIT"
    assert lines[2:] == ["True []"]


def test_the_frames_x_closes_it(display: dict[str, str]) -> None:
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool, which finds windows, is not installed")
    then = """
    from tests.helpers.displays import ask_to_close
    ask_to_close(int(window_called("PoseCoach test")))
    until(lambda: window.keys(20) is None or window.closed, "the end")
    print(window.closed)
    window.show(shown)  # does not open it again
    print(window.closed)
"""
    result = run(SHOW.format(frames=5, wait=10, then=then.strip()), display)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[1:] == ["True", "True"]


def test_run_coaches_in_the_window(display: dict[str, str], tmp_path: Path, bundle: Path) -> None:
    """The whole command on a clip: a hold fills the ring on the display; q ends with a result."""
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool, which presses keys, is not installed")
    clip = REPOSITORY / "demo" / "wall-stretch.mp4"
    command = ["run", "wall-stretch", "--source", str(clip), "--hold", "1.5", "--mute"]
    process = subprocess.Popen(
        [sys.executable, "-m", "posecoach", *command, "--model", str(bundle)],
        env={**display, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    ring, picture = layout(START_SIZE).ring, layout(START_SIZE).picture
    filled: list[int] = []
    lines = 0
    try:
        painted("PoseCoach", tmp_path / "Xvfb_screen0", display)
        until = time.monotonic() + 90
        while time.monotonic() < until and process.poll() is None:
            time.sleep(0.05)
            seen = shown_on(tmp_path / "Xvfb_screen0")
            part = seen[ring.y : ring.bottom, ring.x : ring.right]
            filled.append(int((part == GREEN).all(axis=2).sum()))
            body = seen[picture.y : picture.bottom, picture.x : picture.right]
            lines = max(lines, int((body == TEXT).all(axis=2).sum()))
            if filled[-1] > 8000:  # all round: the hold is complete
                break
        if process.poll() is None:  # else the clip is over, and what was said tells why
            press("PoseCoach", "q", display)
        told, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, told
    growing = [count for count in filled if 0 < count <= 8000]
    assert filled[-1] > 8000, told
    assert len(set(growing)) > 1  # it filled before one's eyes
    # Where the hold began is told anew while the body comes to rest: by a tenth of a second of one
    # and a half at most.
    assert all(later > earlier - 8000 / 15 for earlier, later in pairwise(growing))
    assert lines > 500  # the skeleton
    assert "turn" in told
