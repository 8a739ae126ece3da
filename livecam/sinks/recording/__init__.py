"""Recording: from annotated frames to video files that survive crashes and full disks."""

# OpenCV must be imported before PyAV, or the first window hangs for ever (opencv issue 29195).
import av
import cv2  # noqa: F401  (for its side effect on the order)

av.logging.set_level(None)
