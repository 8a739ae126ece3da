"""The total of a Matroska file that was cut off is the number of frames that can be had."""

from contextlib import suppress

import numpy as np
import pytest
from annotated_frames import annotated_frames_of
from sinks.recording.recordings import record
from support import textured, write_clip

from livecam.errors import SourceLostError
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording import finisher
from livecam.sources.clip import Clip
from livecam.sources.decoding import frame_count

PICTURES = [textured(64, 48, seed) for seed in range(9)]


@pytest.fixture
def recording(tmp_path):
    """Three seconds of our own."""
    path = tmp_path / "r.mkv"
    options = RecordingOptions(path, tmp_path, EncoderRequest(rate=30.0, live=False))
    record(options, annotated_frames_of([PICTURES[n % 9] for n in range(90)]))
    return path


def total_and_frames(path):
    with Clip(path) as clip:
        total, frames = clip.frame_count, 0
        with suppress(SourceLostError):
            for _ in clip:
                frames += 1
    return total, frames


def test_a_finished_recording_shows_its_number_of_frames(recording):
    assert total_and_frames(recording) == (90, 90)


@pytest.mark.parametrize("codec", ["h264", "av1", "ffv1"])
def test_one_that_was_cut_off_anywhere_does_too(codec, tmp_path, monkeypatch):
    path, cut = tmp_path / "r.mkv", tmp_path / "cut.mkv"
    monkeypatch.setattr(finisher, "remux_in_place", lambda *_, **__: False)
    options = RecordingOptions(path, tmp_path, EncoderRequest(codec, rate=30.0, live=False))
    record(options, annotated_frames_of([PICTURES[n % 9] for n in range(90)]))
    data = bytearray(path.read_bytes())
    at = data.index(b"\x44\x89\x88")  # the duration, known at the end only
    data[at : at + 11] = b"\xec\x89" + bytes(9)  # void
    for end in np.linspace(len(data) // 2, len(data) - 2000, 7, dtype=int):
        cut.write_bytes(data[:end])
        total, frames = total_and_frames(cut)
        assert total == frames > 20


def test_a_very_large_one_is_not_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(frame_count, "MAX_COUNTED_BYTES", 10)
    path = write_clip(tmp_path / "a.mkv", PICTURES, [n / 30 for n in range(9)])
    assert frame_count.counted_frames(path, 0) is None
    monkeypatch.undo()
    assert frame_count.counted_frames(path, 0) == 9


def test_other_containers_are_not_counted(tmp_path):
    path = write_clip(tmp_path / "a.mp4", PICTURES, [n / 30 for n in range(9)])
    assert frame_count.counted_frames(path, 0) is None
