"""Colours of clips: HDR, wide gamut, untagged and odd ones look as they were meant."""

from contextlib import ExitStack
from pathlib import Path

import cv2
import numpy as np
import pytest
from sources.decoding import boards
from sources.decoding.boards import BT709_TO_BT2020, BT709_TO_P3, SAME, Tags
from support import textured, write_clip

import av
import livecam
from livecam.assembly.open_source_and_window import open_source_and_window
from livecam.core.view import View
from livecam.sources.clip import Clip
from livecam.sources.decoding.colour import ColourTags, matrix_to_use

BT709, BT601, BT2020 = (0.2126, 0.0722), (0.299, 0.114), (0.2627, 0.0593)


def first_picture(path: Path) -> np.ndarray:
    with Clip(path) as clip:
        return next(iter(clip)).bgr


def board_seen(path: Path) -> np.ndarray:
    return boards.patches(first_picture(path))[..., ::-1]


MADE = {
    "PQ": (boards.pq, BT709_TO_BT2020, BT2020, Tags(16, 9, 9)),
    "PQ, full range": (boards.pq, BT709_TO_BT2020, BT2020, Tags(16, 9, 9, is_full_range=True)),
    "PQ that names its curve only": (boards.pq, BT709_TO_BT2020, BT2020, Tags(16, 2, 2)),
    "HLG": (boards.hlg, BT709_TO_BT2020, BT2020, Tags(18, 9, 9)),
    "HLG that names its curve only": (boards.hlg, BT709_TO_BT2020, BT2020, Tags(18, 2, 2)),
    "PQ with primaries of BT.709": (boards.pq, SAME, BT709, Tags(16, 1, 1)),
    "BT.2020 of 10 bits": (boards.gamma, BT709_TO_BT2020, BT2020, Tags(14, 9, 9)),
    "BT.2020 primaries, BT.709 curve": (boards.gamma, BT709_TO_BT2020, BT2020, Tags(1, 9, 9)),
    "Display P3, sRGB curve": (boards.srgb, BT709_TO_P3, BT709, Tags(13, 12, 1)),
    "Display P3 of telephones": (boards.gamma, BT709_TO_P3, BT709, Tags(1, 12, 1)),
    "linear": (boards.linear, SAME, BT709, Tags(8, 1, 1)),
    "an ordinary clip": (boards.srgb, SAME, BT709, Tags(1, 1, 1)),
    "matrix after the primaries": (boards.srgb, SAME, BT709, Tags(1, 1, 12)),
}


@pytest.mark.parametrize("what", MADE)
def test_colours_are_those_of_the_board(what, tmp_path):
    curve, primaries, weights, tags = MADE[what]
    is_plain = curve is boards.gamma
    light = (boards.BOARD_RGB / 255) ** 2.4 if is_plain else boards.srgb_light(boards.BOARD_RGB)
    encoded = boards.enlarged(curve(light @ primaries.T))
    path = boards.write_yuv(tmp_path / "board.mkv", encoded, weights, tags)
    assert np.abs(board_seen(path) - boards.BOARD_RGB).max() <= 6


@pytest.mark.parametrize(("curve", "transfer"), [(boards.hlg, 18), (boards.pq, 16)])
def test_highlights_are_brighter_than_white(curve, transfer, tmp_path):
    light = np.array([[0.2, 0.8, 1.0, 4.0]])[..., np.newaxis].repeat(3, axis=-1)
    encoded = boards.enlarged(curve(light))
    path = boards.write_yuv(tmp_path / "light.mkv", encoded, BT2020, Tags(transfer, 9, 9))
    values = board_seen(path)[0, :, 1].tolist()
    assert values == sorted(set(values))
    assert values[-1] == 255


@pytest.mark.parametrize(("curve", "transfer"), [(boards.hlg, 18), (boards.pq, 16)])
def test_hdr_as_telephones_record_it(curve, transfer, tmp_path):
    light = boards.srgb_light(boards.BOARD_RGB) @ BT709_TO_BT2020.T
    tags = Tags(transfer, 9, 9)
    whole = boards.write_yuv(tmp_path / "a.mkv", boards.enlarged(curve(light)), BT2020, tags)
    path = tmp_path / "a.mov"
    with av.open(str(whole)) as source, av.open(str(path), "w") as target:
        # x265 4.2 takes the decoding time from memory that was never written to where there are
        # fewer pictures than its B-frames wait for; the muxer refuses what lies there now and then.
        options = {"crf": "4", "x265-params": "log-level=none:bframes=0"}
        stream = target.add_stream("libx265", rate=30, options=options)
        stream.height, stream.width = (length * boards.SIDE_PX for length in light.shape[:2])
        stream.pix_fmt = "yuv420p10le"
        boards.tag(stream.codec_context, tags)
        for frame in source.decode(video=0):
            target.mux(stream.encode(frame.reformat(format="yuv420p10le")))
        target.mux(stream.encode(None))
    assert np.abs(board_seen(path) - boards.BOARD_RGB).max() <= 8


