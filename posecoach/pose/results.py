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
        image: (33, 3) x and y as shares of width and height, visibility.
        world: (33, 3) x, y, z in metres.
        mask: (height, width) float32, read-only; None where it was not asked for.
    """

    image: Floats
    world: Floats
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
    return [
        Found(
            np.array([_flat(point) for point in image], dtype=np.float64),
            np.array([_solid(point) for point in world], dtype=np.float64),
            None if mask is None else _plane(mask),
        )
        for image, world, mask in zip(
            result.pose_landmarks, result.pose_world_landmarks, masks, strict=True
        )
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Native:
    """Where MediaPipe's library puts its results.

    Attributes:
        result: the structure of a result; image: of a picture.
        flat, solid: how the numbers lie in the landmarks of picture and world.
    """

    result: Any
    image: Any
    flat: np.dtype[Any]
    solid: np.dtype[Any]

    def detect(self, landmarker: Any, picture: Any, stamp_ms: int | None) -> list[Found]:
        """Find people; raises what MediaPipe raises."""
        result = self.result()
        self.run(landmarker, picture, stamp_ms, result)
        try:
            masked = result.segmentation_masks_count > 0
            return [
                Found(
                    _numbers(result.pose_landmarks[index], self.flat),
                    _numbers(result.pose_world_landmarks[index], self.solid),
                    _plane(self.image.create_from_ctypes(result.segmentation_masks[index]))
                    if masked
                    else None,
                )
                for index in range(result.pose_landmarks_count)
            ]
        finally:
            landmarker._lib.MpPoseLandmarkerCloseResult(ctypes.byref(result))

    def run(self, landmarker: Any, picture: Any, stamp_ms: int | None, result: Any) -> None:
        """Run the networks; the result must be closed."""
        library, place = landmarker._lib, ctypes.byref(result)
        one, whole = landmarker._handle, picture._image_ptr
        if stamp_ms is None:
            library.MpPoseLandmarkerDetectImage(one, whole, None, place)
        else:
            library.MpPoseLandmarkerDetectForVideo(one, whole, None, stamp_ms, place)


def _numbers(landmarks: Any, layout: np.dtype[Any]) -> Floats:
    """(n, 3) three numbers of each landmark, copied."""
    count = landmarks.landmarks_count
    size = count * layout.itemsize
    held = (ctypes.c_char * size).from_address(ctypes.addressof(landmarks.landmarks.contents))
    numbers = np.empty((count, 3))
    read = np.frombuffer(held, layout, count)
    for column, name in enumerate(layout.names or ()):
        numbers[:, column] = read[name]
    return numbers


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
        people = fields["pose_landmarks"]._type_, fields["pose_world_landmarks"]._type_
        flat, solid = (dict(each._fields_)["landmarks"]._type_ for each in people)
        native = _Native(
            result,
            module.image_lib.Image,
            _layout(flat, ("x", "y", "visibility")),
            _layout(solid, ("x", "y", "z")),
        )
        known = {"segmentation_masks", "segmentation_masks_count", "pose_landmarks_count"}
        signatures = {each.func_name: len(each.argtypes) for each in module._CTYPES_SIGNATURES}
    except (AttributeError, KeyError, TypeError):
        return None
    calls = {
        "MpPoseLandmarkerDetectImage": 5,
        "MpPoseLandmarkerDetectForVideo": 6,
        "MpPoseLandmarkerCloseResult": 1,
    }
    asked = all(signatures.get(name) == count for name, count in calls.items())
    return native if asked and known <= set(fields) else None


def _layout(landmark: Any, names: tuple[str, ...]) -> np.dtype[Any]:
    """Where three numbers of single precision lie in a landmark."""
    kinds = dict(landmark._fields_)
    if any(kinds[name] is not ctypes.c_float for name in names):
        raise TypeError("landmarks of another precision")
    return np.dtype(
        {
            "names": names,
            "formats": ["=f4"] * len(names),
            "offsets": [getattr(landmark, name).offset for name in names],
            "itemsize": ctypes.sizeof(landmark),
        }
    )
