"""A folder that is moved or removed while a recording is written into it."""

import errno
import re
import shutil
from pathlib import Path

import pytest
from sinks.recording.recordings import (
    TickingClock,
    clip_options,
    textured_frame,
)
from support import eventually, probe

from livecam.errors import SinkError
from livecam.sinks.recording import rescue
from livecam.sinks.recording.recorder import Recorder


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize("after", [120, 299], ids=["early", "with the last frame"])
def test_a_folder_that_is_taken_away_while_recording_loses_nothing(moved, after, tmp_path):
    folder = tmp_path / "videos"
    folder.mkdir()

    def record_on(recorder):
        for number in range(300):
            if number == after:
                eventually((folder / "r.mp4").exists)
                if moved:
                    folder.rename(tmp_path / "elsewhere")
                else:
                    shutil.rmtree(folder)
            recorder.show(textured_frame(number))

    recorder = Recorder(clip_options(folder / "r.mp4"), clock=TickingClock())
    with pytest.raises(SinkError) as caught, recorder:
        record_on(recorder)
    found = re.search(r"taken away.*what there was, (\d+\.\d) s,", str(caught.value))
    kept = tmp_path / ("elsewhere/r.mp4" if moved else "r_rescued.mp4")
    assert ("wherever it was moved to" if moved else str(kept)) in str(caught.value)
    seen = probe(kept)
    assert seen.duration_s == pytest.approx(float(found[1]), abs=0.06)
    assert seen.duration_s > 2.0


def taken_away(folder):
    """The error of a recording whose folder is removed on the way."""
    folder.mkdir()
    recorder = Recorder(clip_options(folder / "r.mp4"), clock=TickingClock())

    def record_on():
        for number in range(120):
            if number == 90:
                eventually((folder / "r.mp4").exists)
                shutil.rmtree(folder)
            recorder.show(textured_frame(number))

    with pytest.raises(SinkError) as caught, recorder:
        record_on()
    return str(caught.value)


def test_a_rescued_file_never_replaces_an_earlier_one(tmp_path):
    first, second = tmp_path / "r_rescued.mp4", tmp_path / "r_rescued_2.mp4"
    assert f"was saved as {first}" in taken_away(tmp_path / "videos")
    before = first.read_bytes()
    assert f"was saved as {second}" in taken_away(tmp_path / "videos")
    assert first.read_bytes() == before
    assert min(probe(path).frames for path in (first, second)) > 60


def test_a_rescue_tries_the_next_place_and_leaves_no_half_copy(tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    copy = rescue.copy_parts

    def full_here(source, target, on_progress):
        if Path(target.name).parent == tmp_path:
            target.write(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        copy(source, target, on_progress)

    monkeypatch.setattr(rescue, "copy_parts", full_here)
    assert f"was saved as {elsewhere / 'r_rescued.mp4'}" in taken_away(tmp_path / "videos")
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]


def test_a_recording_that_cannot_be_rescued_is_reported_as_lost(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(rescue, "copy_parts", full)
    message = taken_away(tmp_path / "videos")
    assert "is lost: no other place took it (no space left on device)" in message
    assert "kept" not in message
