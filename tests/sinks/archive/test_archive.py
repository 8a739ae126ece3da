"""Parts are there whole or not at all, each once, whenever the program is killed."""

import json
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from support import fresh_python

from livecam.core.archive.manifest import PartEntry, SourceState
from livecam.core.archive.measured_look import MeasuredLook
from livecam.core.bounding_box import Box
from livecam.core.class_figures import ClassFigures
from livecam.core.located_object import LocatedObject
from livecam.errors import SettingsError, SinkError
from livecam.sinks.archive.archive import Archive, part_name
from livecam.sinks.archive.part_table import PartContents, part_bytes

SETTINGS = "0123456789ab"
KEY = f"{'a' * 16}-0000-{SETTINGS}"
OTHER = f"{'b' * 16}-0000-{SETTINGS}"
STATE = SourceState("/clips/a.mp4", 10, 20, "cd")


def figures(value: float, grid_side: int = 7) -> ClassFigures:
    grid = np.full((grid_side, grid_side), value, np.float32)
    return ClassFigures(0, "daisy", grid, value, value / 2, (0, 0), value / 3, value / 100)


def look(number: int, source: int = 0, **given) -> MeasuredLook:
    at = datetime(2026, 7, 1, 23, 59, number, tzinfo=UTC)
    classes = (figures(number + 0.5), figures(-number))
    return MeasuredLook(source, 30 * number, float(number), at, 64, 48, "daisy", classes, **given)


def contents(**given) -> PartContents:
    return PartContents([STATE], 0, 1.0, ["daisy", "sea anemone"], {"model": "a"}, **given)


def entry(key: str = KEY, day: str = "2026-07-01", **given) -> PartEntry:
    defaults = {"sources": (STATE,), "part": part_name(day, key), "rows": 2}
    return PartEntry(key, "done", SETTINGS, **defaults | given)


def read(part: bytes | Path) -> pa.Table:
    source = pa.BufferReader(part) if isinstance(part, bytes) else part
    return parquet.read_table(source, partitioning=None)


def files(folder: Path) -> list[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if "lock" not in name)


def test_types_are_written_out_with_units_and_settings():
    table = read(part_bytes([look(0), look(1)], contents(grid=True)))
    types = {field.name: str(field.type) for field in table.schema}
    assert types == {
        "source": "string", "checksum": "string", "segment": "int32", "frame": "int64",
        "time_s": "double", "at": "timestamp[us, tz=UTC]", "look_s": "float", "width": "int32",
        "height": "int32", "seen": "string",
        **{f"{name}.{figure}": "float" for name in ("daisy", "sea anemone")
           for figure in ("probability", "logit", "max", "mean", "centre_x", "centre_y")},
        "daisy.grid": "fixed_size_list<element: halffloat>[49]",
        "sea anemone.grid": "fixed_size_list<element: halffloat>[49]",
        "grid_rows": "int16", "grid_columns": "int16",
    }  # fmt: skip
    assert table.schema.field("time_s").metadata[b"unit"] == b"s"
    assert json.loads(table.schema.metadata[b"livecam"]) == {"model": "a"}


def test_values_are_those_of_the_looks():
    objects = (LocatedObject(Box(1, 2, 3, 4), 0.5, class_name="daisy"),)
    features = np.array([0.25, 6.0], np.float32)
    given = {"features": features, "objects": objects}
    rows = [look(3, **given), replace(look(4, **given), at=None, seen=None)]
    table = read(part_bytes(rows, contents(features=True, boxes=True))).to_pylist()
    first, second = table
    assert first["daisy.max"] == 3.5
    assert first["sea anemone.logit"] == -1
    assert first["at"] == datetime(2026, 7, 1, 23, 59, 3, tzinfo=UTC)
    assert first["features"] == [0.25, 6.0]
    assert first["objects"] == [
        {"class": "daisy", "x": 1, "y": 2, "width": 3, "height": 4, "score": 0.5}
    ]
    assert first["daisy.centre_x"] is None
    assert (second["at"], second["seen"]) == (None, None)


def test_maps_of_several_sizes_are_lists_of_several_lengths():
    rows = [replace(look(0), classes=(figures(1.0, side), figures(2.0, side))) for side in (7, 14)]
    table = read(part_bytes(rows, contents(grid=True)))
    assert [len(grid) for grid in table["daisy.grid"].to_pylist()] == [49, 196]
    assert table["grid_rows"].to_pylist() == [7, 14]


def test_a_name_that_is_no_text_is_written_as_json_would():
    state = replace(STATE, source="/clips/\udcff.mp4")
    part = part_bytes([look(0)], replace(contents(), sources=[state]))
    assert read(part)["source"].to_pylist() == ["/clips/\\udcff.mp4"]


def test_a_part_is_kept_and_known_to_the_next_run(tmp_path):
    part = part_bytes([look(0), look(1)], contents())
    with Archive(tmp_path / "new") as archive:
        archive.describe_settings(SETTINGS, {"model": "a"})
        archive.add(entry(), part)
    with Archive(tmp_path / "new") as archive:
        assert archive.manifest.entries == {KEY: entry()}
        assert archive.manifest.settings == {SETTINGS: {"model": "a"}}
        assert (tmp_path / "new" / entry().part).read_bytes() == part


