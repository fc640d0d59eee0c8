"""What smoothing gains and what it costs, on clips with known joints.

    python -m benchmarks.smoothing ../shared/clips --landmarks DIR [--faster 3] [--scan]

For each filter, over every in-plane angle that really moves in a clip:

- jitter: SD of the quick part of the angle's error (minus its running mean over half a
  second) in the holds (degrees, median over the holds);
- peak lost: how much of each movement's extreme the filter takes away, beside the same
  extreme unfiltered (degrees, median and 95th percentile);
- peak error: the extreme of a movement against the extreme of the truth (degrees, median);
- lag: the shift in time that fits the filtered angle best to the unfiltered one (ms);
- error: MAE against the truth over all frames (degrees).

``--faster N`` reads the clips as if they had been done N times as fast: short peaks.
``--landmarks`` names a folder of ``CLIP.npz`` with the estimator's raw output (arrays
``t`` (N,) s, ``image`` (N, 33, 2 or more) pixels, ``world`` (N, 33, 3) m).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posecoach.pose.landmarks import Landmark
from posecoach.pose.smoothing import OneEuro, Smoothing, metres_per_pixel

Floats = NDArray[np.float64]
Filter = Callable[[Floats, Floats, Floats], Floats]
"""(times (N,), image (N, 33, 2), metres a pixel (N,)) to image (N, 33, 2)."""

JOINTS: dict[str, tuple[Landmark, Landmark, Landmark]] = {
    "elbow left": (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    "elbow right": (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
    "shoulder left": (Landmark.LEFT_HIP, Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW),
    "shoulder right": (Landmark.RIGHT_HIP, Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW),
    "hip left": (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
    "hip right": (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE),
    "knee left": (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
    "knee right": (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE),
}
MOVES_DEG = 15.0
"""An angle counts in a clip if the truth's range is at least this."""
FOLLOWS = 0.9
"""... and if the raw angle follows it with at least this correlation: what the estimator
does not see at all says nothing about a filter."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip: raw landmarks, true landmarks, and when the truth holds still."""

    name: str
    time_s: Floats
    image: Floats
    true_image: Floats
    metres_per_pixel: Floats
    holds: list[tuple[float, float]]


def angle(image: Floats, joint: tuple[Landmark, Landmark, Landmark]) -> Floats:
    """(N,) degrees between the two limbs that meet in the middle landmark, in the picture."""
    first, middle, last = (image[:, point] for point in joint)
    a, b = first - middle, last - middle
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    result: Floats = np.degrees(np.arctan2(np.abs(cross), (a * b).sum(axis=1)))
    return result


def lean(image: Floats) -> Floats:
    """(N,) degrees of the line mid hips to mid shoulders from the vertical."""
    hips = (image[:, Landmark.LEFT_HIP] + image[:, Landmark.RIGHT_HIP]) / 2
    shoulders = (image[:, Landmark.LEFT_SHOULDER] + image[:, Landmark.RIGHT_SHOULDER]) / 2
    up = shoulders - hips
    result: Floats = np.degrees(np.arctan2(up[:, 0], -up[:, 1]))
    return result


def angles(image: Floats) -> dict[str, Floats]:
    """Every angle looked at here, (N,) degrees each."""
    found = {name: angle(image, joint) for name, joint in JOINTS.items()}
    found["lean"] = np.unwrap(lean(image), period=360.0)
    return found


def raw_landmarks(clip: Path, folder: Path) -> tuple[Floats, Floats, Floats]:
    """(N,) s, (N, 33, 2) pixels and (N, 33, 3) metres as the estimator gave them."""
    with np.load(folder / f"{clip.stem}.npz") as kept:
        return (
            kept["t"].astype(np.float64),
            kept["image"][:, :, :2].astype(np.float64),
            kept["world"].astype(np.float64),
        )


