"""The program as a user runs it: real processes, real files, exit codes."""

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from programs import one_line
from support import (
    livecam,
    livecam_between,
    livecam_here,
    probe,
    records,
    textured,
)

from training.settings import TFJS_REFERENCE

FIELDS = ["frame", "time_s", "class", "max", "mean", "peak", "centre", "extent", "logit"]
FIELDS += ["probability", "window", "fps", "latency_ms", "at"]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for index in range(3):
        cv2.imwrite(str(folder / f"p{index}.png"), textured(300, 200, index))
    return folder


@pytest.mark.parametrize("engine", ["litert", "tensorflow"])
def test_pictures_give_the_figures_of_tensorflow_js(shared, real_env, tmp_path, engine):
    truths = json.loads((shared / TFJS_REFERENCE / "golden.json").read_text())
    flags = ["--alpha", "0.75", "--no-window", "--stats", "-", "--grid", "--engine", engine]
    run = livecam_here("run", shared / TFJS_REFERENCE, *flags, cwd=tmp_path, env=real_env)
    one_line(run, 0)
    found = records(run.stdout)
    assert len(found) == 8
    for record in found:
        truth = truths[Path(record["picture"]).name]
        np.testing.assert_allclose(record["grid"], truth["grid"], atol=2e-3)
        assert record["max"] == pytest.approx(truth["max"], abs=2e-3)
        assert record["mean"] == pytest.approx(truth["mean"], abs=2e-3)


def test_one_picture_is_one_record_with_the_fixed_words(toy, pictures, tmp_path):
    run = livecam("run", pictures / "p1.png", *toy, "--no-window", "--stats", "-", cwd=tmp_path)
    one_line(run, 0)
    (record,) = records(run.stdout)
    assert list(record) == [*FIELDS, "picture"]
    assert (record["frame"], record["time_s"], record["class"]) == (0, 0.0, "daisy")
    assert "1 frame; strongest daisy" in run.stderr


def test_the_word_run_may_be_left_out(toy, pictures, tmp_path):
    run = livecam_here(pictures, *toy, "--no-window", "--stats", "-", cwd=tmp_path)
    assert [record["frame"] for record in records(run.stdout)] == [0, 1, 2]


def test_a_clip_is_recorded_frame_by_frame_at_its_own_times(toy, clip, tmp_path):
    flags = [*toy, "--no-window", "--record", "out.mp4", "--stats", "out.jsonl", "--grid"]
    last = one_line(livecam_here("run", clip, *flags, cwd=tmp_path), 0)
    assert "45 frames in" in last
    source, recording = probe(clip), probe(tmp_path / "out.mp4")
    assert (recording.frames, recording.codec, recording.pixel_format) == (45, "h264", "yuv420p")
    np.testing.assert_allclose(recording.times_s, source.times_s, atol=1e-4)
    found = records((tmp_path / "out.jsonl").read_text())
    np.testing.assert_allclose([r["time_s"] for r in found], source.times_s, atol=1e-4)
    assert np.shape(found[0]["grid"]) == (7, 7)
    assert np.mean(found[0]["grid"]) == pytest.approx(found[0]["mean"], abs=1e-4)


def test_the_walk_past_flowers(shared, real_env, tmp_path):
    clip = shared / "video" / "flower_walk_720p30.mp4"
    shown = json.loads(clip.with_suffix(".json").read_text())
    flags = ["--alpha", "0.75", "--no-window", "--record", "out.mp4", "--stats", "out.jsonl"]
    one_line(livecam("run", clip, *flags, cwd=tmp_path, env=real_env, timeout_s=400), 0)
    recording = probe(tmp_path / "out.mp4")
    assert (recording.frames, recording.codec, recording.pixel_format) == (600, "h264", "yuv420p")
    assert recording.duration_s == pytest.approx(20.0, abs=0.005)
    found = records((tmp_path / "out.jsonl").read_text())
    assert len(found) == 600
    # A daisy is stronger evidence than whatever else is shown.
    strongest = {
        (scene["from_s"], scene["shows"]): max(
            r["max"] for r in found if scene["from_s"] <= r["time_s"] < scene["to_s"]
        )
        for scene in shown
    }
    daisies = [value for (_, name), value in strongest.items() if name == "daisy"]
    others = [value for (_, name), value in strongest.items() if name != "daisy"]
    assert np.median(daisies) > 25 > np.median(others)


