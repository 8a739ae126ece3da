"""Clips of events are drawn by the ordinary run, but for what means nothing in them."""

from fake_pipeline import VIEW, pipeline_of
from support import Collector, ListSource, frames_of

from livecam.assembly import annotated_clips
from livecam.core.figures_panel import figure_lines
from livecam.settings.schema import Settings


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
