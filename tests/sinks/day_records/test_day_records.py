"""The records of days: written beside the looks, whole at every moment, the same after a kill."""

import csv
import json
import os
import signal
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import cv2
import numpy as np
import pytest
from core.day_records.test_day_map import VIEW, figures
from programs import started
from sinks.day_records.test_timelapse import numbers_in
from sinks.notify.receivers import event_of
from support import eventually, picture

from livecam.core.day_records.day_look import DayLook
from livecam.settings.day_records import DayRecordSettings
from livecam.sinks.day_records.day_records import DayRecordOptions, DayRecords

ZONE = timezone(timedelta(hours=2))
NOON = datetime(2026, 7, 1, 12, tzinfo=ZONE)
GRID = np.arange(49, dtype=np.float32).reshape(7, 7)


def records_in(folder, said=None, *, events=(), enforce_retention=lambda: None, **settings):
    options = DayRecordOptions(
        folder, DayRecordSettings(**settings), VIEW, lambda: events, enforce_retention
    )
    return DayRecords(options, (said if said is not None else []).append)


def look_at(records, at, probability=0.5, *, camera="", value=90, drawn=(), waits=True):
    """One look at everything, as the loop takes it."""

    def annotated():
        drawn.append(at)
        return picture(128, 96, 200)

    look = DayLook(camera, at, picture(128, 96, value), [figures(GRID)], annotated)
    records.looked(camera, "daisy", probability, at)
    records.show(look)
    if waits:
        eventually(records.is_idle)


def counts_of(folder, name="counts"):
    return json.loads((folder / f"{name}.json").read_text())["hours"]