def load(clips: Path, folder: Path) -> Iterator[Clip]:
    """Every clip of the folder that has its truth beside it."""
    for video in sorted(clips.glob("*.mp4")):
        time_s, image, world = raw_landmarks(video, folder)
        with np.load(video.with_suffix(".npz")) as truth:
            true_image = truth["image"].astype(np.float64)
        count = min(len(image), len(true_image))
        note = json.loads(video.with_suffix(".json").read_text(encoding="utf-8"))
        yield Clip(
            name=video.stem,
            time_s=time_s[:count],
            image=image[:count],
            true_image=true_image[:count],
            metres_per_pixel=np.array(
                [metres_per_pixel(a, b) for a, b in zip(image[:count], world[:count], strict=True)]
            ),
            holds=[(hold["start_s"], hold["end_s"]) for hold in note["holds"]],
        )


def unfiltered(_time_s: Floats, image: Floats, _scale: Floats) -> Floats:
    """No filter."""
    return image


def running_mean(frames: int) -> Filter:
    """Mean of the last frames."""

    def apply(_time_s: Floats, image: Floats, _scale: Floats) -> Floats:
        return np.stack(
            [image[max(0, i + 1 - frames) : i + 1].mean(axis=0) for i in range(len(image))]
        )

    return apply


def running_median(frames: int) -> Filter:
    """Median of the last frames."""

    def apply(_time_s: Floats, image: Floats, _scale: Floats) -> Floats:
        return np.stack(
            [np.median(image[max(0, i + 1 - frames) : i + 1], axis=0) for i in range(len(image))]
        )

    return apply


def one_euro(smoothing: Smoothing) -> Filter:
    """One Euro on every landmark."""

    def apply(time_s: Floats, image: Floats, scale: Floats) -> Floats:
        euro = OneEuro(image.shape[1], 2, smoothing)
        usual = float(np.nanmedian(scale))
        return np.stack(
            [euro.update(float(t), a, usual) for t, a in zip(time_s, image, strict=True)]
        )

    return apply


def low_pass(cutoff_hz: float) -> Filter:
    """First-order low-pass with a fixed cutoff."""
    return one_euro(Smoothing(min_cutoff_hz=cutoff_hz, cutoff_per_speed=0.0))


FILTERS: dict[str, Filter] = {
    "none": unfiltered,
    "mean of 5 frames": running_mean(5),
    "median of 5 frames": running_median(5),
    "low-pass 1.5 Hz": low_pass(1.5),
    "low-pass 4 Hz": low_pass(4.0),
    "One Euro, as usual (1 Hz, 1 Hz/(m/s), speed 1 Hz)": one_euro(Smoothing(1.0, 1.0, 1.0)),
    "One Euro, ours": one_euro(Smoothing()),
}


def scan() -> dict[str, Filter]:
    """A grid of One Euro parameters, to choose from."""
    return {
        f"{low:g} Hz, {rise:g} Hz/(m/s), speed {speed:g} Hz": one_euro(Smoothing(low, rise, speed))
        for low in (0.5, 1.0, 1.5, 2.5)
        for rise in (5.0, 12.0, 25.0, 50.0)
        for speed in (1.0, 3.0, 6.0)
    }


@dataclass
class Score:
    """What one filter did to all angles of all clips."""

    jitter: list[float]
    lost: list[float]
    peak: list[float]
    lag_s: list[float]
    error: list[float]

    def row(self, name: str) -> str:
        """One line of the table."""
        return (
            f"| {name} | {np.median(self.jitter):.2f} | {np.median(self.lost):.1f} | "
            f"{np.percentile(self.lost, 95):.1f} | {np.median(np.abs(self.peak)):.1f} | "
            f"{1000 * abs(np.median(self.lag_s)):.0f} | {np.mean(self.error):.2f} |"
        )


