"""Pictures of every state of the screen, taken of the real window.

    python -m benchmarks.screens ../shared/clips docs/screens [--full FOLDER] [--size 1280x720]

On a display of its own (Xvfb) ``posecoach run`` and ``posecoach calibrate`` are run as a
person runs them, in a window as large as the display, before a camera that is a live stream of
truth clips; keys are pressed through the display, and what it shows is taken from the
display's own memory. It takes about three minutes for each size. In the docs each state
stands at half of 1280x720, and for each other size there is a sheet; ``--full`` keeps every
picture unreduced.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import cv2
import numpy as np

from benchmarks.routine import ROOT, display
from posecoach.coach.state import Phase
from posecoach.errors import PoseCoachError
from posecoach.screen import palette
from posecoach.screen.scene import Scene, Steadier
from posecoach.screen.text import Image
from posecoach.screen.window import Window
from posecoach.session.practice_state import PracticeState
from posecoach.session.snapshot import Snapshot

SIZES = ("1280x720", "1920x1080", "720x1280")
FPS = 15.0
ON_SHEETS = (
    "setup-turn",
    "countdown",
    "correcting",
    "holding",
    "back",
    "unseen",
    "paused",
    "rest",
    "done-one",
)


class Stage:
    """The window, looked at from outside, and the camera before which a scene is played.

    Args:
        screen: the file with the display's pixels.
        out: where pictures are kept.
    """

    def __init__(self, screen: Path, size: tuple[int, int], out: Path) -> None:
        self._screen, self._size, self._out = screen, size, out
        self._now: tuple[Snapshot, PracticeState] | None = None
        self._seen: Scene | None = None
        self._images: dict[str, list[bytes]] = {}
        self.failed: list[str] = []
        self.window: Window | None = None

    def watch(self, window: type[Window]) -> None:
        """Know what the window is given to show, which tells when to take a picture."""
        show = window.show

        def told(
            its: Window, what: Snapshot | Image, practice: PracticeState | None = None
        ) -> None:
            self.window = its
            show(its, what, practice)
            if isinstance(what, Snapshot):
                self._now = what, practice or PracticeState()

        window.show = told  # type: ignore[assignment, method-assign]
        update = Steadier.update

        def steadied(its: Steadier, now: Scene) -> Scene:
            self._seen = update(its, now)
            return self._seen

        Steadier.update = steadied  # type: ignore[assignment, method-assign]

    @property
    def scene(self) -> Scene:
        """What is shown, in which sentences stand for a while."""
        assert self._seen is not None
        return self._seen

    @contextmanager
    def camera(self, first: list[bytes]) -> Iterator[str]:
        """The address of a camera that shows ``first``; ``play`` changes it."""
        from tests.helpers.acting import _Scene

        self._scene = _Scene(first, FPS, None, None, True, True)
        self._now = None
        try:
            yield self._scene.url
        finally:
            self._scene.close()

    def play(self, pictures: list[bytes]) -> None:
        """Show these from now on, again and again."""
        self._scene.change(pictures)

    def away(self, seconds: float) -> None:
        """The camera goes away and comes back."""
        self._scene.pause = (self._scene._now(), seconds)

    def until(self, true: Callable[[Snapshot, PracticeState], object], most_s: float = 25) -> bool:
        """Wait until the window shows something of the kind."""
        end = time.monotonic() + most_s
        while time.monotonic() < end:
            now = self._now
            if now is not None and true(*now):
                return True
            time.sleep(0.02)
        return False

    def take(
        self,
        name: str,
        true: Callable[[Snapshot, PracticeState], object],
        stands_s: float = 1.0,
        most_s: float = 25,
    ) -> None:
        """Keep what the display shows once this has been so for a while."""
        if not self.until(true, most_s):
            self.failed.append(name)
            return
        since = time.monotonic()
        while time.monotonic() - since < stands_s:
            time.sleep(0.02)
            if self._now is not None and not true(*self._now):
                since = time.monotonic()
                if not self.until(true, most_s):
                    self.failed.append(name)
                    return
        self.keep(name)

    def keep(self, name: str) -> None:
        """Keep what the display shows now."""
        from tests.helpers.displays import shown_on

        width, height = self._size
        self._out.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(self._out / f"{name}.png"), shown_on(self._screen)[:height, :width])

    def fill(self) -> None:
        """Draw the window as large as the display, as a person does; no desktop does it here."""
        self.until(lambda *_: True)
        self._to_window("windowsize", "--sync", *map(str, self._size))
        self.until(lambda *_: self.window is not None and self.window.size == self._size)

    def press(self, key: str) -> None:
        """Press a key, as a person does; nothing where no window is open."""
        self._to_window("key", "--window", key)

    @staticmethod
    def _to_window(command: str, option: str, *rest: str) -> None:
        found = subprocess.run(
            ["xdotool", "search", "--name", "PoseCoach"], capture_output=True, text=True
        ).stdout.split()
        if not found:
            return
        window = [option, found[-1]]
        subprocess.run(["xdotool", command, *window, *rest], check=False, timeout=30)


def phase(*wanted: Phase) -> Callable[[Snapshot, PracticeState], bool]:
    """Whether the coach is in one of these phases, with nothing around it."""

    def true(now: Snapshot, practice: PracticeState) -> bool:
        plain = practice.setup is None and practice.rest_s is None and practice.countdown_s is None
        return plain and now.state.phase in wanted

    return true


def told(words: str) -> Callable[[Snapshot, PracticeState], bool]:
    """Whether the set-up check says so."""
    return lambda now, practice: practice.setup is not None and words in practice.setup.wrong


class Clips:
    """Frames of the truth clips, as a camera would send them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, list[Image]] = {}

    def frames(self, name: str) -> list[Image]:
        """All frames of a clip."""
        from tests.helpers import mjpeg

        if name not in self._kept:
            self._kept = {name: mjpeg.clip_frames(self._folder / f"{name}.mp4")[0]}
        return self._kept[name]

    def clip(self, name: str, start_s: float = 0.0, end_s: float = 1e9) -> list[bytes]:
        """Part of a clip."""
        return sent(self.frames(name)[int(start_s * FPS) : int(min(end_s, 1e6) * FPS)])

    def room(self) -> Image:
        """A room without anybody: the left of a picture, again and again."""
        part = self.frames("standing-about")[0][:, :128]
        return np.hstack([part, part[:, ::-1], part, part[:, ::-1], part])


