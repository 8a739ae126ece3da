"""The figures as data: exactly the documented fields, at once, in JSON lines and CSV."""

import csv
import io
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from annotated_frames import annotated_frame_of
from support import eventually, picture, records

from livecam.core.annotated_frame import RunStatus
from livecam.errors import SettingsError
from livecam.core.stats_record import csv_record, stats_record
from livecam.sinks.stats_log import StatsLog
from livecam.core.annotated_frame import Rates

FIELDS = [
    "frame", "time_s", "class", "max", "mean", "peak", "centre", "extent", "logit", "probability",
    "window", "fps", "latency_ms", "at",
]  # fmt: skip
CELLS = ["grid"] + [f"grid_{row}_{column}" for row in range(7) for column in range(7)]


def annotated_frames(count=3, name=""):
    return [annotated_frame_of(picture(), n, n / 30, name=name) for n in range(count)]


def written(target, given, *, grid=False, force=False) -> str:
    with StatsLog(str(target), grid=grid, force=force) as log:
        for annotated in given:
            log.show(annotated)
    return Path(target).read_text("utf-8")


def test_json_lines_have_exactly_the_documented_fields_in_their_order(tmp_path):
    lines = records(written(tmp_path / "s.jsonl", annotated_frames()))
    assert [list(line) for line in lines] == [FIELDS] * 3


def test_the_grid_is_asked_for_and_has_seven_rows_of_seven_numbers(tmp_path):
    first, *_ = records(written(tmp_path / "s.jsonl", annotated_frames(), grid=True))
    assert list(first) == [*FIELDS, "grid"]
    assert np.array(first["grid"]).shape == (7, 7)
    assert np.allclose(first["grid"], np.arange(49).reshape(7, 7) / 8, atol=1e-5)


def test_the_values_are_those_of_the_frame(tmp_path):
    frames = annotated_frames()
    second = records(written(tmp_path / "s.jsonl", frames))[1]
    assert second == {
        "frame": 1,
        "time_s": 0.033333,
        "class": "daisy",
        "max": 7.0,
        "mean": 4.0,
        "peak": [6, 6],
        "centre": pytest.approx(frames[1].stats.centre, abs=0.006),
        "extent": pytest.approx(frames[1].stats.extent, abs=0.006),
        "logit": 4.25,
        "probability": 0.5,
        "window": [0, 0],
        "fps": 29.99,
        "latency_ms": 4.2,
        "at": "2026-05-01T12:00:01.500+02:00",
    }


def test_the_rate_of_the_first_frame_is_null(tmp_path):
    first, second, _ = records(written(tmp_path / "s.jsonl", annotated_frames()))
    assert first["fps"] is None
    assert second["fps"] == pytest.approx(29.99)


def test_a_picture_of_a_folder_carries_its_name(tmp_path):
    (line,) = records(written(tmp_path / "s.jsonl", annotated_frames(1, name="photos/a b.jpg")))
    assert list(line) == [*FIELDS, "picture"]
    assert line["picture"] == "photos/a b.jpg"


def test_small_probabilities_do_not_become_zero():
    annotated = annotated_frames(1)[0]
    rare = replace(annotated, stats=replace(annotated.stats, probability=3e-7))
    assert stats_record(rare, grid=False)["probability"] == pytest.approx(3e-7)


def test_csv_has_the_same_fields_with_the_peak_and_the_grid_in_columns(tmp_path):
    rows = list(csv.reader(io.StringIO(written(tmp_path / "s.csv", annotated_frames(), grid=True))))
    in_csv = {
        "peak": ["peak_row", "peak_column"],
        "centre": ["centre_x", "centre_y"],
        "extent": ["extent_width", "extent_height"],
        "window": ["window_row", "window_column"],
    }
    columns = [column for name in FIELDS for column in in_csv.get(name, [name])] + CELLS
    assert rows[0] == columns
    assert [len(row) for row in rows] == [len(columns)] * 4


def test_csv_and_json_lines_have_the_same_values(tmp_path):
    lines = records(written(tmp_path / "s.jsonl", annotated_frames(), grid=True))
    rows = list(
        csv.DictReader(io.StringIO(written(tmp_path / "s.csv", annotated_frames(), grid=True)))
    )
    for line, row in zip(lines, rows, strict=True):
        flat = {name: "" if v is None else str(v) for name, v in csv_record(line).items()}
        assert row == flat


def test_a_map_of_another_size_is_json_in_its_own_column_of_csv(tmp_path):
    first, second = annotated_frames(2)
    wide = np.arange(84, dtype=np.float32).reshape(7, 12)
    second = replace(second, activation=replace(second.activation, grid=wide))
    text = written(tmp_path / "s.csv", [first, second, first], grid=True)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["grid"] == "" for row in rows] == [True, False, True]
    assert np.array_equal(json.loads(rows[1]["grid"]), wide)
    assert (rows[1]["grid_0_0"], rows[2]["grid_6_6"]) == ("", rows[0]["grid_6_6"])


