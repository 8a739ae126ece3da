"""--split and dated names: every frame in exactly one file, and every file a whole recording."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from annotated_frames import annotated_frame_of
from sinks.recording.recordings import NOON, STOPPED, numbered_noise, numbers_of
from sinks.recording.test_sound import clip_with_sound, sound_of
from support import livecam_here, probe, records

import av
from livecam.core.split_limit import split_limit
from livecam.errors import SinkError
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions
from livecam.sinks.recording.recorder import Recorder

FLOWERS = ["--model", "flowers", "--no-window"]
RATE = 30.0


def options_for(folder, name, **more):
    return RecordingOptions(
        None, folder, EncoderRequest(rate=RATE, live=False), pattern=folder / name, **more
    )


def record_numbers(options, count, notes=None, *, stopped=range(0)):
    """Record so many numbered pictures while the wall clock goes with them."""
    shown = 0
    events = RecordingEvents(notify=(notes if notes is not None else []).append)
    recorder = Recorder(options, events, now=lambda: NOON + timedelta(seconds=shown / RATE))
    with recorder:
        for shown in range(count):
            annotated = annotated_frame_of(numbered_noise(shown), shown, shown / RATE)
            if shown in stopped:
                annotated = replace(annotated, view=STOPPED)
            recorder.show(annotated)


def in_order(folder, suffix):
    found = [path for path in folder.rglob(f"*{suffix}") if "_clean" not in path.name]
    return sorted(found, key=lambda path: numbers_of(path)[0])


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_new_file_begins_after_so_much_time_with_its_twin_and_figures(suffix, tmp_path):
    more = {"clean": True, "stats": True, "split": split_limit("2s")}
    notes = []
    record_numbers(options_for(tmp_path, f"%Y-%m-%d/%H-%M-%S{suffix}", **more), 200, notes)
    parts = in_order(tmp_path, suffix)
    numbers = [numbers_of(part) for part in parts]
    assert [len(each) for each in numbers] == [60, 60, 60, 20]
    assert [n for each in numbers for n in each] == list(range(200))
    for part, expected in zip(parts, numbers, strict=True):
        assert part.parent == tmp_path / "2026-11-22"
        assert numbers_of(part.with_name(f"{part.stem}_clean{suffix}")) == expected
        lines = records(part.with_suffix(".jsonl").read_text())
        assert [line["max"] - 6 for line in lines] == expected
        assert probe(part).times_s == pytest.approx([line["time_s"] for line in lines], abs=0.001)
        assert any(f"recorded {part} ({len(expected)} frames" in note for note in notes)
    assert [part.stem[:6] for part in parts] == ["12-00-"] * 4


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_new_file_begins_before_the_size_is_reached(suffix, tmp_path):
    record_numbers(options_for(tmp_path, f"%H-%M-%S{suffix}", split=split_limit("1MB")), 300)
    parts = in_order(tmp_path, suffix)
    assert len(parts) >= 3
    assert [n for part in parts for n in numbers_of(part)] == list(range(300))
    sizes = [part.stat().st_size for part in parts]
    assert max(sizes) <= 1_000_000
    assert min(sizes[:-1]) > 600_000


def test_every_file_begins_with_a_key_frame_and_seeks(tmp_path):
    record_numbers(options_for(tmp_path, "%H-%M-%S.mp4", split=split_limit("1s")), 90)
    for part in in_order(tmp_path, ".mp4"):
        data = part.read_bytes()
        assert data.index(b"moov") < data.index(b"mdat")
        with av.open(str(part)) as container:
            assert next(container.demux(video=0)).is_keyframe


def test_a_name_that_is_taken_gets_the_next_number_and_nothing_is_overwritten(tmp_path):
    (tmp_path / "2026-11-22.mp4").write_text("mine")
    record_numbers(options_for(tmp_path, "%Y-%m-%d.mp4", split=split_limit("1s"), force=True), 60)
    assert (tmp_path / "2026-11-22.mp4").read_text() == "mine"
    names = [path.name for path in sorted(tmp_path.iterdir())]
    assert names == ["2026-11-22.mp4", "2026-11-22_2.mp4", "2026-11-22_3.mp4"]


def test_a_recording_with_a_plain_name_goes_on_in_numbers(tmp_path):
    encoder = EncoderRequest(rate=RATE, live=False)
    options = RecordingOptions(
        tmp_path / "a%.mp4", tmp_path, encoder, split=split_limit("1s"), force=True
    )
    record_numbers(options, 75)
    assert [path.name for path in in_order(tmp_path, ".mp4")] == ["a%.mp4", "a%_2.mp4", "a%_3.mp4"]


def test_recordings_of_the_key_have_the_pattern_too_and_their_pieces(tmp_path):
    options = options_for(tmp_path, "%H-%M-%S.mp4", split=split_limit("1s"))
    record_numbers(options, 120, stopped=range(40, 80))
    numbers = [numbers_of(part) for part in in_order(tmp_path, ".mp4")]
    assert [(each[0], each[-1]) for each in numbers] == [(0, 29), (30, 39), (80, 109), (110, 119)]


@pytest.mark.parametrize(("codec", "suffix"), [("aac", ".mp4"), ("pcm_s16le", ".mp4")])
def test_sound_is_cut_where_the_pictures_are(codec, suffix, tmp_path):
    clip = clip_with_sound(tmp_path / "clip.mkv", codec, seconds=5.0)
    run = livecam_here(clip, *FLOWERS, "--record", f"r{suffix}", "--split", "2s", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    parts = [tmp_path / f"r{number}{suffix}" for number in ("", "_2", "_3")]
    assert [probe(part).frames for part in parts] == [60, 60, 30]
    for part in parts:
        _, begin_s, end_s = sound_of(part)
        assert begin_s == pytest.approx(0.0, abs=0.05)
        assert end_s == pytest.approx(probe(part).duration_s, abs=0.06)


@pytest.mark.parametrize("given", ["rec/2026/", "rec"])
def test_a_folder_stands_for_dated_names_and_is_made(given, tmp_path):
    if given == "rec":
        (tmp_path / given).mkdir()
    words = ["daisy", *FLOWERS, "--scene-size", "160x120", "--frames", 5, "--record", given]
    for _ in range(2):  # never "exists already"
        run = livecam_here(*words, cwd=tmp_path)
        assert run.returncode == 0, run.stderr
    made = sorted((tmp_path / given).iterdir())
    assert len(made) == 2
    assert all(probe(path).frames == 5 for path in made)
    assert all(path.name.startswith("livecam_20") for path in made)


def test_a_missing_folder_of_a_named_file_is_made(tmp_path):
    words = ["daisy", *FLOWERS, "--scene-size", "160x120", "--frames", 5]
    run = livecam_here(*words, "--record", "a/b/r.mp4", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert probe(tmp_path / "a/b/r.mp4").frames == 5


@pytest.mark.parametrize("name", ["file/r.mp4", "file/%Y/r.mp4", "file/"])
def test_a_folder_that_cannot_be_made_is_exit_code_5_and_one_line(name, tmp_path):
    (tmp_path / "file").touch()
    run = livecam_here("daisy", *FLOWERS, "--record", name, cwd=tmp_path)
    assert (run.returncode, run.stderr.count("\n")) == (5, 1), run.stderr
    assert "cannot be made" in run.stderr
    assert "--record" in run.stderr


def test_a_folder_that_cannot_be_made_any_more_is_the_failure_of_record(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SinkError, match="cannot be made"):
        record_numbers(options_for(tmp_path, "file/%Y.mp4"), 30)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--record", "100%.mp4"], "%% for a percent sign"),
        (["--record", "%Y.avi"], "must end in .mp4 or .mkv"),
        (["--record", "a.mp4", "--split", "soon"], "must be a time like 90s"),
        (["--record", "a.mp4", "--keep-gb", "0"], "--keep-gb"),
        (["--stats", "s.csv", "--split", "1h"], "--split adds to a recording"),
        (["--stats", "s.csv", "--keep-days", "3"], "--keep-days adds to a recording"),
        (["--record", "out.jpg"], "--save-pictures"),
    ],
)
def test_what_cannot_be_recorded_is_refused_in_one_line(words, text, tmp_path):
    run = livecam_here("daisy", *FLOWERS, *words, cwd=tmp_path)
    assert (run.returncode, run.stderr.count("\n")) == (2, 1), run.stderr
    assert text in run.stderr
    assert list(Path(tmp_path).iterdir()) == []
