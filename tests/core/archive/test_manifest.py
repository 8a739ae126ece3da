"""The manifest: the last line of a key counts, and what is no line counts for nothing."""

import json
from dataclasses import replace

from livecam.core.archive.manifest import (
    MANIFEST_FORMAT,
    PartEntry,
    SourceState,
    read_manifest,
    settings_line,
)
from livecam.core.archive.parts import SegmentStart

STATE = SourceState("/clips/a \udcff.mp4", 12, 34, "ab")
ENTRY = PartEntry(
    "k-0000-s",
    "done",
    "s",
    (STATE,),
    part="parts/day=2026-07-01/k-0000-s.parquet",
    rows=3,
    later=(SegmentStart(1, 90_000, 300, 0, 600.0, 1200.5), SegmentStart(2, 1, 2, 0, 1200.5)),
    measured_at="2026-07-02T00:00:00+00:00",
)


def test_an_entry_is_read_as_it_was_written():
    assert read_manifest([ENTRY.to_line()]).entries == {ENTRY.key: ENTRY}


def test_the_last_line_of_a_key_counts():
    newer = replace(ENTRY, state="removed", part="", rows=0)
    manifest = read_manifest([ENTRY.to_line(), newer.to_line()])
    assert manifest.entries == {ENTRY.key: newer}
    assert not manifest.parts()


def test_parts_are_those_with_a_file_of_the_settings():
    other = replace(ENTRY, key="k-0000-t", settings="t")
    empty = replace(ENTRY, key="e", part="", rows=0)
    manifest = read_manifest(map(PartEntry.to_line, (ENTRY, other, empty)))
    assert manifest.parts() == [ENTRY, other]
    assert manifest.parts("t") == [other]


def test_a_line_that_was_cut_off_counts_for_nothing():
    line = ENTRY.to_line()
    for length in range(len(line) - 1):
        assert not read_manifest([line[:length]]).entries


def test_what_is_no_entry_is_passed_over():
    lines = ["[]", "7", '{"key": 3}', '{"state": "done"}', "{" * 10_000, ENTRY.to_line()]
    assert list(read_manifest(lines).entries) == [ENTRY.key]


def test_settings_are_known_by_their_hash():
    about = {"model": "flowers", "classes": ["daisy"]}
    assert read_manifest([settings_line("s", about)]).settings == {"s": about}


def test_a_line_of_a_later_version_is_noted_and_others_still_count():
    later = json.dumps({"format": MANIFEST_FORMAT + 1, "part": "of another kind"})
    manifest = read_manifest([ENTRY.to_line(), later])
    assert manifest.format == MANIFEST_FORMAT + 1
    assert list(manifest.entries) == [ENTRY.key]
    assert read_manifest([ENTRY.to_line(), settings_line("s", {})]).format == MANIFEST_FORMAT
    assert json.loads(settings_line("s", {}))["format"] == MANIFEST_FORMAT
