"""Events as lines: nothing is lost on the way, and ids are names of files anywhere."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.core.watching.watch_event import (
    Strongest,
    WatchEvent,
    day_folder,
    event_file,
    event_id,
    event_of_record,
    event_record,
    is_event_id,
)

ZONE = timezone(timedelta(hours=2))
START = datetime(2026, 7, 1, 6, 12, 3, 500_000, ZONE)
STRONGEST = Strongest(
    at=START + timedelta(seconds=1.2),
    into_s=6.2,
    probability=0.97,
    max=34.1,
    mean=5.2,
    logit=9.1,
    seen="daisy",
    centre=(640.5, 360.25),
    box=(600.0, 300.0, 81.0, 120.5),
    frame_size=(1280, 720),
)
EVENT = WatchEvent(
    event="20260701-061203.500-daisy",
    class_name="daisy",
    state="ended",
    start=START,
    start_s=812.5,
    end=START + timedelta(seconds=17.6),
    end_s=830.1,
    looks=35,
    strongest=STRONGEST,
    files={"clean": "2026-07-01/20260701-061203.500-daisy.mp4"},
    why="daisy > 0.8 in 2 of the last 3 looks",
    source="rtsp://cam/",
    camera="bed",
    begin_s=806.3,
)


def test_a_line_says_all_of_an_event():
    line = json.loads(json.dumps(event_record(EVENT)))
    assert line["start"] == "2026-07-01T06:12:03.500+02:00"
    assert line["class"] == "daisy"
    assert line["strongest"]["box"] == [600.0, 300.0, 81.0, 120.5]
    assert event_of_record(line) == EVENT
    assert EVENT.duration_s == pytest.approx(17.6)
    del line["begin_s"]  # in a list of before
    assert event_of_record(line) == replace(EVENT, begin_s=None)


def test_an_open_event_has_no_end_and_may_have_no_strongest_picture():
    event = WatchEvent(EVENT.event, "daisy", "open", START, 812.5)
    line = json.loads(json.dumps(event_record(event)))
    assert line["end"] is line["end_s"] is line["strongest"] is None
    assert event_of_record(line) == event
    assert (event.is_over, event.duration_s) == (False, None)


@pytest.mark.parametrize(
    "change",
    [
        {"event": "../../etc/passwd"},
        {"event": "20260701-061203.500-a/b"},
        {"event": 3},
        {"state": "gone"},
        {"start": "yesterday"},
        {"start": "2026-07-01T06:12:03"},
        {"looks": "many"},
        {"strongest": [1]},
        {"files": None},
        {"class": ...},
    ],
)
def test_what_is_no_event_is_refused(change):
    record = {**event_record(EVENT), **change}
    record = {key: value for key, value in record.items() if value is not ...}
    with pytest.raises(ValueError, match="no event"):
        event_of_record(record)


@pytest.mark.parametrize("record", [None, [], "x", 3, {}])
def test_other_json_is_no_event(record):
    with pytest.raises(ValueError, match="no event"):
        event_of_record(record)


def test_an_id_has_time_camera_and_class_and_is_given_once():
    assert event_id(START, "daisy", "", ()) == "20260701-061203.500-daisy"
    first = event_id(START, "barn spider", "flower bed", ())
    assert first == "20260701-061203.500-flower_bed-barn_spider"
    second = event_id(START, "barn spider", "flower bed", {first})
    assert event_id(START, "barn spider", "flower bed", {first, second}) == f"{first}_3"


def test_files_lie_in_the_folder_of_the_day():
    assert event_file(EVENT.event, "annotated") == "2026-07-01/20260701-061203.500-daisy-map.mp4"
    assert day_folder(EVENT.event) == "2026-07-01"
    with pytest.raises(ValueError, match="no id"):
        day_folder("../x")


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_class_and_camera_gives_a_name_for_a_file_on_every_system(class_name, camera):
    found = event_id(START, class_name, camera, ())
    assert is_event_id(found)
    assert not set(found) & set('<>:"/\\|?* \n\0')
    assert not found.endswith(".")
    assert len(found.encode()) < 255 - len("-map.mp4.livecam-lock") or not found.isascii()


def test_times_are_kept_with_their_zone():
    event = WatchEvent(EVENT.event, "daisy", "open", datetime(2026, 7, 1, tzinfo=UTC), 0.0)
    assert event_of_record(event_record(event)).start.utcoffset() == timedelta(0)
