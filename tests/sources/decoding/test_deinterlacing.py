"""Interlaced clips: whole pictures, as many as there are frames, at the same times."""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from sources.stream_server import serving
from support import write_clip

import av
import av.filter
from livecam.sources import http_answer
from livecam.sources.clip import Clip
from livecam.sources.live.connection import StreamEndedError
from livecam.sources.stream import connect

COUNT = 12


def moving(position: int) -> np.ndarray:
    """A bright bar on dark grey."""
    picture = np.full((96, 128, 3), 40, np.uint8)
    picture[:, position : position + 24] = 220
    return cv2.GaussianBlur(picture, (5, 1), 1)


def woven(number: int) -> np.ndarray:
    """Two fields, the bar six pixels further in the second one."""
    picture = moving(12 * number % 90)
    picture[1::2] = moving((12 * number + 6) % 90)[1::2]
    return picture


def interlaced(path: Path, codec: str) -> Path:
    fields = av.filter.Graph()
    source = fields.add_buffer(width=128, height=96, format="yuv420p", time_base=Fraction(1, 25))
    marks = fields.add("setfield", "tff")
    fields.link_nodes(source, marks, fields.add("buffersink")).configure()
    with av.open(str(path), "w") as container:
        options = {"flags": "+ildct+ilme", "crf": "10", "x264-params": "tff=1:keyint=6"}
        stream = container.add_stream(codec, rate=25, options=options, bit_rate=4_000_000)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        for number in range(COUNT):
            frame = av.VideoFrame.from_ndarray(woven(number), format="bgr24")
            fields.push(frame.reformat(format="yuv420p"))
            frame = fields.pull()
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def comb(picture: np.ndarray) -> float:
    """How much every second line differs from its neighbours."""
    lines = picture[..., 1].astype(int)
    return float(np.abs(lines[1:-1] * 2 - lines[:-2] - lines[2:]).mean())


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp4", "libx264"), ("a.ts", "mpeg2video"), ("a.avi", "mpeg2video")]
)
def test_interlaced_clips_have_no_combs_and_lose_no_frame(name, codec, tmp_path):
    path = interlaced(tmp_path / name, codec)
    with av.open(str(path)) as container:
        stored = list(container.decode(video=0))
        assert all(frame.interlaced_frame for frame in stored)
        combed = np.mean([comb(frame.to_ndarray(format="bgr24")) for frame in stored])
    with Clip(path) as clip:
        frames = list(clip)
    assert [f.time_s for f in frames] == pytest.approx([n / 25 for n in range(COUNT)], abs=1e-3)
    assert np.mean([comb(frame.bgr) for frame in frames]) < combed / 4


def test_other_clips_are_not_touched(tmp_path):
    pictures = [woven(number) for number in range(3)]
    path = write_clip(tmp_path / "p.mp4", pictures, [0.0, 0.1, 0.2])
    with av.open(str(path)) as container:
        plain = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    with Clip(path) as clip:
        for frame, expected in zip(clip, plain, strict=True):
            assert np.array_equal(frame.bgr, expected)


def pictures_of(connection):
    with suppress(StreamEndedError):
        while True:
            yield connection.read()


def test_live_interlaced_streams_have_no_combs_and_lose_no_frame(tmp_path, monkeypatch):
    monkeypatch.setattr(http_answer.HttpAnswer, "comes_at_once", lambda _: False)
    path = interlaced(tmp_path / "a.ts", "mpeg2video")
    with Clip(path) as clip:
        expected = [frame.bgr for frame in clip]
    with serving({"/a.ts": path.read_bytes()}) as host:
        connection = connect(f"http://{host}/endless/a.ts")
        assert not connection.is_finite
        captured = list(pictures_of(connection))
        connection.close()
    times_s = [picture.timestamp_s - captured[0].timestamp_s for picture in captured]
    assert times_s == pytest.approx([n / 25 for n in range(COUNT)], abs=1e-3)
    for picture, bgr in zip(captured, expected, strict=True):
        assert np.array_equal(picture.convert(), bgr)
