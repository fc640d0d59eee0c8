"""MediaPipe's PoseLandmarker behind one small class."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.closing import Closing
from posecoach.errors import ModelError
from posecoach.pose.pose import Pose
from posecoach.pose.results import Found, detector
from posecoach.pose.timeline import Timeline
from posecoach.system import import_cv2, import_mediapipe, native_name, system_libraries


class PoseEstimator(Closing):
    """Finds people in pictures and where their landmarks are.

    One estimator follows one source: it looks for a person where it saw one last, which is
    faster and steadier than to search each picture. For photos, which have nothing to
    do with each other, make it ``static``. Give it pictures as the camera took
    them, never mirrored: mirrored, left would be right.

    Use it as a context manager or call ``close``; from one thread at a time. One that is
    still open when the interpreter ends does no harm: MediaPipe then lets go by itself.

    Args:
        bundle: path of a pose landmarker bundle (see ``posecoach.pose.bundle``).
        masks: also give each person's silhouette (about 1 ms a frame).
        static: search every picture afresh; times are then only handed on.
        num_poses: how many people to find at most.
        min_detection, min_presence, min_tracking: MediaPipe's thresholds, 0..1, for seeing a
            person at all, for its landmarks to count, and for following instead of
            searching again. The defaults are MediaPipe's.

    Raises:
        ModelError: MediaPipe cannot load the bundle.
        MachineError: a system library is missing.
        ValueError: a number is out of its range.
    """

    def __init__(
        self,
        bundle: Path,
        *,
        masks: bool = False,
        static: bool = False,
        num_poses: int = 1,
        min_detection: float = 0.5,
        min_presence: float = 0.5,
        min_tracking: float = 0.5,
    ) -> None:
        if num_poses < 1:
            raise ValueError("num_poses must be at least 1")
        if not all(0 <= value <= 1 for value in (min_detection, min_presence, min_tracking)):
            raise ValueError("thresholds must be between 0 and 1")
        self._cv2 = import_cv2()
        self._mediapipe = import_mediapipe()
        self._static = static
        self._timeline = Timeline()
        self._rgb = np.empty((0, 0, 3), np.uint8)
        options = {
            "output_segmentation_masks": masks,
            "num_poses": num_poses,
            "min_pose_detection_confidence": min_detection,
            "min_pose_presence_confidence": min_presence,
            "min_tracking_confidence": min_tracking,
        }
        self._landmarker: Any = _landmarker(bundle, video=not static, **options)
        self._detect = detector(self._landmarker)
        self._bundle = bundle

    def estimate(self, image: NDArray[np.uint8], time_s: float) -> Pose:
        """Return the person MediaPipe is surest of, or ``Pose.absent``.

        Args:
            image: (height, width, 3) uint8, BGR, of any size from 1 x 1.
            time_s: capture time in seconds. It should increase; where it does not, the
                picture counts as the next one all the same.

        Raises:
            ModelError: the model was loaded, but does not run, or not on this picture.
            ValueError: ``image`` is not such a picture, or the estimator is closed.
        """
        people = self.estimate_all(image, time_s)
        return people[0] if people else Pose.absent(time_s, _size(image))

    def estimate_all(self, image: NDArray[np.uint8], time_s: float) -> list[Pose]:
        """Return every person found, at most ``num_poses``, in MediaPipe's order.

        That order says nothing lasting: who is who must be told by place.

        Args, Raises: as ``estimate``.
        """
        if self._landmarker is None:
            raise ValueError("the estimator is closed")
        picture = self._picture(image)
        stamp_ms = None if self._static else self._timeline.stamp(time_s)
        size = _size(image)
        try:
            people = self._detect(picture, stamp_ms)
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"The pose model {self._bundle} does not run; fetch it again or choose another.",
                native=True,
            ) from error
        return [_pose(found, time_s, size) for found in people]

    def close(self) -> None:
        """Give back what MediaPipe holds; more than once does no harm."""
        landmarker, self._landmarker = self._landmarker, None
        if landmarker is not None:
            landmarker.close()

    def _picture(self, image: NDArray[np.uint8]) -> Any:
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
            raise ValueError(
                f"expected a (height, width, 3) uint8 picture, not {image.shape} {image.dtype}"
            )
        if self._rgb.shape != image.shape:
            self._rgb = np.empty(image.shape, np.uint8)
        self._cv2.cvtColor(image, self._cv2.COLOR_BGR2RGB, dst=self._rgb)
        # MediaPipe copies the pixels, so that the buffer is free again at once. It takes no
        # heed of strides: the array must be contiguous, as this one always is.
        return self._mediapipe.Image(image_format=self._mediapipe.ImageFormat.SRGB, data=self._rgb)


def _landmarker(bundle: Path, *, video: bool, **options: Any) -> Any:
    mediapipe = import_mediapipe()
    vision = mediapipe.tasks.vision
    mode = vision.RunningMode.VIDEO if video else vision.RunningMode.IMAGE
    try:
        with system_libraries(), native_name(bundle) as name:
            return vision.PoseLandmarker.create_from_options(
                vision.PoseLandmarkerOptions(
                    base_options=mediapipe.tasks.BaseOptions(model_asset_path=name),
                    running_mode=mode,
                    **options,
                )
            )
    except (OSError, RuntimeError, ValueError) as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
        raise ModelError(
            f"The pose model {bundle} cannot be loaded ({reason}); check it with "
            "`posecoach models verify`.",
            native=True,
        ) from error


def _size(image: NDArray[np.uint8]) -> tuple[int, int]:
    return image.shape[1], image.shape[0]


def _pose(found: Found, time_s: float, size: tuple[int, int]) -> Pose:
    return Pose(
        time_s=np.asarray(time_s, dtype=np.float64),
        image=found.image.astype(np.float64) * size,
        world=found.world,
        visibility=found.visibility,
        size=size,
        mask=found.mask,
    )