def test_a_newer_part_takes_the_place_of_the_older_one_also_on_another_day(tmp_path):
    with Archive(tmp_path) as archive:
        archive.add(entry(), b"old")
        archive.add(entry(day="2026-07-02"), b"new")
    assert files(tmp_path) == ["manifest.jsonl", part_name("2026-07-02", KEY)]
    assert part_name("", KEY).startswith("parts/day=__HIVE_DEFAULT_PARTITION__/")


@pytest.mark.parametrize("step", ["write", "rename", "manifest", "remove"])
def test_a_program_that_is_killed_between_two_steps_loses_and_doubles_nothing(tmp_path, step):
    with Archive(tmp_path) as archive:
        archive.add(entry(), b"old")
    code = f"""
import os, sys
from dataclasses import replace
from pathlib import Path
sys.path[:0] = {[str(Path(__file__).parents[2]), str(Path(__file__).parents[3])]!r}
import importlib.util
spec = importlib.util.spec_from_file_location("those", {__file__!r})
those = importlib.util.module_from_spec(spec); spec.loader.exec_module(those)
from livecam.sinks.archive import archive as module
def killed(*_, **__):
    os._exit(0)
step = {step!r}
if step == "write":
    os.fsync = killed
elif step == "rename":
    Path.replace = killed
elif step == "manifest":
    module.Archive._append = killed
else:
    Path.unlink = killed
with module.Archive(Path({str(tmp_path)!r})) as archive:
    archive.add(those.entry(day="2026-07-02"), b"new")
"""
    fresh_python(code)
    with Archive(tmp_path) as archive:
        (known,) = archive.manifest.parts()
        content = (tmp_path / known.part).read_bytes()
    assert content == (b"new" if step == "remove" else b"old")
    assert files(tmp_path) == ["manifest.jsonl", known.part]


def test_a_line_that_was_cut_off_is_removed(tmp_path):
    with Archive(tmp_path) as archive:
        archive.add(entry(), b"part")
    manifest = tmp_path / "manifest.jsonl"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole + entry(OTHER).to_line().encode()[:-20])
    with Archive(tmp_path) as archive:
        archive.add(entry(OTHER), b"other")
    assert manifest.read_bytes() == whole + entry(OTHER).to_line().encode()


def test_only_what_livecam_has_left_is_removed(tmp_path):
    with Archive(tmp_path) as archive:
        archive.add(entry(), b"part")
    folder = (tmp_path / entry().part).parent
    own = [f"{OTHER}.parquet", f".{KEY}.parquet.x1y2"]
    foreign = ["notes.txt", "mine.parquet", f"{KEY}.parquet.bak"]
    for name in own + foreign:
        (folder / name).write_bytes(b"")
    with Archive(tmp_path):
        pass
    assert sorted(path.name for path in folder.iterdir()) == sorted([*foreign, f"{KEY}.parquet"])


def test_rows_of_changed_pictures_are_taken_out(tmp_path):
    states = tuple(replace(STATE, source=name) for name in "abc")
    part = part_bytes(
        [look(number, number) for number in range(3)], replace(contents(), sources=states)
    )
    with Archive(tmp_path) as archive:
        archive.add(entry(sources=states, rows=3), part)
        archive.forget(KEY, {"b"})
        (known,) = archive.manifest.parts()
        assert (known.rows, [of.source for of in known.sources]) == (2, ["a", "c"])
        table = read(tmp_path / known.part)
        assert table["source"].to_pylist() == ["a", "c"]
        assert json.loads(table.schema.metadata[b"livecam"]) == {"model": "a"}
        archive.forget(KEY, {"a", "c"})
        assert not archive.manifest.parts()
    assert files(tmp_path) == ["manifest.jsonl"]


def test_rows_of_a_picture_whose_name_is_no_text_are_taken_out(tmp_path):
    states = tuple(replace(STATE, source=name) for name in ("\udcff.jpg", "b.jpg"))
    part = part_bytes([look(0, 0), look(1, 1)], replace(contents(), sources=states))
    with Archive(tmp_path) as archive:
        archive.add(entry(sources=states), part)
        archive.forget(KEY, {"\udcff.jpg"})
        (known,) = archive.manifest.parts()
        assert read(tmp_path / known.part)["source"].to_pylist() == ["b.jpg"]


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"")
    with pytest.raises(SettingsError, match="no archive"), Archive(tmp_path):
        pass
    assert files(tmp_path) == ["photo.jpg"]


def test_a_file_is_no_folder(tmp_path):
    path = tmp_path / "archive"
    path.write_bytes(b"")
    with pytest.raises(SettingsError, match="is a file"), Archive(path):
        pass


def test_two_programs_do_not_write_one_archive(tmp_path):
    with (
        Archive(tmp_path),
        pytest.raises(SettingsError, match="another livecam"),
        Archive(tmp_path),
    ):
        pass


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/dev/full is Linux's")
def test_a_full_disk_is_one_line_and_leaves_the_manifest_whole(tmp_path):
    with Archive(tmp_path) as archive:
        archive.add(entry(), b"part")
        full = os.open("/dev/full", os.O_WRONLY)
        kept = os.dup(archive._file.fileno())
        os.dup2(full, archive._file.fileno())
        with pytest.raises(SinkError, match=r"--out .* could not be written"):
            archive.add(entry(OTHER), b"other")
        os.dup2(kept, archive._file.fileno())
    with Archive(tmp_path) as archive:
        assert list(archive.manifest.entries) == [KEY]
    assert files(tmp_path) == ["manifest.jsonl", entry().part]
