"""A whole stretch over the line of the page, with a program in the browser's place.

Each picture is sent when the last was taken, with the time it has in the clip: so the coach sees
what it sees in a recording, on a machine of any speed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("starlette", reason="the extra 'web' is not installed")

from websockets.sync.client import connect

from posecoach.cli.demo import CLIP
from posecoach.coach.events import Completed
from posecoach.data import data_dir
from posecoach.exercise.library import standard_library
from posecoach.plan.plan import make_plan
from posecoach.pose.pose import Pose
from posecoach.practice.practice import Part
from posecoach.session.result import Result
from posecoach.source.frame import Frame
from posecoach.store.saving import Saving
from posecoach.store.store import Store
from posecoach.web.camera import HEAD, PageCamera
from posecoach.web.practice_work import PracticeWork
from posecoach.web.sitting import Ending
from tests.helpers.store_sessions import plan_of
from tests.helpers.web import served

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def pictures() -> Iterator[tuple[float, bytes]]:
    """The demo's clip (a good repetition on each side, and one to correct): milliseconds and JPEG
    of each frame, then its last picture for a while."""
    capture = cv2.VideoCapture(str(data_dir("demo") / CLIP))
    fps = capture.get(cv2.CAP_PROP_FPS)
    number, packed = 0, b""
    while True:
        there, image = capture.read()
        if not there:
            break
        packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
        yield 1000 * number / fps, packed
        number += 1
    capture.release()
    for _ in range(round(12 * fps)):  # the words at the end stand for some seconds
        yield 1000 * number / fps, packed
        number += 1


def test_a_whole_stretch_comes_to_what_the_recording_comes_to(tmp_path: Path, bundle: Path) -> None:
    heard: dict[str, list[Any]] = {}
    with served(tmp_path) as house:
        house.enter()
        form = b"id=wall-stretch&setup=no&repetitions=1&hold=2"
        assert house.ask("POST", f"{house.root}/practise", form, FORM)[0].status == 303
        url = f"ws://127.0.0.1:{house.port}{house.root}/talk"
        cookie = {"Cookie": house.cookie}
        with connect(url, origin=house.origin, additional_headers=cookie) as line:  # type: ignore[arg-type]
            line.send(json.dumps({"kind": "camera", "name": "a clip"}))

            def listen() -> dict[str, Any]:
                said: dict[str, Any] = json.loads(line.recv(timeout=60))
                heard.setdefault(said["kind"], []).append(said)
                if said["kind"] == "say":
                    line.send(json.dumps({"kind": "spoken", "number": said["number"]}))
                return said

            for number, (captured_ms, picture) in enumerate(pictures()):
                line.send(HEAD.pack(number, captured_ms) + picture)
                said = listen()
                while said["kind"] not in ("looking", "over"):
                    said = listen()
                if said["kind"] == "over":
                    break
    (over,) = heard["over"]
    assert over["words"][0].startswith("Wall stretch: 2 of ")
    assert over["done"]
    with Store.open(tmp_path) as store:
        row = store.find("last")
    assert row.source == "a clip"
    assert over["href"] == f"/sessions/{row.number}"
    tallies = row.exercises[0].tallies
    assert {side: tallies[side].repetitions for side in ("left", "right")} == {
        "left": 1,
        "right": 1,
    }
    scenes = heard["scene"]
    assert {"Get ready", "Well done. You have finished"} <= {each["sentence"] for each in scenes}
    assert any(each["ring"]["label"] == "hold" for each in scenes)
    assert all(each["number"] >= 0 for each in scenes)
    kinds = {stroke[0] for each in scenes for stroke in each["body"]}
    assert {"line", "disc", "text", "card"} <= kinds
    said_words = [each["words"] for each in heard["say"]]
    assert any(words.startswith("Bend your") for words in said_words)
    assert "Well done. You have finished." in said_words
    assert {each["tone"] for each in heard["tone"]} >= {"reached", "held", "done"}


def test_who_did_nothing_is_not_praised(tmp_path: Path) -> None:
    plan = make_plan(standard_library().find("wall-stretch"))
    ending = PracticeWork([Part(plan)], "Wall stretch", Saving(tmp_path)).end([])
    assert not ending.done


def test_what_was_done_goes_by_the_name_of_its_stretch(tmp_path: Path) -> None:
    plan = make_plan(standard_library().find("cat-cow"))
    work = PracticeWork([Part(plan)], "Cat and cow", Saving(tmp_path))
    work._recording = SimpleNamespace(unsaved=True, problem="the disk is full")  # type: ignore[assignment]
    result = Result("cat-cow", "camera")
    result.frames = 1
    assert work.end([result]).words[0] == "Cat and cow: no attempt was seen."


def test_who_leaves_a_side_out_is_not_praised_for_all_of_it(tmp_path: Path) -> None:
    plan = make_plan(standard_library().find("wall-stretch"), repetitions=1)
    work = PracticeWork([Part(plan)], "Wall stretch", Saving(tmp_path))
    work._recording = SimpleNamespace(unsaved=True, problem="the disk is full")  # type: ignore[assignment]
    result = Result("wall-stretch", "camera")
    result.frames, result.repetitions["left"] = 1, 1
    assert not work.end([result]).done
    result.add([Completed(2.0)])
    assert work.end([result]).done


def test_of_a_practice_ended_at_its_set_up_nothing_is_kept(tmp_path: Path) -> None:
    """Neither a row in the reports, nor a session that would be the last."""
    work = PracticeWork([Part(plan_of())], "Wall stretch", Saving(tmp_path))
    with ExitStack() as stack:
        practice = work.begin(stack, PageCamera(), "full")
        for _ in range(3):
            practice.see(Frame(np.zeros((4, 6, 3), np.uint8), 0.0), Pose.absent(0.0, (6, 4)))
        results = practice.finish()
    assert work.end(results) == Ending(("Nothing was begun, so nothing is kept.",), done=False)
    with Store.open(tmp_path) as store:
        assert store.sessions() == []
