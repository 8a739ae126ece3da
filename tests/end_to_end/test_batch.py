"""`livecam batch`: clips to a table, whatever happens on the way; nothing lost, nothing twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from batch_runs import CONTENTS, FLOWERS, batch, manifest_of, seen_by_clip, table_of, write_clips
from made_clips import daisy_clip, daisy_picture, encode, moving, other_picture
from pyarrow import parquet
from support import ROOT, livecam_here, program_env, records

from livecam.cli.app import main

SEEN = {"d": "daisy", "-": None}


@pytest.fixture
def clips(tmp_path) -> Path:
    return write_clips(tmp_path / "clips")


def test_every_second_of_a_daisy_is_found_and_none_is_invented(clips, tmp_path):
    run = batch(clips, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    rows = table_of(tmp_path / "archive")
    assert seen_by_clip(rows) == CONTENTS
    for row in rows:
        assert row["time_s"] == row["frame"] / 4 == round(row["time_s"])
        assert row["seen"] == SEEN["d" if row["daisy.probability"] > 0.5 else "-"]
        assert (row["width"], row["height"], row["look_s"]) == (96, 96, 1.0)


def columns_of(archive: Path) -> set[str]:
    return {name.removesuffix(".probability") for name in table_of(archive)[0] if "prob" in name}


@pytest.mark.parametrize(
    ("named", "measured"),
    [
        ((), {"daisy", "dandelion", "rose", "sunflower", "tulip"}),
        (("all",), {"daisy", "dandelion", "rose", "sunflower", "tulip"}),
        (("auto", "rose"), {"daisy", "dandelion", "rose", "sunflower", "tulip"}),
        (("rose", "tulip"), {"rose", "tulip"}),
    ],
)
def test_a_network_of_few_classes_is_measured_with_all_unless_some_are_named(
    tmp_path, named, measured
):
    daisy_clip(tmp_path / "a.mp4", "d")
    flags = [word for name in named for word in ("--class", name)]
    run = batch(tmp_path / "a.mp4", *flags, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert columns_of(tmp_path / "archive") == measured


@pytest.mark.parametrize("asked", ["all", "auto"])
def test_all_classes_of_imagenet_are_refused_with_the_way(tmp_path, asked):
    daisy_clip(tmp_path / "a.mp4", "d")
    run = livecam_here(
        "batch", tmp_path / "a.mp4", "--out", tmp_path / "archive", "--class", asked, cwd=tmp_path
    )
    assert run.returncode == 2
    assert f"--class {asked}: this network has 1000 classes" in run.stderr
    assert "Name those of the table, like --class" in run.stderr
    assert not (tmp_path / "archive").exists()


def test_started_again_it_does_what_is_missing_changed_or_failed_and_nothing_else(clips, tmp_path):
    (clips / "bad.mp4").write_bytes(b"no clip")
    first = batch(clips, cwd=tmp_path)
    assert first.returncode == 4, first.stderr
    assert "1 could not be measured" in first.stderr
    assert "bad.mp4 did not open as a clip" in first.stderr
    before = {entry.key: entry for entry in manifest_of(tmp_path / "archive").parts()}
    daisy_clip(clips / "b.mp4", "-d-d")
    daisy_clip(clips / "new.mp4", "dd")
    daisy_clip(clips / "bad.mp4", "d-")
    second = batch(clips, cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "3 of 6 known before; 1 had changed" in second.stderr
    rows = table_of(tmp_path / "archive")
    assert seen_by_clip(rows) == CONTENTS | {"b": "-d-d", "new": "dd", "bad": "d-"}
    after = {entry.key: entry for entry in manifest_of(tmp_path / "archive").parts()}
    changed = {
        Path(after[key].sources[0].source).stem for key in after if after[key] != before.get(key)
    }
    assert changed == {"b", "new", "bad"}
    third = batch(clips, cwd=tmp_path)
    assert "0 looks measured" in third.stderr
    assert "6 of 6 known before" in third.stderr


def test_what_cannot_be_read_any_more_keeps_the_rows_that_it_had(clips, tmp_path):
    batch(clips, cwd=tmp_path)
    before = table_of(tmp_path / "archive")
    (clips / "a.mp4").write_bytes(b"overwritten")
    run = batch(clips, cwd=tmp_path)
    assert run.returncode == 4
    assert table_of(tmp_path / "archive") == before


@pytest.mark.parametrize("damage", ["deleted", "cut off", "emptied"])
def test_parts_that_are_missing_or_cut_off_are_measured_again(clips, tmp_path, capsys, damage):
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(3):
        cv2.imwrite(str(photos / f"{number}.png"), daisy_picture())
    assert batch(clips, photos, cwd=tmp_path).returncode == 0
    archive = tmp_path / "archive"
    rows = table_of(archive)
    paths = [
        archive / next(e.part for e in manifest_of(archive).parts() if names in str(e.sources))
        for names in ("b.mp4", "1.png")
    ]
    for path in paths:
        if damage == "deleted":
            path.unlink()
        else:
            os.truncate(path, 0 if damage == "emptied" else path.stat().st_size - 9)
    assert main(["find", str(archive), "daisy > 0.5"]) == 0
    said = capsys.readouterr().err
    assert "the same livecam batch as before measures again" in said
    assert ("it is not there any more" in said) == (damage == "deleted")
    again = batch(clips, photos, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "2 parts measured again: missing or cut off in the archive" in again.stderr
    assert table_of(archive) == rows
    third = batch(clips, photos, cwd=tmp_path)
    assert "0 looks measured in 0 parts" in third.stderr


def test_long_clips_are_measured_in_segments_and_shorter_ones_lose_theirs(tmp_path):
    clip = daisy_clip(tmp_path / "long.mp4", "d-d-d-d-d")
    whole = batch(clip, "--segment", "10m", cwd=tmp_path)
    parts = batch(clip, "--segment", "2s", cwd=tmp_path)
    assert whole.returncode == parts.returncode == 0
    assert "other settings" in parts.stderr
    archive = tmp_path / "archive"
    (one, several) = manifest_of(archive).settings
    assert len(manifest_of(archive).parts(several)) == 5
    rows = [table_of(archive, settings) for settings in (one, several)]
    assert [row | {"segment": 0} for row in rows[1]] == rows[0]
    daisy_clip(clip, "d-d")
    assert batch(clip, "--segment", "2s", cwd=tmp_path).returncode == 0
    assert seen_by_clip(table_of(archive, several)) == {"long": "d-d"}
    assert len(manifest_of(archive).parts(several)) == 2


def test_pictures_share_parts_and_are_measured_again_where_they_change(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(5):
        shown = daisy_picture() if number % 2 else other_picture()
        cv2.imwrite(str(folder / f"{number}.png"), shown)
    (folder / "bad.png").write_bytes(b"no picture")
    run = batch(folder, cwd=tmp_path)
    assert run.returncode == 4
    archive = tmp_path / "archive"
    assert len(manifest_of(archive).parts()) == 1
    expected = {str(n): "d" if n % 2 else "-" for n in range(5)}
    assert seen_by_clip(table_of(archive)) == expected
    cv2.imwrite(str(folder / "0.png"), daisy_picture())
    cv2.imwrite(str(folder / "bad.png"), daisy_picture())
    second = batch(folder, cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "4 of 6 known before" in second.stderr
    assert seen_by_clip(table_of(archive)) == expected | {"0": "d", "bad": "d"}
    third = batch(folder, cwd=tmp_path)
    assert "6 of 6 known before" in third.stderr
    assert all(entry.state != "failed" for entry in manifest_of(archive).entries.values())


@pytest.mark.parametrize("looks", ["all", "1"])
def test_figures_are_those_of_a_run(tmp_path, looks):
    clip = encode(
        tmp_path / "clip.mp4",
        [daisy_picture(), *moving(24), daisy_picture()] * 2,
        10.0,
        metadata={"creation_time": "2026-07-01T06:12:03Z"},
    )
    flags = ("--class", "daisy", "--class", "rose", "--area", "frame", "--grid", *FLOWERS)
    stats = tmp_path / "run.jsonl"
    run = livecam_here("run", clip, "--no-window", "--stats", stats, "--top", *flags, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert batch(clip, "--looks-per-second", looks, *flags[:-2], cwd=tmp_path).returncode == 0
    expected = {record["frame"]: record for record in records(stats.read_text("utf-8"))}
    rows = table_of(tmp_path / "archive")
    assert [row["frame"] for row in rows] == (
        list(range(52)) if looks == "all" else [*range(0, 52, 10)]
    )
    assert_equal_figures(rows, expected)


def assert_equal_figures(rows: list[dict], expected: dict[int, dict]) -> None:
    for row in rows:
        record = expected[row["frame"]]
        assert row["time_s"] == record["time_s"]
        assert row["seen"] == record["seen"]
        assert (row["at"] and row["at"].isoformat(timespec="milliseconds")) == record["at"]
        for name, figures in (record.get("classes") or {record["class"]: record}).items():
            for key in ("probability", "logit", "max", "mean"):
                assert row[f"{name}.{key}"] == pytest.approx(figures[key], rel=1e-6, abs=1e-5)
            centre = [row[f"{name}.centre_x"], row[f"{name}.centre_y"]]
            assert centre == pytest.approx(figures["centre"] or [None, None], abs=0.006)
            if f"{name}.grid" in row:
                given = np.array(figures["grid"], np.float32).astype(np.float16)
                assert [row["grid_rows"], row["grid_columns"]] == list(given.shape)
                assert np.allclose(row[f"{name}.grid"], given.reshape(-1), rtol=2e-3)


def test_real_clips_have_the_figures_of_a_run(shared, tmp_path):
    clip = shared / "video" / "mdn_flower.mp4"
    stats = tmp_path / "run.jsonl"
    run = livecam_here(
        "run", clip, "--no-window", "--stats", stats, "--top", *FLOWERS, cwd=tmp_path
    )
    assert run.returncode == 0, run.stderr
    assert batch(clip, cwd=tmp_path).returncode == 0
    rows = table_of(tmp_path / "archive")
    assert len(rows) == 5
    assert_equal_figures(rows, {r["frame"]: r for r in records(stats.read_text("utf-8"))})


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("{tmp}/none.mp4",), 3, "there is no file or folder"),
        (("{tmp}/clips_of_may",), 3, "there is no file or folder"),
        ((), 2, "nothing to measure"),
        (("{clips}", "--out", "s3://season/archive"), 2, "a folder of this machine"),
        (("{clips}", "--looks-per-second", "often"), 2, "--looks-per-second often"),
        (("{clips}", "--segment", "5MB"), 2, "--segment 5MB"),
        (("{clips}", "--class", "nosuch"), 2, "nosuch"),
        (("{clips}", "--ray", "auto", "--processes", "2"), 2, "--processes"),
        (("{clips}/zero.mp4",), 3, "zero.mp4 did not open as a clip (it is empty)"),
    ],
)
def test_mistakes_are_one_line(clips, tmp_path, arguments, code, words):
    (clips / "zero.mp4").write_bytes(b"")
    given = [text.format(tmp=tmp_path, clips=clips) for text in arguments]
    run = batch(*given, cwd=tmp_path)
    assert run.returncode == code, run.stderr
    lines = [line for line in run.stderr.splitlines() if "MobileNet" not in line]
    assert len(lines) == 1, run.stderr
    assert words in lines[0]
    assert lines[0].startswith("livecam: ")


COMMAND = (sys.executable, "-m", "livecam", "batch")


def test_the_list_on_standard_input_and_lines_for_logs(clips, tmp_path):
    names = "\n".join(str(clips / f"{name}.mp4") for name in "ab") + "\n"
    run = subprocess.run(
        [*COMMAND, "-", *FLOWERS, "--out", tmp_path / "archive"],
        input=names,
        env=program_env({"PYTHONPATH": str(ROOT)}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
    assert set(seen_by_clip(table_of(tmp_path / "archive"))) == {"a", "b"}
    assert all(line.startswith("livecam: ") for line in run.stderr.splitlines())


def test_settings_are_in_the_manifest_and_in_every_part(clips, tmp_path):
    assert batch(clips / "a.mp4", "--class", "rose", cwd=tmp_path).returncode == 0
    manifest = manifest_of(tmp_path / "archive")
    (entry,) = manifest.parts()
    about = manifest.settings[entry.settings]
    assert about["classes"] == ["rose"]
    assert about["model"]["name"] == "flowers"
    assert {"livecam", "av", "pyarrow"} <= about["versions"].keys()
    metadata = parquet.read_schema(tmp_path / "archive" / entry.part).metadata
    assert json.loads(metadata[b"livecam"]) == about
    assert os.path.isabs(entry.sources[0].source)  # noqa: PTH117  (a text of the table)
