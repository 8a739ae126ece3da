"""Disks that fill up, or cannot follow, while the clip of an event is written."""

import pytest
from sources.watched.numbered import Sent, shown_in, write_numbered
from sources.watched.watching import EVERY, NOON, looks_of
from support import eventually

import av
from livecam.errors import SinkError
from livecam.settings.schema import Settings
from livecam.sinks.events import clip_closing
from livecam.sinks.events.clip_files import ClipFiles
from livecam.sinks.recording import recording_disk
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sources.watched.create_watched import create_watched
from livecam.sources.watched.source_state import WatchSetup

CODECS = ["libx264", "mpeg4"]  # copied, and encoded


def watched_on(path, disk_space):
    setup = WatchSetup(EVERY, ClipFiles(disk_space, "good"), lambda: NOON)
    source = create_watched(str(path), Settings(), setup)
    source.open()
    return source


@pytest.mark.parametrize("codec", CODECS)
def test_a_disk_that_fills_up_ends_the_clip_with_a_whole_file_and_no_looks(
    codec, tmp_path, monkeypatch
):
    monkeypatch.setattr(recording_disk, "CHECK_INTERVAL_S", 0.0)
    free = {"bytes": 1 << 40}
    disk_space = DiskSpaceMonitor(1 << 30, lambda _: free["bytes"])
    sent = write_numbered(tmp_path / "sent.mp4", Sent(codec))
    source, made = watched_on(sent, disk_space), tmp_path / "event.mp4"
    list(looks_of(source, 2.0))
    clip = source.begin_clip(0.5, made)
    list(looks_of(source, 3.0))
    if codec == "mpeg4":  # its thread encodes as fast as it can
        eventually(lambda: made.exists() and made.stat().st_size > 2000)
    free["bytes"] = 0
    assert len(list(looks_of(source))) >= 3  # to the end
    eventually(lambda: clip.is_finished)
    with pytest.raises(SinkError, match="less than 1074 MB are free"):
        clip.close()
    source.close()
    eventually(lambda: b"moov" in made.read_bytes())
    shown = shown_in(made)
    assert shown[0].number == 15
    assert len(shown) > 10
    with pytest.raises(SinkError, match="was not begun"):
        watched_clip_of(sent, disk_space, tmp_path / "next.mp4")
    assert not (tmp_path / "next.mp4").exists()


def watched_clip_of(sent, disk_space, path):
    source = watched_on(sent, disk_space)
    list(looks_of(source, 2.0))
    try:
        source.begin_clip(0.5, path)
    finally:
        source.close()


def test_a_copied_clip_that_the_disk_cannot_follow_goes_on_with_a_key_picture(
    tmp_path, monkeypatch
):
    is_behind = {"now": False}
    monkeypatch.setattr(clip_closing.ClipDisk, "is_behind", property(lambda _: is_behind["now"]))
    source = watched_on(write_numbered(tmp_path / "sent.mp4", Sent()), DiskSpaceMonitor(0))
    list(looks_of(source, 1.0))
    clip = source.begin_clip(0.0, tmp_path / "event.mp4")
    list(looks_of(source, 1.5))
    is_behind["now"] = True
    *_, last = looks_of(source, 2.5)
    is_behind["now"] = False
    list(looks_of(source))
    eventually(lambda: clip.is_finished)
    result = clip.close()
    source.close()
    numbers = [shown.number for shown in shown_in(result.path)]
    assert result.is_cut
    assert last.time_s == pytest.approx(2.5)
    assert numbers == [*range(46), *range(90, 150)]
    with av.open(str(result.path)) as container:
        stamps_s = [frame.time for frame in container.decode(video=0)]
    assert stamps_s[46] == pytest.approx(3.0, abs=0.001)  # at their own times
