"""Columns cut out before their colours are converted have the colours of the whole frame."""

from pathlib import Path

import numpy as np
import pytest
from made_clips import moving
from sources.decoding.test_geometry import MATRICES, with_matrix
from support import write_clip

import av
from livecam.core.crop import centred_square
from livecam.core.input_limits import DEFAULT_LIMITS
from livecam.core.types import CropBox
from livecam.sources.clip import Clip
from livecam.sources.decoding.colour import ColourConverter
from livecam.sources.decoding.column_cut import ColumnCut, Columns
from livecam.sources.looked_at_frames import LookedAtFrames
from livecam.sources.segment_frames import SegmentPlan

CUT = ["yuv420p", "yuvj420p", "yuv420p10le"]
NOT_CUT = ["nv12", "yuv422p", "yuv444p", "yuyv422", "gbrp", "gray", "bgr24", "yuv410p"]
SIZES = [(642, 362), (641, 360), (642, 361), (641, 361), (1280, 72), (200, 300), (70, 64)]
UNTAGGED, BT709, BT2020, PQ = 2, 1, 9, 16
LIMITED, FULL = 1, 2


def noise(pixel_format: str, width: int, height: int) -> av.VideoFrame:
    pixels = np.random.default_rng(width).integers(0, 256, (height, width, 3), np.uint8)
    return av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=pixel_format)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pixel_format", CUT + NOT_CUT)
def test_columns_have_the_colours_of_the_whole_frame(pixel_format, size):
    width, height = size
    cutting, ordinary = ColourConverter(), ColourConverter()
    for matrix, colour_range in [(BT709, LIMITED), (BT709, FULL), (UNTAGGED, 0), (5, LIMITED)]:
        frame = noise(pixel_format, width, height)
        frame.colorspace, frame.color_range = matrix, colour_range
        for begin, end in [(width // 3, width // 2), (0, 1), (width - 1, width), (5, width - 6)]:
            part = cutting.to_bgr(frame, Columns(begin, end))
            assert np.array_equal(part, ordinary.to_bgr(frame)[:, begin:end])


@pytest.mark.parametrize("pixel_format", CUT)
def test_little_more_than_the_columns_is_converted(pixel_format):
    part, first = ColumnCut().cut(noise(pixel_format, 1280, 64), Columns(300, 700))
    assert (first, part.width, part.height) == (256, 448, 64)


@pytest.mark.parametrize(("pixel_format", "width"), [("yuv420p", 1279), ("nv12", 1280)])
def test_what_would_be_another_colour_is_not_cut(pixel_format, width):
    frame = noise(pixel_format, width, 64)
    assert ColumnCut().cut(frame, Columns(300, 700)) == (frame, 0)


def test_hdr_is_converted_whole():
    frame = noise("yuv420p10le", 642, 360)
    frame.colorspace, frame.color_trc, frame.color_primaries = BT2020, PQ, BT2020
    whole = ColourConverter().to_bgr(frame)
    assert np.array_equal(ColourConverter().to_bgr(frame, Columns(141, 501)), whole[:, 141:501])


def upper_left(width: int, height: int) -> CropBox:
    return CropBox(width // 8, height // 8, width // 2, height // 3)


@pytest.mark.parametrize("choose", [centred_square, upper_left])
@pytest.mark.parametrize("what", MATRICES)
def test_parts_are_those_of_upright_frames(what, choose, tmp_path):
    path = write_clip(tmp_path / "turned.mp4", moving(3, 322, 160), [0.0, 0.1, 0.2])
    assert_parts_of_frames(with_matrix(path, *MATRICES[what][0]), choose)


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv420p10le", "yuv422p", "yuv444p"])
@pytest.mark.parametrize("size", [(1280, 704), (322, 160), (160, 322), (322, 158)])
def test_parts_are_those_of_frames_of_any_shape_and_depth(size, pixel_format, tmp_path):
    pictures, times_s = moving(3, *size), [0.0, 0.1, 0.2]
    path = write_clip(tmp_path / "c.mp4", pictures, times_s, pixel_format=pixel_format)
    assert_parts_of_frames(path, centred_square)


def test_parts_of_odd_sizes_and_full_range(tmp_path):
    pictures, times_s = moving(3, 321, 161), [0.0, 0.1, 0.2]
    odd = write_clip(tmp_path / "odd.mp4", pictures, times_s, pixel_format="yuv444p")
    assert_parts_of_frames(odd, centred_square)
    pictures = moving(3, 322, 160)
    full = tmp_path / "full.mov"
    write_clip(full, pictures, times_s, codec="mjpeg", pixel_format="yuvj420p")
    assert_parts_of_frames(full, centred_square)


def assert_parts_of_frames(path: Path, choose) -> None:
    parts = list(LookedAtFrames(path, SegmentPlan(0.0, 600.0, choose), DEFAULT_LIMITS))
    with Clip(path) as clip:
        frames = list(clip)
    assert len(parts) == len(frames) == 3
    for part, frame in zip(parts, frames, strict=True):
        height, width = frame.bgr.shape[:2]
        assert (part.width, part.height, part.box) == (width, height, choose(width, height))
        assert np.array_equal(part.frame.bgr, part.box.part_of(frame.bgr))
        assert (part.frame.index, part.frame.time_s) == (frame.index, frame.time_s)
