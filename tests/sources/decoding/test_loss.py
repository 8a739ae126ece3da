"""Verdicts on clips: damaged only where a decoder missed something."""

import shutil
import struct
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from support import textured, write_clip

import av
from livecam.errors import SourceLostError
from livecam.sources.clip import Clip

STEADY_S = [n / 10 for n in range(40)]


def read(path: Path):
    """Frames, and the error that came after them or None."""
    seen = []
    with Clip(path) as clip:
        expected = clip.frame_count
        try:
            seen.extend(clip)
        except SourceLostError as error:
            return seen, expected, error
    return seen, expected, None


def with_sound(path: Path, seconds: float, codecs: tuple[str, str], *, count: int = 30) -> Path:
    """Pictures at ten a second, and longer sound, interleaved as a muxer does it."""
    with av.open(str(path), "w") as container:
        video = container.add_stream(codecs[0], rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        sound = container.add_stream(codecs[1], rate=44100, layout="stereo", bit_rate=96_000)
        for seed in range(count):
            frame = av.VideoFrame.from_ndarray(textured(64, 48, seed), format="bgr24")
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        size = sound.codec_context.frame_size or 1024
        for number in range(int(seconds * 44100 / size)):
            silence = av.AudioFrame.from_ndarray(np.zeros((2, size), np.float32), "fltp", "stereo")
            silence.sample_rate, silence.pts = 44100, size * number
            silence.time_base = Fraction(1, 44100)
            container.mux(sound.encode(silence))
        container.mux(sound.encode(None))
    return path


LONGER_SOUND = {
    "few pictures.mkv": (("libx264", "aac"), 3),
    "lecture.wmv": (("wmv2", "wmav2"), 30),
    "song.flv": (("flv", "aac"), 2),
    "broadcast.ts": (("mpeg2video", "mp2"), 30),
    "song.mp4": (("libx264", "aac"), 1),
    "lecture.avi": (("mpeg4", "aac"), 30),
}


@pytest.mark.parametrize("name", LONGER_SOUND)
def test_sound_that_is_longer_than_the_pictures_is_no_damage(name, tmp_path):
    codecs, count = LONGER_SOUND[name]
    if codecs[0] == "mpeg2video":
        count = 30
    frames, _, error = read(with_sound(tmp_path / name, 8.0, codecs, count=count))
    assert error is None
    assert len(frames) == count


@pytest.mark.parametrize(
    ("name", "codecs"), [("a.mkv", ("libx264", "aac")), ("a.flv", ("flv", "aac"))]
)
def test_a_file_whose_sound_is_cut_off_as_well_is_damaged(name, codecs, tmp_path):
    path = with_sound(tmp_path / name, 8.0, codecs, count=75)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    frames, _, error = read(path)
    assert 0 < len(frames) < 75
    assert error is not None
    assert "it ends at" in str(error)


def test_subtitles_that_are_longer_than_the_pictures_are_no_damage(tmp_path):
    if shutil.which("ffmpeg") is None:
        pytest.skip("the ffmpeg program is missing: PyAV writes no subtitles")
    pictures = write_clip(tmp_path / "c.mkv", [textured(64, 48)] * 10, STEADY_S[:10])
    text = tmp_path / "t.srt"
    text.write_text("1\n00:00:00,500 --> 00:00:09,000\nhello\n")
    path = tmp_path / "subtitled.mkv"
    inputs = ["ffmpeg", "-v", "quiet", "-nostdin", "-i", pictures, "-i", text]
    # No tags: many programs write none of the lengths of single streams.
    subprocess.run([*inputs, "-c", "copy", "-fflags", "+bitexact", path], check=True, timeout=60)
    frames, _, error = read(path)
    assert (len(frames), error) == (10, None)


def edit_list(*parts: tuple[int, int]) -> bytes:
    """`edts` of parts (length in units of the movie, start in units of the track)."""
    entries = b"".join(struct.pack(">iiI", *part, 1 << 16) for part in parts)
    elst = struct.pack(">I4sII", 16 + len(entries), b"elst", 0, len(parts)) + entries
    return struct.pack(">I4s", 8 + len(elst), b"edts") + elst


def with_edits(path: Path, *parts_s: tuple[float, float]) -> Path:
    """Trim an MP4 whose index is at its end as telephones do: by its edit list alone.

    Args:
        path: of one track.
        parts_s: length and start of each part that stays, in seconds.
    """
    data = bytearray(path.read_bytes())

    def field(box: bytes) -> int:
        return data.index(box) - 4

    movie_unit = struct.unpack_from(">I", data, field(b"mvhd") + 20)[0]
    track_unit = struct.unpack_from(">I", data, field(b"mdhd") + 20)[0]
    old = field(b"edts")
    size = struct.unpack_from(">I", data, old)[0]
    parts = [(round(a * movie_unit), round(b * track_unit)) for a, b in parts_s]
    media_start = struct.unpack_from(">i", data, old + 28)[0]
    new = edit_list(*((length, start + media_start) for length, start in parts))
    data[old : old + size] = new
    for box in (b"moov", b"trak"):
        at = field(box)
        struct.pack_into(">I", data, at, struct.unpack_from(">I", data, at)[0] + len(new) - size)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("parts_s", "count"),
    [
        ([(1.5, 0.0)], 15),
        ([(1.5, 1.0)], 15),
        ([(3.0, 1.0)], 30),
        ([(1.0, 0.5), (1.0, 2.5)], 20),
        ([(1.0, 2.5), (1.0, 0.5)], 20),
    ],
)
def test_clips_trimmed_by_their_edit_list_are_not_damaged(parts_s, count, tmp_path):
    whole = write_clip(tmp_path / "c.mp4", [textured(64, 48, n) for n in range(40)], STEADY_S)
    path = with_edits(whole, *parts_s)
    with av.open(str(path)) as container:
        shown = sum(1 for _ in container.decode(video=0))
    frames, expected, error = read(path)
    assert error is None
    assert len(frames) == shown == expected
    assert shown == pytest.approx(count, abs=1)


@pytest.mark.parametrize("name", ["trimmed-by-edit-list/trim_end.mp4", "false-damage/v.mp4"])
def test_real_clips_that_are_whole(name, shared):
    frames, expected, error = read(shared / "cases" / name)
    assert error is None
    assert len(frames) == expected


def test_a_real_clip_with_longer_sound_is_whole(shared):
    frames, _, error = read(shared / "cases" / "false-damage" / "sound_longer.wmv")
    assert error is None
    assert len(frames) == 30


def test_a_killed_recording_shows_its_true_number_of_frames(tmp_path):
    options = {"movflags": "hybrid_fragmented", "frag_duration": "200000", "flush_packets": "1"}
    container = av.open(str(tmp_path / "recording.mp4"), "w", options=options)
    stream = container.add_stream("libx264", rate=30, options={"tune": "zerolatency"})
    stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
    for seed in range(90):
        frame = av.VideoFrame.from_ndarray(textured(64, 48, seed), format="bgr24")
        container.mux(stream.encode(frame))
    killed = tmp_path / "killed.mp4"
    killed.write_bytes((tmp_path / "recording.mp4").read_bytes())
    container.close()
    frames, expected, error = read(killed)
    assert error is None
    assert 80 < len(frames) < 90
    assert len(frames) == expected
