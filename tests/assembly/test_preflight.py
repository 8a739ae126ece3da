"""Checks before anything is opened: flags without effect are reported, others refused."""

import shutil
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
from annotated_frames import annotated_frames_of
from sinks.recording.recordings import record

from livecam.cli.app import main
from livecam.assembly.annotated_recording import (
    AnnotatedRecordingNotice,
    report_annotated_recording,
)
from livecam.assembly.library_arguments import frames_of
from livecam.core.network_size import MOBILENET_INPUT, InputSize
from livecam.assembly.preflight import (
    report_endless_file,
    report_one_size,
    report_unused_flags,
    report_unused_playback,
)
from support import only_frames, probe, textured, write_clip

from livecam.settings.pace import PaceSettings
from livecam.settings.schema import (
    CameraSettings,
    HeatSettings,
    MapSettings,
    OutputSettings,
    RecordingSettings,
    Settings,
    WindowSettings,
)
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.metadata import run_metadata
from livecam.sinks.recording.options import RecordingOptions
from livecam.sources.clip import Clip
from livecam.sources.files.file_sequence import FileSequence
from livecam.sources.decoding.own_recording import is_annotated_recording

CAMERA = ("0", SimpleNamespace(is_live=True, title="camera 0"))
STREAM = ("rtsp://a:b@h/x", SimpleNamespace(is_live=True, title="rtsp://h/x"))
CLIP = ("a.mp4", SimpleNamespace(is_live=False, title="a.mp4"))
SERVED_CLIP = ("http://h/a.mp4", SimpleNamespace(is_live=False, title="http://h/a.mp4"))
NO_CAMERA = "is neither a camera nor a live stream"


@pytest.mark.parametrize(
    ("source", "asked", "reported"),
    [
        (CAMERA, {"size": "1280x720", "give_up": 5.0}, []),
        (STREAM, {"latency": "every", "lost": "gap", "give_up": 5.0, "rate": 30.0}, []),
        (STREAM, {"size": "1280x720"}, ["--size has no effect: rtsp://h/x is a stream"]),
        (CLIP, {}, []),
        (CLIP, {"latency": "newest"}, []),
        (CLIP, {"give_up": 5.0, "rate": 30.0},
         [f"--rate, --give-up have no effect: a.mp4 {NO_CAMERA}"]),
        (SERVED_CLIP, {"give_up": 5.0}, []),
        (SERVED_CLIP, {"lost": "gap"}, [f"--lost has no effect: http://h/a.mp4 {NO_CAMERA}"]),
    ],
)  # fmt: skip
def test_flags_without_effect_are_reported_once_and_only_where_given(source, asked, reported):
    said = []
    report_unused_flags(source[1], source[0], Settings(camera=CameraSettings(**asked)), said.append)
    assert said == reported


def test_the_command_line_reports_them_and_continues(capsys):
    command = ["daisy", "--model", "flowers", "--no-window", "--frames", "1", "--stats", "-"]
    assert main([*command, "--fourcc", "MJPG"]) == 0
    assert f"--fourcc has no effect: daisy {NO_CAMERA}" in capsys.readouterr().err
    assert main(command) == 0
    assert "no effect" not in capsys.readouterr().err


def test_without_a_window_every_other_output_is_named(capsys):
    assert main(["daisy", "--model", "flowers", "--no-window"]) == 2
    said = capsys.readouterr().err
    assert all(flag in said for flag in ("--serve", "--record", "--stats", "--save-pictures"))


def test_a_frozen_pause_is_for_what_is_live():
    asked, said = Settings(recording=RecordingSettings(pause="freeze")), []
    report_unused_flags(CAMERA[1], CAMERA[0], asked, said.append)
    report_unused_flags(STREAM[1], STREAM[0], asked, said.append)
    assert said == []
    report_unused_flags(CLIP[1], CLIP[0], asked, said.append)
    assert said == [f"--pause freeze has no effect: a.mp4 {NO_CAMERA}"]


@pytest.mark.parametrize("adding", [["--record-clean"], ["--record-stats"], ["--clip-before", "5"]])
def test_what_adds_to_a_recording_needs_one(adding, capsys):
    command = ["daisy", "--model", "flowers", "--no-window", "--frames", "1", "--stats", "-"]
    assert main([*command, *adding]) == 2
    assert f"{adding[0]} adds to a recording" in capsys.readouterr().err


def test_what_only_a_screen_shows_is_reported_where_there_is_none(capsys):
    command = ["daisy", "--model", "flowers", "--no-window", "--frames", "1", "--stats", "-"]
    assert main([*command, "--fullscreen", "--top-five", "--no-figures", "--keys"]) == 0
    err = capsys.readouterr().err
    assert "--fullscreen, --keys, --no-figures, --top-five have no effect without a window" in err
    assert main([*command, "--record-top"]) == 0
    assert "--record-top has no effect without a window" in capsys.readouterr().err


def test_a_recording_without_a_window_hears_of_the_flags_that_were_meant(capsys, tmp_path):
    command = ["daisy", "--model", "flowers", "--no-window", "--frames", "1"]
    command += ["--record", str(tmp_path / "a.mp4")]
    assert main([*command, "--top-five"]) == 0
    assert "no effect without a window; for recordings: --record-top" in capsys.readouterr().err