def test_csv_and_json_lines_say_the_same(toy, pictures, tmp_path):
    for name in ("a.csv", "a.jsonl"):
        livecam_here(pictures, *toy, "--no-window", "--stats", name, "--grid", cwd=tmp_path)
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    lines = records((tmp_path / "a.jsonl").read_text())
    for row, line in zip(rows, lines, strict=True):
        assert float(row["max"]) == line["max"]
        assert [int(row["peak_row"]), int(row["peak_column"])] == line["peak"]
        assert float(row["grid_6_0"]) == line["grid"][6][0]


def test_limits_stop_the_run(toy, clip, tmp_path):
    flags = [*toy, "--no-window", "--stats", "-"]
    assert len(records(livecam_here(clip, *flags, "--frames", 5, cwd=tmp_path).stdout)) == 5
    assert len(records(livecam_here(clip, *flags, "--seconds", 0.5, cwd=tmp_path).stdout)) == 15


def test_the_class_is_that_of_the_flag(toy, pictures, tmp_path):
    flags = [*toy, "--no-window", "--stats", "-", "--class", "bee", "--class", "daisy"]
    run = livecam_here(pictures / "p0.png", *flags, cwd=tmp_path)
    assert records(run.stdout)[0]["class"] == "bee"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nowhere.mp4"], 3, ["nowhere.mp4"]),
        (["7"], 3, ["camera 7", "clip"]),
        (["http://127.0.0.1:9/x.mp4", "--give-up", "0"], 3, ["127.0.0.1:9"]),
        (
            ["http://eve:secret@127.0.0.1:9/x.mp4?token=secret", "--give-up", "0"],
            3,
            ["127.0.0.1:9/x.mp4"],
        ),
        (["*.jpg"], 3, ["*.jpg"]),
        (["."], 3, ["picture"]),
        ([__file__], 3, ["did not open"]),
        ([str(Path(__file__).parents[2] / "LICENSE")], 3, ["LICENSE"]),
        (["{clip}", "--class", "daysy"], 2, ["daysy", "daisy"]),
        (["{clip}", "--class", "crane"], 2, ["134", "517"]),
        (["{clip}", "--alpha", "0.3"], 2, ["--alpha", "0.25"]),
        (["{clip}", "--record", "x.avi"], 2, ["x.avi", ".mp4"]),
        (["{clip}", "--record", "{clip}/x.mp4"], 5, ["wobble.mp4", "cannot be made", "--record"]),
        (["{clip}", "--stats", "x.txt"], 2, [".jsonl"]),
        (["{clip}", "--grid"], 2, ["--stats"]),
        (["{clip}", "--window"], 2, ["no display"]),
        (["{clip}"], 2, ["no display", "--record", "--stats"]),
        (["{clip}", "--no-window"], 2, ["--record", "--stats"]),
        (["{clip}", "--weights", "nowhere.h5"], 6, ["nowhere.h5"]),
        (["{clip}", "--weights", "{clip}"], 6, ["HDF5"]),
        (["{clip}", "extra"], 2, ["extra"]),
        (["{clip}", "--record", "{clip}", "--force"], 2, ["same file"]),
        (["{clip}", "--record", "a.mp4", "--stats", "./a.mp4"], 2, ["same file"]),
        (["{clip}", "--model", "flowers", "--class", "other"], 2, ["daisy", "tulip"]),
        (["{clip}", "--model", "flowers", "--class", "zzzqq"], 2, ["dandelion"]),
        (["{clip}", "--precision", "float16", "--engine", "litert"], 2, ["float16"]),
    ],
)
def test_bad_input_is_one_line_with_the_right_exit_code(
    arguments, code, words, toy, clip, tmp_path
):
    given = [str(a).replace("{clip}", str(clip)) for a in arguments]
    if not {"--weights", "--alpha", "--model"} & set(given):
        given += toy
    if "--window" not in given and len(arguments) > 1 and arguments[1] != "--no-window":
        given += ["--no-window"]
        given += [] if {"--stats", "--record", "--grid"} & set(given) else ["--stats", "-"]
    elif len(arguments) == 1 and arguments[0] != "{clip}":
        given += ["--no-window", "--stats", "-"]
    run = livecam_here("run", *given, cwd=tmp_path)
    last = one_line(run, code)
    assert all(word in last for word in words), last
    assert "secret" not in run.stderr
    assert run.stdout == ""


def test_a_text_file_is_refused_although_ffmpeg_would_draw_it_as_a_terminal(toy, tmp_path):
    (tmp_path / "notes.txt").write_text("A text file, not a video.\n" * 40)
    run = livecam_here("run", "notes.txt", *toy, "--no-window", "--stats", "-", cwd=tmp_path)
    assert "notes.txt" in one_line(run, 3)
    assert run.stdout == ""


