"""A real clip through the real network: the same pictures and figures, overlapped or not."""

from contextlib import ExitStack
from dataclasses import replace

import pytest
from support import Collector, textured, write_clip

from livecam.pipeline import loop
from livecam.assembly.open_pipeline import open_pipeline, with_sink
from livecam.settings.schema import (
    ModelSettings,
    OutputSettings,
    RecordingSettings,
    Settings,
    WindowSettings,
)

FRAMES = 40


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    pictures = [textured(640, 360, seed) for seed in range(FRAMES)]
    path = tmp_path_factory.mktemp("clip") / "a.mp4"
    return write_clip(path, pictures, [n / 30 for n in range(FRAMES)])


def annotated_frames_of(clip, folder, *, overlapped):
    settings = Settings(
        model=ModelSettings(model="flowers", threads=1),
        output=OutputSettings(record=folder / f"{overlapped}.mkv", stats=str(folder / "s.csv"),
                              force=True),
        recording=RecordingSettings(record_figures=False),  # the rate differs
        window=WindowSettings(window=False),
    )  # fmt: skip
    collector = Collector()
    with ExitStack() as stack:
        pipeline, view = open_pipeline(str(clip), settings, stack)
        assert pipeline.overlapped  # a file without a window
        loop.run(
            with_sink(replace(pipeline, overlapped=overlapped), collector),
            view,
        )
    return collector.annotated_frames


def test_every_frame_is_the_same_to_the_last_bit(clip, tmp_path):
    one, other = (annotated_frames_of(clip, tmp_path, overlapped=o) for o in (False, True))
    assert len(one) == len(other) == FRAMES
    for a, b in zip(one, other, strict=True):
        assert (a.frame.index, a.frame.time_s) == (b.frame.index, b.frame.time_s)
        assert (a.activation.grid == b.activation.grid).all()
        assert (a.activation.logits == b.activation.logits).all()
        assert (a.picture == b.picture).all()


def test_two_runs_overlapped_are_the_same(clip, tmp_path):
    one, other = (annotated_frames_of(clip, tmp_path, overlapped=True) for _ in range(2))
    for a, b in zip(one, other, strict=True):
        assert (a.picture == b.picture).all()
        assert (a.activation.grid == b.activation.grid).all()