def test_figures_in_saved_pictures_are_no_matter_of_a_window(capsys, tmp_path):
    """Before, it said of --no-record-figures that it had no effect, although it had."""
    command = ["daisy", "--model", "flowers", "--no-window", "--frames", "1"]
    command += ["--save-pictures", str(tmp_path)]
    for flag in ("--no-record-figures", "--record-top"):
        assert main([*command, flag, "--force"]) == 0
        assert "no effect" not in capsys.readouterr().err
    assert main([*command, "--top-five", "--force"]) == 0
    assert "for saved pictures: --record-top" in capsys.readouterr().err


def test_nobody_could_end_a_pause_without_a_screen(capsys):
    command = ["daisy", "--model", "flowers", "--no-window", "--frames", "1", "--stats", "-"]
    assert main([*command, "--paused"]) == 2
    assert "--paused waits for the key Space" in capsys.readouterr().err


def test_speed_and_loop_are_for_what_can_be_played_again(tmp_path):
    said = []
    asked = Settings(window=WindowSettings(speed=2.0, at_end="loop"))
    report_unused_playback(CAMERA[1], asked, said.append)
    assert len(said) == 1
    assert "--speed, --at-end loop have no effect" in said[0]
    report_unused_playback(CAMERA[1], Settings(), said.append)
    assert len(said) == 1
    picture = tmp_path / "a.mp4"
    write_clip(picture, [textured(32, 24)] * 3, [0.0, 0.1, 0.2])
    report_unused_playback(Clip(picture), asked, said.append)
    assert len(said) == 1


@pytest.mark.parametrize("flags", [["--keep-gb", "5"], ["--keep-days", "7"]])
@pytest.mark.parametrize("how", [["--no-window", "--stats", "-"], ["--serve"], []])
def test_limits_of_what_is_kept_need_names_of_recordings(capsys, flags, how):
    """Before, a run with a page took --keep-gb in silence."""
    assert main(["daisy", "--model", "flowers", "--frames", "1", *how, *flags]) == 2
    assert f"{flags[0]} adds to a recording under names of --record" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("recording", "frames", "lines"),
    [({"keep_gb": 5.0}, None, 1), ({"keep_gb": 5.0, "split": "1h"}, None, 0), ({}, None, 0),
     ({"keep_gb": 5.0}, 9, 0)],
)  # fmt: skip
def test_one_file_without_end_is_told(recording, frames, lines):
    said = []
    asked = Settings(recording=RecordingSettings(**recording), pace=PaceSettings(frames=frames))
    report_endless_file(CAMERA[1], asked, said.append)
    assert len(said) == lines
    assert all("add --split 1h" in line for line in said)


@pytest.mark.parametrize("source", ["fold", "fold/*.mp4", "./fold/../fold"])
@pytest.mark.parametrize("flag", ["--record", "--stats", "--record-stats", "--record-clean"])
def test_no_output_replaces_a_file_of_the_source_even_forced(
    source, flag, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fold").mkdir()
    for name in ("a.mp4", "b.mp4"):
        write_clip(tmp_path / "fold" / name, [textured(32, 24)] * 3, [0.0, 0.1, 0.2])
    before = (tmp_path / "fold" / "b.mp4").read_bytes()
    names = {"--record": "x.mp4", "--stats": "s.jsonl", "--record-stats": "x.jsonl"}
    (tmp_path / names.get(flag, "x_clean.mp4")).hardlink_to("fold/b.mp4")
    words = [flag, "s.jsonl"] if flag == "--stats" else ["--record", "x.mp4"]
    words += [flag] if flag.startswith("--record-") else []
    assert main([source, "--model", "flowers", "--no-window", "--force", *words]) == 2
    assert f"{flag} " in (err := capsys.readouterr().err)
    assert "is one of the files of SOURCE: give another name." in err
    assert (tmp_path / "fold" / "b.mp4").read_bytes() == before


def test_the_very_file_of_a_folder_is_not_recorded_over(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    clip = write_clip(tmp_path / "c.mp4", [textured(32, 24)] * 3, [0.0, 0.1, 0.2])
    before = clip.read_bytes()
    words = ["--model", "flowers", "--no-window", "--force", "--record", "c.mp4"]
    assert main([str(tmp_path), *words]) == 2
    assert main(["*.mp4", *words]) == 2
    assert main(["'c.mp4'", *words]) == 2  # cmd.exe leaves quotes where they are
    assert capsys.readouterr().err.count("is one of the files of SOURCE") == 3
    assert clip.read_bytes() == before


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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes no current folder")
def test_whole_paths_work_where_the_current_folder_is_gone(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    clip = write_clip(tmp_path / "clip.mp4", [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    words = [str(clip), "--model", "flowers", "--no-window", "--record"]
    figures = tmp_path / "figures.jsonl"
    assert main([*words, str(tmp_path / "a.mp4"), "--stats", str(figures)]) == 0
    assert probe(tmp_path / "a.mp4").frames == len(figures.read_text("utf-8").splitlines()) == 3
    assert main([*words, "a.mp4"]) == 2
    assert "--record a.mp4: the current folder is gone" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("takes", "detail", "is_said"),
    [
        (InputSize(96, 3, is_fixed=True), 2, True),
        (InputSize(96, 3, is_fixed=True), 1, False),
        (MOBILENET_INPUT, 2, False),
    ],
)
def test_detail_of_a_network_of_one_size_is_reported(takes, detail, is_said):
    lines = []
    settings = Settings(map=MapSettings(detail=detail))
    report_one_size("net.tflite", takes, settings, lines.append)
    assert bool(lines) == is_said
    if is_said:
        assert lines == ["--detail 2 has no effect: net.tflite takes pictures of 96 x 96 alone"]
