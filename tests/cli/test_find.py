"""`livecam find` as it is typed: what it prints, says and refuses, on archives made of numbers."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from archive_parts import SETTINGS, lists, write_part

from livecam.cli.app import main

JUNE = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
LOW, HIGH = 0.1, 0.9


def probabilities(count: int, *spans: tuple[int, int]) -> list[float]:
    """High in the spans [first, last], else low."""
    return [HIGH if any(a <= n <= b for a, b in spans) else LOW for n in range(count)]


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch):
    """Tables are as wide as they need, also where pytest's workers are told of a terminal."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def garden(tmp_path):
    """Daisies at 3-5, 9-10 and 12 of a.mp4, and over the border of two segments of b.mp4."""
    archive = tmp_path / "garden"
    daisy = probabilities(20, (3, 5), (9, 10), (12, 12))
    write_part(archive, "/clips/a.mp4", {"daisy": daisy, "rose": [LOW] * 20}, start=JUNE)
    later = JUNE + timedelta(days=1)
    first = probabilities(20, (18, 19))
    write_part(archive, "/clips/b.mp4", {"daisy": first, "rose": first}, start=later)
    second = {"daisy": probabilities(20, (0, 1)), "rose": [LOW] * 20}
    write_part(archive, "/clips/b.mp4", second, start=later, segment=1, first_s=20.0)
    return archive


def found(*arguments) -> int:
    return main(["find", *map(str, arguments)])