def test_a_day_has_counts_maps_and_a_time_lapse(tmp_path):
    records, drawn = records_in(tmp_path, timelapse=60.0), []
    for second in range(0, 600, 10):
        look_at(records, NOON + timedelta(seconds=second), 0.25, drawn=drawn)
    records.started(event_of(0, camera=""), None)
    records.ended(event_of(0, state="ended", camera=""), None)
    records.close()
    day = tmp_path / "2026-07-01"
    six, noon = counts_of(day)
    assert (six["hour"], six["events"], six["event_s"]) == (6, 1, 18)
    assert (noon["hour"], noon["looks"], noon["probability_mean"]) == (12, 60, 0.25)
    with (day / "counts.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["looks"] for row in rows] == ["0", "60"]
    (day_map,) = json.loads((day / "maps.json").read_text())
    assert day_map["looks"] == 60
    np.testing.assert_allclose(day_map["mean"], GRID)
    assert cv2.imread(str(day / "map-daisy.jpg")).shape == (96, 128, 3)
    assert drawn == [NOON + timedelta(minutes=minute) for minute in range(10)]  # no others
    assert numbers_in(day / "timelapse.mp4") == [18] * 10  # 200: annotated
    assert sorted(path.name for path in day.iterdir()) == [
        "counts.csv", "counts.json", "map-daisy.jpg", "maps.json", "timelapse.mp4"
    ]  # fmt: skip


def test_a_new_day_begins_new_files_and_an_event_belongs_to_the_day_it_began(tmp_path):
    records = records_in(tmp_path, timelapse=60.0, timelapse_pictures="clean")
    midnight = NOON + timedelta(hours=12)
    late = event_of(17 * 60 + 45, camera="")  # it begins two minutes before midnight
    for minute in range(-3, 3):
        if minute == -2:
            records.started(late, None)
        look_at(records, midnight + timedelta(minutes=minute), value=120, drawn=[])
    records.ended(event_of(17 * 60 + 45, state="ended", camera=""), None)
    records.close()
    for name in ("2026-07-01", "2026-07-02"):
        looks = [(row["hour"], row["looks"]) for row in counts_of(tmp_path / name)]
        assert looks == [(23 if name.endswith("1") else 0, 3)]
        assert numbers_in(tmp_path / name / "timelapse.mp4") == [10] * 3  # 120: as it came
    (row,) = counts_of(tmp_path / "2026-07-01")
    assert (row["events"], row["event_s"]) == (1, 18)


def test_a_restart_goes_on_and_finds_the_events_that_it_did_not_count(tmp_path):
    for part in range(3):
        events = [event_of(number, state="ended", camera="") for number in range(part)]
        records = records_in(tmp_path, events=[*events, event_of(9, camera="other")])
        for second in range(10):
            at = NOON + timedelta(minutes=part, seconds=second)
            look_at(records, at, part / 2, drawn=[])
        records.close()
    six, noon = counts_of(tmp_path / "2026-07-01")
    assert six["events"] == 2
    assert (noon["looks"], noon["probability_mean"], noon["probability_max"]) == (30, 0.5, 1.0)
    assert json.loads((tmp_path / "2026-07-01" / "maps.json").read_text())[0]["looks"] == 30


def test_cameras_have_files_of_their_own(tmp_path):
    records = records_in(tmp_path, timelapse=60.0)
    for camera in ("bed", "the roof"):
        look_at(records, NOON, camera=camera, drawn=[])
    records.close()
    names = {path.name for path in (tmp_path / "2026-07-01").iterdir()}
    assert {"counts-bed.json", "counts-the_roof.csv", "map-daisy-bed.jpg"} <= names
    assert {"timelapse-bed.mp4", "timelapse-the_roof.mp4", "maps-bed.json"} <= names


def test_files_that_cannot_be_read_are_set_aside_and_told(tmp_path):
    day = tmp_path / "2026-07-01"
    day.mkdir()
    (day / "counts.json").write_text('{"date": "2026-07-01", "hours": [{"loo')
    said = []
    records = records_in(tmp_path, said)
    look_at(records, NOON, drawn=[])
    records.close()
    assert counts_of(day)[0]["looks"] == 1
    assert (day / "counts.unreadable.json").exists()
    assert len(said) == 1
    assert "counts.unreadable.json" in said[0]


def test_a_disk_that_fails_is_told_once_and_ends_nothing(tmp_path):
    (tmp_path / "2026-07-01").write_text("a file where the folder should be")
    said = []
    records = records_in(tmp_path, said)
    for minute in range(5):
        look_at(records, NOON + timedelta(minutes=minute), drawn=[])
    eventually(lambda: said)
    (tmp_path / "2026-07-01").unlink()
    look_at(records, NOON + timedelta(minutes=5), drawn=[])
    records.close()
    assert counts_of(tmp_path / "2026-07-01")[0]["looks"] == 6
    assert len(said) == 1
    assert "cannot be made" in said[0]


def test_retention_is_asked_for_about_once_a_minute(tmp_path):
    asked = []
    records = records_in(tmp_path, enforce_retention=lambda: asked.append(1), day_files=False)
    for second in range(0, 300, 5):
        at = NOON + timedelta(seconds=second)
        records.show(DayLook("", at, picture(), [], picture))
        records.looked("", "daisy", 0.5, at)
    records.close()
    assert len(asked) == 5
    assert not list(tmp_path.iterdir())


def test_a_clock_that_is_set_back_stops_no_time_lapse(tmp_path):
    records, drawn = records_in(tmp_path, timelapse=60.0), []
    for minute in (10, 11, 2, 3, 4):
        look_at(records, NOON + timedelta(minutes=minute), drawn=drawn)
    records.close()
    assert len(drawn) == 5


CHILD = """
import sys
sys.path.insert(0, sys.argv[2])
from sinks.day_records.test_day_records import *
said = []
records = records_in(Path(sys.argv[1]), said, timelapse=60.0)
print("there", flush=True)
for line in sys.stdin:
    at = NOON + timedelta(seconds=int(line))
    look_at(records, at, drawn=[])
    print("looked", *said, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 as Linux and macOS have it")
def test_a_killed_program_loses_less_than_the_last_minute(tmp_path):
    """Three runs of a hundred looks each, one every two seconds."""
    command = [sys.executable, "-c", CHILD, tmp_path, Path(__file__).parents[2]]
    second = looks = 0
    for _ in range(3):
        with started(command, stdin=-1, stdout=-1, text=True) as program:
            assert program.stdout.readline() == "there\n"
            for _ in range(100):
                program.stdin.write(f"{second}\n")
                program.stdin.flush()
                assert program.stdout.readline() == "looked\n"
                second += 2
            program.send_signal(signal.SIGKILL)
            program.wait(60)
        (row,) = counts_of(tmp_path / "2026-07-01")
        assert looks + 100 - 30 <= row["looks"] <= looks + 100
        looks = row["looks"]
        (day_map,) = json.loads((tmp_path / "2026-07-01" / "maps.json").read_text())
        assert abs(day_map["looks"] - looks) <= 3  # one a run: they are written one after another
        np.testing.assert_allclose(day_map["mean"], GRID, rtol=1e-6)
    assert len(numbers_in(tmp_path / "2026-07-01" / "timelapse.mp4")) >= 10 - 3
    assert not [path for path in (tmp_path / "2026-07-01").iterdir() if "earlier" in path.name]
