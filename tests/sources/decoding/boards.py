"""Clips of a board of nine colours in other curves and primaries, by formulas of their own."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

import av

BOARD_RGB = np.array(
    [
        [(220, 30, 30), (40, 200, 30), (40, 50, 210)],
        [(250, 250, 250), (128, 128, 128), (20, 20, 20)],
        [(30, 190, 190), (200, 40, 190), (220, 210, 40)],
    ],
    np.uint8,
)
SIDE_PX = 32

BT709_TO_BT2020 = np.array(
    [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]
)
BT709_TO_P3 = np.array(
    [[0.8225, 0.1775, 0.0000], [0.0332, 0.9668, 0.0000], [0.0171, 0.0724, 0.9105]]
)
SAME = np.eye(3)


def enlarged(rgb: np.ndarray) -> np.ndarray:
    """Every colour of a small picture as a square."""
    return rgb.repeat(SIDE_PX, axis=0).repeat(SIDE_PX, axis=1)


def patches(picture: np.ndarray) -> np.ndarray:
    """The colours back: medians of the squares, away from their edges."""
    rows, columns = (length // SIDE_PX for length in picture.shape[:2])
    squares = picture.reshape(rows, SIDE_PX, columns, SIDE_PX, 3)[:, 8:-8, :, 8:-8]
    return np.median(squares, axis=(1, 3)).astype(int)


def srgb_light(rgb: np.ndarray) -> np.ndarray:
    """Linear light of 8-bit sRGB, 0 to 1."""
    x = rgb / 255
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def pq(light: np.ndarray) -> np.ndarray:
    """SMPTE 2084, with white at 203 cd/m2 (ITU-R BT.2408)."""
    y = (light * 203 / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375


def hlg(light: np.ndarray) -> np.ndarray:
    """ARIB STD-B67 for a display of 1000 cd/m2, with white at 203 cd/m2."""
    shown = light * 0.203
    luminance = (shown @ [0.2627, 0.6780, 0.0593])[..., np.newaxis]
    scene = shown * luminance ** (1 / 1.2 - 1)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    bright = a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), bright)


def gamma(light: np.ndarray) -> np.ndarray:
    """What an ordinary screen shows as this light."""
    return light ** (1 / 2.4)


def linear(light: np.ndarray) -> np.ndarray:
    """Light itself."""
    return light


def srgb(light: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


@dataclass(frozen=True)
class Tags:
    """Numbers of ITU-T H.273."""

    transfer: int = 2
    primaries: int = 2
    matrix: int = 2
    is_full_range: bool = False


def write_yuv(
    path: Path,
    encoded_rgb: np.ndarray,
    weights: tuple[float, float],
    tags: Tags,
    *,
    codec: str = "ffv1",
    pixel_format: str = "yuv444p10le",
    count: int = 1,
) -> Path:
    """Write RGB from 0 to 1 as YUV, by the weights of red and blue, with these tags.

    The pixel format is of 10 bits, 4:4:4.
    """
    weight_red, weight_blue = weights
    luma = encoded_rgb @ [weight_red, 1 - weight_red - weight_blue, weight_blue]
    blue = (encoded_rgb[..., 2] - luma) / (2 * (1 - weight_blue))
    red = (encoded_rgb[..., 0] - luma) / (2 * (1 - weight_red))
    scales = ((1023, 0), (1023, 512)) if tags.is_full_range else ((876, 64), (896, 512))
    (luma_scale, black), (chroma_scale, grey) = scales
    planes = [luma * luma_scale + black, blue * chroma_scale + grey, red * chroma_scale + grey]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30, options={"crf": "4"})
        stream.height, stream.width = luma.shape
        stream.pix_fmt = pixel_format
        tag(stream.codec_context, tags)
        for number in range(count):
            frame = av.VideoFrame(stream.width, stream.height, pixel_format)
            for plane, values in zip(frame.planes, planes, strict=True):
                row = np.zeros((plane.height, plane.line_size // 2), np.uint16)
                row[:, : plane.width] = np.clip(np.rint(values), 0, 1023)
                plane.update(row)
            tag(frame, tags)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def tag(target: "av.VideoFrame | av.VideoCodecContext", tags: Tags) -> None:
    """Write the tags onto a frame or an encoder."""
    target.color_trc, target.color_primaries = tags.transfer, tags.primaries
    target.colorspace, target.color_range = tags.matrix, 2 if tags.is_full_range else 1
