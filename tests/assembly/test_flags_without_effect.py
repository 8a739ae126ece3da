"""Flags that do nothing in a run: each is reported in one line, and the run goes on."""

from types import SimpleNamespace

import pytest

from livecam.cli.app import main
from livecam.core.network_size import MOBILENET_INPUT, InputSize
from livecam.assembly.flags_without_effect import (
    report_camera_flags,
    report_detail_flag,
    report_playback_flags,
)
from support import textured, write_clip

from livecam.settings.schema import (
    CameraSettings,
    MapSettings,
    RecordingSettings,
    Settings,
    WindowSettings,
)
from livecam.sources.clip import Clip

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
    report_camera_flags(source[1], source[0], Settings(camera=CameraSettings(**asked)), said.append)
    assert said == reported


def test_the_command_line_reports_them_and_continues(capsys):
    command = ["daisy", "--model", "flowers", "--no-window", "--frames", "1", "--stats", "-"]
    assert main([*command, "--fourcc", "MJPG"]) == 0
    assert f"--fourcc has no effect: daisy {NO_CAMERA}" in capsys.readouterr().err
    assert main(command) == 0
    assert "no effect" not in capsys.readouterr().err


def test_a_frozen_pause_is_for_what_is_live():
    asked, said = Settings(recording=RecordingSettings(pause="freeze")), []
    report_camera_flags(CAMERA[1], CAMERA[0], asked, said.append)
    report_camera_flags(STREAM[1], STREAM[0], asked, said.append)
    assert said == []
    report_camera_flags(CLIP[1], CLIP[0], asked, said.append)
    assert said == [f"--pause freeze has no effect: a.mp4 {NO_CAMERA}"]


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


def test_speed_and_loop_are_for_what_can_be_played_again(tmp_path):
    said = []
    asked = Settings(window=WindowSettings(speed=2.0, at_end="loop"))
    report_playback_flags(CAMERA[1], asked, said.append)
    assert len(said) == 1
    assert "--speed, --at-end loop have no effect" in said[0]
    report_playback_flags(CAMERA[1], Settings(), said.append)
    assert len(said) == 1
    picture = tmp_path / "a.mp4"
    write_clip(picture, [textured(32, 24)] * 3, [0.0, 0.1, 0.2])
    report_playback_flags(Clip(picture), asked, said.append)
    assert len(said) == 1


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
    report_detail_flag("net.tflite", takes, settings, lines.append)
    assert bool(lines) == is_said
    if is_said:
        assert lines == ["--detail 2 has no effect: net.tflite takes pictures of 96 x 96 alone"]
