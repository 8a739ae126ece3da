"""`livecam batch`: clips to a table, whatever happens on the way; nothing lost, nothing twice."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import psutil
import pyarrow as pa
import pytest
from archive_workers import DyingWorker
from made_clips import daisy_clip, daisy_picture, encode, moving, other_picture
from programs import started
from pyarrow import parquet
from support import ROOT, eventually, livecam_here, program_env, records

from livecam.cli.app import main
from livecam.core.archive.manifest import Manifest, read_manifest

SEEN = {"d": "daisy", "-": None}
CONTENTS = {"a": "-dd--", "b": "d----", "c": "-----", "e": "ddd--d"}
FLOWERS = ("--model", "flowers")


def batch(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    # One process: half the time to start, and what is tested here does not depend on it.
    processes = () if "--ray" in arguments else ("--processes", 1)
    given = (*arguments, *FLOWERS, *processes, "--out", cwd / "archive")
    return livecam_here("batch", *given, cwd=cwd)


def manifest_of(archive: Path) -> Manifest:
    return read_manifest((archive / "manifest.jsonl").read_text("utf-8").splitlines())


def table_of(archive: Path, settings: str | None = None) -> list[dict]:
    """Every row of the parts that the manifest knows, in order; there are no other files."""
    manifest = manifest_of(archive)
    known = {archive / entry.part for entry in manifest.parts()}
    assert known == {path for path in (archive / "parts").rglob("*") if path.is_file()}
    tables = [
        parquet.read_table(archive / entry.part, partitioning=None)
        for entry in manifest.parts(settings)
    ]
    rows = pa.concat_tables(tables, promote_options="default").to_pylist() if tables else []
    assert len(rows) == sum(entry.rows for entry in manifest.parts(settings))
    return sorted(rows, key=lambda row: (row["source"], row["frame"]))


def seen_by_clip(rows: list[dict]) -> dict[str, str]:
    """As CONTENTS has it, read from the table."""
    found: dict[str, str] = {}
    for row in rows:
        name = Path(row["source"]).stem
        letter = "d" if row["daisy.probability"] > 0.5 else "-"
        found[name] = found.get(name, "") + letter
    return found


@pytest.fixture
def clips(tmp_path) -> Path:
    """A folder of clips with known seconds of daisies."""
    folder = tmp_path / "clips"
    folder.mkdir()
    for name, seconds in CONTENTS.items():
        daisy_clip(folder / f"{name}.mp4", seconds)
    return folder


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
    assert "3 of 6 known before" in second.stderr
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


def test_clips_and_pictures_that_kill_their_worker_are_named_and_the_others_measured(
    clips, tmp_path, monkeypatch
):
    from livecam.assembly import batch_runner
    from livecam.execution import process_pool

    monkeypatch.setattr(process_pool, "TRIES_ALONE", 1)  # each costs a start of the pool
    monkeypatch.setattr(batch_runner, "partial", lambda *of: DyingWorker(partial(*of)))
    daisy_clip(clips / "poison.mp4", "d")
    for name in ("p1.png", "poison.png", "p2.png"):
        cv2.imwrite(str(clips / name), daisy_picture())
    run = batch(clips, cwd=tmp_path)
    assert run.returncode == 4
    assert "2 could not be measured" in run.stderr
    assert run.stderr.count("poison") == 2
    assert "died" in run.stderr
    assert seen_by_clip(table_of(tmp_path / "archive")) == CONTENTS | {"p1": "d", "p2": "d"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("{tmp}/none.mp4",), 3, "there is no file or folder"),
        (("{tmp}/clips_of_may",), 3, "there is no file or folder"),
        ((), 2, "nothing to measure"),
        (("{clips}", "--looks-per-second", "often"), 2, "--looks-per-second often"),
        (("{clips}", "--segment", "5MB"), 2, "--segment 5MB"),
        (("{clips}", "--class", "nosuch"), 2, "nosuch"),
        (("{clips}", "--ray", "auto", "--processes", "2"), 2, "--processes"),
        (("{clips}/zero.mp4",), 3, "it is empty"),
    ],
)
def test_mistakes_are_one_line(clips, tmp_path, arguments, code, words):
    (clips / "zero.mp4").write_bytes(b"")
    given = [text.format(tmp=tmp_path, clips=clips) for text in arguments]
    run = batch(*given, cwd=tmp_path)
    assert run.returncode == code, run.stderr
    assert words in run.stderr
    assert "Traceback" not in run.stderr


COMMAND = (sys.executable, "-m", "livecam", "batch")


def many_clips(folder: Path, count: int) -> dict[str, str]:
    """So many clips of one to four seconds; what they show, by name."""
    folder.mkdir()
    patterns = ["d", "-", "-d", "dd-", "--d-"]
    made = {pattern: daisy_clip(folder.parent / f"{pattern}.mp4", pattern) for pattern in patterns}
    contents = {f"{n:04d}": patterns[n % len(patterns)] for n in range(count)}
    for name, pattern in contents.items():
        (folder / f"{name}.mp4").write_bytes(made[pattern].read_bytes())
    return contents


def lines_of(archive: Path) -> int:
    manifest = archive / "manifest.jsonl"
    return manifest.read_bytes().count(b"\n") if manifest.exists() else 0


def reaches(archive: Path, lines: int, program) -> bool:
    return lines_of(archive) >= lines or program.poll() is not None


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_lost_and_nothing_twice_whenever_the_program_ends(tmp_path, how):
    contents, archive = many_clips(tmp_path / "many", 60), tmp_path / "archive"
    command = [*COMMAND, tmp_path / "many", *FLOWERS, "--out", archive]
    environment = program_env({"PYTHONPATH": str(ROOT)})
    for lines in (1, 20):
        with started(command, env=environment, stderr=subprocess.PIPE, text=True) as program:
            eventually(partial(reaches, archive, lines, program))
            program.send_signal(how)
            assert program.wait(60) == (130 if how == signal.SIGINT else -how)
    with started(command, env=environment, stderr=subprocess.PIPE, text=True) as program:
        _, said = program.communicate(timeout=120)
    assert program.returncode == 0, said
    assert seen_by_clip(table_of(archive)) == contents


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="Windows sends no signal to a group")
@pytest.mark.parametrize("workers", [0, 1, 2])
def test_ctrl_c_while_the_workers_start_prints_no_traceback(clips, tmp_path, workers):
    """As a terminal sends it: to all processes, the moment that so many workers are there."""
    archive = tmp_path / "archive"
    command = [*COMMAND, clips, *FLOWERS, "--processes", 2, "--out", archive]
    environment = program_env({"PYTHONPATH": str(ROOT)})
    with started(
        command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as program:
        begun = archive.exists if workers == 0 else partial(has_workers, program.pid, workers)
        eventually(begun)
        os.killpg(program.pid, signal.SIGINT)
        _, said = program.communicate(timeout=60)
    assert program.returncode == 130, said
    assert "Traceback" not in said
    assert all(line.startswith("livecam: ") for line in said.splitlines()), said
    run = batch(clips, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert seen_by_clip(table_of(archive)) == CONTENTS


def has_workers(program: int, count: int) -> bool:
    return len(workers_of(program)) >= count


def test_nothing_is_lost_and_nothing_twice_where_workers_are_killed(tmp_path):
    contents, archive = many_clips(tmp_path / "many", 60), tmp_path / "archive"
    command = [*COMMAND, tmp_path / "many", *FLOWERS, "--out", archive]
    environment = program_env({"PYTHONPATH": str(ROOT)})
    with started(command, env=environment, stderr=subprocess.PIPE, text=True) as program:
        eventually(partial(workers_of, program.pid))[0].kill()
        for lines in (2, 20):
            eventually(partial(reaches, archive, lines, program))
            for worker in workers_of(program.pid)[:1]:  # none where it was that fast
                worker.kill()
        _, said = program.communicate(timeout=120)
    assert program.returncode == 0, said
    assert "a worker was lost" in said
    assert seen_by_clip(table_of(archive)) == contents


def workers_of(program: int) -> list[psutil.Process]:
    """The processes of its pool; none once it has ended."""
    found: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        children = psutil.Process(program).children()
        found = [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    return found


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
