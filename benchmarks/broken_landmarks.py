"""Broken streams of landmarks, from the cleaner to the report's numbers.

A body of plausible size moves as in an exercise; what the model is supposed to give is then
spoilt: numbers that are none, of no size, exchanged, at times that go back.
"""

from __future__ import annotations

import json
import math
from functools import cache
from random import Random

import numpy as np

from posecoach.cli.options import find_exercise
from posecoach.data import data_dir
from posecoach.exercise.library import definition_files
from posecoach.plan.plan import Plan, make_plan
from posecoach.pose.cleaner import PoseCleaner
from posecoach.pose.landmarks import COUNT, MIRROR
from posecoach.pose.pose import Floats, Pose
from posecoach.pose.subject import SubjectKeeper
from posecoach.session.session import Session
from posecoach.session.snapshot import Snapshot
from posecoach.source.frame import Frame
from posecoach.store.moments import KeptMoment, pack

SIZE = (64, 48)
FRAMES = 24
PICTURE = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
WILD = (math.nan, math.inf, -math.inf, 1e308, -1e308, 1e-320, 1e9, 0.0, -1.0)


@cache
def plans() -> tuple[Plan, ...]:
    """Every exercise, holds short."""
    ids = [path.stem for path in definition_files(data_dir("exercises"))]
    return tuple(make_plan(find_exercise(each, None), hold=0.5) for each in ids)


def trial(random: Random) -> str:
    """Coach one broken stream."""
    plan = random.choice(plans())
    session = Session(plan, "broken")
    given = list(stream(random, masks=session.observer.needs_mask))
    keeper, cleaner = SubjectKeeper(_Given(given)), PoseCleaner()
    moments = []
    for pose in given:
        time_s = float(pose.time_s)
        found = cleaner.update(keeper.estimate(PICTURE, time_s))
        snapshot = session.see(Frame(PICTURE, time_s), found)
        _judge(snapshot)
        moments.append(KeptMoment.of(snapshot, True))
    told = session.finish().as_json()
    assert told["accuracy"] is None or 0 <= told["accuracy"] <= 1, f"{told['accuracy']}"
    if all(math.isfinite(float(pose.time_s)) for pose in given):
        json.dumps(told, allow_nan=False)
        pack(moments, plan.measures, session.observer.drawn)
    if random.random() < 0.02:
        _draw(snapshot, random)
    return "somebody was coached" if told["frames_with_person"] else "nobody was seen"


class _Given:
    """An estimator that hands over what was made."""

    def __init__(self, poses: list[Pose]) -> None:
        self._poses = iter(poses)

    def estimate(self, image: object, time_s: float) -> Pose:
        """Return the next pose, whatever the picture."""
        return next(self._poses)


def _judge(snapshot: Snapshot) -> None:
    for name, reading in snapshot.readings.items():
        value, confidence = float(reading.value), float(reading.confidence)
        assert 0 <= confidence <= 1, f"{name} is trusted by {confidence}"
        assert math.isnan(value) or abs(value) <= 720, f"{name} is {value} degrees"
        assert not (math.isnan(value) and confidence), f"{name} is unknown and trusted"
    state = snapshot.state
    assert 0 <= state.held_s <= 1e6, f"held for {state.held_s} s"
    for target in state.targets:
        assert not math.isinf(target.value), f"{target.measure} is {target.value}"


def _draw(snapshot: Snapshot, random: Random) -> None:
    from posecoach.screen.paint import draw

    draw(snapshot, random.choice(((640, 360), (320, 700), (1, 1))))