def quick_part(time_s: Floats, values: Floats, window_s: float = 0.5) -> Floats:
    """The values minus their centred running mean."""
    slow = [
        np.nanmean(values[(time_s >= t - window_s / 2) & (time_s <= t + window_s / 2)])
        for t in time_s
    ]
    quick: Floats = values - np.array(slow)
    return quick


def lag(time_s: Floats, before: Floats, after: Floats) -> float:
    """Seconds by which ``after`` is later than ``before``, by the best fit of a shift."""
    shifts = np.arange(-0.05, 0.4001, 0.005)
    errors = [
        np.nanmean((np.interp(time_s - shift, time_s, before) - after) ** 2) for shift in shifts
    ]
    return float(shifts[int(np.argmin(errors))])


def extremes(truth: Floats) -> list[tuple[int, int, float]]:
    """Stretches (from, to, sign) around each peak (+1) and trough (-1) of the truth.

    A stretch is the part of a movement beyond nine tenths of the way from one turning
    point's level to the next one's.
    """
    low, high = np.percentile(truth, 2), np.percentile(truth, 98)
    margin = 0.1 * (high - low)
    found: list[tuple[int, int, float]] = []
    for sign, inside in ((1.0, truth > high - margin), (-1.0, truth < low + margin)):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], inside.astype(int), [0]))))
        found += [(a, b, sign) for a, b in edges.reshape(-1, 2).tolist() if b - a >= 2]
    return found


def judge(clip: Clip, apply: Filter, score: Score) -> None:
    """Add what the filter does to one clip."""
    filtered = angles(apply(clip.time_s, clip.image, clip.metres_per_pixel))
    raw = angles(clip.image)
    truth = angles(clip.true_image)
    for name, true in truth.items():
        if not np.isfinite(raw[name]).all() or np.ptp(true) < MOVES_DEG:
            continue
        if np.corrcoef(raw[name], true)[0, 1] < FOLLOWS:
            continue
        got = filtered[name]
        score.lag_s.append(lag(clip.time_s, raw[name], got))
        score.error.append(float(np.nanmean(np.abs(got - true))))
        quick = quick_part(clip.time_s, got - true)
        for start, end in clip.holds:
            inside = (clip.time_s >= start) & (clip.time_s <= end)
            if inside.sum() >= 5:
                score.jitter.append(float(np.nanstd(quick[inside])))
        for first, last, sign in extremes(true):
            # Half a stretch more on the right: a late peak is late, not lost.
            late = min(len(true), last + (last - first) // 2 + 2)
            reached = float(np.nanmax(sign * got[first:late]))
            unfiltered_peak = float(np.nanmax(sign * raw[name][first:late]))
            score.lost.append(unfiltered_peak - reached)
            score.peak.append(reached - float(np.max(sign * true[first:late])))


def main() -> None:
    """Print the table."""
    words = argparse.ArgumentParser(description="What smoothing gains and what it costs.")
    words.add_argument("clips", type=Path, help="folder of truth clips")
    words.add_argument("--landmarks", type=Path, required=True, help="folder of kept raw landmarks")
    words.add_argument("--faster", type=float, default=1.0, help="read the clips faster")
    words.add_argument("--scan", action="store_true", help="try a grid of parameters")
    given = words.parse_args()
    clips = [
        Clip(
            clip.name,
            clip.time_s / given.faster,
            clip.image,
            clip.true_image,
            clip.metres_per_pixel,
            [(start / given.faster, end / given.faster) for start, end in clip.holds],
        )
        for clip in load(given.clips, given.landmarks)
    ]
    print(f"{len(clips)} clips, {given.faster:g} times as fast\n")
    print("| filter | jitter | peak lost, median | 95 % | peak error | lag, ms | error |")
    print("|---|---|---|---|---|---|---|")
    for name, apply in (scan() if given.scan else FILTERS).items():
        score = Score([], [], [], [], [])
        for clip in clips:
            judge(clip, apply, score)
        print(score.row(name), flush=True)


if __name__ == "__main__":
    main()
