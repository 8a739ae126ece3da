"""Options of the recorder: made from the settings; impossible ones are refused early."""

from dataclasses import replace

import pytest
from support import ListSource, livecam, textured, write_clip

from livecam.errors import SettingsError
from livecam.settings.schema import Settings
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import (
    RecordingOptions,
    check_recording,
    recording_options,
)

FLOWERS = ["--model", "flowers", "--no-window"]


@pytest.mark.parametrize(
    ("source", "flags"),
    [
        ("a_clean.mp4", ["--record-clean"]),
        ("b.mp4", ["--record-stats", "--stats", "a.jsonl"]),
    ],
)
def test_files_beside_a_recording_never_replace_another_file_of_the_run(source, flags, tmp_path):
    write_clip(tmp_path / source, [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    before = (tmp_path / source).read_bytes()
    run = livecam(source, *FLOWERS, "--record", "a.mp4", *flags, "--force", cwd=tmp_path)
    assert run.returncode == 2, run.stderr
    assert "are the same file" in run.stderr
    assert (tmp_path / source).read_bytes() == before


def test_a_pause_takes_nothing_out_of_a_clip(tmp_path):
    """Its own time stands still in a pause: the next frame is as far away as ever."""
    assert not recording_options(Settings(), ListSource([])).cut_pauses
    assert recording_options(Settings(), replace(ListSource([]), is_live=True)).cut_pauses


def test_an_existing_file_is_refused_without_force(tmp_path):
    path = tmp_path / "r.mp4"
    path.write_text("precious")
    with pytest.raises(SettingsError, match=r"r\.mp4 exists already.*--force"):
        check_recording(RecordingOptions(path, path.parent))
    check_recording(RecordingOptions(path, path.parent, force=True))
    assert path.read_text() == "precious"


@pytest.mark.parametrize("name", ["r.avi", "r", "r.mp4.txt", "r.gif"])
def test_a_name_of_another_kind_is_refused(name, tmp_path):
    with pytest.raises(SettingsError, match=r"must end in \.mp4 or \.mkv"):
        check_recording(RecordingOptions(tmp_path / name, tmp_path, force=True))


def test_ffv1_goes_into_matroska_only(tmp_path):
    with pytest.raises(SettingsError, match=r"ffv1 goes into \.mkv"):
        check_recording(
            RecordingOptions(tmp_path / "r.mp4", tmp_path, EncoderRequest(codec="ffv1"))
        )
    assert RecordingOptions(None, tmp_path, EncoderRequest(codec="ffv1")).suffix == ".mkv"


@pytest.mark.parametrize("taken", ["r_clean.mp4", "r.jsonl"])
def test_files_beside_it_are_not_overwritten_either(taken, tmp_path):
    (tmp_path / taken).write_text("precious")
    options = RecordingOptions(tmp_path / "r.mp4", tmp_path, clean=True, stats=True)
    with pytest.raises(SettingsError, match=taken):
        check_recording(options)
    check_recording(replace(options, force=True))
