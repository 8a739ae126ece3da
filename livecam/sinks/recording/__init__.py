"""Recording: from shots to video files that can be trusted, whatever happens on the way."""

# OpenCV must be imported before PyAV, or the first window hangs for ever (opencv issue 29195).
import av
import cv2  # noqa: F401  (for its side effect on the order)

av.logging.set_level(None)
