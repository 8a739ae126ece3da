"""A recording that is deleted while it is written: each place of rescue is tried by itself."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from sinks.recording.processes import ROOTS
from support import eventually, probe, program_env

from livecam.sinks.recording import rescue
from livecam.sinks.recording.rescue import copy_to_first_place

CAMERA = """
import sys, time
from pathlib import Path
from annotated_frames import annotated_frame_of
from support import textured
from livecam.errors import SinkError
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.recorder import Recorder

try:
    options = RecordingOptions(Path("r.mp4"), Path(), EncoderRequest(live=False), **MORE)
    # A second that passes on a busy machine would be one in which the loss is found on the way.
    with Recorder(options, clock=lambda: 0.0) as recorder:
        for number in range(100):
            recorder.show(annotated_frame_of(textured(64, 48, number % 9), number, number / 30))
        sys.stdin.readline()
        for number in range(100, 120):
            recorder.show(annotated_frame_of(textured(64, 48, number % 9), number, number / 30))
except SinkError as error:
    print(error)
"""

needs_posix = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows deletes no folder that is in use"
)


def is_deleted(folder):
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def recorded_while_deleted(folder, more="{}", suffix=".mp4"):
    """What a recorder says whose current folder, with the recording, is deleted on the way."""
    folder.mkdir()
    running = subprocess.Popen(
        [sys.executable, "-c", CAMERA.replace("MORE", more).replace(".mp4", suffix)],
        cwd=folder, env=program_env({"PYTHONPATH": os.pathsep.join(ROOTS)}),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    eventually((folder / f"r{suffix}").exists)
    eventually(lambda: is_deleted(folder))  # the other files are made a little later
    said, _ = running.communicate("go on\n", timeout=120)
    return said


@needs_posix
def test_the_current_folder_may_be_the_one_that_is_deleted(tmp_path):
    said = recorded_while_deleted(tmp_path / "videos")
    assert f"was saved as {tmp_path / 'r_rescued.mp4'}" in said
    assert probe(tmp_path / "r_rescued.mp4").frames == 120


@needs_posix
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_the_other_files_of_the_recording_are_saved_beside_it(suffix, tmp_path):
    more = '{"clean": True, "stats": True}'
    recorded_while_deleted(tmp_path / "videos", more, suffix)
    assert probe(tmp_path / f"r_rescued{suffix}").frames == 120
    assert probe(tmp_path / f"r_clean_rescued{suffix}").frames == 120
    assert len((tmp_path / "r_rescued.jsonl").read_text().splitlines()) == 120


@pytest.fixture
def deleted_file(tmp_path):
    """An open file that has no name any more, and its name."""
    path = tmp_path / "videos" / "r.mp4"
    path.parent.mkdir()
    with path.open("w+b") as file:
        file.write(b"whole")
        file.flush()
        shutil.rmtree(path.parent)
        yield file, path


def full_in(monkeypatch, folder):
    """Nothing can be written into this folder."""
    copied = rescue._copy_synced

    def copy(file, target, on_progress):
        if target.parent == folder:
            raise OSError(28, "No space left on device")
        return copied(file, target, on_progress)

    monkeypatch.setattr(rescue, "_copy_synced", copy)


@needs_posix
def test_without_a_current_folder_the_temporary_one_is_tried(deleted_file, tmp_path, monkeypatch):
    file, path = deleted_file
    full_in(monkeypatch, tmp_path)
    gone, temporary = tmp_path / "gone", tmp_path / "tmp"
    gone.mkdir()
    temporary.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert copy_to_first_place(file, path) == temporary / "r_rescued.mp4"
    assert (temporary / "r_rescued.mp4").read_bytes() == b"whole"


@needs_posix
@pytest.mark.parametrize("has_home", [True, False])
def test_where_the_temporary_folder_is_gone_the_home_folder_is_tried(
    has_home, deleted_file, tmp_path, monkeypatch
):
    file, path = deleted_file
    full_in(monkeypatch, tmp_path)
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no-such-folder"))
    if has_home:
        monkeypatch.setattr(Path, "home", lambda: home)
        assert copy_to_first_place(file, path) == home / "r_rescued.mp4"
        return

    def nobody_knows():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody_knows)
    with pytest.raises(OSError, match="No space left"):
        copy_to_first_place(file, path)
