"""A recording that has its map drawn already is not drawn over in silence."""

import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest
from annotated_frames import annotated_frames_of
from sinks.recording.recordings import record

from livecam.assembly.annotated_recording import (
    AnnotatedRecordingNotice,
    report_annotated_recording,
)
from livecam.assembly.library_arguments import frames_of
from support import only_frames, textured, write_clip

from livecam.settings.schema import (
    HeatSettings,
    OutputSettings,
    Settings,
    WindowSettings,
)
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.metadata import run_metadata
from livecam.sinks.recording.options import RecordingOptions
from livecam.sources.clip import Clip
from livecam.sources.files.file_sequence import FileSequence
from livecam.sources.decoding.own_recording import is_annotated_recording


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """A recording and its untouched twin, as the program writes them."""
    folder = tmp_path_factory.mktemp("lesson")
    options = RecordingOptions(
        folder / "lesson.mp4", folder, EncoderRequest(live=False), clean=True,
        run_metadata=run_metadata(Settings(), "a fake"),
    )  # fmt: skip
    record(options, annotated_frames_of([textured(64, 48)] * 10))
    return folder / "lesson.mp4"


def reported_of(path, **settings):
    said = []
    with Clip(path) as clip:
        report_annotated_recording(clip, Settings(**settings), said.append)
    return said


(ANY_FRAME,) = annotated_frames_of([textured(64, 48)])
BARE = {"heat": HeatSettings(overlay=False), "window": WindowSettings(figures=False)}
ANNOTATED = (
    " is an annotated recording of livecam, and another map is drawn over its own: "
    "play it as it is with "
)


def test_an_annotated_recording_is_not_drawn_over_in_silence(lesson, tmp_path):
    twin = "take lesson_clean.mp4, its untouched twin"
    (said,) = reported_of(lesson)
    assert said == f"lesson.mp4{ANNOTATED}--no-overlay --no-figures, or {twin}"
    (said,) = reported_of(lesson, output=OutputSettings(record="b.mp4"), **BARE)
    assert said == f"lesson.mp4{ANNOTATED}--no-overlay --no-figures --no-record-figures, or {twin}"
    alone = shutil.copy(lesson, tmp_path / "renamed.mp4")
    (said,) = reported_of(alone)
    assert said.endswith(", or record with --record-clean, and take the untouched twin")


def test_a_recording_that_is_played_as_it_is_and_an_untouched_twin_are_not_reported(
    lesson, tmp_path
):
    assert reported_of(lesson, **BARE) == []
    twin = lesson.with_name("lesson_clean.mp4")
    assert reported_of(twin) == []
    assert reported_of(shutil.copy(twin, tmp_path / "other.mp4")) == []
    write_clip(tmp_path / "clip.mp4", [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    assert reported_of(tmp_path / "clip.mp4") == []


def noticed_in(source, *names, **settings):
    """What is said while a source is read, as the program reads it."""
    said = []
    with source:
        notice = AnnotatedRecordingNotice(source, Settings(**settings), said.append)
        for frame in only_frames(source):
            notice.show(replace(ANY_FRAME, frame=frame))
    return said


def test_an_annotated_recording_in_a_folder_is_reported_when_it_comes(lesson, tmp_path):
    """Before, that of a clip alone was."""
    write_clip(tmp_path / "a.mp4", [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    assert noticed_in(FileSequence(str(tmp_path))) == []
    for name in ("b.mp4", "c.mp4"):
        shutil.copy(lesson, tmp_path / name)
    (said,) = noticed_in(FileSequence(str(tmp_path)))
    assert said.startswith(f"b.mp4{ANNOTATED}--no-overlay --no-figures, or record with")
    assert noticed_in(FileSequence(str(tmp_path)), **BARE) == []
    for name in ("b.mp4", "c.mp4"):
        (tmp_path / name).unlink()
    shutil.copy(lesson.with_name("lesson_clean.mp4"), tmp_path / "d.mp4")
    assert noticed_in(FileSequence(str(tmp_path))) == []


def test_an_annotated_recording_behind_an_address_is_reported_when_it_comes(lesson):
    with Clip(lesson) as clip:
        frame = next(iter(clip))
    said = []
    source = SimpleNamespace(title="http://host/lesson.mp4")
    notice = AnnotatedRecordingNotice(source, Settings(), said.append)
    for _ in range(2):
        notice.show(replace(ANY_FRAME, frame=frame))
    twin = "or record with --record-clean, and take the untouched twin"
    assert said == [f"http://host/lesson.mp4{ANNOTATED}--no-overlay --no-figures, {twin}"]


def test_the_library_warns_of_an_annotated_recording(lesson):
    with pytest.warns(UserWarning, match=r"lesson.mp4 is an annotated recording of livecam"):
        assert len(list(frames_of(str(lesson)))) == 10
    with Clip(lesson) as clip, pytest.warns(UserWarning, match=r"lesson.mp4 is an annotated"):
        assert len(list(frames_of(clip))) == 10
    assert len(list(frames_of(str(lesson.with_name("lesson_clean.mp4"))))) == 10


@pytest.mark.parametrize("comment", ["", "{", "[1]", '"livecam"', '{"a": 1}', "[" * 100_000])
def test_comments_of_others_are_no_recordings_of_livecam(comment):
    assert not is_annotated_recording(SimpleNamespace(metadata={"COMMENT": comment}))
