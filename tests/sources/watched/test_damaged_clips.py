"""Clips that are watched and incomplete: all that is in them is looked at, and then it is told."""

from dataclasses import replace

import pytest
from sources.watched.numbered import Sent, write_numbered
from sources.watched.watching import EVERY, looks_of, watched

from livecam.errors import SourceLostError
from livecam.sources.watched.watched_clip import WatchedClip
from livecam.sources.watched.watched_frames import WatchedFrames

RATES = pytest.mark.parametrize("look_every_s", [0.0, 0.5])


def looked_at(path, look_every_s):
    """How many looks there were, and the error after the last one."""
    source = watched(path, replace(EVERY, look_every_s=look_every_s))
    assert isinstance(source, WatchedFrames if path.stem == "mpeg4" else WatchedClip)
    source.open()
    looks = []
    try:
        looks.extend(looks_of(source))
    except SourceLostError as error:
        return len(looks), str(error)
    finally:
        source.close()
    return len(looks), ""


@RATES
@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("cut.mkv", Sent(b_frames=2)),
        ("sound.mkv", Sent(sound="aac")),
        ("hevc.mkv", Sent("libx265")),
        ("mpeg4.mkv", Sent("mpeg4")),
    ],
)
def test_a_clip_that_is_cut_off_says_so_after_its_last_picture(tmp_path, name, sent, look_every_s):
    path = write_numbered(tmp_path / name, sent)
    whole, error = looked_at(path, look_every_s)
    assert (whole > 5, error) == (True, "")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    looks, error = looked_at(path, look_every_s)
    assert 0 < looks < whole
    assert f"{path} is damaged" in error


@RATES
def test_damaged_packets_in_the_middle_are_told(tmp_path, look_every_s):
    path = write_numbered(tmp_path / "clip.mkv", Sent())
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20_000] = bytes(20_000)
    path.write_bytes(data)
    looks, error = looked_at(path, look_every_s)
    assert looks > 0
    assert f"{path} is damaged" in error


@RATES
@pytest.mark.parametrize("name", ["flower_trunc50", "flower_bitflips400", "decord_corrupted"])
def test_real_damaged_clips_are_told(shared, name, look_every_s):
    looks, error = looked_at(shared / "video" / "damaged" / f"{name}.mp4", look_every_s)
    assert looks > 0
    assert f"{name}.mp4 is damaged" in error


@RATES
def test_a_clip_whose_sound_is_longer_or_that_begins_late_is_whole(tmp_path, look_every_s):
    import av

    path = write_numbered(tmp_path / "clip.mp4", Sent(sound="aac", b_frames=2))
    moved = tmp_path / "moved.ts"
    with av.open(str(path)) as whole, av.open(str(moved), "w") as made:
        streams = {s.index: made.add_stream_from_template(s) for s in whole.streams}
        for packet in whole.demux():
            if packet.dts is None or (
                packet.stream.type == "video" and float(packet.dts * packet.time_base) > 4.0
            ):
                continue
            packet.stream = streams[packet.stream.index]
            made.mux(packet)
    for one in (path, moved):
        assert looked_at(one, look_every_s)[1] == ""


@RATES
@pytest.mark.parametrize(
    "name", ["restart-with-another-rate/in.ts", "sar-changes/in.ts", "sound-steps-back/restart.ts"]
)
def test_joined_clips_are_whole(shared, name, look_every_s):
    """Before, the packet at the seam, which FFmpeg marks, was taken as damaged."""
    looks, error = looked_at(shared / "cases" / name, look_every_s)
    assert (looks > 0, error) == (True, "")


def test_every_picture_of_joined_clips_is_looked_at(tmp_path):
    path = write_numbered(tmp_path / "one.ts", Sent(sound="aac"))
    alone, error = looked_at(path, 0.0)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(path.read_bytes() * 2)
    assert (*looked_at(joined, 0.0), error) == (2 * alone, "", "")


def test_h264_without_a_container_is_looked_at(tmp_path):
    """Before, nothing was decoded: its packets have no times."""
    import av

    made = write_numbered(tmp_path / "clip.mp4", Sent())
    raw = tmp_path / "clip.h264"
    with av.open(str(made)) as whole, av.open(str(raw), "w") as file:
        stream = file.add_stream_from_template(whole.streams.video[0])
        for packet in whole.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                file.mux(packet)
    source = watched(raw, replace(EVERY, look_every_s=0.5))
    source.open()
    assert len([*looks_of(source)]) > 5
    source.close()
