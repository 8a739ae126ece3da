"""The figures beside a recording: their times are those of the video."""

from dataclasses import replace

import pytest
from annotated_frames import annotated_frame_of, annotated_frames_of
from sinks.recording.recordings import record
from support import picture, probe, records, textured

from livecam.core.annotated_frame import RunStatus
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_the_figures_have_the_times_of_the_video(suffix, tmp_path):
    options = RecordingOptions(
        tmp_path / f"r{suffix}", tmp_path, EncoderRequest(live=False), stats=True, cut_pauses=True
    )
    times_s = [*(5 + i / 25 for i in range(40)), *(30 + i / 25 for i in range(40))]
    annotated_frames = [
        replace(annotated_frame_of(picture(), n, time_s), status=RunStatus(pauses=n // 40))
        for n, time_s in enumerate(times_s)
    ]
    record(options, annotated_frames)
    figures = records((tmp_path / "r.jsonl").read_text())
    seen = probe(tmp_path / f"r{suffix}")
    assert [f["time_s"] for f in figures] == pytest.approx(seen.times_s, abs=1e-4)
    assert [f["frame"] for f in figures] == list(range(80))
    assert figures[0]["max"] == pytest.approx(
        float(annotated_frames[0].activation.grid.max()), abs=1e-4
    )


def test_a_slow_source_has_the_figures_of_its_first_frames(tmp_path):
    options = RecordingOptions(
        tmp_path / "r.mp4", tmp_path, EncoderRequest(rate=0.5, live=False), stats=True
    )
    times_s = [2.0 * n for n in range(6)]
    pictures = [textured(64, 48, n) for n in range(6)]
    record(options, annotated_frames_of(pictures, times_s))
    figures = records((tmp_path / "r.jsonl").read_text())
    assert [f["time_s"] for f in figures] == pytest.approx(times_s)
