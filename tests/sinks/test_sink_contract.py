"""The contract of protocols.Sink, tested with every sink."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from annotated_frames import annotated_frames_of
from support import probe, textured

from livecam.core.protocols import Sink
from livecam.sinks.picture_files import PictureFiles, PictureNames
from livecam.sinks.snapshots import SnapshotWriter
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.recorder import Recorder
from livecam.sinks.stats_log import StatsLog

COUNT = 12


class Opened:
    """A sink in its context, where it has one."""

    def __init__(self, sink):
        self.sink = sink

    def __enter__(self) -> Sink:
        return self.sink.__enter__() if hasattr(self.sink, "__enter__") else self.sink

    def __exit__(self, *caught):
        if hasattr(self.sink, "__exit__"):
            self.sink.__exit__(*caught)


SINKS = {
    "recorder of .mp4": lambda folder: Recorder(
        RecordingOptions(folder / "r.mp4", folder, EncoderRequest(live=False))
    ),
    "recorder of .mkv": lambda folder: Recorder(
        RecordingOptions(folder / "r.mkv", folder, EncoderRequest(live=False))
    ),
    "JSON lines": lambda folder: StatsLog(str(folder / "s.jsonl"), grid=True, force=False),
    "CSV": lambda folder: StatsLog(str(folder / "s.csv"), grid=True, force=False),
    "JSON lines on standard output": lambda _: StatsLog("-", grid=True, force=False),
    "pictures": lambda folder: PictureFiles(
        folder, PictureNames(folder, "clip", False, lambda _: False), every_s=0.2, force=False
    ),
    "snapshots": lambda folder: SnapshotWriter(folder, notify=lambda _: None),
}


@pytest.fixture(params=SINKS)
def sink(request, tmp_path):
    return SINKS[request.param](tmp_path)


def annotated_frames():
    """Frames of changing pictures; from the middle on both kinds of snapshot are asked for."""
    made = annotated_frames_of([textured(64, 48, seed) for seed in range(COUNT)])
    asked = replace(made[5].view, snapshots=1, clean_snapshots=1)
    return [*made[:5], *(replace(annotated, view=asked) for annotated in made[5:])]


def test_annotated_frames_are_not_changed(sink):
    def digest(annotated):
        arrays = (
            annotated.frame.bgr,
            annotated.picture,
            annotated.activation.grid,
            annotated.activation.logits,
        )
        return [hashlib.sha256(np.ascontiguousarray(array)).hexdigest() for array in arrays]

    given = annotated_frames()
    before = [digest(annotated) for annotated in given]
    with Opened(sink) as opened:
        for annotated in given:
            opened.show(annotated)
    assert [digest(annotated) for annotated in given] == before


def test_read_only_pictures_are_accepted(sink):
    with Opened(sink) as opened:
        for annotated in annotated_frames():
            annotated.picture.flags.writeable = False
            opened.show(annotated)


def test_closing_twice_is_harmless(sink):
    with Opened(sink) as opened:
        opened.show(annotated_frames()[0])
    Opened(sink).__exit__(None, None, None)


def test_opening_and_closing_without_a_frame_leaves_no_file(sink, tmp_path):
    with Opened(sink):
        pass
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_run_closes_the_files_and_is_not_hidden(sink, tmp_path):
    def run(opened):
        for annotated in annotated_frames():
            opened.show(annotated)
        raise KeyError("of the run")

    with pytest.raises(KeyError, match="of the run"), Opened(sink) as opened:
        run(opened)
    for path in tmp_path.glob("r.*"):
        assert probe(path).frames == COUNT


def test_gaps_in_the_numbers_of_frames_are_allowed(sink, tmp_path):
    with Opened(sink) as opened:
        for annotated in annotated_frames()[::5]:
            opened.show(annotated)
    for path in tmp_path.glob("s.*"):
        assert path.read_text("utf-8").count("\n") == 3 + (path.suffix == ".csv")
