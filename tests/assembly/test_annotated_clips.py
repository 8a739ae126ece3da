"""Clips of events are drawn by the ordinary run, but for what means nothing in them."""

import errno
from dataclasses import replace

import pytest
from events_folder import event_at, write_events
from fake_pipeline import VIEW, pipeline_of
from support import Collector, ListSource, frames_of

from livecam.assembly import annotated_clips
from livecam.core.figures_panel import figure_lines
from livecam.errors import SinkError
from livecam.settings.schema import Settings
from livecam.sinks.events.event_log import read_events
from livecam.sinks.events.maps_to_make import wanted_maps


def test_the_speed_of_drawing_is_not_written_on_the_clip_of_an_event(tmp_path, monkeypatch):
    sink = Collector()
    pipeline = pipeline_of(ListSource(frames_of(5)), sinks=[sink])
    monkeypatch.setattr(annotated_clips, "open_pipeline", lambda *_, **__: (pipeline, VIEW))
    annotated_clips.draw_clip(
        tmp_path / "a.mp4", tmp_path / "b.mp4", "daisy", Settings(), lambda: False
    )
    assert len(sink.annotated_frames) == 5
    texts = [line.text for frame in sink.annotated_frames for line in figure_lines(frame)]
    assert any("max" in text for text in texts)
    assert not any("FPS" in text for text in texts)


def into_two_files(clip, output, *_):
    output.write_bytes(b"its beginning")
    output.with_stem(f"{output.stem}_2").write_bytes(b"the rest")


def broken_off_in_the_second(clip, output, *_):
    into_two_files(clip, output)
    raise SinkError("broke off at 0.8 s")


def broken_off_in_the_first(clip, output, *_):
    output.write_bytes(b"its beginning")
    raise SinkError("broke off at 0.8 s") from OSError(errno.EFBIG, "File too large")


@pytest.mark.parametrize(
    "draw", [into_two_files, broken_off_in_the_second, broken_off_in_the_first]
)
@pytest.mark.parametrize("keep", ["annotated", "both"])
def test_a_clip_with_maps_that_is_too_large_for_a_file_leaves_the_clean_one(
    keep, draw, tmp_path, monkeypatch
):
    monkeypatch.setattr(annotated_clips, "draw_clip", draw)
    event = event_at()
    event = replace(event, files={"clean": event.files["clean"]})
    clean = write_events(tmp_path, [event]) / event.files["clean"]
    said = []
    clips = annotated_clips.AnnotatedClips(tmp_path, Settings(), said.append)
    clips.add(keep, event)
    while clips.left:
        clips.step(wait_s=1.0)
    assert list(clean.parent.iterdir()) == [clean]
    assert read_events(tmp_path)[event.event].files == event.files
    assert wanted_maps(tmp_path) == []
    assert len(said) == 1
    assert "larger than a file may be" in said[0]
    assert isinstance(clips.failure, SinkError)
