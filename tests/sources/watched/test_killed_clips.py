"""kill -9 while the clip of an event is being written: it plays, up to the last second."""

import subprocess
import sys
from pathlib import Path

import pytest
from programs import started
from sources.watched.numbered import (
    RATE,
    Sent,
    heard_in,
    last_shown_in,
    number_of,
    seen_by_opencv,
    shown_in,
    write_numbered,
)
from support import eventually, program_env

import av
from livecam.sinks.recording.remux import repair, repair_in_place
from livecam.sources.clip import Clip

CHILD = Path(__file__).with_name("watching_child.py")
KINDS = {
    "H.264": Sent(frames=240),
    "H.264 with B-frames and sound": Sent(frames=240, b_frames=3, sound="aac"),
    "H.265, a key picture each 5 s": Sent("libx265", key_every=150, frames=240),
}


def last_on_disk(path):
    try:
        return last_shown_in(path)
    except (av.error.FFmpegError, FileNotFoundError, OSError):
        return 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("until_s", [2.9, 6.3])
def test_a_killed_clip_plays_up_to_its_last_second(kind, until_s, tmp_path):
    sent, clip = write_numbered(tmp_path / "sent.mp4", KINDS[kind]), tmp_path / "event.mp4"
    command = [sys.executable, CHILD, sent, clip, "1.4", str(until_s)]
    with started(command, stdout=subprocess.PIPE, env=program_env(None)) as child:
        assert child.stdout is not None
        said = child.stdout.readline().split()
        assert said[0] == b"written", said
        until_s = float(said[1])
        # All of it was given to the file; the machine decides how soon its thread writes it.
        eventually(lambda: last_on_disk(clip) >= (until_s - 1.0) * RATE)
        child.kill()
        child.wait()
    whole, killed = {shown.number: shown.digest for shown in shown_in(sent)}, shown_in(clip)
    assert killed[-1].time_s >= until_s - 1.4 - 1.0
    assert killed[0].number == 42
    assert killed[0].time_s == pytest.approx(0.0, abs=0.001)
    assert [shown.digest for shown in killed] == [whole[shown.number] for shown in killed]
    numbers = [shown.number for shown in killed]
    some = len(numbers) - KINDS[kind].b_frames - 1  # of the last ones some come before others
    assert numbers[:some] == list(range(42, 42 + some))


def test_a_killed_clip_is_made_whole_with_the_same_first_picture(tmp_path):
    sent = write_numbered(tmp_path / "sent.mp4", KINDS["H.264 with B-frames and sound"])
    clip = tmp_path / "event.mp4"
    command = [sys.executable, CHILD, sent, clip, "1.4", "4.0"]
    with started(command, stdout=subprocess.PIPE, env=program_env(None)) as child:
        assert child.stdout is not None
        child.stdout.readline()
        eventually(lambda: last_on_disk(clip) >= 90)
        child.kill()
        child.wait()
    killed = shown_in(clip)
    copy = repair(clip).path
    assert repair_in_place(clip)
    for repaired in (copy, clip):
        assert [shown.digest for shown in shown_in(repaired)] == [shown.digest for shown in killed]
        assert b"moof" not in repaired.read_bytes()
    with Clip(clip) as played:
        assert number_of(next(iter(played)).bgr) == 42  # what comes before it is not shown
    numbers = seen_by_opencv(repaired)
    some = len(numbers) - 4
    assert numbers[:some] == list(range(42, 42 + some))
    name, seconds, _ = heard_in(repaired)
    assert name == "aac"
    assert seconds >= 1.0


def test_what_cannot_be_repaired_stays_as_it_is(tmp_path):
    path = tmp_path / "event.mp4"
    assert not repair_in_place(path)
    path.write_bytes(b"no video")
    assert not repair_in_place(path)
    assert path.read_bytes() == b"no video"
    assert list(tmp_path.iterdir()) == [path]
