"""Jumps in clips: the same frames, times and numbers as in playing from the start."""

from dataclasses import replace
from fractions import Fraction
from itertools import islice

import pytest
from support import textured, write_clip

import av
from livecam.core.seek_and_speed import TO_START, Jump
from livecam.sources.clip import Clip

RATE = 30
COUNT = 331
PICTURES = [textured(64, 48, seed=i) for i in range(COUNT)]


def clip_of(folder, name, codec):
    """A clip of steady rate; made once in a folder."""
    path = folder / f"{codec}-{name}"
    if path.exists():
        return path
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE)
        stream.height, stream.width = PICTURES[0].shape[:2]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for number, bgr in enumerate(PICTURES):
            frame = av.VideoFrame.from_ndarray(bgr, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    return tmp_path_factory.mktemp("clips")


def look(frames, count=3):
    return [(round(f.time_s, 5), f.bgr.tobytes()) for f in islice(frames, count)]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.mkv", "ffv1"), ("a.webm", "libvpx-vp9"),
        ("a.avi", "mpeg4"), ("a.ts", "libx264"), ("a.mov", "mjpeg"), ("a.flv", "libx264"),
        ("a.mpg", "mpeg2video"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("at", "jump", "lands_at"),
    [
        (60, Jump(frames_back=1), 59), (200, Jump(frames_back=7), 193), (2, Jump(frames_back=5), 0),
        (20, Jump(steps=1), 170), (20, Jump(steps=2), 320), (270, Jump(steps=-1), 120),
        (20, Jump(steps=-1), 0), (100, TO_START, 0), (330, Jump(frames_back=1), 329),
    ],
)  # fmt: skip
def test_a_jump_leads_to_the_very_frame(clips, name, codec, at, jump, lands_at):
    path = clip_of(clips, name, codec)
    with Clip(path) as clip:
        every = list(clip)
    assert len(every) == COUNT
    with Clip(path) as clip:
        next(iter(clip))
        assert clip.can_seek
        found = list(islice(clip.frames_after(jump, every[at]), 3))
    assert look(iter(found)) == look(every[lands_at:])
    assert [f.index for f in found] == [f.index for f in every[lands_at : lands_at + 3]]


@pytest.mark.parametrize("at", [0, 190, 330])
def test_beyond_the_end_it_is_the_last_frame(clips, at):
    with Clip(clip_of(clips, "a.mp4", "libx264")) as clip:
        every = list(clip)
        found = list(clip.frames_after(Jump(steps=5), every[at]))
    assert look(iter(found), 9) == look(every[-1:])


def test_where_the_duration_is_too_long_it_is_the_last_frame_all_the_same(clips):
    path = clip_of(clips, "a.mkv", "libx264")
    with Clip(path) as clip:
        every = list(clip)
        clip._opened()._expected.duration_s = 60.0
        found = list(clip.frames_after(Jump(steps=9), every[0]))
    assert look(iter(found), 9)[-1] == look(every[-1:])[0]
    assert len(found) <= 2


def test_frames_of_changing_length_are_found_by_their_times(tmp_path):
    times_s = [0.0]
    for i in range(1, 40):
        times_s.append(times_s[-1] + (0.04, 0.5, 1.7)[i % 3])
    path = write_clip(tmp_path / "a.mkv", PICTURES[:40], times_s)
    with Clip(path) as clip:
        every = list(clip)
        for at in (3, 17, 39):
            found = clip.frames_after(Jump(frames_back=1), every[at])
            assert look(found, 1) == look(every[at - 1 :], 1)
            later = [f for f in every if f.time_s >= every[3].time_s + 5 - 1e-6]
            assert look(clip.frames_after(Jump(steps=1), every[3])) == look(later)


def test_a_bare_stream_without_times_is_decoded_from_its_beginning(clips):
    path = clip_of(clips, "a.h264", "libx264")
    with Clip(path) as clip:
        every = list(clip)
        step = every[1].time_s - every[0].time_s
        shown = every[100]
        found = look(clip.frames_after(Jump(frames_back=2), shown))
    assert step > 0
    assert found == look(every[98:])


def test_damage_is_not_reported_by_a_part_of_the_clip(clips):
    path = clip_of(clips, "a.mkv", "libx264")
    with Clip(path) as clip:
        first = next(iter(clip))
        rest = list(clip.frames_after(Jump(steps=1), first))
    assert len(rest) == COUNT - 150


def test_where_it_stands_is_told_with_the_end(clips):
    with Clip(clip_of(clips, "a.mp4", "libx264")) as clip:
        first = next(iter(clip))
        assert clip.describe_place(replace(first, time_s=7.3)) == "0:07.30 / 0:11.03"
