"""Times of frames: true, also where a container does not say them or its clock starts again."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from support import textured, write_clip

import av
from livecam.sources.clip import Clip
from livecam.sources.decoding.frame_times import FrameClock


def frames_of(path: Path):
    with Clip(path) as clip:
        return list(clip)


def times_of(path: Path) -> list[float]:
    return [frame.time_s for frame in frames_of(path)]


def steady(path: Path, count: int, rate: float) -> Path:
    return write_clip(path, [textured(64, 48)] * count, [n / rate for n in range(count)])


def joined(folder: Path, *parts: tuple[int, float]) -> Path:
    """Transport streams one after the other, as `cat` makes them: their clock starts again."""
    data = [
        steady(folder / f"part{number}.ts", *part).read_bytes() for number, part in enumerate(parts)
    ]
    path = folder / "joined.ts"
    path.write_bytes(b"".join(data))
    return path


def test_a_clock_that_starts_again_goes_on_with_the_new_rate(tmp_path):
    path = joined(tmp_path, (30, 30), (20, 10), (30, 60))
    expected_s = [n / 30 for n in range(30)] + [1 + n / 10 for n in range(20)]
    expected_s += [3 + n / 60 for n in range(30)]
    # What lies between two parts is as long as the last frame, which a stream does not tell.
    assert times_of(path) == pytest.approx(expected_s, abs=0.08)
    steps_s = [later - earlier for earlier, later in pairwise(times_of(path))]
    assert steps_s[35:49] == pytest.approx([0.1] * 14, abs=1e-3)
    assert steps_s[55:79] == pytest.approx([1 / 60] * 24, abs=1e-3)


@pytest.mark.parametrize(("codec", "suffix"), [("libx264", "h264"), ("libx265", "hevc")])
@pytest.mark.parametrize("rate", [30, 50])
def test_bare_streams_have_the_rate_of_their_header(codec, suffix, rate, tmp_path):
    path = tmp_path / f"in.{suffix}"
    with av.open(str(path), "w", format=suffix) as container:
        stream = container.add_stream(codec, rate=rate, options={"x265-params": "log-level=none"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for seed in range(12):
            frame = av.VideoFrame.from_ndarray(textured(64, 48, seed), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with Clip(path) as clip:
        assert clip.rate == rate
        assert [f.time_s for f in clip] == pytest.approx([n / rate for n in range(12)], abs=1e-6)


def test_reordered_frames_of_an_avi_are_even(tmp_path):
    path = tmp_path / "b.avi"
    with av.open(str(path), "w") as container:
        options = {"bf": "3", "b_strategy": "0", "x264-params": "b-pyramid=normal"}
        stream = container.add_stream("libx264", rate=30, options=options)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for seed in range(24):
            frame = av.VideoFrame.from_ndarray(textured(64, 48, seed), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with Clip(path) as clip:
        assert clip.rate == 30
        assert [f.time_s for f in clip] == pytest.approx([n / 30 for n in range(24)], abs=1e-6)
        assert clip.began_s == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_last_picture_that_stays_says_how_long(suffix, tmp_path):
    path = tmp_path / f"hold{suffix}"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        packets = []
        for seed in range(4):
            frame = av.VideoFrame.from_ndarray(textured(64, 48, seed), format="bgr24")
            packets += stream.encode(frame)
        packets += stream.encode(None)
        packets[-1].duration = round(5 / packets[-1].time_base)
        container.mux(packets)
    last = frames_of(path)[-1]
    assert last.time_s == pytest.approx(0.3, abs=1e-3)
    assert last.duration_s == pytest.approx(5.0, abs=1e-3)


UNIT = Fraction(1, 10_000_000)


def clock(name: str = "mov,mp4", flags: int = 0) -> FrameClock:
    container = SimpleNamespace(format=SimpleNamespace(name=name, flags=flags))
    stream = SimpleNamespace(
        average_rate=Fraction(10), guessed_rate=Fraction(10), start_time=0, time_base=UNIT
    )
    return FrameClock(container, stream)


def times_given(*stamps_s: float | None) -> list[float]:
    """The times for frames with these stamps, of a clip of ten frames a second."""
    given = clock()
    frames = [
        SimpleNamespace(pts=None if s is None else round(s / UNIT), duration=0) for s in stamps_s
    ]
    return [given.next(frame).time_s for frame in frames]


@pytest.mark.parametrize(
    ("stamps_s", "expected_s"),
    [
        ((5.0, 5.1, 5.3), (0.0, 0.1, 0.3)),
        ((0.0, None, None, 0.4), (0.0, 0.1, 0.2, 0.4)),
        ((0.0, 0.2, 0.1, 0.4), (0.0, 0.2, 0.3, 0.4)),  # out of order
        ((0.0, 0.2, 0.2, 0.4), (0.0, 0.2, 0.3, 0.4)),
        ((0.0, 0.2, 0.2000001, 0.4), (0.0, 0.2, 0.3, 0.4)),  # the same in six places
        ((0.0, 1.0, 0.0, 0.05, 0.1), (0.0, 1.0, 1.1, 1.15, 1.2)),  # started again
        ((9.0, 9.5, 2.0, 2.5, 0.0), (0.0, 0.5, 0.6, 1.1, 1.2)),
        ((None, None, 7.0, 7.2), (0.0, 0.1, 0.2, 0.4)),
    ],
)
def test_stamps_become_times_that_rise(stamps_s, expected_s):
    assert times_given(*stamps_s) == pytest.approx(expected_s)


def test_times_rise_also_in_six_places(tmp_path):
    times_s = times_given(*[n % 7 * 0.0333333 + n // 7 * 1e-7 for n in range(60)])
    assert all(round(a, 6) < round(b, 6) for a, b in pairwise(times_s))


@pytest.mark.parametrize(
    ("name", "rates"),
    [
        ("restart-with-another-rate/in.ts", (90 * [1 / 30] + 149 * [1 / 15])),
        ("raw-h264-rate/in.h264", 89 * [1 / 30]),
        ("avi-h264-b-frames/in.avi", 59 * [1 / 30]),
        ("last-picture-stays/hold.mp4", [0.1, 0.1, 0.1, 2.7, 0.1]),
    ],
)
def test_real_times_that_are_hard_to_tell(name, rates, shared):
    times_s = times_of(shared / "cases" / name)
    assert [b - a for a, b in pairwise(times_s)] == pytest.approx(rates, abs=1e-3)
    assert all(round(a, 6) < round(b, 6) for a, b in pairwise(times_s))