def test_commas_and_quotes_in_names_survive_csv(tmp_path):
    name = 'a, "b"\n.jpg'
    (row,) = csv.DictReader(
        io.StringIO(written(tmp_path / "s.csv", annotated_frames(1, name=name)))
    )
    assert row["picture"] == name


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_lines_end_with_a_newline_and_nothing_else(suffix, tmp_path):
    written(tmp_path / f"s{suffix}", annotated_frames())
    data = (tmp_path / f"s{suffix}").read_bytes()
    assert b"\r" not in data
    assert data.endswith(b"\n")


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_names_of_any_script_are_written_as_they_are(suffix, tmp_path):
    assert "Gänseblümchen 花.jpg" in written(
        tmp_path / f"s{suffix}", annotated_frames(1, name="Gänseblümchen 花.jpg")
    )


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_file_name_that_is_not_unicode_does_not_stop_the_log(suffix, tmp_path):
    name = os.fsdecode(b"\xff.png")
    text = written(tmp_path / f"s{suffix}", annotated_frames(2, name=name))
    assert r"\udcff.png" in text
    if suffix == ".jsonl":
        assert records(text)[1]["picture"] == name


UNSEEN = "a\x9b31m\u202egnp.\x1b\x7f\U000e0041b.png"


@pytest.mark.parametrize("target", ["-", ".csv", ".jsonl"])
def test_what_a_terminal_would_obey_is_an_escape(target, tmp_path, capsys):
    given = annotated_frames(2, name=UNSEEN)
    if target == "-":
        with StatsLog("-", grid=False, force=False) as log:
            for annotated in given:
                log.show(annotated)
        text = capsys.readouterr().out
    else:
        text = written(tmp_path / f"s{target}", given)
    assert all(line.isprintable() for line in text.splitlines())
    assert r"\u009b31m\u202egnp." in text
    if target != ".csv":
        assert records(text)[1]["picture"] == UNSEEN


def test_every_record_is_on_the_disk_at_once_and_not_only_at_the_end(tmp_path):
    path = tmp_path / "s.jsonl"
    with StatsLog(str(path), grid=False, force=False) as log:
        for number, annotated in enumerate(annotated_frames(5)):
            log.show(annotated)
            eventually(lambda: path.read_text("utf-8").count("\n") == number + 1)  # noqa: B023


def test_a_dash_means_json_lines_on_standard_output_which_stays_open(capsys):
    with StatsLog("-", grid=True, force=False) as log:
        for annotated in annotated_frames():
            log.show(annotated)
    print("still open")  # noqa: T201
    *lines, last = capsys.readouterr().out.splitlines()
    assert [list(json.loads(line)) for line in lines] == [[*FIELDS, "grid"]] * 3
    assert last == "still open"


def test_standard_output_without_unicode_gets_escapes(monkeypatch):
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    with StatsLog("-", grid=False, force=False) as log:
        log.show(annotated_frames(1, name="花.jpg")[0])
    (line,) = records(narrow.buffer.getvalue().decode("ascii"))
    assert line["picture"] == "花.jpg"


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_an_existing_file_is_refused_and_left_alone(suffix, tmp_path):
    path = tmp_path / f"s{suffix}"
    path.write_text("precious")
    with pytest.raises(SettingsError, match=r"exists already.*--force"):
        StatsLog(str(path), grid=False, force=False)
    assert path.read_text() == "precious"


def test_with_force_an_existing_file_is_replaced(tmp_path):
    path = tmp_path / "s.jsonl"
    path.write_text("old\n" * 1000)
    assert len(records(written(path, annotated_frames(), force=True))) == 3


def test_using_a_log_outside_of_a_with_statement_is_a_runtime_error(tmp_path):
    with pytest.raises(RuntimeError, match="with statement"):
        StatsLog(str(tmp_path / "s.csv"), grid=False, force=False).show(annotated_frames(1)[0])


def test_what_is_seen_and_the_top_five_are_asked_for(tmp_path):
    for name in ("s.jsonl", "s.csv"):
        with StatsLog(str(tmp_path / name), grid=False, top=True, force=False) as log:
            log.show(annotated_frames(1)[0])
    (line,) = records((tmp_path / "s.jsonl").read_text())
    assert line["sure"] is True
    assert (line["seen"], line["top"]) == ("daisy", [["daisy", 0.5]])
    header, row = (tmp_path / "s.csv").read_text().splitlines()
    assert header.endswith("seen,sure,top_1,top_1_probability")
    assert row.endswith("daisy,true,daisy,0.5")


def test_timings_have_every_rate_that_is_measured_and_what_limits_it():
    rates = Rates(22.004, 90.0, 60.0, 250.0, "the model is the limit: try --alpha 0.5")
    record = stats_record(
        replace(annotated_frames(1)[0], status=RunStatus(rates=rates)), grid=False, timings=True
    )
    assert list(record)[len(FIELDS) :] == [
        "age_ms", "model_ms", "source_fps", "model_fps", "paint_fps", "encoder_fps", "screen_fps",
        "limit", "dropped_newer", "dropped_stale", "dropped_repeated", "dropped_damaged",
    ]  # fmt: skip
    assert [record[name] for name in ("model_fps", "paint_fps", "encoder_fps", "screen_fps")] == [
        22.0, 90.0, 60.0, 250.0,
    ]  # fmt: skip
    assert record["limit"] == "the model is the limit: try --alpha 0.5"
    unknown = stats_record(annotated_frames(1)[0], grid=False, timings=True)
    assert (unknown["encoder_fps"], unknown["limit"]) == (None, "")