def test_ordinary_clips_are_converted_by_ffmpeg_alone(tmp_path):
    path = write_clip(tmp_path / "c.mp4", [textured(96, 64)], [0.0])
    with av.open(str(path)) as container:
        plain = next(container.decode(video=0)).to_ndarray(format="bgr24")
    assert np.array_equal(first_picture(path), plain)


@pytest.mark.parametrize("size", [(1280, 96), (96, 720)])
def test_untagged_clips_from_hd_on_are_bt709(size, tmp_path):
    green = np.full((size[1], size[0], 3), (40, 200, 30)) / 255
    path = boards.write_yuv(tmp_path / "hd.mkv", green, BT709, Tags())
    assert np.abs(first_picture(path)[8, 8, ::-1] - (40, 200, 30)).max() <= 2


@pytest.mark.parametrize("size", [(1278, 96), (96, 576)])
def test_smaller_untagged_clips_are_bt601(size, tmp_path):
    green = np.full((size[1], size[0], 3), (40, 200, 30)) / 255
    path = boards.write_yuv(tmp_path / "sd.mkv", green, BT601, Tags())
    assert np.abs(first_picture(path)[8, 8, ::-1] - (40, 200, 30)).max() <= 2


def test_motion_jpeg_is_bt601_of_any_size(tmp_path):
    picture = np.full((720, 1280, 3), (30, 200, 40), np.uint8)
    path = write_clip(tmp_path / "m.avi", [picture], [0.0], codec="mjpeg", pixel_format="yuvj420p")
    assert np.abs(first_picture(path)[8, 8] - (30, 200, 40)).max() <= 4


REFUSED = {8: "YCgCo", 10: "constant luminance", 14: "ICtCp"}


@pytest.mark.parametrize("matrix", REFUSED)
def test_odd_matrices_are_taken_for_bt709_and_named(matrix, tmp_path):
    encoded = boards.enlarged(boards.BOARD_RGB / 255)
    path = boards.write_yuv(tmp_path / "odd.mkv", encoded, BT709, Tags(1, 1, matrix), count=3)
    with ExitStack() as stack:
        lines: list[str] = []
        clip = Clip(path)
        open_source_and_window(clip, View(0, (0,)), stack, windowed=False, say=lines.append)
        frames = list(clip)
    (line,) = lines
    assert "odd.mkv: " in line
    assert REFUSED[matrix] in line
    assert "BT.709" in line
    assert len(frames) == 3
    assert np.abs(boards.patches(frames[0].bgr)[..., ::-1] - boards.BOARD_RGB).max() <= 3


def test_matrices_that_are_known_are_left_to_ffmpeg():
    for matrix in (1, 4, 5, 6, 7, 9):
        assert matrix_to_use(ColourTags(matrix, 1, 1, "yuv420p", 1920, 1080)) is None
    assert matrix_to_use(ColourTags(8, 1, 1, "gbrp", 1920, 1080)) is None


def test_real_hlg_looks_like_the_board(shared):
    folder = shared / "cases" / "hdr-and-wide-gamut"
    board = cv2.imread(str(folder / "board.png"))
    seen = first_picture(folder / "hdr_hlg.mp4")
    assert np.median(np.abs(seen.astype(int) - board)) <= 2
    assert np.percentile(np.abs(seen.astype(int) - board), 97) <= 12


def test_the_network_sees_in_hdr_what_it_sees_in_the_ordinary_clip(shared, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(shared / "keras"))
    model = livecam.open_model("imagenet", alpha=0.75)
    for path in sorted((shared / "photos" / "flowers" / "daisy").glob("*.jpg"))[:4]:
        rgb = cv2.imread(str(path))[..., ::-1]
        light = boards.srgb_light(rgb)
        encoded = boards.hlg(light @ BT709_TO_BT2020.T)
        hdr = boards.write_yuv(tmp_path / "hdr.mkv", encoded, BT2020, Tags(18, 9, 9))
        sdr = boards.write_yuv(tmp_path / "sdr.mkv", rgb / 255, BT709, Tags(1, 1, 1))
        first, second = (livecam.measure(model, first_picture(clip)) for clip in (hdr, sdr))
        assert first.logits.argmax() == second.logits.argmax()
        assert np.corrcoef(first.logits, second.logits)[0, 1] > 0.98
