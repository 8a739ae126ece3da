"""The recorder from frames to files: times, order, colours, names, sizes and failures."""

import json
import re
import shutil
import subprocess
from collections import deque
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from annotated_frames import RECORDING, annotated_frame_of, annotated_frames_of
from sinks.recording.recordings import (
    NOON_STEM,
    STOPPED,
    colour_patches,
    grey_levels,
    patch_errors,
    record,
    recorder_at_noon,
)
from support import picture, probe, textured

import av
from livecam.errors import SinkError
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions, check_recording
from livecam.sinks.recording.video_file import VideoFile


def options_for(path, folder=None, rate=30.0, **more):
    request = EncoderRequest(rate=rate, live=False)
    return RecordingOptions(path, folder or path.parent, request, **more)


def record_pictures(path, pictures, times_s=None, rate=30.0):
    """Record pictures, 30 a second unless times are given, and read the file back."""
    record(options_for(path, rate=rate), annotated_frames_of(pictures, times_s))
    return probe(path)


both = pytest.mark.parametrize("suffix", [".mp4", ".mkv"])

STEADY = [i / 30 for i in range(75)]
TIMES = {
    "at 30 a second": STEADY,
    "at 29.97 a second": [i * 1001 / 30000 for i in range(50)],
    "of a wobbling camera": list(np.cumsum([0, *np.random.default_rng(3).uniform(0.004, 0.2, 40)])),
    "one a second": [0.0, 1.0, 2.0, 3.0],
    "with a long pause": [0.0, 0.04, 30.0, 30.04],
    "that begin late": [7.5, 7.54, 7.6],
    "of a single frame": [0.0],
}


@both
@pytest.mark.parametrize("which", TIMES)
def test_every_frame_comes_back_at_its_own_time(which, suffix, tmp_path):
    times_s = [float(time_s) for time_s in TIMES[which]]
    pictures = [textured(64, 48, seed % 9) for seed in range(len(times_s))]
    seen = record_pictures(tmp_path / f"r{suffix}", pictures, times_s)
    assert seen.frames == len(times_s)
    assert seen.times_s == pytest.approx([time_s - times_s[0] for time_s in times_s], abs=0.001)


@both
def test_the_last_frame_lasts_as_long_as_the_one_before_it(suffix, tmp_path):
    seen = record_pictures(tmp_path / f"r{suffix}", [picture()] * 4, [0.0, 0.1, 0.2, 0.7])
    assert seen.duration_s == pytest.approx(1.2, abs=0.002)


@both
@pytest.mark.parametrize(("rate", "lasts_s"), [(25.0, 0.04), (1.0, 1.0), (None, 1 / 30)])
def test_a_single_frame_lasts_as_long_as_the_sources_rate_says(rate, lasts_s, suffix, tmp_path):
    seen = record_pictures(tmp_path / f"r{suffix}", [picture()], [0.0], rate=rate)
    assert seen.duration_s == pytest.approx(lasts_s, abs=0.002)


@both
@pytest.mark.parametrize("rate", [1e-4, 0.5, 29.97, 1000.0, 90_000.0, 1e7, None])
def test_no_nominal_rate_changes_the_times(rate, suffix, tmp_path):
    seen = record_pictures(tmp_path / f"r{suffix}", [picture()] * 10, STEADY[:10], rate=rate)
    assert seen.times_s == pytest.approx(STEADY[:10], abs=0.001)


@both
def test_times_that_stand_still_or_go_back_lose_no_frame(suffix, tmp_path):
    times_s = [0.0, 0.0, 0.0, 0.04, 0.04 + 1e-6, 0.02, 0.08, 0.12]
    pictures = [picture(value=20 * n) for n in range(8)]
    seen = record_pictures(tmp_path / f"r{suffix}", pictures, times_s)
    assert seen.frames == 8
    assert seen.times_s[-1] == pytest.approx(0.12, abs=0.001)
    assert all(earlier <= later for earlier, later in pairwise(seen.times_s))


def test_frames_keep_their_order(tmp_path):
    record_pictures(tmp_path / "r.mp4", [picture(value=5 * n) for n in range(45)])
    assert grey_levels(tmp_path / "r.mp4") == pytest.approx([5 * n for n in range(45)], abs=3)


