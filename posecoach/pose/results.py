"""What MediaPipe found, as arrays.

MediaPipe makes a Python object of each of 66 landmarks and PoseCoach would make arrays of those
again, which together takes longer than all that it does with them afterwards. So the arrays are
read where MediaPipe's library put the numbers. How they lie there is told by MediaPipe itself
(its ``ctypes`` structures); a version that tells it otherwise is asked the usual way.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One person.

    Attributes:
        image: (33, 2) x and y as shares of the picture's width and height.
        world: (33, 3) x, y, z in metres.
        visibility: (33,) 0..1.
        mask: (height, width) float32, read-only; None where it was not asked for.
    """

    image: NDArray[np.floating[Any]]
    world: Floats
    visibility: Floats
    mask: NDArray[np.float32] | None


Detect = Callable[[Any, "int | None"], list[Found]]
"""(picture, time stamp in milliseconds or None for a photo) to the people in it."""


def detector(landmarker: Any) -> Detect:
    """Return what finds people with one of MediaPipe's pose landmarkers."""
    kind: type = type(landmarker)
    native = _native(kind)
    if native is None:
        return lambda picture, stamp_ms: usual(
            landmarker.detect(picture)
            if stamp_ms is None
            else landmarker.detect_for_video(picture, stamp_ms)
        )
    return lambda picture, stamp_ms: native.detect(landmarker, picture, stamp_ms)


_flat = attrgetter("x", "y", "visibility")
_solid = attrgetter("x", "y", "z")


def usual(result: Any) -> list[Found]:
    """Make arrays of what MediaPipe's own functions return."""
    masks = result.segmentation_masks or [None] * len(result.pose_landmarks)
    people = zip(result.pose_landmarks, result.pose_world_landmarks, masks, strict=True)
    found = []
    for image, world, mask in people:
        flat = np.array([_flat(point) for point in image], dtype=np.float64)
        solid = np.array([_solid(point) for point in world], dtype=np.float64)
        plane = None if mask is None else _plane(mask)
        found.append(Found(flat[:, :2], solid, flat[:, 2], plane))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Native:
    """Where MediaPipe's library puts its results.

    Attributes:
        result: the structure of a result; image: of a picture.
        visible: which of a landmark's numbers is its visibility; the first three are x, y, z.
        numbers: how many there are, of single precision (some of them are no numbers).
    """

    result: Any
    image: Any
    visible: int
    numbers: int

    def detect(self, landmarker: Any, picture: Any, stamp_ms: int | None) -> list[Found]:
        """Find people; raises what MediaPipe raises."""
        result = self.result()
        self.run(landmarker, picture, stamp_ms, result)
        try:
            return [self._found(result, index) for index in range(result.pose_landmarks_count)]
        finally:
            # Nothing but memory is given back, which any thread may do: MediaPipe's own way
            # leads through another one.
            landmarker._lib._lib.MpPoseLandmarkerCloseResult(ctypes.byref(result))

    def run(self, landmarker: Any, picture: Any, stamp_ms: int | None, result: Any) -> None:
        """Run the networks; the result must be closed."""
        library, place = landmarker._lib, ctypes.byref(result)
        one, whole = landmarker._handle, picture._image_ptr
        if stamp_ms is None:
            library.MpPoseLandmarkerDetectImage(one, whole, None, place)
        else:
            library.MpPoseLandmarkerDetectForVideo(one, whole, None, stamp_ms, place)

    def _found(self, result: Any, index: int) -> Found:
        flat = self._numbers(result.pose_landmarks[index])
        mask = None
        if result.segmentation_masks_count:
            mask = _plane(self.image.create_from_ctypes(result.segmentation_masks[index]))
        return Found(
            flat[:, :2],
            self._numbers(result.pose_world_landmarks[index])[:, :3].astype(np.float64),
            flat[:, self.visible].astype(np.float64),
            mask,
        )

    def _numbers(self, landmarks: Any) -> NDArray[np.float32]:
        """(33, ``numbers``) a copy of all that is known of the landmarks."""
        count = landmarks.landmarks_count
        held = ctypes.string_at(landmarks.landmarks, 4 * self.numbers * count)
        return np.frombuffer(held, np.float32).reshape(count, self.numbers)


class _Kept:
    """A picture of MediaPipe's that lives as long as the array that shows it."""

    def __init__(self, image: Any) -> None:
        self.image = image
        self.__array_interface__ = image.numpy_view().__array_interface__


def _plane(image: Any) -> NDArray[np.float32]:
    """(height, width) the numbers of a picture of one channel, not copied: a silhouette is
    as large as the picture."""
    plane: NDArray[np.float32] = np.asarray(_Kept(image))
    plane = plane.reshape(plane.shape[:2])
    plane.flags.writeable = False
    return plane


@cache
def _native(kind: type[Any]) -> _Native | None:
    """Return how to read this MediaPipe's results; None where it is not as known."""
    module = sys.modules[kind.__module__]
    try:
        result = module.MpPoseLandmarkerResultC
        fields = dict(result._fields_)
        known = {"segmentation_masks", "segmentation_masks_count", "pose_landmarks_count"}
        people = fields["pose_landmarks"]._type_, fields["pose_world_landmarks"]._type_
        landmarks = {dict(each._fields_)["landmarks"]._type_ for each in people}
        visible = {_visible(each) for each in landmarks}
        sizes = {ctypes.sizeof(each) for each in landmarks}
        signatures = {each.func_name: len(each.argtypes) for each in module._CTYPES_SIGNATURES}
        image = module.image_lib.Image
        image.create_from_ctypes  # noqa: B018
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    calls = {
        "MpPoseLandmarkerDetectImage": 5,
        "MpPoseLandmarkerDetectForVideo": 6,
        "MpPoseLandmarkerCloseResult": 1,
    }
    asked = all(signatures.get(name) == count for name, count in calls.items())
    alike = len(visible) == len(sizes) == 1 and known <= set(fields)
    return _Native(result, image, visible.pop(), sizes.pop() // 4) if asked and alike else None


def _visible(landmark: Any) -> int:
    """Which number of a landmark is its visibility.

    Raises:
        ValueError: x, y and z are not the first three, or the numbers are others.
    """
    kinds = dict(landmark._fields_)
    names = ("x", "y", "z", "visibility")
    places = [getattr(landmark, name).offset for name in names]
    if any(kinds[name] is not ctypes.c_float for name in names) or places[:3] != [0, 4, 8]:
        raise ValueError("landmarks of another kind")
    whole, rest = divmod(places[3], 4)
    if rest or ctypes.sizeof(landmark) % 4:
        raise ValueError("landmarks of another size")
    return int(whole)
