"""What claims to be too large is refused in one line, before memory is taken for it."""

import struct
import time
from fractions import Fraction
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image
from sources.files.picture_samples import exr, heic
from sources.stream_server import serving
from support import textured, write_clip

import av
from livecam.core.input_limits import SizeLimits, TooLargeError
from livecam.errors import SourceError, SourceLostError
from livecam.sources.files.file_sequence import FileSequence
from livecam.sources.files.format import format_of
from livecam.sources.files.header_size import described_size
from livecam.sources.live.connection import ConnectionLostError
from livecam.sources.open_source import create_source
from livecam.sources.stream import connect

SIDE = 60_000
SMALL = SizeLimits(pixels=2000)
"""Less than the 3072 of what the tests make: so nothing large has to be made."""


def saved(kind, **options):
    file = BytesIO()
    Image.fromarray(textured(64, 48)).save(file, kind, **options)
    return bytearray(file.getvalue())


def jpeg(width=SIDE, height=SIDE):
    held = bytearray(cv2.imencode(".jpg", textured(64, 48))[1].tobytes())
    at = held.find(b"\xff\xc0")
    held[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(held)


def with_size(held, *fields):
    """Bytes with a large side packed in at each (place, format)."""
    for at, form in fields:
        struct.pack_into(form, held, at, SIDE)
    return bytes(held)


def vp8x():
    held = saved("WEBP", lossless=False)
    side = (16_000 - 1).to_bytes(3, "little")
    head = b"VP8X" + struct.pack("<I", 10) + bytes(4) + side + side
    return b"RIFF" + struct.pack("<I", len(held) + 10) + b"WEBP" + head + bytes(held[12:])


def tiff():
    held = saved("TIFF")
    entry = held.find(struct.pack("<HH", 256, 4))
    return with_size(held, (entry + 8, "<I"), (entry + 20, "<I"))


def jpeg_2000():
    held = saved("JPEG2000")
    at = held.find(b"\xff\x4f\xff\x51")
    return with_size(held, (at + 8, ">I"), (at + 12, ">I"))


def large_exr():
    held = bytearray(exr({"Y": np.zeros((2, 2))}))
    for name in (b"dataWindow\0box2i\0", b"displayWindow\0box2i\0"):
        at = held.find(name) + len(name) + 4
        struct.pack_into("<4i", held, at, 0, 0, SIDE - 1, SIDE - 1)
    return bytes(held)


def large_heic():
    return heic(textured(64, 48)).replace(
        b"ispe" + bytes(4) + struct.pack(">II", 64, 48),
        b"ispe" + bytes(4) + struct.pack(">II", SIDE, SIDE),
    )


PICTURES = {
    "a.jpg": jpeg,
    "a.png": lambda: with_size(saved("PNG"), (16, ">I"), (20, ">I")),
    "alpha.png": lambda: with_size(
        bytearray(cv2.imencode(".png", np.zeros((9, 9, 4), np.uint8))[1].tobytes()),
        (16, ">I"), (20, ">I"),
    ),
    "a.gif": lambda: with_size(saved("GIF"), (6, "<H"), (8, "<H")),
    "a.bmp": lambda: with_size(saved("BMP"), (18, "<i"), (22, "<i")),
    "a.webp": vp8x,
    "a.tif": tiff,
    "a.jp2": jpeg_2000,
    "a.ppm": lambda: b"P6\n# made by hand\n60000 60000\n255\n" + bytes(99),
    "a.pfm": lambda: b"PF\n60000 60000\n-1.0\n" + bytes(99),
    "pam.jpg": lambda: b"P7\nWIDTH 60000\nHEIGHT 60000\nDEPTH 3\nMAXVAL 255\nENDHDR\n" + bytes(99),
    "a.hdr": lambda: b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 60000 +X 60000\n" + bytes(99),
    "a.ras": lambda: struct.pack(">8I", 0x59A66A95, SIDE, SIDE, 24, 0, 1, 0, 0) + bytes(99),
    "a.qoi": lambda: b"qoif" + struct.pack(">II", SIDE, SIDE) + b"\3\0" + bytes(99),
    "a.psd": lambda: b"8BPS\0\1" + bytes(6) + struct.pack(">HII", 3, SIDE, SIDE) + bytes(99),
    "a.tga": lambda: with_size(saved("TGA"), (12, "<H"), (14, "<H")),
    "a.ico": lambda: b"\0\0\1\0\1\0" + struct.pack("<4B2H2I", 9, 9, 0, 0, 1, 32, 99, 22)
        + with_size(saved("PNG"), (16, ">I"), (20, ">I")),
    "a.exr": large_exr,
    "a.heic": large_heic,
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_claims_to_be_too_large_is_refused(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(PICTURES[name]())
    source = create_source(str(path))
    with (
        pytest.raises(SourceError, match=r"is \d+ x \d+ pixels large, [\d,]+ megapixels") as told,
        source,
    ):
        list(source)
    assert "--max-megapixels allows 200" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "JPEG2000", "TGA"])
def test_the_size_that_is_read_is_the_true_one(kind):
    held = bytes(saved(kind))
    found = format_of(held, ".tga" if kind == "TGA" else "")
    assert described_size(held, found) == (64, 48)
    for options in ({"lossless": True}, {"lossless": False}):
        if kind == "WEBP":
            assert described_size(bytes(saved(kind, **options)), "WebP") == (64, 48)
    for length in range(0, min(len(held), 200), 7):
        described_size(held[:length], found)


def test_what_is_too_large_in_a_folder_is_named_and_the_rest_is_used(tmp_path):
    for name in ("b.jpg", "a.png", "a.heic"):
        (tmp_path / name).write_bytes(PICTURES.get(name, jpeg)())
    cv2.imwrite(str(tmp_path / "good.png"), textured(64, 48))
    with FileSequence(str(tmp_path)) as files:
        given = iter(files)
        next(given)
        with pytest.raises(SourceLostError, match=r"3 of 4 pictures .*a\.heic, .*a\.png, .*b\.jpg"):
            next(given)


def test_a_file_of_too_many_bytes_is_not_read(tmp_path):
    with (tmp_path / "a.png").open("wb") as file:
        file.write(saved("PNG"))
        file.truncate(5_000_000_000)  # takes no space
    source = create_source(str(tmp_path / "a.png"))
    with pytest.raises(SourceError, match="is 5,000 MB large"), source:
        list(source)


def test_a_later_page_that_is_too_large_is_refused(tmp_path):
    pages = [Image.new("L", (20, 20)), Image.new("L", (64, 48))]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    with FileSequence(str(tmp_path / "a.tif"), SMALL) as files:
        pictures = iter(files)
        assert next(pictures).bgr.shape == (20, 20, 3)
        with pytest.raises(SourceLostError, match="64 x 48"):
            next(pictures)


def motion_jpeg(path, jpegs):
    """Pictures as they are, in a container that is told the size of small ones."""
    with av.open(str(path), "w", options={"live": "1"}) as container:
        stream = container.add_stream("mjpeg", rate=10, width=32, height=24, pix_fmt="yuvj420p")
        for number, held in enumerate(jpegs):
            packet = av.Packet(held)
            packet.stream, packet.is_keyframe = stream, True
            packet.pts = packet.dts = number
            packet.time_base = Fraction(1, 10)
            container.mux(packet)
    return path


CLIPS = {"a.mp4": "libx264", "a.webm": "libvpx-vp9", "a.mkv": "ffv1", "a.ts": "libx264"}


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_of_too_many_pixels_does_not_open(name, tmp_path):
    path = write_clip(tmp_path / name, [textured(64, 48)] * 3, [0.0, 0.1, 0.2], codec=CLIPS[name])
    source = create_source(str(path), limits=SMALL)
    with (
        pytest.raises(SourceError, match=r"is 64 x 48 pixels large|--max-megapixels"),
        source,
    ):
        list(source)


def test_pixels_of_two_thousand_to_one_are_refused(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, width=640, height=480)
        stream.pix_fmt, stream.codec_context.sample_aspect_ratio = "yuv420p", Fraction(2)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(textured(640, 480), "bgr24")))
        container.mux(stream.encode(None))
    made = path.read_bytes()
    assert b"pasp" + struct.pack(">II", 2, 1) in made
    shape = b"pasp" + struct.pack(">II", 2000, 1)
    path.write_bytes(made.replace(b"pasp" + struct.pack(">II", 2, 1), shape))
    source = create_source(str(path))
    with pytest.raises(SourceError, match=r"with pixels of 2000:1, 614 megapixels"), source:
        list(source)