def test_without_a_display_it_says_so_and_goes_on_with_what_is_left(toy, clip, tmp_path):
    run = livecam(clip, *toy, "--record", "out.mp4", "--frames", 3, cwd=tmp_path)
    one_line(run, 0)
    assert "no window: there is no display" in run.stderr
    assert probe(tmp_path / "out.mp4").frames == 3


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_dead_display_is_reported_in_one_line(toy, clip, tmp_path, name):
    run = livecam(clip, *toy, cwd=tmp_path, env={name: ":4711"})
    assert ":4711 does not answer" in one_line(run, 2)


def test_existing_files_are_kept_without_force_and_replaced_with_it(toy, clip, tmp_path):
    flags = [*toy, "--no-window", "--frames", "2", "--record", "a.mp4", "--stats", "a.jsonl"]
    (tmp_path / "a.mp4").write_text("precious")
    assert "--force" in one_line(livecam_here(clip, *flags, cwd=tmp_path), 2)
    assert (tmp_path / "a.mp4").read_text() == "precious"
    assert not (tmp_path / "a.jsonl").exists()
    one_line(livecam_here(clip, *flags, "--force", cwd=tmp_path), 0)
    assert probe(tmp_path / "a.mp4").frames == 2


def test_damaged_clips_give_what_can_be_had_and_an_honest_line(shared, toy, tmp_path):
    damaged = shared / "video" / "damaged"
    flags = [*toy, "--no-window", "--record"]
    run = livecam_here(damaged / "flower_trunc50.mp4", *flags, "cut.mp4", cwd=tmp_path)
    last = one_line(run, 4)
    assert "72 of 150 frames" in last
    assert "2.4 s of 5.0 s" in last
    assert probe(tmp_path / "cut.mp4").frames == 72
    for name in ("zero_bytes.mp4", "text_named.mp4", "zero_bytes.jpg", "daisy_header_only.jpg"):
        assert name in one_line(livecam_here(damaged / name, *flags, "no.mp4", cwd=tmp_path), 3)
        assert not (tmp_path / "no.mp4").exists()


def test_a_warm_start_on_a_cpu_imports_no_tensorflow(toy, pictures, tmp_path):
    flags = [*toy, "--no-window", "--stats", "-"]
    livecam_here(pictures, *flags, cwd=tmp_path)
    after = "heavy = {'tensorflow', 'keras'} & set(sys.modules)\nassert not heavy, heavy"
    run = livecam_between("", after, pictures, *flags, cwd=tmp_path)
    assert run.returncode == 0, run.stderr


def test_what_a_browser_needs_is_in_the_recording(toy, clip, tmp_path):
    """High profile, yuv420p, an index, and colours tagged as they were converted."""
    import av

    livecam_here(clip, *toy, "--no-window", "--record", "out.mp4", cwd=tmp_path)
    with av.open(str(tmp_path / "out.mp4")) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.profile == "High"
        assert (int(stream.codec_context.colorspace), int(stream.codec_context.color_range)) == (
            6,
            1,
        )
        assert stream.frames == 45
        container.seek(int(1.0 / stream.time_base), stream=stream)
        assert next(container.decode(stream)).time <= 1.0


def test_a_name_with_a_colon_is_a_file_and_no_address(toy, clip, tmp_path):
    (tmp_path / "cam:1.mp4").write_bytes(clip.read_bytes())
    flags = [*toy, "--no-window", "--frames", 2]
    one_line(livecam_here("cam:1.mp4", *flags, "--record", "file:out.mp4", cwd=tmp_path), 0)
    assert probe(tmp_path / "file:out.mp4").frames == 2
    assert not (tmp_path / "out.mp4").exists()


def test_a_broken_settings_file_stops_no_command_that_takes_no_settings(tmp_path):
    (tmp_path / "livecam.toml").write_text("x = [")
    assert livecam_here("models", cwd=tmp_path).returncode == 0
    refused = livecam_here("config", cwd=tmp_path)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "livecam.toml is not TOML" in refused.stderr


def test_a_complaint_repeats_no_password_of_an_address(tmp_path):
    done = livecam_here("0", "http://cam/snap?pwd=geheim", cwd=tmp_path)
    assert done.returncode == 2
    assert "http://cam/snap" in done.stderr
    assert "geheim" not in done.stderr
    assert livecam_here("config", "--disk-reserve", "inf", cwd=tmp_path).returncode == 2