def moments(capsys, *arguments) -> list[tuple]:
    assert found(*arguments, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    return [(m["source"][-5:], m["start_s"], m["end_s"], m["looks"]) for m in document["moments"]]


def test_moments_have_the_right_edges_across_segments_and_over_one_missed_look(garden, capsys):
    a, b = "a.mp4", "b.mp4"
    every = [(a, 3.0, 6.0, 3), (a, 9.0, 13.0, 3), (b, 18.0, 22.0, 4)]
    assert moments(capsys, garden, "daisy > 0.8") == every
    assert moments(capsys, garden, "daisy > 0.8 for 4s") == every[1:]
    assert moments(capsys, garden, "daisy > 0.8 for 4100ms") == []
    assert moments(capsys, garden, "daisy > 0.8 and rose > 0.15") == [(b, 18.0, 20.0, 2)]
    assert moments(capsys, garden, "seen != other and not rose > 0.5") == [
        *every[:2], (b, 20.0, 22.0, 2)
    ]  # fmt: skip


def test_since_and_until_are_moments_or_whole_days(garden, capsys):
    b = ("b.mp4", 18.0, 22.0, 4)
    assert moments(capsys, garden, "daisy > 0.8", "--since", "2026-07-01T00:00+00:00") == [b]
    cut = moments(capsys, garden, "daisy > 0.8", "--since", "2026-06-30T12:00:04+00:00",
                  "--until", "2026-06-30T12:00:10+00:00")  # fmt: skip
    assert cut == [("a.mp4", 4.0, 6.0, 2), ("a.mp4", 9.0, 10.0, 1)]
    assert len(moments(capsys, garden, "daisy > 0.8", "--until", "2026-07-03")) == 3
    assert moments(capsys, garden, "daisy > 0.8", "--since", "2030-01-01") == []
    always = ("--since", "0001-01-01", "--until", "9999-12-31")
    assert len(moments(capsys, garden, "daisy > 0.8", *always)) == 3
    assert moments(capsys, garden, "daisy > 0.8", "--until", "0001-01-01") == []
    assert moments(capsys, garden, "daisy > 0.8", "--since", "9999-12-31T23:59-12:00") == []
    write_part(garden, "/clips/undated.mp4", {"daisy": [HIGH] * 4, "rose": [LOW] * 4})
    assert found(garden, "daisy > 0.8", "--since", "2026-07-01T00:00+00:00", "--csv") == 0
    captured = capsys.readouterr()
    assert "1 part left out: without a time of day" in captured.err
    assert "undated" not in captured.out


def test_table_csv_and_json_say_the_same(garden, capsys):
    assert found(garden, "daisy > 0.8 for 4s", "--csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(r["source"], r["start_s"], r["end_s"]) for r in rows] == [
        ("/clips/a.mp4", "9.0", "13.0"), ("/clips/b.mp4", "18.0", "22.0")
    ]  # fmt: skip
    assert rows[0]["start"] == (JUNE + timedelta(seconds=9)).astimezone().isoformat(
        timespec="milliseconds"
    )
    assert (rows[0]["strongest_s"], rows[0]["daisy.max"]) == ("9.0", "36.0")
    assert found(garden, "daisy > 0.8 for 4s") == 0
    table = capsys.readouterr().out
    assert all(word in table for word in ("a.mp4", "0:09.0", "0:13.0", "4.0 s", "90.0 %"))


def test_by_day_and_by_clip_add_up(garden, capsys):
    assert found(garden, "daisy > 0.8", "--by", "day", "--json") == 0
    days = json.loads(capsys.readouterr().out)["days"]
    assert [(d["moments"], d["clips"], d["seconds"]) for d in days] == [(2, 1, 7.0), (1, 1, 4.0)]
    assert days[0]["longest"] == {"source": "/clips/a.mp4", "start_s": 9.0, "end_s": 13.0}
    assert found(garden, "daisy > 0.8", "--by", "clip", "--csv") == 0
    assert "/clips/b.mp4,1,1,4.0" in capsys.readouterr().out
    assert found(garden, "daisy > 0.8", "--by", "day") == 0
    assert "2026-06-30" in capsys.readouterr().out


def test_torn_and_foreign_files_are_named_and_left_out(garden, capsys):
    torn = write_part(garden, "/clips/c.mp4", {"daisy": [HIGH] * 5, "rose": [LOW] * 5})
    torn.write_bytes(torn.read_bytes()[:-8])
    gone = write_part(garden, "/clips/d.mp4", {"daisy": [HIGH] * 5, "rose": [LOW] * 5})
    gone.unlink()
    wrong = write_part(
        garden, "/clips/e.mp4", {"daisy": [HIGH] * 5}, extra={"daisy.probability": lists_of_ints(5)}
    )
    stranger = garden / "parts" / "day=2026-06-30" / "other.parquet"
    stranger.write_bytes(b"PAR1")
    (garden / "parts" / "day=2026-06-30" / ".half.parquet").write_bytes(b"PAR1")
    assert found(garden, "daisy > 0.8", "--csv") == 0
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 4
    said = captured.err
    assert f"{torn}: it is cut off or no Parquet file" in said
    assert f"{gone}: no such file or directory" in said.lower() or str(gone) in said
    assert f"{wrong}: its column daisy.probability is int64, not float" in said
    assert f"{stranger}: the manifest does not know it" in said
    assert ".half" not in said


def lists_of_ints(count):
    import pyarrow as pa

    return pa.array([1] * count, pa.int64())


def test_parts_of_other_settings_are_never_mixed_in(garden, capsys):
    about = {"title": "MobileNet 1.0", "classes": ["daisy"], "looks_per_second": 2.0}
    write_part(garden, "/clips/a.mp4", {"daisy": [HIGH] * 4}, settings="ffff00001111", about=about)
    assert found(garden, "daisy > 0.8") == 2
    said = capsys.readouterr().err
    assert f"--settings: {SETTINGS}" in said
    assert "ffff00001111 (MobileNet 1.0, for daisy, 2 looks a second, 1 part)" in said
    assert moments(capsys, garden, "daisy > 0.8", "--settings", "ffff") == [("a.mp4", 0, 4, 4)]
    assert len(moments(capsys, garden, "daisy > 0.8", "--settings", SETTINGS)) == 3
    assert found(garden, "daisy > 0.8", "--settings", "77") == 2


def test_parts_without_a_class_of_the_condition_are_counted_not_guessed(garden, capsys):
    write_part(garden, "/clips/c.mp4", {"rose": [LOW] * 5})
    assert len(moments(capsys, garden, "daisy > 0.8")) == 3
    found(garden, "daisy > 0.8", "--csv")
    assert "1 part left out: not measured for daisy" in capsys.readouterr().err


def test_every_picture_is_a_moment_of_its_own(garden, capsys):
    import pyarrow as pa

    pictures = write_part(
        garden, "/photos/p", {"daisy": [HIGH, LOW, HIGH], "rose": [LOW] * 3},
        extra={
            "source": pa.array([f"/photos/{n}.jpg" for n in range(3)]),
            "look_s": pa.array([None] * 3, pa.float32()),
            "time_s": pa.array([0.0] * 3),
        },
    )  # fmt: skip
    assert pictures.is_file()
    assert found(garden, "daisy > 0.8", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    photos = [m for m in document["moments"] if m["source"].startswith("/photos")]
    assert [(m["source"], m["start_s"], m["end_s"], m["looks"]) for m in photos] == [
        ("/photos/0.jpg", 0.0, 0.0, 1), ("/photos/2.jpg", 0.0, 0.0, 1)
    ]  # fmt: skip
    assert len(moments(capsys, garden, "daisy > 0.8 for 1s")) == 3
    assert found(garden, "daisy > 0.8") == 0  # a photograph has no seconds
    (line,) = (one for one in capsys.readouterr().out.splitlines() if "0.jpg" in one)
    assert [cell.strip() for cell in line.split("│")[1:-1]] == [
        "", "0.jpg", "", "", "", "1", "daisy 90.0 %, max 36.0"
    ]  # fmt: skip


@pytest.fixture
def long_names(tmp_path):
    """Two classes in two clips with names that are longer than a narrow terminal takes."""
    for n, letter in enumerate("ab"):
        clip = f"/clips/2026-07-01_camera_of_the_southern_flower_bed_{letter}.mp4"
        values = {"daisy": probabilities(9, (2, 4)), "barn spider": [LOW] * 9}
        write_part(tmp_path / "long", clip, values, start=JUNE + timedelta(days=n))
    return tmp_path / "long"


@pytest.mark.parametrize("by", [(), ("--by", "day"), ("--by", "clip")])
@pytest.mark.parametrize("columns", [80, 100, 300, None])
def test_each_moment_has_one_line_and_the_last_one_says_how_many(
    long_names, capsys, monkeypatch, by, columns
):
    if columns is not None:
        monkeypatch.setenv("COLUMNS", str(columns))
    assert found(long_names, "daisy > 0.8 and not 'barn spider' > 0.5", *by) == 0
    *table, total = capsys.readouterr().out.splitlines()
    assert len(table) == 3 + 2 + 1
    assert total == "2 moments in 2 clips, 6.0 s"
    assert max(map(len, table)) <= (columns or 300)
    heading = [cell.strip() for cell in table[1].split("┃")[1:-1]]
    if by == ("--by", "clip"):
        assert heading == ["clip", "moments", "together", "longest"]
    if columns in {300, None}:
        assert "2026-07-01_camera_of_the_southern_flower_bed_a.mp4" in table[3]
    else:
        assert "a.mp4" in table[3]
        assert "90.0 %" in table[3] or by


def test_like_without_features_names_the_settings_that_have_some(tmp_path, capsys):
    archive, features = tmp_path / "garden", {"features": lists(np.ones((3, 8), np.float16))}
    with_features = "aaaaaaaaaaaa"
    write_part(
        archive, "/clips/a.mp4", {"daisy": [HIGH] * 3}, settings=with_features, extra=features,
        about={"title": "flowers", "features": True},
    )  # fmt: skip
    write_part(archive, "/clips/a.mp4", {"daisy": [HIGH] * 3}, about={"title": "flowers"})
    assert found(archive, "--like", "a.mp4@1", "--settings", SETTINGS) == 2
    assert f"with features: --settings {with_features}." in capsys.readouterr().err
    assert found(archive, "--like", "a.mp4@1") == 2
    assert f"{with_features} (flowers, with features, 1 part)" in capsys.readouterr().err
    assert found(archive, "--like", "a.mp4@1", "--settings", "aaaa", "--csv") == 0


def test_neighbours_in_the_table_that_lie_far_apart_in_the_clip_are_two_moments(garden, capsys):
    import pyarrow as pa

    times_s = [0.0, 1.0, 1.9, 63.0, 64.2, 65.0]  # a pause of a minute; key frames near the seconds
    write_part(
        garden, "/clips/c.mp4", {"daisy": [HIGH] * 6, "rose": [LOW] * 6},
        extra={"time_s": pa.array(times_s)},
    )  # fmt: skip
    ours = [m for m in moments(capsys, garden, "daisy > 0.8") if m[0] == "c.mp4"]
    assert ours == [("c.mp4", 0.0, 2.9, 3), ("c.mp4", 63.0, 66.0, 3)]
    assert len(moments(capsys, garden, "daisy > 0.8 for 2950ms")) == 4


def test_edges_are_those_of_the_looks_where_key_frames_come_near_the_seconds(garden, capsys):
    import pyarrow as pa

    times_s = [0.0, 1.2, 1.9, 3.1, 4.0]
    daisy = [LOW, HIGH, HIGH, HIGH, LOW]
    write_part(
        garden, "/clips/c.mp4", {"daisy": daisy, "rose": [LOW] * 5},
        extra={"time_s": pa.array(times_s)},
    )  # fmt: skip
    for hold, is_found in (("2900ms", True), ("2950ms", False)):
        ours = moments(capsys, garden, f"daisy > 0.8 for {hold}")
        assert (("c.mp4", 1.2, 4.1, 3) in ours) == is_found


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("none", "daisy > 0.8"), 3, "does not exist: 'livecam batch PATHS --out ARCHIVE'"),
        ((".", "daisy > 0.8"), 3, "is no archive"),
        (("empty", "daisy > 0.8"), 3, "is empty, nothing was measured"),
        (("garden", "dasy > 0.8"), 2, "no class 'dasy': did you mean daisy?"),
        (("garden", "daisy >> 0.8"), 2, "is no condition"),
        (("garden", "daisy > 0.5 and rose > 0.5"), 2, "can never hold: the probabilities of all"),
        (("garden", "daisy > 0.8 for a while"), 2, "while"),
        (("garden",), 2, "nothing is looked for"),
        (("garden", "daisy > 0.8", "--since", "soon"), 2, "--since 'soon' is no time"),
        (("garden", "daisy > 0.8", "--since", "2026-07-02", "--until", "2026-07-01"), 2,
         "--until 2026-07-01 is not after --since 2026-07-02"),
        (("garden", "daisy > 0.8", "--json", "--csv"), 2, "leave one out"),
        (("garden", "daisy > 0.8", "--sheet", "there.html"), 2, "exists already"),
        (("garden", "daisy > 0.8", "--coco", "out"), 2, "has no boxes: measure it with livecam"),
        (("garden", "daisy > 0.8", "--camtrap-dp", "out"), 2, "needs --latitude and --longitude"),
        (("none", "daisy > 0.8", "--camtrap-dp", "out"), 2, "needs --latitude and --longitude"),
        (("garden", "daisy > 0.8", "--camtrap-dp", "out", "--latitude", "1", "--longitude", "2",
          "--species", "bee"), 2, "is no CLASS=NAME"),
        (("garden", "daisy > 0.8", "--like", "a.mp4@3"), 2, "has no features: measure it"),
        (("garden", "daisy > 0.99"), 0, "no moment found in 3 parts"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_one_line(
    garden, tmp_path, monkeypatch, capsys, arguments, code, said
):
    (tmp_path / "there.html").touch()
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "manifest.jsonl").touch()
    monkeypatch.chdir(tmp_path)
    assert found(*arguments) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert len(captured.err.splitlines()) == 1
    assert not captured.out


def test_without_the_packages_of_archives_it_says_what_to_install(garden, monkeypatch, capsys):
    import sys

    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert found(garden, "daisy > 0.8") == 2
    assert capsys.readouterr().err == (
        'livecam: archives need the package duckdb: pip install "livecam[archive]"\n'
    )


def test_text_of_strangers_is_made_printable(tmp_path, capsys):
    archive = tmp_path / "garden"
    write_part(archive, "/clips/\x1b[31mred.mp4", {"daisy": [HIGH] * 3})
    assert found(archive, "daisy > 0.8") == 0
    assert "\x1b[31m" not in capsys.readouterr().out


def test_like_finds_the_looks_of_the_most_similar_features(tmp_path, capsys):
    archive = tmp_path / "garden"
    rng = np.random.default_rng(0)
    base, other = rng.normal(size=(2, 64))
    near = np.stack([base + 0.1 * n * other for n in range(4)])
    for name, features in (("a.mp4", rng.normal(size=(6, 64))), ("b.mp4", near)):
        extra = {"features": lists(features.astype(np.float16))}
        write_part(archive, f"/clips/{name}", {"daisy": [HIGH] * len(features)}, extra=extra)
    assert found(archive, "--like", "b.mp4@0.2", "--most", "2", "--json") == 0
    first, second = json.loads(capsys.readouterr().out)["moments"]
    assert (first["source"], first["strongest"]["time_s"]) == ("/clips/b.mp4", 0.0)
    assert first["likeness"] == pytest.approx(1.0, abs=1e-3)
    cosine = near @ near[0] / np.linalg.norm(near, axis=1) / np.linalg.norm(near[0])
    assert first["looks"] == (cosine > 0.95).sum() == 3
    assert second["strongest"]["time_s"] == 3.0
    assert second["likeness"] == pytest.approx(cosine[3], abs=1e-3)
    assert found(archive, "daisy > 0.99", "--like", "b.mp4@0", "--csv") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert found(archive, "--like", "c.mp4@0") == 2
    assert "has no clip 'c.mp4'" in capsys.readouterr().err
    assert found(archive, "--like", "b.mp4@3.9", "--csv") == 0  # the last look lasts until 4 s
    assert found(archive, "--like", "b.mp4@99") == 2
    assert "b.mp4 has no look at 99 s: its last one before is at 3 s" in capsys.readouterr().err
    assert found(archive, "daisy > 0.1 for 2s", "--like", "b.mp4@0") == 2