def changing(folder):
    """A clip whose later half is of 64 x 48 pixels, the first half of 32 x 24."""
    small = cv2.imencode(".jpg", textured(32, 24))[1].tobytes()
    large = cv2.imencode(".jpg", textured(64, 48))[1].tobytes()
    return small, large, motion_jpeg(folder / "a.mkv", [small] * 3 + [large] * 3)


def test_a_clip_that_becomes_too_large_is_used_until_there(tmp_path):
    path = changing(tmp_path)[2]
    with create_source(str(path), limits=SMALL) as clip:
        given = iter(clip)
        assert [next(given).bgr.shape for _ in range(3)] == [(24, 32, 3)] * 3
        with pytest.raises(SourceLostError, match="could be used until 0"):
            next(given)


def parts(*jpegs):
    return b"".join(b"--b\r\nContent-Type: image/jpeg\r\n\r\n" + held + b"\r\n" for held in jpegs)


def test_a_web_camera_whose_picture_is_too_large_does_not_open():
    with (
        serving({"/cam": parts(jpeg(), jpeg())}) as host,
        pytest.raises(SourceError, match=r"is 60000 x 60000 pixels large"),
    ):
        connect(f"http://{host}/until_closed/cam")


def test_a_web_camera_that_changes_to_it_is_lost(tmp_path):
    small = changing(tmp_path)[0]
    with serving({"/cam": parts(small, small, jpeg())}) as host:
        connection = connect(f"http://{host}/until_closed/cam")
        assert connection.read()
        assert connection.read()
        with pytest.raises(ConnectionLostError, match="60000 x 60000"):
            connection.read()
        connection.close()


