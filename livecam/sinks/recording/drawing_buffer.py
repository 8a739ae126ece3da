"""The annotated picture of each frame that is recorded, drawn in one buffer again and again.

A fresh array for every frame would cost the encoder's thread time and memory.
"""

import numpy as np

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.types import BgrImage
from livecam.sinks.recording.pixel_format import letterboxed


class DrawingBuffer:
    """Draws annotated pictures; each is valid until the next one."""

    def __init__(self) -> None:
        """There is no buffer before the first picture."""
        self._buffer = BgrImage(np.zeros((0, 0, 3), np.uint8))

    def pictures_of(
        self, annotated: AnnotatedFrame, shape: tuple[int, ...], *, clean: bool
    ) -> list[BgrImage]:
        """The annotated and, with `clean`, the untouched picture, fitted into this shape."""
        # A status card is the picture of a frame that is still the last untouched one.
        pictures = [self.picture_of(annotated), *([annotated.frame.bgr] if clean else [])]
        height, width = shape[:2]
        return [letterboxed(bgr, width, height) for bgr in pictures]

    def picture_of(self, annotated: AnnotatedFrame) -> BgrImage:
        """The same pixels as `annotated.picture`; not to be kept."""
        draw = annotated.draw
        if draw is None:
            return annotated.painted
        if self._buffer.shape != annotated.painted.shape:
            self._buffer = BgrImage(np.empty_like(annotated.painted))
        np.copyto(self._buffer, annotated.painted)
        draw(self._buffer)
        return self._buffer
