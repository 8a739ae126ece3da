"""A few seconds of the long soak (soak.py): the whole way with faults, so that it keeps working."""

import threading

from sources.live.soak import soak
from support import eventually, probe

SECONDS = 6.0


def test_a_short_soak_records_through_every_fault_and_leaves_nothing_behind(tmp_path):
    before = set(threading.enumerate())
    done = soak(
        tmp_path / "soak.mp4",
        SECONDS,
        note_every_s=1.5,
        fault_every_s=1.5,
        fault_for_s=0.7,
        faults=("gone", "small", "raises"),
        size=(64, 48),
    )
    assert done.summary.lost is None
    assert done.summary.frames > 30
    assert len(done.lines) >= 2
    assert done.camera.opened >= 2
    eventually(lambda: done.camera.released == done.camera.opened)
    assert done.messages.count("camera 0 gives no picture: every read fails; waiting for it") >= 1
    eventually(lambda: not set(threading.enumerate()) - before)
    made = probe(tmp_path / "soak.mp4")
    assert abs(made.duration_s - SECONDS) < 1.0
    assert (made.width, made.height) == (64, 48)
