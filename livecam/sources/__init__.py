"""Sources: where frames come from. Each implements protocols.Source."""

# OpenCV must be imported before PyAV, or the first window hangs for ever (opencv issue 29195).
import cv2  # noqa: F401  (for its side effect on the order)
