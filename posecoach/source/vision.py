"""OpenCV, imported late and made quiet."""

import os
from functools import cache
from typing import Any

from posecoach.system import import_cv2

# The largest picture taken: a 108-megapixel phone photo passes, 8K video (33) easily.
# Beyond it a damaged header is the likelier reading than a picture, and decoding would
# ask for gigabytes.
MAX_PIXELS = 120_000_000

_SETTINGS = {
    "OPENCV_LOG_LEVEL": "SILENT",
    "OPENCV_FFMPEG_LOGLEVEL": "-8",  # AV_LOG_QUIET
    "OPENCV_IO_MAX_IMAGE_PIXELS": str(MAX_PIXELS),
    # Media Foundation takes many seconds to open a camera with its hardware transforms on.
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
}


@cache
def opencv() -> Any:
    """The cv2 module, its own and FFmpeg's messages on stderr switched off for a program that
    uses PoseCoach: what they tell is told in our errors. Values already in the environment are
    respected; the command line, which has a log for them, sets some (``posecoach.terminal``).

    Raises:
        MachineError: OpenCV, or a system library it needs, is missing.
    """
    for key, value in _SETTINGS.items():
        os.environ.setdefault(key, value)
    cv2 = import_cv2()
    if os.environ["OPENCV_LOG_LEVEL"] == "SILENT":  # cv2 may have been loaded before
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2
