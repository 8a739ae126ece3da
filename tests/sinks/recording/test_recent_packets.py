"""What may not be on the disk yet is kept, back to a key frame, and in bounded memory."""

import av

from livecam.sinks.recording import recent_packets
from livecam.sinks.recording.recent_packets import RecentPackets


def packet(pts, *, key=False, size=10):
    made = av.Packet(size)
    made.pts, made.is_keyframe = pts, key
    return made


def filled(count, safe_pts, every=10, size=10):
    recent = RecentPackets()
    for pts in range(count):
        recent.add(packet(pts, key=pts % every == 0, size=size), min(safe_pts, pts))
    return recent


def test_what_is_safe_is_forgotten_but_for_two_groups():
    assert filled(100, safe_pts=55).key_pts() == [40, 50, 60, 70, 80, 90]
    assert filled(100, safe_pts=99).begin_pts == 80


def test_another_file_gets_what_comes_from_a_key_frame_on_with_the_encoders_time_stamps():
    recent = filled(100, safe_pts=55)
    for each in (packet(100), packet(101)):
        recent.add(each, 55)
        each.pts -= 42  # as a file does that counts from its own beginning
    before, later = recent.pop_from(80)
    assert (before, [each.pts for each in later]) == (80, list(range(80, 102)))
    assert (recent.begin_pts, recent.key_pts()) == (None, [])


def test_while_a_disk_stalls_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(recent_packets, "MAX_BYTES", 1000)
    recent = filled(1000, safe_pts=0, size=10)
    assert recent.begin_pts >= 880
