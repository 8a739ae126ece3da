"""--microphone is refused in one line where its sound would be another's, or cannot be had."""

import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
from support import livecam_here

from livecam.assembly.open_microphone import check_microphone, microphone_of
from livecam.errors import SettingsError
from livecam.settings.schema import RecordingSettings, Settings

WITH_MICROPHONE = replace(Settings(), recording=RecordingSettings(microphone="yeti"))
RECORD = ["--no-window", "--record", "a.mp4", "--microphone"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["daisy", *RECORD], "--microphone is for cameras: daisy is none"),
        (["0", *RECORD, "--sound", "drop"], "--sound drop records none: give one of them"),
        (["0", "--no-window", "--stats", "-", "--microphone"], "give --record FILE as well"),
    ],
)
def test_what_it_is_not_for_is_refused_in_one_line(arguments, words, tmp_path):
    done = livecam_here(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_stream_with_sound_of_its_own_is_refused():
    source = SimpleNamespace(title="rtsp://host", is_live=True, has_sound=True)
    context = SimpleNamespace(settings=WITH_MICROPHONE)
    with pytest.raises(SettingsError, match="rtsp://host has its own"):
        microphone_of(source, context).__enter__()


def test_without_it_no_library_is_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    source = SimpleNamespace(title="0", is_live=True)
    check_microphone(source, Settings())
    with microphone_of(source, SimpleNamespace(settings=Settings())) as microphone:
        assert microphone is None
    with pytest.raises(SettingsError, match=r'sounddevice: pip install "livecam\[microphone\]"'):
        check_microphone(source, WITH_MICROPHONE)


def test_a_library_that_does_not_load_is_named(tmp_path, monkeypatch):
    (tmp_path / "sounddevice.py").write_text('raise OSError("PortAudio library not found")\n')
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    with pytest.raises(SettingsError, match=r"PortAudio library not found\): "):
        check_microphone(SimpleNamespace(title="0", is_live=True), WITH_MICROPHONE)
