"""Pixels of decoded frames in the colours of an ordinary screen, whatever the video's own are."""

import sys
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from livecam.sources.decoding.colour_curves import (
    BT709,
    BT2020,
    HLG,
    HLG_SYSTEM_GAMMA,
    PQ,
    TRANSFERS_TO_CONVERT,
    UNSPECIFIED,
    WIDE_PRIMARIES,
    conversion_to_srgb,
)
from livecam.sources.decoding.column_cut import ColumnCut, Columns

_BT601 = 5
_RESERVED, _FROM_PRIMARIES = 3, 12

_REFUSED_MATRICES = {
    8: "YCgCo",
    10: "BT.2020 with constant luminance",
    11: "SMPTE 2085",
    13: "that of its primaries with constant luminance",
    14: "ICtCp",
    15: "IPT-C2",
    16: "YCgCo-Re",
    17: "YCgCo-Ro",
}
"""What FFmpeg's scaler does not convert."""

_HD_LINES, _HD_COLUMNS = 720, 1280
"""From this size on untagged video is BT.709, as in players and browsers."""

_RGB_FORMAT = "gbrp16le" if sys.byteorder == "little" else "gbrp16be"
_PLANE_ORDER = [1, 2, 0]
"""Its planes, as channels of RGB."""

_STRIP_PX = 1 << 16


@dataclass(frozen=True, slots=True)
class ColourTags:
    """What a frame says of its colours, as numbers of ITU-T H.273, and its size in pixels."""

    matrix: int
    transfer: int
    primaries: int
    pixel_format: str
    width: int
    height: int


class ColourConverter:
    """Gives BGR for frames of any pixel format, matrix, range, transfer and primaries.

    What is made for ordinary screens takes FFmpeg's plain conversion alone. HDR and wide-gamut
    frames take five times as long.
    """

    def __init__(self) -> None:
        """Setting up a conversion takes half as long as using it: it is kept for all frames."""
        self._reformatter = VideoReformatter()
        self._column_cut = ColumnCut()
        self._tags: ColourTags | None = None
        self._matrix: int | None = None
        self._to_srgb: _ToSrgbConverter | None = None

    def to_bgr(self, frame: VideoFrame, columns: Columns | None = None) -> npt.NDArray[np.uint8]:
        """uint8 BGR [height, width, 3] of a frame as it is stored, neither turned nor scaled.

        Args:
            frame: of any pixel format and colours.
            columns: those that are wanted, None for all; they have the same colours either way.
        """
        tags = ColourTags(
            frame.colorspace,
            frame.color_trc,
            frame.color_primaries,
            frame.format.name,
            frame.width,
            frame.height,
        )
        if tags != self._tags:
            self._tags = tags
            self._matrix = matrix_to_use(tags)
            self._to_srgb = _ToSrgbConverter(tags) if _is_for_other_screens(tags) else None
        part, first = frame, 0
        if columns is not None and self._to_srgb is None:
            part, first = self._column_cut.cut(frame, columns)
        # One thread: the stages after this one make better use of the others.
        converted: Any = self._reformatter.reformat(
            part,
            format=_RGB_FORMAT if self._to_srgb else "bgr24",
            src_colorspace=self._matrix,
            threads=1,
        )
        bgr: npt.NDArray[np.uint8] = (
            self._to_srgb.to_bgr(converted) if self._to_srgb else converted.to_ndarray()
        )
        return bgr if columns is None else bgr[:, columns.begin - first : columns.end - first]


def matrix_to_use(tags: ColourTags) -> int | None:
    """The matrix to decode YUV with; None for the one that the frame names."""
    if VideoFormat(tags.pixel_format).is_rgb:
        return None
    if tags.matrix == _FROM_PRIMARIES:
        return {BT2020: BT2020, 5: _BT601, 6: _BT601}.get(tags.primaries, BT709)
    if tags.matrix in {UNSPECIFIED, _RESERVED}:
        if tags.transfer in {PQ, HLG}:
            return BT2020
        is_hd = tags.height >= _HD_LINES or tags.width >= _HD_COLUMNS
        return BT709 if is_hd else _BT601
    return BT709 if tags.matrix in _REFUSED_MATRICES else None


def describe_matrix_problem(stream: VideoStream) -> str:
    """One line where colours are decoded by another matrix than the stream names, else ""."""
    context = stream.codec_context  # None where FFmpeg has no decoder
    name = _REFUSED_MATRICES.get(context.colorspace) if context is not None else None
    if name is None:
        return ""
    return (
        f"its colour matrix ({name}) cannot be converted: it is taken for BT.709, so its colours "
        "are not true; convert the clip to BT.709 for true ones"
    )


def _is_for_other_screens(tags: ColourTags) -> bool:
    if tags.pixel_format.startswith("xyz"):  # FFmpeg's plain conversion is a true one
        return False
    return tags.transfer in TRANSFERS_TO_CONVERT or tags.primaries in WIDE_PRIMARIES


class _ToSrgbConverter:
    """Converts 16-bit RGB of other curves and primaries to sRGB."""

    def __init__(self, tags: ColourTags) -> None:
        """Prepare for what the tags say."""
        self._conversion = conversion_to_srgb(tags.transfer, tags.primaries)
        matrix = self._conversion.matrix[::-1]  # blue comes out first
        self._matrix = np.ascontiguousarray(matrix[:, _PLANE_ORDER], np.float32)
        weights = self._conversion.luminance_weights
        self._weights: list[float] = [] if weights is None else weights[_PLANE_ORDER].tolist()

    def to_bgr(self, frame: VideoFrame) -> npt.NDArray[np.uint8]:
        """uint8 BGR of a frame in `_RGB_FORMAT`."""
        buffers: list[Any] = list(frame.planes)
        planes = [
            np.frombuffer(buffer, np.uint16).reshape(frame.height, -1)[:, : frame.width]
            for buffer in buffers
        ]
        bgr = np.empty((frame.height, frame.width, 3), np.uint8)
        # In strips that fit into the processor's cache: twice as fast.
        rows = max(1, _STRIP_PX // frame.width)
        for top in range(0, frame.height, rows):
            strip = [plane[top : top + rows] for plane in planes]
            bgr[top : top + rows] = self._convert_strip(strip)
        return bgr

    def _convert_strip(self, planes: list[npt.NDArray[np.uint16]]) -> Any:
        linear = [cv2.LUT(plane, self._conversion.to_linear) for plane in planes]
        if self._weights:
            pairs = zip(self._weights, linear, strict=True)
            luminance: Any = sum(weight * plane for weight, plane in pairs)
            gain = cv2.pow(luminance, HLG_SYSTEM_GAMMA - 1)
            linear = [cv2.multiply(plane, gain) for plane in linear]
        indices: Any = cv2.transform(cv2.merge(linear), self._matrix)
        within: Any = cv2.addWeighted(indices, 1.0, indices, 0.0, 0.0, dtype=cv2.CV_16U)  # clipped
        return cv2.LUT(within, self._conversion.encoded)
