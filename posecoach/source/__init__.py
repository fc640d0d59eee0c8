"""Where frames come from: cameras, streams, recordings, photos.

``open_source`` is the way in. OpenCV is loaded when a source is opened, not before.
"""

from posecoach.source.camera import Camera, list_cameras
from posecoach.source.frame import Frame
from posecoach.source.open import open_source
from posecoach.source.source import Source, Waiting

__all__ = ["Camera", "Frame", "Source", "Waiting", "list_cameras", "open_source"]
