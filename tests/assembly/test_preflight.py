"""Checks before anything is opened: flags without effect are reported, others refused."""

from types import SimpleNamespace

import pytest

from livecam.cli.app import main
from livecam.assembly.preflight import report_unused_flags
from livecam.settings.schema import CameraSettings, RecordingSettings, Settings

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