def stream(random: Random, *, masks: bool) -> list[Pose]:
    """Return a body's poses, spoilt in some of many ways."""
    body = np.array([[random.gauss(0, 0.2), random.gauss(0, 0.5), 0.0] for _ in range(COUNT)])
    swing = np.array([[random.gauss(0, 0.15) for _ in range(3)] for _ in range(COUNT)])
    scale, turn = random.choice((1.0, 15.0, 15.0, 300.0)), random.uniform(0, math.tau)
    ways = random.sample(WAYS, random.choice((1, 1, 2, 3)))
    rate = random.choice((0.05, 0.3, 1.0))
    step_s = random.choice((0.01, 0.066, 0.066, 0.2, 2.0))
    poses = []
    for number in range(FRAMES):
        world = body + swing * math.sin(number / 4 + turn)
        pose = Pose(
            time_s=np.asarray(number * step_s),
            image=world[:, :2] * scale + (32.0, 24.0),
            world=world,
            visibility=np.full(COUNT, random.choice((1.0, 1.0, 0.6))),
            size=SIZE,
            mask=_mask(random) if masks or random.random() < 0.05 else None,
        )
        for way in ways:
            if random.random() < rate:
                with np.errstate(all="ignore"):
                    pose = way(pose, random)
        poses.append(pose)
    return poses


def _mask(random: Random) -> np.ndarray[tuple[int, int], np.dtype[np.float32]] | None:
    kind = random.randrange(6)
    if kind == 0:
        return None
    mask = np.zeros((SIZE[1], SIZE[0]), np.float32)
    if kind < 4:
        mask[random.randrange(40) :, random.randrange(60) :][:30, :30] = 1.0
    elif kind == 4:
        mask[:] = random.choice((1.0, math.nan, -5.0))
    return mask


def _with(pose: Pose, **other: object) -> Pose:
    from dataclasses import replace

    return replace(pose, **other)  # type: ignore[arg-type]


def _some(values: Floats, random: Random) -> Floats:
    values = values.copy()
    flat = values.reshape(-1)
    for _ in range(random.choice((1, 3, 20, len(flat)))):
        flat[random.randrange(len(flat))] = random.choice(WILD)
    return values


def _wild_image(pose: Pose, random: Random) -> Pose:
    return _with(pose, image=_some(pose.image, random))


def _wild_world(pose: Pose, random: Random) -> Pose:
    return _with(pose, world=_some(pose.world, random))


def _wild_visibility(pose: Pose, random: Random) -> Pose:
    return _with(pose, visibility=_some(pose.visibility, random))


def _exchanged(pose: Pose, random: Random) -> Pose:
    mirror = list(MIRROR)
    return _with(pose, image=pose.image[mirror], world=pose.world[mirror])


def _shuffled(pose: Pose, random: Random) -> Pose:
    order = list(range(COUNT))
    random.shuffle(order)
    return _with(pose, image=pose.image[order], world=pose.world[order])


def _one_landmark(pose: Pose, random: Random) -> Pose:
    image, world = np.full_like(pose.image, np.nan), np.full_like(pose.world, np.nan)
    kept = random.choice((0, 0, random.randrange(COUNT)))
    image[kept], world[kept] = pose.image[kept], pose.world[kept]
    return _with(pose, image=image, world=world)


def _one_place(pose: Pose, random: Random) -> Pose:
    return _with(pose, image=np.full_like(pose.image, 10.0), world=np.zeros_like(pose.world))


def _nobody(pose: Pose, random: Random) -> Pose:
    return Pose.absent(float(pose.time_s), pose.size)


def _other_time(pose: Pose, random: Random) -> Pose:
    now = float(pose.time_s)
    times = (0.0, now - 1.0, now - 0.01, now + 30.0, 1e12, -5.0, math.nan, math.inf, -math.inf)
    return _with(pose, time_s=np.asarray(random.choice(times)))


def _other_size(pose: Pose, random: Random) -> Pose:
    return _with(pose, size=random.choice(((1, 1), (7680, 4320), (48, 64))))


def _far_away(pose: Pose, random: Random) -> Pose:
    return _with(pose, image=pose.image * random.choice((1e-6, 1e4, 1e7)) + 1e3)


WAYS = (
    _wild_image,
    _wild_world,
    _wild_visibility,
    _exchanged,
    _shuffled,
    _one_landmark,
    _one_place,
    _nobody,
    _other_time,
    _other_size,
    _far_away,
)
