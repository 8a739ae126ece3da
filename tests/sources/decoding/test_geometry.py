"""Orientation and pixel shape of clips, also where they change on the way."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support import textured, write_clip

import av
from livecam.sources.clip import Clip
from livecam.sources.decoding.orientation import Orientation, orientation_of_matrix

IDENTITY = b"".join(n.to_bytes(4, "big") for n in (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30))

MATRICES = {
    "as stored": ((1, 0, 0, 1), lambda p: p),
    "a quarter clockwise": ((0, 1, -1, 0), lambda p: np.rot90(p, -1)),
    "upside down": ((-1, 0, 0, -1), lambda p: np.rot90(p, 2)),
    "a quarter counter-clockwise": ((0, -1, 1, 0), lambda p: np.rot90(p, 1)),
    "columns mirrored": ((-1, 0, 0, 1), lambda p: p[:, ::-1]),
    "rows mirrored": ((1, 0, 0, -1), lambda p: p[::-1]),
    "transposed": ((0, 1, 1, 0), lambda p: p.swapaxes(0, 1)),
    "transposed the other way": ((0, -1, -1, 0), lambda p: np.rot90(p, 2).swapaxes(0, 1)),
}


def with_matrix(path: Path, a: int, b: int, c: int, d: int) -> Path:
    """Turn an MP4 as telephones do: by the matrix in the header of its track."""
    values = (a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    matrix = b"".join((n % (1 << 32)).to_bytes(4, "big") for n in values)
    data = path.read_bytes()
    at = data.index(IDENTITY, data.index(b"tkhd"))
    path.write_bytes(data[:at] + matrix + data[at + len(matrix) :])
    return path


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
@pytest.mark.parametrize("what", MATRICES)
def test_clips_are_turned_and_mirrored_as_their_metadata_says(what, suffix, tmp_path):
    matrix, turned = MATRICES[what]
    stored = textured(96, 64)
    path = write_clip(tmp_path / f"turned{suffix}", [stored] * 3, [0.0, 0.1, 0.2])
    with Clip(with_matrix(path, *matrix)) as clip:
        pictures = [frame.bgr for frame in clip]
    for shown in pictures:
        assert shown.shape == turned(stored).shape
        assert np.abs(shown.astype(int) - turned(stored)).mean() < 6


EXIF = [
    "as stored",
    "columns mirrored",
    "upside down",
    "rows mirrored",
    "transposed",
    "a quarter clockwise",
    "transposed the other way",
    "a quarter counter-clockwise",
]
"""By the number of EXIF's orientation, from 1."""


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
@pytest.mark.parametrize("number", range(1, 9))
def test_pictures_opened_as_clips_are_turned_and_mirrored_by_their_exif(number, suffix, tmp_path):
    stored = textured(96, 64)
    exif = Image.Exif()
    exif[0x0112] = number
    path = tmp_path / f"p.{suffix}"
    Image.fromarray(stored[..., ::-1]).save(path, exif=exif, quality=95)
    with Clip(path) as clip:
        shown = next(iter(clip)).bgr
    turned = MATRICES[EXIF[number - 1]][1](stored)
    assert shown.shape == turned.shape
    assert np.abs(shown.astype(int) - turned).mean() < 6


@pytest.mark.parametrize(
    ("matrix", "orientation"),
    [
        ((2, 1, 0, -1, 2, 0, 0, 0, 1), Orientation()),
        ((1, 2, 0, -2, 1, 0, 0, 0, 1), Orientation(True, True, False)),
        ((0, 0, 0, 0, 0, 0, 0, 0, 0), Orientation()),
        ((-(1 << 31), 0, 0, 0, -(1 << 31), 0, 0, 0, 1), Orientation(False, True, True)),
    ],
)
def test_crooked_matrices_are_taken_for_the_nearest_right_angle(matrix, orientation):
    assert orientation_of_matrix(np.array(matrix, "i4")) == orientation


@pytest.mark.parametrize(
    ("aspect", "width", "height"),
    [((1, 1), 96, 64), ((4, 3), 128, 64), ((1, 2), 96, 128), ((0, 1), 96, 64)],
)
def test_pixels_are_made_square_without_losing_any(aspect, width, height, tmp_path):
    path = write_with_aspects(tmp_path / "wide.mkv", [Fraction(*aspect)])
    with Clip(path) as clip:
        assert next(iter(clip)).bgr.shape == (height, width, 3)


def write_with_aspects(
    path: Path, aspects: list[Fraction], *, codec: str = "libx264", each: int = 1
) -> Path:
    """Parts of `each` frames, every part with pixels of another shape."""
    with av.open(str(path), "w", format=None if path.suffix == ".mkv" else "mpegts") as container:
        stream = container.add_stream(codec, rate=30)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        encoders = [stream.codec_context] + [
            av.CodecContext.create(codec, "w") for _ in aspects[1:]
        ]
        for part, (encoder, aspect) in enumerate(zip(encoders, aspects, strict=True)):
            encoder.width, encoder.height, encoder.pix_fmt = 96, 64, "yuv420p"
            encoder.time_base, encoder.framerate = Fraction(1, 30), Fraction(30)
            encoder.sample_aspect_ratio = aspect
            frames = [
                av.VideoFrame.from_ndarray(textured(96, 64, part), format="bgr24")
                for _ in range(each)
            ]
            for number, frame in enumerate([*frames, None]):
                if frame is not None:
                    frame.pts, frame.time_base = part * each + number, Fraction(1, 30)
                for packet in encoder.encode(frame):
                    packet.stream = stream
                    container.mux(packet)
    return path


@pytest.mark.parametrize("codec", ["libx264", "mpeg2video"])
def test_the_shape_of_pixels_may_change_on_the_way(codec, tmp_path):
    aspects = [Fraction(1), Fraction(32, 27), Fraction(8, 9)]  # MPEG-2 has no others here
    path = write_with_aspects(tmp_path / "broadcast.ts", aspects, codec=codec, each=12)
    with Clip(path) as clip:
        shapes = [frame.bgr.shape[:2] for frame in clip]
    assert shapes == [(64, 96)] * 12 + [(64, 114)] * 12 + [(72, 96)] * 12


def test_real_change_of_the_shape_of_pixels(shared):
    with Clip(shared / "cases" / "sar-changes" / "in.ts") as clip:
        shapes = [frame.bgr.shape[:2] for frame in clip]
    half = len(shapes) // 2
    assert shapes == [(48, 64)] * half + [(48, 85)] * half


def test_a_real_mirrored_clip_is_not_upside_down(shared):
    path = shared / "cases" / "mirrored-matrix" / "geo_hflip.mp4"
    with av.open(str(path)) as container:
        stored = next(container.decode(video=0)).to_ndarray(format="bgr24")
    with Clip(path) as clip:
        assert np.abs(next(iter(clip)).bgr.astype(int) - stored[:, ::-1]).max() <= 2
