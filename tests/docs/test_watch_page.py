"""What docs/watch.md and its tutorial say is what happens: conditions, settings file, counting."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from support import fresh_python

from livecam.core.conditions.parse import parse_condition
from livecam.core.day_records.day_counts import COLUMNS
from livecam.core.watching.watch_event import event_of_record, event_record
from livecam.settings.camera_tables import camera_tables
from livecam.settings.watch import WatchSettings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "watch.md").read_text("utf-8")
TUTORIAL = (ROOT / "docs" / "tutorials" / "pollinators.md").read_text("utf-8")


def blocks(kind: str, page: str = PAGE) -> list[str]:
    """The code blocks of a kind, without what they are indented by."""
    found = re.findall(rf"^( *)```{kind}\n(.*?)^ *```", page, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


TABLE = PAGE.split("## What makes an event")[1].split("Each `--when`")[0]
CONDITIONS = re.findall(r"`([^`]+ [<>=!]+ [^`]+)`", TABLE)


@pytest.mark.parametrize("text", CONDITIONS)
def test_every_condition_of_the_table_is_one(text):
    assert parse_condition(text)


def test_the_table_has_all_figures():
    assert len(CONDITIONS) >= 8
    assert {"max", "mean", "logit", "seen"} <= set(re.findall(r"\w+", " ".join(CONDITIONS)))


def test_the_line_of_an_event_is_one():
    (line,) = blocks("json")
    event = event_of_record(json.loads(line))
    assert event.duration_s == pytest.approx(17.6)
    assert event_record(event)["strongest"]["centre"] == [640.5, 360.2]


def test_the_settings_file_has_two_cameras():
    (text,) = blocks("toml")
    keys = tomllib.loads(text)
    common = WatchSettings(when=(keys["when"],))
    bed, pot = camera_tables(keys["camera"], Path("garden.toml"), common, ())
    assert (bed.settings.when, pot.settings.when) == (
        ("daisy > 0.8",),
        ("daisy > 0.9", "max(dandelion) > 20"),
    )


def test_the_counting_counts_each_event_once(tmp_path):
    (line,), (code,) = blocks("json"), blocks("python", TUTORIAL)
    record = json.loads(line)
    lines = [
        record | {"state": "open"},
        record,
        record | {"event": "20260701-070000.000-daisy", "start": "2026-07-01T07:00:00.000+02:00"},
        record | {"event": "20260701-080000.000-bee", "class": "bee"},
        record | {"event": "20260701-090000.000-bee", "state": "deleted"},
    ]
    (tmp_path / "again").mkdir()
    with (tmp_path / "again" / "events.jsonl").open("w") as file:
        file.writelines(f"{json.dumps(one)}\n" for one in lines)
    run = fresh_python(code, cwd=tmp_path)
    assert run.stdout.strip() == "{('daisy', '06'): 1, ('daisy', '07'): 1, ('bee', '06'): 1}"


def test_the_column_that_helps_to_choose_a_limit_is_one_of_the_counts():
    (named,) = re.findall(r"the column\s+`(\w+)` of `events/[\d-]+/counts.csv`", PAGE)
    assert named in COLUMNS
