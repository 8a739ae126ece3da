"""Recordings that begin some seconds before their key was pressed."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sinks.recording.recordings import (
    NOON_STEM,
    grey_levels,
    keyed,
    record,
)
from support import probe, records

import av
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.pre_roll_buffer import PreRollBuffer


def test_a_recording_begins_so_many_seconds_before_its_key(tmp_path):
    options = RecordingOptions(
        None, tmp_path, EncoderRequest(rate=30.0, live=False), pre_roll_s=2.0, stats=True
    )
    record(options, keyed(range(240), begin=150, end=200))
    path = tmp_path / f"{NOON_STEM}.mp4"
    seen, grey = probe(path), grey_levels(path)
    before = 150 - round(grey[0])
    assert 60 <= before <= 95  # at least two seconds, at most one group of pictures more
    assert grey == pytest.approx(list(range(150 - before, 150 - before + len(grey))), abs=2)
    assert seen.times_s == pytest.approx([i / 30 for i in range(seen.frames)], abs=1e-3)
    assert seen.frames in range(before + 48, before + 51)
    figures = records(path.with_suffix(".jsonl").read_text())
    assert abs(len(figures) - seen.frames) <= 2
    assert figures[0]["time_s"] == 0.0


def test_a_second_key_soon_after_the_first_recording_works_too(tmp_path):
    options = RecordingOptions(None, tmp_path, EncoderRequest(live=False), pre_roll_s=1.0)
    annotated_frames = [*keyed(range(60), begin=30), *keyed(range(60, 66), begin=10**9)]
    annotated_frames += keyed(range(66, 120), begin=66)
    record(options, annotated_frames)
    second = tmp_path / f"{NOON_STEM}_2.mp4"
    grey = grey_levels(second)
    assert grey == pytest.approx(list(range(120 - len(grey), 120)), abs=2)
    assert len(grey) >= 53


def test_the_buffer_is_bounded_in_seconds_and_in_bytes():
    def packet(number, key):
        made = av.Packet(1000)
        made.pts = made.dts = number * 3000
        made.time_base = Fraction(1, 90_000)
        made.is_keyframe = key
        return made

    for buffer, seconds in (
        (PreRollBuffer(3.0), 4.1),
        (PreRollBuffer(1e9, max_bytes=100_000), 5.0),
    ):
        for number in range(3000):
            buffer.add(packet(number, number % 30 == 0))
        kept = buffer.pop_all()
        assert kept[0].is_keyframe
        assert (kept[-1].pts - kept[0].pts) / 90_000 <= seconds
        assert kept[-1].pts == 2999 * 3000
        assert buffer.size_bytes == 0


def test_after_a_jump_in_a_clip_nothing_from_before_it_begins_a_recording(tmp_path):
    """Before, the sound of such a beginning was that of the place after the jump."""
    options = RecordingOptions(
        None, tmp_path, EncoderRequest(rate=30.0, live=False), pre_roll_s=2.0
    )
    before = keyed(range(60), begin=10**9)
    after = [
        replace(
            each,
            frame=replace(each.frame, time_s=each.frame.time_s + 100.0),
            status=replace(each.status, gaps=1),
        )
        for each in keyed(range(100, 140), begin=120)
    ]
    record(options, [*before, *after])
    grey = grey_levels(tmp_path / f"{NOON_STEM}.mp4")
    assert grey == pytest.approx(list(range(100, 140)), abs=2)
