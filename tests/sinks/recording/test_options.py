"""Options of the recorder: made from the settings; impossible ones are refused early."""

import os
from dataclasses import replace

import pytest
from support import ListSource, livecam_here, textured, write_clip

from livecam.core.split_limit import SplitLimit
from livecam.errors import SettingsError
from livecam.settings.schema import RecordingSettings, Settings
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
    run = livecam_here(source, *FLOWERS, "--record", "a.mp4", *flags, "--force", cwd=tmp_path)
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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of Unix")
@pytest.mark.parametrize("name", ["pipe.mp4", "null.mp4", "pipe.jsonl"])
def test_no_recording_goes_into_a_pipe_or_a_device_even_forced(name, tmp_path):
    if name == "null.mp4":
        (tmp_path / name).symlink_to(os.devnull)
    else:
        os.mkfifo(tmp_path / name)
    path = (tmp_path / name).with_suffix(".mp4")
    with pytest.raises(SettingsError, match=rf"{name} is no ordinary file"):
        check_recording(RecordingOptions(path, tmp_path, force=True, stats=True))


def test_a_link_to_nothing_is_not_followed_unasked(tmp_path):
    link = tmp_path / "r.mp4"
    link.symlink_to(tmp_path / "missing" / "r.mp4")
    with pytest.raises(SettingsError, match=r"r\.mp4 exists already"):
        check_recording(RecordingOptions(link, tmp_path))
    assert link.is_symlink()
    assert not (tmp_path / "missing").exists()


@pytest.mark.skipif(os.name == "nt", reason="names of other lengths")
@pytest.mark.skipif(os.name == "nt", reason="names of other lengths")
@pytest.mark.parametrize("length", range(246, 256))
def test_a_name_that_leaves_no_room_for_the_numbers_of_a_split_is_refused(length, tmp_path):
    """Before, the second file failed, an hour later."""
    path = tmp_path / ("a" * (length - 4) + ".mp4")
    split = SplitLimit(seconds=3600.0)
    check_recording(RecordingOptions(path, tmp_path))
    if length + len("_99999") <= 255:
        check_recording(RecordingOptions(path, tmp_path, split=split))
        path = tmp_path / ("a" * 249 + ".mp4")
    pattern = path.with_stem(path.stem[3:] + "%Y")  # four digits
    for options in (
        RecordingOptions(path, tmp_path, split=split),
        RecordingOptions(None, tmp_path, pattern=pattern, split=split),
        RecordingOptions(path.with_stem("a" * 241), tmp_path, split=split, clean=True),
    ):
        with pytest.raises(SettingsError, match=r"--split gives it.*give a shorter one"):
            check_recording(options)


@pytest.mark.parametrize(
    "words", [["--record", "a" * 252 + ".mp4"], ["--record", "b" * 999 + "/a.mp4"],
              ["--stats", "a" * 252 + ".csv"]],
)  # fmt: skip
def test_a_name_that_is_too_long_is_a_line_and_exit_code_2(words, tmp_path):
    run = livecam_here("daisy", *FLOWERS, "--frames", 2, *words, cwd=tmp_path)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1), run.stderr
    assert "cannot be written (File name too long): give another name." in run.stderr
    assert list(tmp_path.iterdir()) == []


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


@pytest.mark.parametrize(
    ("codec", "quality", "title", "said"),
    [
        ("h264", "good", "camera 0", "try --quality small or a smaller --size"),
        ("h264", "small", "camera 0", "try a smaller --size"),
        ("av1", "good", "camera 0", "try --codec h264 or a smaller --size"),
        ("h264", "best", "rtsp://h/x", "try --quality small"),
        ("h264", "small", "rtsp://h/x", "ask the sender for smaller pictures"),
    ],
)
def test_what_to_do_about_dropped_frames_is_something_that_was_not_done(
    codec, quality, title, said
):
    settings = Settings(recording=RecordingSettings(codec=codec, quality=quality))
    source = replace(ListSource([]), is_live=True, title=title)
    assert recording_options(settings, source).way_out == said
