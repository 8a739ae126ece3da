"""Events go when they are old or too many, the oldest first; kept ones stay; seven days at once."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from livecam.core.watching.watch_event import FILE_KINDS, WatchEvent, event_file, event_id
from livecam.errors import SinkError
from livecam.native.real_path import real_path
from livecam.sinks.events import event_log, event_retention
from livecam.sinks.events.event_log import EventLog, mark_kept, read_events
from livecam.sinks.events.event_retention import EventRetention
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.keep_limits import KeepLimits

START = datetime(2026, 7, 1, 6).astimezone()
EVENT_BYTES = 100_000


def put(log, start, state="ended"):
    """An event of 18 seconds with all its files, of a tenth of a megabyte together."""
    name = event_id(start, "daisy", "", ())
    files = {kind: event_file(name, kind) for kind in FILE_KINDS}
    (log.folder / files["clean"]).parent.mkdir(exist_ok=True)
    for path in files.values():
        (log.folder / path).write_bytes(bytes(EVENT_BYTES // len(files)))
    end = None if state == "open" else start + timedelta(seconds=18)
    event = WatchEvent(name, "daisy", state, start, 0.0, end, 18.0, files=files)
    log.append(event)
    return name


class Disk:
    """A disk of so many bytes, of which others take some."""

    def __init__(self, folder, size_bytes):
        self.folder, self.size_bytes, self.others_bytes = folder, size_bytes, 0

    def free(self, _):
        used = sum(path.stat().st_size for path in self.folder.rglob("*.*") if path.is_file())
        return self.size_bytes - self.others_bytes - used


@pytest.fixture
def log(tmp_path):
    with EventLog(tmp_path / "events") as opened:
        yield opened


def keeper(log, now, said, disk=None, reserve_bytes=0, **limits):
    """EventRetention at a time that `now` holds."""
    monitor = DiskSpaceMonitor(reserve_bytes, (lambda _: 10**12) if disk is None else disk.free)

    def clock():
        return now[0].timestamp()

    return EventRetention(log.folder, KeepLimits(**limits), monitor, said.append, clock=clock)


def left(log):
    return list(read_events(log.folder))


def test_old_events_go_with_all_their_files_and_it_is_told(log):
    said, now = [], [START + timedelta(days=3)]
    names = [put(log, START + timedelta(days=day)) for day in range(3)]
    keeper(log, now, said, days=1.5).look()
    assert left(log) == names[2:]
    assert said == [f"deleted for --keep-days 1.5: {names[0]}, {names[1]}"]
    assert not (log.folder / "2026-07-01").exists()
    assert (log.folder / "events.jsonl").read_text().count('"deleted"') == 2


def test_the_oldest_go_until_the_rest_fits(log):
    said = []
    names = [put(log, START + timedelta(minutes=minute)) for minute in range(10)]
    keeper(log, [START + timedelta(hours=1)], said, size_bytes=4 * EVENT_BYTES).look()
    assert left(log) == names[-3:]  # a little below the limit, for what comes meanwhile
    assert said[0].endswith("and 5 events more")


def test_events_that_are_kept_or_go_on_stay(log):
    said, now = [], [START + timedelta(days=9)]
    kept, gone = put(log, START), put(log, START + timedelta(hours=1))
    goes_on = put(log, START + timedelta(hours=2), "open")
    mark_kept(log.folder, kept, is_kept=True)
    keeping = keeper(log, now, said, days=1, size_bytes=EVENT_BYTES)
    keeping.look()
    assert left(log) == [kept, goes_on]
    assert gone in said[0]
    assert "cannot be kept" in said[1]
    keeping.look()
    assert len(said) == 2
    mark_kept(log.folder, kept, is_kept=False)
    now[0] += timedelta(hours=1)
    keeping.look()
    assert left(log) == [goes_on]


def test_without_limits_nothing_is_ever_deleted(log):
    said, disk = [], Disk(log.folder, EVENT_BYTES // 2)
    name = put(log, START)
    keeper(log, [START + timedelta(days=9999)], said, disk, reserve_bytes=10**9).look()
    assert left(log) == [name]
    assert said == []


def test_a_nearly_full_disk_lets_the_oldest_go_as_far_as_that_helps(log):
    said, disk = [], Disk(log.folder, 10 * EVENT_BYTES)
    names = [put(log, START + timedelta(minutes=minute)) for minute in range(9)]
    keeping = keeper(
        log, [START + timedelta(hours=1)], said, disk, reserve_bytes=4 * EVENT_BYTES, days=7
    )
    keeping.look()
    assert left(log) == names[-5:]  # the list takes a little, too
    disk.others_bytes = 20 * EVENT_BYTES
    keeping.look()
    keeping.look()
    assert left(log) == names[-5:]  # others fill it: deleting all would not help
    assert len(said) == 2
    assert "deleting events would not help" in said[1]


def test_time_lapses_of_days_that_are_over_go_as_events_do(log):
    said = []
    for day in ("2026-07-01", "2026-07-02", "2026-07-03", "not-a-day"):
        (log.folder / day).mkdir(exist_ok=True)
        (log.folder / day / "timelapse-bed.mp4").write_bytes(bytes(EVENT_BYTES))
        (log.folder / day / "counts.json").write_text("{}")
    keeping = keeper(log, [START + timedelta(days=2)], said, size_bytes=EVENT_BYTES // 2)
    keeping.look()
    there = {path.parent.name for path in log.folder.rglob("timelapse*.mp4")}
    assert there == {"2026-07-03", "not-a-day"}
    assert len(list(log.folder.rglob("counts.json"))) == 4
    assert "2026-07-01/timelapse-bed.mp4" in said[0]


def test_many_are_deleted_some_at_a_time(log, monkeypatch):
    monkeypatch.setattr(event_retention, "MOST_AT_ONCE", 3)
    names = [put(log, START + timedelta(minutes=minute)) for minute in range(8)]
    keeping = keeper(log, [START + timedelta(days=9)], [], days=1)
    keeping.look()
    assert left(log) == names[3:]
    keeping.look()
    keeping.look()
    assert left(log) == []


def test_one_that_cannot_be_deleted_is_told_and_stops_no_other(log, monkeypatch):
    said = []
    names = [put(log, START + timedelta(minutes=minute)) for minute in range(2)]
    delete = event_retention.delete_event

    def fails_once(folder, name):
        if name == names[0]:
            raise SinkError("no permission")
        return delete(folder, name)

    monkeypatch.setattr(event_retention, "delete_event", fails_once)
    keeper(log, [START + timedelta(days=9)], said, days=1).look()
    assert left(log) == names[:1]
    assert "could not be deleted: no permission" in said[0]


def test_seven_days_stay_within_both_limits_all_the_time(log):
    """Two days, and the size of 20 events, at most.

    An event and a look every three hours: the days come first. Then every hour: the size does.
    """
    said, now = [], [START]
    keeping = keeper(log, now, said, days=2, size_bytes=20 * EVENT_BYTES)
    kept = []
    for step in range(7 * 12):
        now[0] = START + timedelta(hours=3 * step if step < 42 else 84 + step)
        name = put(log, now[0] - timedelta(seconds=30))
        if step % 12 == 0:
            mark_kept(log.folder, name, is_kept=True)
            kept.append(name)
        keeping.look()
        if step % 3 == 0:
            there = read_events(log.folder)
            assert set(kept) <= set(there)
            young = [event for event in there.values() if event.event not in kept]
            assert all(now[0] - event.end <= timedelta(days=2) for event in young)
            assert used_bytes(log.folder) <= 20 * EVENT_BYTES
    there = read_events(log.folder)
    assert len(there) == 19
    assert len(kept) == 7
    files = {path.stem for path in log.folder.rglob("*.mp4")}
    assert {name.removesuffix("-map") for name in files} == set(there)  # nothing is left behind
    assert not any("cannot" in line for line in said)


def used_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("2026-*/*") if path.is_file())


def test_a_look_asks_once_where_the_folder_leads(log, monkeypatch):
    """It was asked for each file of each event, which was half of the time of a look."""
    for day in range(3):
        put(log, START + timedelta(days=day))
    asked = []

    def noted(path):
        asked.append(path)
        return real_path(path)

    monkeypatch.setattr(event_log, "real_path", noted)
    keeper(log, [START + timedelta(days=3)], [], days=30).look()
    assert len(asked) == 1 + 3 * len(FILE_KINDS)
    assert asked.count(log.folder) == 1