def sent(images: list[Image]) -> list[bytes]:
    """As JPEG."""
    return [cv2.imencode(".jpg", image)[1].tobytes() for image in images]


def smaller(image: Image, share: float) -> Image:
    """The picture from farther away."""
    border = round((1 / share - 1) * image.shape[0] / 2)
    wide = cv2.copyMakeBorder(image, border, border, border, border, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(wide, image.shape[1::-1]), dtype=np.uint8)


def wall(stage: Stage, clips: Clips) -> None:
    """The wall stretch, with everything that can come in between."""
    first = clips.frames("wall-stretch-correct")[0]
    room = clips.room()
    stage.take("setup-nobody", told("can't see you"))
    stage.play(sent([first // 7]))
    stage.take("setup-dark", told("dark"))
    stage.play(sent([first * 0]))
    stage.take("setup-black", told("black"))
    stage.play(clips.clip("cat-cow-correct", 0, 0.1))
    stage.take(
        "setup-turn",
        lambda now, practice: told("Turn")(now, practice) or told("Stand")(now, practice),
    )
    stage.play(sent([smaller(first, 0.53)]))
    stage.take("setup-far", told("nearer"))
    stage.play(sent([first]))
    stage.take(
        "setup-right",
        lambda now, practice: practice.setup is not None and practice.setup.fraction > 0.3,
        0.3,
    )
    stage.take("countdown", lambda now, practice: practice.countdown_s is not None, 0.6)
    stage.press("h")
    time.sleep(1.0)
    stage.keep("help")
    stage.press("h")
    stage.play(clips.clip("wall-stretch-correct"))
    stage.take("ready", phase(Phase.READY), 0.1)
    stage.take("holding", lambda *_: stage.scene.ring.label == "hold", 0.7)
    stage.take("returning", lambda *_: "Come back" in stage.scene.sentence, 0.2)
    stage.play(clips.clip("wall-stretch-elbow-not-90"))
    stage.take("correcting", lambda *_: stage.scene.corrected == "elbow_flexion_right", 0.2)
    stage.press("space")
    stage.take("paused", lambda _, practice: practice.paused)
    stage.press("m")
    time.sleep(0.7)
    stage.keep("paused-muted")
    stage.press("space")
    stage.play(sent([room]))
    stage.take("unseen", lambda now, _: now.state.phase is Phase.UNSEEN, 1.5)
    stage.play(sent([first]))
    stage.until(phase(Phase.READY, Phase.WAITING))
    stage.away(5.0)
    stage.take("camera-lost", lambda _, practice: practice.notice)
    stage.until(lambda _, practice: not practice.notice)
    stage.press("q")


def routine(stage: Stage, clips: Clips) -> None:
    """Rest, the next exercise, the back's line, the end; nothing can be kept."""
    cat = clips.clip("cat-cow-correct")
    front = clips.clip("overhead-reach-correct")
    stage.take("unsaved", lambda *_: stage.scene.tone == "note", 0.5)
    stage.play(cat[:1])
    stage.until(lambda _, practice: practice.countdown_s is not None)
    stage.until(lambda _, practice: practice.countdown_s is None and practice.setup is None)
    stage.play(cat)
    stage.take(
        "back", lambda now, _: now.state.phase is Phase.HOLDING and now.state.held_s > 0.5, 0.1
    )
    stage.take("done-one", phase(Phase.DONE), 0.8, 90)
    stage.take("rest", lambda _, practice: practice.rest_s is not None, 1.0)
    stage.play(front[:1])
    stage.take(
        "setup-next",
        lambda now, practice: practice.setup is not None and "Overhead" in now.exercise.name,
        0.2,
    )
    stage.until(lambda _, practice: practice.countdown_s is not None)
    stage.until(lambda _, practice: practice.countdown_s is None and practice.setup is None)
    stage.play(front)
    stage.take("moving", phase(Phase.MOVING), 0.0)
    stage.take("leaning", phase(Phase.HOLDING), 0.5)
    stage.take("done", phase(Phase.DONE), 0.8, 90)


def calibration(stage: Stage, clips: Clips) -> None:
    """A guided calibration."""
    stage.take("calibration", phase(Phase.HOLDING, Phase.WAITING), 0.5)
    stage.play(clips.clip("overhead-reach-correct"))
    stage.take("calibration-moving", phase(Phase.MOVING), 0.3)
    stage.take(
        "calibration-hold",
        lambda now, _: now.state.phase is Phase.HOLDING and bool(now.state.targets),
        0.3,
    )
    stage.press("q")


def run(arguments: list[str]) -> None:
    """The command itself, in this thread, which the window belongs to."""
    from posecoach.cli import cli

    try:
        cli.main(arguments, standalone_mode=False)
    except PoseCoachError as error:
        print(error, file=sys.stderr)


def play(
    stage: Stage,
    script: Callable[[Stage, Clips], None],
    clips: Clips,
    first: list[bytes],
    *arguments: str,
) -> None:
    """Run the command while the script plays before its camera."""
    over = threading.Event()
    with stage.camera(first) as url:

        def acting() -> None:
            try:
                stage.fill()
                script(stage, clips)
            finally:
                over.wait(1.0)
                stage.press("q")

        thread = threading.Thread(target=acting)
        thread.start()
        run([*arguments, "--source", url])
        over.set()
        thread.join()


def take_all(clips: Path, size: str, out: Path) -> list[str]:
    """Every state at one size; the names of those that did not come."""
    with ExitStack() as stack:
        screen = display(stack, size)
        width, height = map(int, size.split("x"))
        home = stack.enter_context(tempfile.TemporaryDirectory())
        subprocess.run(["xdotool", "mousemove", str(width), str(height)], check=True)
        stage = Stage(screen, (width, height), out)
        stage.watch(Window)
        theirs = Clips(clips)
        nobody = sent([theirs.room()])
        os.environ["POSECOACH_DATA"] = str(Path(home) / "data")
        short = ("--reps", "3", "--hold", "2.5")
        play(stage, wall, theirs, nobody, "run", "wall-stretch", *short)
        play(
            stage,
            calibration,
            theirs,
            theirs.clip("overhead-reach-correct", 0, 0.1),
            "calibrate",
            "overhead-reach",
            "--profile",
            "Ada",
        )
        (Path(home) / "file").write_text("")
        os.environ["POSECOACH_DATA"] = str(Path(home) / "file")  # no folder: nothing can be kept
        play(
            stage,
            routine,
            theirs,
            nobody,
            "run",
            "upper-back",
            "--only",
            "cat-cow,overhead-reach",
            "--reps",
            "1",
            "--hold",
            "2",
        )
    return stage.failed


def write(path: Path, image: Image) -> None:
    """Write a PNG of few colours: a third of the size, and text stays sharp.

    The screen's own colours are kept exactly, however little of the picture they cover.
    """
    from PIL import Image as Pillow

    picture = Pillow.fromarray(np.ascontiguousarray(image[..., ::-1]))
    meant = [value[::-1] for value in vars(palette).values() if isinstance(value, tuple)]
    of_picture = picture.quantize(128 - len(meant)).getpalette() or []
    colours = Pillow.new("P", (1, 1))
    colours.putpalette([part for colour in meant for part in colour] + of_picture)
    chosen = picture.quantize(palette=colours, dither=Pillow.Dither.NONE)
    chosen.save(path, optimize=True)


def sheet(images: list[Image], columns: int) -> Image:
    """Images of one size side by side."""
    gap = 6
    height, width = images[0].shape[:2]
    rows = -(-len(images) // columns)
    whole = np.full((rows * (height + gap), columns * (width + gap), 3), 255, np.uint8)
    for number, image in enumerate(images):
        y, x = number // columns * (height + gap), number % columns * (width + gap)
        whole[y : y + height, x : x + width] = image
    return whole


def _read(path: Path) -> Image:
    return np.asarray(cv2.imread(str(path)), dtype=np.uint8)


def reduced(image: Image, share: float) -> Image:
    """The image at ``share`` of its size."""
    small = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def main() -> int:
    """Take the pictures; 0 where every state came."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--full", type=Path)
    parser.add_argument("--size", choices=SIZES, help="only this one")
    given = parser.parse_args()
    failed = []
    with ExitStack() as stack:
        full = given.full or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for size in SIZES if given.size is None else (given.size,):
            # One display a process: OpenCV's window keeps to the first it has seen.
            code = "import sys; from pathlib import Path; from benchmarks.screens import take_all"
            code += "; print(*take_all(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))"
            done = subprocess.run(
                [sys.executable, "-c", code, str(given.clips), size, str(full / size)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            failed += [f"{size} {line}" for line in done.stdout.splitlines()[-1:] if line.strip()]
            failed += [f"{size} ended badly"] * (done.returncode != 0)
            reduce_all(full / size, given.out, size)
    print("\n".join(failed) or "Every state was there.")
    return int(bool(failed))


def reduce_all(full: Path, out: Path, size: str) -> None:
    """The pictures as they stand in the docs."""
    out.mkdir(parents=True, exist_ok=True)
    images = {path.stem: _read(path) for path in sorted(full.glob("*.png"))}
    if size == SIZES[0]:
        for name, image in images.items():
            write(out / f"{name}.png", reduced(image, 0.5))
        return
    width, height = map(int, size.split("x"))
    share = 320 / width if height > width else 480 / width
    chosen = [reduced(images[name], share) for name in ON_SHEETS if name in images]
    if chosen:
        write(out / f"all-{size}.png", sheet(chosen, 3))


if __name__ == "__main__":
    sys.exit(main())
