"""Pictures as encoders take them: even size, BGR converted to YUV, and the colour tags."""

from typing import Any

import av
import cv2
import numpy as np

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.types import BgrImage
from livecam.pipeline.picture_buffers import PictureBuffers

# cv2's fast conversion computes BT.601 in limited range; a webcam's primaries and transfer are
# those of sRGB, for which BT.709 is the tag that players show without a shift of colours.
LIMITED_RANGE = 1
MATRIX_BT601 = 6
PRIMARIES_BT709 = 1
TRANSFER_BT709 = 1


def even_size(bgr: BgrImage) -> tuple[int, int]:
    """Width and height of the picture in a file: odd sides are one pixel longer."""
    height, width = bgr.shape[:2]
    return width + width % 2, height + height % 2


def pictures_of(
    annotated: AnnotatedFrame, shape: tuple[int, ...], *, clean: bool
) -> list[BgrImage]:
    """The annotated and, with `clean`, the untouched picture, fitted into this shape."""
    # A status card is the picture of a frame that is still the last untouched one.
    pictures = [annotated.drawn(), *([annotated.frame.bgr] if clean else [])]
    height, width = shape[:2]
    return [letterboxed(bgr, width, height) for bgr in pictures]


def letterboxed(bgr: BgrImage, width: int, height: int) -> BgrImage:
    """The picture scaled into this size, its aspect ratio kept, with black bars."""
    high, wide = bgr.shape[:2]
    if (wide, high) == (width, height):
        return bgr
    scale = min(width / wide, height / high)
    inner = max(1, round(wide * scale)), max(1, round(high * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    left, top = (width - inner[0]) // 2, (height - inner[1]) // 2
    boxed = np.zeros((height, width, 3), np.uint8)
    scaled = cv2.resize(bgr, inner, interpolation=method)
    boxed[top : top + inner[1], left : left + inner[0]] = scaled
    return BgrImage(boxed)


def tag_colours(context: Any) -> None:
    """Tag a codec context with the colours that `video_frame` computes."""
    context.color_range = LIMITED_RANGE
    context.colorspace = MATRIX_BT601
    context.color_primaries, context.color_trc = PRIMARIES_BT709, TRANSFER_BT709


def video_frame(
    bgr: BgrImage, pixel_format: str, buffers: PictureBuffers | None = None
) -> "av.VideoFrame":
    """The frame that an encoder takes.

    Args:
        bgr: uint8 [height, width, 3]; not changed, and not needed afterwards.
        pixel_format: yuv420p, nv12, or bgr0 for lossless encoders.
        buffers: where its memory comes from; None for fresh memory.
    """
    bgr = _padded(bgr)
    if pixel_format == "bgr0":
        return av.VideoFrame.from_ndarray(bgr, format="bgr24").reformat(format="bgr0")
    height, width = bgr.shape[:2]
    into = None if buffers is None else buffers.take((height * 3 // 2, width))
    yuv: Any = cv2.cvtColor(bgr, cv2.COLOR_BGR2YUV_I420, dst=into)
    if height % 4 or width % 16:
        frame = av.VideoFrame.from_ndarray(yuv, format="yuv420p")
    else:  # for these sizes PyAV (18.1) uses the array without a copy, and holds it while needed
        frame = av.VideoFrame.from_numpy_buffer(yuv, format="yuv420p")
    return frame if pixel_format == "yuv420p" else frame.reformat(format=pixel_format)


def _padded(bgr: BgrImage) -> BgrImage:
    """The picture with even sides, its last row and column repeated."""
    height, width = bgr.shape[:2]
    if height % 2 or width % 2:
        padded = cv2.copyMakeBorder(bgr, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
        return BgrImage(np.asarray(padded, dtype=np.uint8))
    return BgrImage(np.ascontiguousarray(bgr))
