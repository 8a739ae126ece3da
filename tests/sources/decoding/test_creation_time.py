"""When a clip was taken, as its file says: as a time with a zone, or not at all."""

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from types import SimpleNamespace

import av
import pytest
from support import picture

from livecam.sources.clip import Clip
from livecam.sources.decoding.creation_time import creation_time_of
from livecam.sources.files.file_sequence import FileSequence

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def said(container=(), stream=()):
    return creation_time_of(
        SimpleNamespace(metadata=dict(container)), SimpleNamespace(metadata=dict(stream))
    )


@pytest.mark.parametrize(
    "metadata",
    [
        {"creation_time": "2026-05-01T12:00:00.000000Z"},
        {"creation_time": "2026-05-01T12:00:00Z", "com.apple.quicktime.creationdate": "unknown"},
        {"creation_time": "2026-05-01T14:00:00+02:00"},
        {"com.apple.quicktime.creationdate": "2026-05-01T14:00:00+0200"},
    ],
)
def test_the_time_of_the_container_is_read_with_its_zone(metadata):
    assert said(metadata) == NOON
    assert said({}, metadata) == NOON


def test_the_zone_that_it_was_taken_in_is_kept():
    both = {"creation_time": "2026-05-01T12:00:00Z"}
    both["com.apple.quicktime.creationdate"] = "2026-05-01T14:00:00+0200"
    assert said(both).utcoffset() == timezone(timedelta(hours=2)).utcoffset(None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "1904-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "9999-12-31T23:00:00Z",
        "2026-05-01T12:00:00",
    ],
)
def test_what_is_no_time_with_a_zone_is_none(text):
    assert said({"creation_time": text}) is None


def clip_of(path, **metadata):
    with av.open(str(path), "w") as container:
        container.metadata.update(metadata)
        stream = container.add_stream("mpeg4", rate=10)
        stream.height, stream.width = picture().shape[:2]
        for number in range(3):
            frame = av.VideoFrame.from_ndarray(picture(), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
def test_each_frame_of_a_clip_has_its_own_time(suffix, tmp_path):
    path = clip_of(tmp_path / f"a{suffix}", creation_time=NOON.isoformat())
    wanted = [NOON + timedelta(seconds=number / 10) for number in range(3)]
    for source in (Clip(path), FileSequence(str(path))):
        with source:
            assert [frame.taken_at for frame in source] == wanted


def test_a_clip_without_a_time_has_none(tmp_path):
    with Clip(clip_of(tmp_path / "a.avi")) as clip:
        assert {frame.taken_at for frame in clip} == {None}


def test_a_recording_knows_when_it_was_made(tmp_path):
    from support import livecam_here, records

    first = livecam_here("daisy", "--model", "flowers", "--no-window", "--frames", 3,
                    "--record", "a.mp4", "--stats", "a.jsonl", cwd=tmp_path)  # fmt: skip
    assert first.returncode == 0, first.stderr
    again = livecam_here("a.mp4", "--model", "flowers", "--no-window", "--stats", "-", cwd=tmp_path)
    lines = records((tmp_path / "a.jsonl").read_text()), records(again.stdout)
    taken, read = (datetime.fromisoformat(part[0]["at"]) for part in lines)
    assert abs(taken - read) < timedelta(seconds=3)
