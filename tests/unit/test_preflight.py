"""Settings that do nothing for the source at hand are told, in one line."""

from types import SimpleNamespace

import pytest

from livecam.cli.app import main
from livecam.assembly.preflight import tell_idle_flags
from livecam.settings.schema import CameraSettings, RecordingSettings, Settings

CAMERA = ("0", SimpleNamespace(is_live=True, title="camera 0"))
STREAM = ("rtsp://a:b@h/x", SimpleNamespace(is_live=True, title="rtsp://h/x"))
CLIP = ("a.mp4", SimpleNamespace(is_live=False, title="a.mp4"))
SERVED_CLIP = ("http://h/a.mp4", SimpleNamespace(is_live=False, title="http://h/a.mp4"))
NO_CAMERA = "is no camera and no live stream"


@pytest.mark.parametrize(
    ("source", "asked", "told"),
    [
        (CAMERA, {"size": "1280x720", "give_up": 5.0}, []),
        (STREAM, {"latency": "every", "lost": "gap", "give_up": 5.0, "rate": 30.0}, []),
        (STREAM, {"size": "1280x720"}, ["--size does nothing here: rtsp://h/x is a stream"]),
        (CLIP, {}, []),
        (CLIP, {"latency": "newest"}, []),
        (CLIP, {"give_up": 5.0, "rate": 30.0},
         [f"--rate, --give-up do nothing here: a.mp4 {NO_CAMERA}"]),
        (SERVED_CLIP, {"lost": "gap"}, [f"--lost does nothing here: http://h/a.mp4 {NO_CAMERA}"]),
    ],
)  # fmt: skip
def test_what_does_nothing_is_told_once_and_only_where_it_was_given(source, asked, told):
    said = []
    tell_idle_flags(source[1], source[0], Settings(camera=CameraSettings(**asked)), said.append)
    assert said == told


def test_the_command_line_tells_it_and_goes_on(capsys):
    command = ["daisy", "--model", "flowers", "--no-window", "--frames", "1", "--stats", "-"]
    assert main([*command, "--fourcc", "MJPG"]) == 0
    assert f"--fourcc does nothing here: daisy {NO_CAMERA}" in capsys.readouterr().err
    assert main(command) == 0
    assert "nothing here" not in capsys.readouterr().err


def test_a_frozen_pause_is_for_what_is_live():
    asked, said = Settings(recording=RecordingSettings(pause="freeze")), []
    tell_idle_flags(CAMERA[1], CAMERA[0], asked, said.append)
    tell_idle_flags(STREAM[1], STREAM[0], asked, said.append)
    assert said == []
    tell_idle_flags(CLIP[1], CLIP[0], asked, said.append)
    assert said == [f"--pause freeze does nothing here: a.mp4 {NO_CAMERA}"]


@pytest.mark.parametrize("adding", [["--record-clean"], ["--record-stats"], ["--clip-before", "5"]])
def test_what_adds_to_a_recording_needs_one(adding, capsys):
    command = ["daisy", "--model", "flowers", "--no-window", "--frames", "1", "--stats", "-"]
    assert main([*command, *adding]) == 2
    assert f"{adding[0]} adds to a recording" in capsys.readouterr().err
