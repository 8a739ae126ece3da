"""`livecam bench`, as a user would use it."""

import json

from support import livecam, livecam_here, write_clip, textured

STAGES = ["decode", "crop", "network", "heat", "figures", "hand-over", "encode"]


def test_it_measures_a_clip_anywhere_and_leaves_nothing_behind(tmp_path):
    done = livecam("bench", "--json", "--frames", 24, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [stage["stage"] for stage in report["stages"]] == STAGES
    assert all(0 <= s["median_ms"] <= s["p95_ms"] for s in report["stages"])
    assert (report["source"], report["width"], report["height"]) == ("daisy.mp4", 640, 480)
    assert report["frames"] == 18  # a quarter is the warm-up
    assert "name a SOURCE" in done.stderr
    assert report["limit"] in STAGES
    assert report["fps"] > 0
    assert report["processor_ms"] > 0
    assert list(tmp_path.iterdir()) == []


def test_boxes_are_a_stage_where_they_are_looked_for(tmp_path):
    done = livecam_here("bench", "--json", "--frames", 8, "--boxes", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    stages = [stage["stage"] for stage in json.loads(done.stdout)["stages"]]
    assert stages == [*STAGES[:4], "boxes", *STAGES[4:]]


def test_a_clip_without_encoding_as_a_table(tmp_path):
    clip = write_clip(tmp_path / "a.mp4", [textured(320, 240, n) for n in range(8)],
                      [n / 30 for n in range(8)])  # fmt: skip
    done = livecam_here("bench", clip, "--no-encode", "--model", "flowers", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "encode" not in done.stdout
    for words in ("network", "median ms", "frames a second", "processor", "the limit"):
        assert words in done.stdout
    assert list(tmp_path.iterdir()) == [clip]


def test_a_source_that_is_too_short_or_missing_is_said_in_one_line(tmp_path):
    missing = livecam_here("bench", "nothing.mp4", cwd=tmp_path)
    assert (missing.returncode, missing.stdout) == (3, "")
    assert len(missing.stderr.strip().splitlines()) <= 2
    short = livecam_here("bench", "--json", "--frames", 1, cwd=tmp_path)
    assert (short.returncode, short.stdout) == (2, "")
    assert "nothing was measured: use more --frames" in short.stderr


def test_a_limit_in_seconds_shortens_the_warm_up(tmp_path):
    """Before, a second was all warm-up, and the advice was about frames."""
    done = livecam_here("bench", "--json", "--seconds", 1, "--no-encode", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["frames"] == 23  # of 30, the rate of the scene
    short = livecam_here("bench", "--json", "--seconds", 0.02, "--no-encode", cwd=tmp_path)
    assert short.returncode == 2
    assert "use more --seconds" in short.stderr


def test_bad_combinations_are_refused(tmp_path):
    for arguments, words in (
        (["--precision", "int8", "--engine", "tensorflow"], "int8 is for LiteRT"),
        (["--calibration", "."], "--precision int8"),
        (["--precision", "int8", "--calibration", "nowhere"], "--calibration nowhere"),
        (["--every", "0"], "every"),
    ):
        done = livecam_here("run", "daisy", "--model", "flowers", "--no-window", "--frames", 1,
                       "--stats", "-", *arguments, cwd=tmp_path)  # fmt: skip
        assert done.returncode == 2, (arguments, done.stderr)
        assert words in done.stderr
        assert "Traceback" not in done.stderr