@both
def test_the_file_is_h264_of_high_profile_that_browsers_play(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    seen = record_pictures(path, [textured(128, 96, n) for n in range(30)])
    assert (seen.codec, seen.pixel_format) == ("h264", "yuv420p")
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.profile == "High"
        assert [int(stream.codec_context.color_range), int(stream.codec_context.colorspace)] == [
            1,
            6,
        ]
        assert len(container.streams) == 1


@both
def test_a_key_frame_comes_at_least_every_second(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    times_s = [i / 20 for i in range(90)]
    record_pictures(path, [textured(64, 48, n % 9) for n in range(90)], times_s)
    with av.open(str(path)) as container:
        keys_s = [f.time for f in container.decode(video=0) if f.key_frame]
    assert all(later - earlier <= 1.01 for earlier, later in pairwise([*keys_s, times_s[-1]]))


@both
@pytest.mark.parametrize("size", [(1, 1), (2, 1), (193, 144), (101, 77), (64, 49), (1, 300)])
def test_odd_sizes_are_padded_by_one_pixel_at_most(size, suffix, tmp_path):
    width, height = size
    path = tmp_path / f"r{suffix}"
    original = np.full((height, width, 3), (40, 90, 200), np.uint8)
    seen = record_pictures(path, [original] * 3)
    assert (seen.frames, seen.width, seen.height) == (3, width + width % 2, height + height % 2)
    with av.open(str(path)) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="bgr24")
    assert np.abs(shown.astype(int) - (40, 90, 200)).max() <= 3


def test_colours_come_back_as_they_were(tmp_path):
    patches, _ = colour_patches(32)
    record_pictures(tmp_path / "r.mp4", [patches] * 3)
    with av.open(str(tmp_path / "r.mp4")) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="bgr24")
    assert max(patch_errors(shown, 32)) <= 3


def test_a_key_stops_and_starts_and_the_second_file_gets_a_dated_name(tmp_path):
    notes, folder = [], tmp_path / "later"
    with recorder_at_noon(options_for(tmp_path / "r.mp4", folder), notes) as recorder:
        for part, view in enumerate([RECORDING, STOPPED, RECORDING, STOPPED, RECORDING]):
            for n in range(6):
                index = part * 6 + n
                recorder.show(annotated_frame_of(picture(), index, index / 30, view=view))
    later = sorted(folder.iterdir())
    assert [path.name for path in later] == [
        "livecam_2026-11-22_12-00-05.mp4",
        "livecam_2026-11-22_12-00-05_2.mp4",
    ]
    for path in (tmp_path / "r.mp4", *later):
        assert probe(path).times_s == pytest.approx([n / 30 for n in range(6)], abs=0.001)
    paths = [str(tmp_path / "r.mp4"), *map(str, later)]
    assert [re.fullmatch(r"recorded (.*) \(6 frames, 0\.20 s\)", n)[1] for n in notes] == paths


def test_nothing_is_recorded_and_no_file_made_while_the_view_says_no(tmp_path):
    notes = []
    with recorder_at_noon(options_for(tmp_path / "r.mp4", tmp_path / "later"), notes) as recorder:
        for n in range(5):
            recorder.show(annotated_frame_of(picture(), n, n / 30, view=STOPPED))
    assert (list(tmp_path.iterdir()), notes) == ([], [])


def test_pictures_of_another_size_are_letterboxed_into_that_of_the_first(tmp_path):
    sizes = [(64, 48)] * 3 + [(48, 64)] * 4
    record(options_for(tmp_path / "r.mp4"), annotated_frames_of([picture(*s) for s in sizes]))
    made = probe(tmp_path / "r.mp4")
    assert (made.frames, made.width, made.height) == (7, 64, 48)
    assert [path.name for path in tmp_path.iterdir()] == ["r.mp4"]


def test_capital_suffixes_are_the_same(tmp_path):
    check_recording(options_for(tmp_path / "R.MP4"))
    assert record_pictures(tmp_path / "R.MP4", [picture()] * 3).frames == 3


