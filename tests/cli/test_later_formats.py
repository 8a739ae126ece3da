"""Files of a newer livecam: each command that reads or adds to them says so in one line."""

import json
import zipfile

import pytest
from archive_parts import SETTINGS, write_part
from events_folder import event_at, write_events
from made_clips import daisy_clip
from programs import one_line
from support import livecam_here

from livecam.core.archive.manifest import MANIFEST_FILE, MANIFEST_FORMAT, TABLE_FORMAT
from livecam.core.watching.watch_event import EVENT_FORMAT, event_record
from livecam.errors import LaterFormatError
from livecam.sinks.events.event_index import EventIndex
from livecam.sinks.events.event_log import LOG_NAME

NEWER = "was written by a newer livecam (version 2 of its format, this one reads up to 1)"


def add_line(path, record):
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


@pytest.fixture
def garden(tmp_path):
    write_part(tmp_path / "garden", "/clips/a.mp4", {"daisy": [0.9] * 4})
    return tmp_path / "garden"


@pytest.fixture
def events(tmp_path):
    folder = write_events(tmp_path / "events", [event_at()])
    add_line(folder / LOG_NAME, event_record(event_at()) | {"format": EVENT_FORMAT + 1})
    return folder


def test_an_archive_is_neither_searched_nor_added_to(garden, tmp_path):
    add_line(garden / MANIFEST_FILE, {"format": MANIFEST_FORMAT + 1, "of": "another kind"})
    before = (garden / MANIFEST_FILE).read_bytes()
    run = livecam_here("find", garden, "daisy > 0.8", cwd=tmp_path)
    assert f"the archive {garden} {NEWER}" in one_line(run, 3)
    run = livecam_here("serve", garden, "--port", 0, cwd=tmp_path)
    assert f"the archive {garden} {NEWER}" in one_line(run, 3)
    clip = daisy_clip(tmp_path / "clip.mp4", "d")
    run = livecam_here("batch", clip, "--out", garden, "--model", "flowers", cwd=tmp_path)
    assert f"--out {garden} {NEWER}" in one_line(run, 2)
    assert (garden / MANIFEST_FILE).read_bytes() == before


def test_a_table_of_a_later_format_is_not_read_but_others_of_the_archive_are(garden, tmp_path):
    later = {"format": TABLE_FORMAT + 1, "classes": ["daisy"]}
    write_part(garden, "/clips/b.mp4", {"daisy": [0.9]}, settings="ffff00001111", about=later)
    run = livecam_here("find", garden, "daisy > 0.8", "--settings", "ffff", cwd=tmp_path)
    assert f"the table ffff00001111 of {garden} {NEWER}" in one_line(run, 3)
    run = livecam_here("find", garden, "daisy > 0.8", "--settings", SETTINGS, cwd=tmp_path)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("words", [["serve", "events", "--port", 0], ["watch", "daisy"]])
def test_a_list_of_events_is_neither_shown_nor_added_to(events, tmp_path, words):
    before = (events / LOG_NAME).read_bytes()
    flags = ["--model", "flowers", "--when", "daisy > 0.5"] if words[0] == "watch" else []
    run = livecam_here(*words, *flags, cwd=tmp_path)
    assert f"{LOG_NAME} {NEWER}" in one_line(run, 5)
    assert (events / LOG_NAME).read_bytes() == before


def test_a_list_that_a_newer_livecam_goes_on_with_keeps_what_is_known(tmp_path):
    folder = write_events(tmp_path / "events", [event_at()])
    index = EventIndex(folder, is_own=False)
    index.refresh()
    add_line(folder / LOG_NAME, event_record(event_at()) | {"format": EVENT_FORMAT + 1})
    index.refresh()
    assert [event.event for event in index.going_on()] == []
    assert index.find(event_at().event) == event_at()
    with pytest.raises(LaterFormatError, match="newer livecam"), index:
        pass


def test_a_taught_file_that_has_other_members_says_so(tmp_path):
    path = tmp_path / "garden.livecam"
    with zipfile.ZipFile(path, "w") as archive:
        about = {"format": "livecam taught classes", "version": 2}
        archive.writestr("about.json", json.dumps(about))
        archive.writestr("layers.npz", b"")
    run = livecam_here("classes", "--model", path, cwd=tmp_path)
    assert f"garden.livecam {NEWER}" in one_line(run, 6)