def test_a_part_of_too_many_bytes_is_refused():
    limits = SizeLimits(part_bytes=100_000)
    endless = b"\xff\xd8\xff\xda\0\2" + bytes(200_000)
    with (
        serving({"/cam": parts(endless)}) as host,
        pytest.raises(SourceError, match=r"does not end within 0\.1 MB \(--max-part-mb\)"),
    ):
        connect(f"http://{host}/until_closed/cam", limits=limits)


def test_a_first_part_of_more_than_a_megabyte_is_read():
    noise = np.random.default_rng(0).integers(0, 255, (1500, 1500, 3), np.uint8)
    held = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
    assert len(held) > 1 << 20
    with serving({"/cam": parts(held)}) as host:
        connection = connect(f"http://{host}/until_closed/cam")
        assert connection.read().convert().shape == (1500, 1500, 3)
        connection.close()


def test_a_stream_that_is_too_large_does_not_open_and_one_that_becomes_so_is_lost(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("livecam.sources.http_answer.HttpAnswer.comes_at_once", lambda _: False)
    large = write_clip(tmp_path / "b.ts", [textured(64, 48)] * 5, [n / 10 for n in range(5)])
    files = {"/a.mkv": changing(tmp_path)[2].read_bytes(), "/b.ts": large.read_bytes()}
    with serving(files) as host:
        with pytest.raises(SourceError, match="is 64 x 48 pixels large"):
            connect(f"http://{host}/endless/b.ts", limits=SMALL)
        connection = connect(f"http://{host}/endless/a.mkv", limits=SMALL)
        assert [connection.read().convert().shape for _ in range(3)] == [(24, 32, 3)] * 3
        with pytest.raises(ConnectionLostError, match="megapixels"):
            connection.read()
        connection.close()


def test_a_playlist_without_end_is_refused():
    listed = b"#EXTM3U\n" + b"#EXTINF:1,\na.ts\n" * 10_000
    with (
        serving({"/a.m3u8": listed}) as host,
        pytest.raises(SourceError, match=r"is a list of more than 0\.1 MB"),
    ):
        connect(f"http://{host}/endless/a.m3u8", limits=SizeLimits(part_bytes=100_000))


def test_the_limits_themselves():
    limits = SizeLimits(pixels=100)
    limits.check(10, 10)
    limits.check(0, 0)
    for size in ((10, 11, 1.0), (5, 10, 2.5), (5, 10, 1 / 2.5)):
        with pytest.raises(TooLargeError):
            limits.check(*size)


def test_nothing_takes_long(tmp_path):
    """Ten thousand PNGs in an ICO, all markers of a JPEG: looked through once."""
    began_s = time.process_time()
    described_size(b"\0\0\1\0" + b"\x89PNG\r\n\x1a\n" * 100_000, "ICO")
    described_size(b"\xff\xd8" + b"\xff\x01" * 500_000, "JPEG")
    assert time.process_time() - began_s < 5
