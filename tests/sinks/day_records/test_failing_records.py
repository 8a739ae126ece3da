"""Records of days where the disk stands still, or something fails in a way that nobody expects."""

import errno
import threading
from datetime import timedelta

from sinks.day_records.test_day_records import NOON, counts_of, look_at, records_in
from sinks.day_records.test_timelapse import numbers_in
from support import eventually, picture

from livecam.core.day_records.day_look import DayLook
from livecam.errors import SinkError
from livecam.sinks.day_records import day_records
from livecam.sinks.day_records.day_files import DayFiles


class Stall:
    """A disk that takes nothing, at a place of the thread, until it is over."""

    def __init__(self):
        self.is_reached, self.is_over = threading.Event(), threading.Event()

    def __call__(self):
        self.is_reached.set()
        assert self.is_over.wait(60)


def show(records, at, camera="", value=90):
    """One look at a picture, as fast as it can be shown."""
    records.show(DayLook(camera, at, picture(128, 96, value), [], picture))


def test_memory_for_pictures_is_bounded_where_the_disk_takes_nothing(tmp_path):
    """The thread stands still: looks cost a few numbers each, pictures are left out."""
    said, stall = [], Stall()
    records = records_in(
        tmp_path, said, timelapse=1.0, timelapse_pictures="clean", enforce_retention=stall
    )
    for second in range(100):
        show(records, NOON + timedelta(seconds=second), value=20 + second)
    stall.is_over.set()
    records.close()
    assert numbers_in(tmp_path / "2026-07-01" / "timelapse.mp4") == [0, 0, 0, 0, 0]
    assert said == [
        "the disk took too long: 0 looks and 95 pictures are not in the records of the day."
    ]


def test_after_a_stall_every_camera_has_its_own_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(day_records, "MOST_WAITING", 2)
    said, stall = [], Stall()
    records = records_in(
        tmp_path, said, timelapse=60.0, timelapse_pictures="clean", day_files=False,
        enforce_retention=stall,
    )  # fmt: skip
    show(records, NOON, "bed", 30)
    stall.is_reached.wait(60)
    for minute in range(1, 5):
        show(records, NOON + timedelta(minutes=minute), "bed", 30)
    stall.is_over.set()
    eventually(records.is_idle)
    for minute in range(5, 9):
        show(records, NOON + timedelta(minutes=minute), "roof", 90)
        eventually(records.is_idle)
    records.close()
    assert set(numbers_in(tmp_path / "2026-07-01" / "timelapse-bed.mp4")) == {1}
    assert numbers_in(tmp_path / "2026-07-01" / "timelapse-roof.mp4") == [7] * 4


def test_the_day_is_written_at_the_end_also_where_much_waits(tmp_path, monkeypatch):
    monkeypatch.setattr(day_records, "MOST_WAITING", 2)
    stall = Stall()
    records = records_in(tmp_path, enforce_retention=stall)
    look_at(records, NOON, waits=False)
    stall.is_reached.wait(60)
    for second in range(1, 4):
        records.looked("", "daisy", 0.5, NOON + timedelta(seconds=second))
    threading.Timer(0.1, stall.is_over.set).start()
    records.close()
    (noon,) = counts_of(tmp_path / "2026-07-01")
    assert noon["looks"] == 3  # of five, two found the queue full


def test_what_fails_unexpectedly_is_told_once_and_ends_nothing(tmp_path):
    """Else nothing would be deleted any more, and the disk would be full one day."""
    said, asked = [], []

    def fail():
        asked.append(1)
        raise OSError(errno.ESTALE, "Stale file handle")

    records = records_in(tmp_path, said, enforce_retention=fail)
    for minute in range(3):
        look_at(records, NOON + timedelta(minutes=minute), drawn=[])
    records.close()
    assert len(asked) == 3
    assert counts_of(tmp_path / "2026-07-01")[0]["looks"] == 3
    assert set(said) == {"the records of the day are not complete: stale file handle."}


def test_a_day_that_cannot_be_closed_costs_the_next_one_nothing(tmp_path, monkeypatch):
    said = []
    records = records_in(tmp_path, said)
    look_at(records, NOON, drawn=[])

    def full(*_):
        raise SinkError("the disk is full")

    with monkeypatch.context() as disk:
        disk.setattr(DayFiles, "write_maps", full)
        look_at(records, NOON + timedelta(days=1), drawn=[])
    records.close()
    assert counts_of(tmp_path / "2026-07-02")[0]["looks"] == 1
    assert said == ["the disk is full"]
    assert str(records.failure) == "the disk is full"


def test_what_is_written_at_the_next_try_is_no_failure(tmp_path, monkeypatch):
    said = []
    records = records_in(tmp_path, said)

    def full(*_):
        raise SinkError("the disk is full")

    with monkeypatch.context() as disk:
        disk.setattr(DayFiles, "write_maps", full)
        look_at(records, NOON, drawn=[])
    records.close()
    assert said == ["the disk is full"]
    assert records.failure is None
