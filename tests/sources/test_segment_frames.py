"""Sparing decoding gives the very frames of the whole clip: numbers, times and pixels."""

import hashlib
from pathlib import Path

import pytest
from made_clips import encode, moving

import av
from livecam.core.input_limits import DEFAULT_LIMITS
from livecam.core.types import CropBox
from livecam.errors import SourceError, SourceLostError
from livecam.sources.clip import Clip
from livecam.sources.key_frames import NotPlainError
from livecam.sources.looked_at_frames import LookedAtFrames
from livecam.sources.segment_frames import SegmentFrames, SegmentPlan

RATE, FRAMES = 10.0, 65
ENCODINGS = {
    "plain.mp4": ("libx264", {"g": "10", "bf": "0", "sc_threshold": "0"}),
    "reordered.mp4": ("libx264", {"g": "10", "bf": "3", "sc_threshold": "0"}),
    "pyramid.mkv": ("libx264", {"g": "10", "bf": "7", "x264-params": "b-pyramid=normal"}),
    "open_groups.mp4": ("libx264", {"g": "10", "bf": "3", "x264-params": "open-gop=1:scenecut=0"}),
    "open_groups.ts": ("libx264", {"g": "10", "bf": "3", "x264-params": "open-gop=1:scenecut=0"}),
    "one_group.mp4": ("libx264", {"g": "250", "bf": "2"}),
    "uneven.mp4": ("libx264", {"g": "23", "bf": "2", "sc_threshold": "0"}),
    "intra.mp4": ("libx264", {"g": "1"}),
    "hevc.mp4": ("libx265", {"x265-params": "keyint=10:bframes=4:log-level=none"}),
    "stream.ts": ("libx264", {"g": "10", "bf": "2", "sc_threshold": "0"}),
    "vp9.webm": ("libvpx-vp9", {"g": "10", "deadline": "realtime", "cpu-used": "8"}),
    "vp8.webm": ("libvpx", {"g": "10", "deadline": "realtime", "auto-alt-ref": "1"}),
    "pictures.mov": ("mjpeg", {}),
    "part2.avi": ("mpeg4", {"g": "10", "bf": "2"}),
}