@pytest.mark.parametrize("name", ["Blüte 花 🌼.mp4", "100%d.mp4", "-dash.mkv", "a'b\"c.mp4"])
def test_any_name_can_be_written(name, tmp_path):
    assert record_pictures(tmp_path / name, [picture()] * 3).frames == 3
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_that_vanished_is_an_error_that_names_the_file(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    gone.rmdir()
    with pytest.raises(SinkError, match=r"gone/r\.mp4 did not open .no such file"):
        record_pictures(gone / "r.mp4", [picture()])
    assert list(tmp_path.iterdir()) == []


def test_recording_after_an_error_is_not_finished_twice(tmp_path):
    notes = []
    with ExitStack() as stack:
        options = options_for(tmp_path / "none" / "r.mp4", tmp_path)
        recorder = stack.enter_context(recorder_at_noon(options, notes))
        recorder.show(annotated_frame_of(picture(), 0, 0.0))
        with pytest.raises(SinkError):
            stack.close()
    assert notes == []


def test_an_encoder_that_fails_closes_the_file_and_keeps_it(tmp_path, monkeypatch):
    def fail(self, frame):
        if self.frames == 40:
            raise OSError(5, "Input/output error")
        return whole(self, frame)

    whole = VideoFile._mux
    monkeypatch.setattr(VideoFile, "_mux", fail)
    recorder = recorder_at_noon(options_for(tmp_path / "r.mp4"))
    annotated_frames = annotated_frames_of([textured(64, 48, n % 9) for n in range(60)])
    with pytest.raises(SinkError, match=r"broke off at 1\.3 s .input/output error"), recorder:
        deque(map(recorder.show, annotated_frames), maxlen=0)
    assert probe(tmp_path / "r.mp4").frames > 0


def test_ffprobe_finds_nothing_to_complain_about(tmp_path):
    if shutil.which("ffprobe") is None:
        pytest.skip("the ffprobe program is missing: it is the second opinion here")
    record_pictures(tmp_path / "r.mp4", [textured(64, 48, n % 9) for n in range(40)])
    counted = ["-count_frames", "-show_entries", "stream=nb_read_frames,avg_frame_rate,duration"]
    done = subprocess.run(
        ["ffprobe", "-v", "warning", *counted, "-of", "json", str(tmp_path / "r.mp4")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    (stream,) = json.loads(done.stdout)["streams"]
    assert done.stderr == ""
    assert (stream["nb_read_frames"], stream["avg_frame_rate"]) == ("40", "30/1")
    assert float(stream["duration"]) == pytest.approx(40 / 30, abs=0.001)


def test_that_a_recording_keeps_its_size_is_notified_once(tmp_path):
    notes = []
    small, large = picture(64, 48), picture(128, 96)
    frames = annotated_frames_of([small, large, small, large, large])
    record(options_for(tmp_path / "r.mp4"), frames, notes)
    assert [note for note in notes if "keeps its size" in note] == [
        "r.mp4 keeps its size: pictures of another size are scaled into it"
    ]
    assert probe(tmp_path / "r.mp4").frames == 5


def test_the_clean_picture_is_recorded_beside_the_annotated_one(tmp_path):
    options = options_for(tmp_path / "r.mp4", clean=True)
    painted = [
        replace(annotated, painted=np.full((48, 64, 3), 250, np.uint8))
        for annotated in annotated_frames_of([picture(value=40)] * 20)
    ]
    notes = []
    record(options, painted, notes)
    assert grey_levels(tmp_path / "r.mp4") == pytest.approx([250] * 20, abs=3)
    assert grey_levels(tmp_path / "r_clean.mp4") == pytest.approx([40] * 20, abs=3)
    assert probe(tmp_path / "r.mp4").times_s == probe(tmp_path / "r_clean.mp4").times_s
    path = tmp_path / "r.mp4"  # the screen shows the last line: it names both
    assert notes == [f"recorded {path} (20 frames, 0.67 s) and r_clean.mp4"]


def test_recordings_that_begin_in_the_same_second_are_all_kept(tmp_path):
    """Six programs, one folder: every name is given once, that of twin and figures, too."""
    options = RecordingOptions(None, tmp_path, EncoderRequest(live=False), clean=True, stats=True)
    notes = []
    with ExitStack() as stack:
        recorders = [stack.enter_context(recorder_at_noon(options, notes)) for _ in range(6)]
        for annotated in annotated_frames_of([picture(value=n) for n in range(30)]):
            for recorder in recorders:
                recorder.show(annotated)
    stems = [NOON_STEM, *(f"{NOON_STEM}_{number}" for number in range(2, 7))]
    found = {path.name for path in tmp_path.iterdir()}
    endings = (".mp4", "_clean.mp4", ".jsonl")
    assert found == {stem + ending for stem in stems for ending in endings}
    for path in tmp_path.glob("*.mp4"):
        assert probe(path).frames == 30
    assert len(notes) == 6