@pytest.fixture(scope="module")
def clips(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("clips")
    pictures = moving(FRAMES)
    for name, (codec, options) in ENCODINGS.items():
        quick = {"preset": "ultrafast"} if codec.startswith("libx26") else {}
        encode(folder / name, pictures, RATE, codec=codec, options=quick | options)
    return {name: folder / name for name in ENCODINGS}


def all_of(width: int, height: int) -> CropBox:
    return CropBox(0, 0, width, height)


def plan(spacing_s: float, length_s: float, start=None) -> SegmentPlan:
    return SegmentPlan(spacing_s, length_s, all_of, start)


def described(frame) -> tuple:
    return frame.index, frame.time_s, hashlib.sha256(frame.bgr).hexdigest(), frame.bgr.shape


def whole(path: Path) -> dict[int, tuple]:
    found = {}
    with Clip(path) as clip:
        try:
            found = {}
            for frame in clip:
                found[frame.index] = described(frame)
        except SourceLostError:
            pass
    return found


def looked_at(path: Path, spacing_s: float, length_s: float) -> tuple[list[tuple], int]:
    """The frames of all segments, and how many of those there are."""
    first = LookedAtFrames(path, plan(spacing_s, length_s), DEFAULT_LIMITS)
    found = [described(part.frame) for part in first]
    for start in first.later:
        later = LookedAtFrames(path, plan(spacing_s, length_s, start), DEFAULT_LIMITS)
        found += [described(part.frame) for part in later]
    return found, 1 + len(first.later)


@pytest.mark.parametrize("length_s", [600.0, 2.0])
@pytest.mark.parametrize("spacing_s", [1.0, 0.5, 0.0])
@pytest.mark.parametrize("name", ENCODINGS)
def test_the_frames_are_those_of_the_whole_clip(clips, name, spacing_s, length_s):
    every, (found, segments) = whole(clips[name]), looked_at(clips[name], spacing_s, length_s)
    assert len(every) == FRAMES
    assert [every[index] for index, *_ in found] == found
    numbers = [index for index, *_ in found]
    assert numbers == sorted(set(numbers))
    if not spacing_s:
        assert numbers == list(range(FRAMES))
    else:
        looks = FRAMES / RATE / spacing_s
        assert looks - 1 <= len(found) <= looks + segments
    assert segments == 1 or length_s == 2.0


@pytest.mark.parametrize("name", ["plain.mp4", "open_groups.mp4", "hevc.mp4", "stream.ts"])
def test_clips_with_key_frames_are_cut_into_segments(clips, name):
    assert looked_at(clips[name], 1.0, 2.0)[1] == 4


@pytest.mark.parametrize("name", ["plain.mp4", "reordered.mp4", "pyramid.mkv", "hevc.mp4"])
def test_key_frames_alone_are_decoded_where_they_are_enough(clips, name, monkeypatch):
    with av.open(str(clips[name])) as container:
        frames = SegmentFrames(container, plan(1.0, 600.0), DEFAULT_LIMITS)
        monkeypatch.setattr(frames._decoder, "feed", lambda _: pytest.fail("others are decoded"))
        assert [part.frame.index for part in frames] == [0, 10, 20, 30, 40, 50, 60]


@pytest.mark.parametrize("name", ["plain.mp4", "reordered.mp4", "pyramid.mkv", "hevc.mp4"])
def test_decoded_frames_do_not_pile_up_in_memory(clips, name, monkeypatch):
    with av.open(str(clips[name])) as container:
        frames, decoded = SegmentFrames(container, plan(0.0, 600.0), DEFAULT_LIMITS), []
        feed = frames._decoder.feed

        def counted(packet):
            given = feed(packet)
            decoded.extend(frame.pts for frame in given)
            return given

        monkeypatch.setattr(frames._decoder, "feed", counted)
        for number, _ in enumerate(frames, 1):
            assert len(decoded) <= number + 1


def test_what_is_not_plain_is_decoded_in_order(clips):
    for name in ("vp8.webm", "part2.avi"):
        with av.open(str(clips[name])) as container, pytest.raises(NotPlainError):
            SegmentFrames(container, plan(1.0, 600.0), DEFAULT_LIMITS)


@pytest.mark.parametrize("place", [0.35, 0.6, 0.97])
@pytest.mark.parametrize("kind", ["cut", "flipped"])
@pytest.mark.parametrize("name", ["plain.mp4", "pyramid.mkv", "stream.ts"])
def test_a_damaged_clip_gives_what_the_whole_clip_gives_and_says_so(
    clips, tmp_path, name, kind, place
):
    content = bytearray(clips[name].read_bytes())
    at = int(len(content) * place)
    if kind == "cut":
        del content[at:]
    else:
        content[at : at + 40] = bytes(255 - value for value in content[at : at + 40])
    path = tmp_path / name
    path.write_bytes(content)
    try:
        every = whole(path)
    except SourceError:
        with pytest.raises(SourceError):
            looked_at(path, 1.0, 600.0)
        return
    frames = LookedAtFrames(path, plan(1.0, 600.0), DEFAULT_LIMITS)
    found = [described(part.frame) for part in frames]
    # What a frame that nobody looked at lacks is not seen: numbers may be those of a whole clip.
    of_time = {time_s: rest for _, time_s, *rest in every.values()}
    assert [of_time.get(time_s) for _, time_s, *_ in found] == [rest for _, _, *rest in found]
    if kind == "cut" and not name.endswith(".ts"):  # a transport stream does not say how long it is
        assert "damaged" in frames.problem


def test_a_clip_that_does_not_open_says_why(tmp_path):
    path = tmp_path / "none.mp4"
    with pytest.raises(SourceError, match="it does not exist"):
        list(LookedAtFrames(path, plan(1.0, 600.0), DEFAULT_LIMITS))


def test_numbers_are_right_however_many_frames_lie_between_two_looks(tmp_path):
    options = {"g": "9999", "keyint_min": "9999", "sc_threshold": "0", "preset": "ultrafast"}
    clip = encode(tmp_path / "long.mp4", moving(100, 32, 32) * 32, 100.0, options=options)
    found, _ = looked_at(clip, 25.0, 600.0)
    assert [(index, time_s) for index, time_s, *_ in found] == [(0, 0.0), (2500, 25.0)]
