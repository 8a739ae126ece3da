"""Recordings: every frame at its own time, true colours, and playable whatever happens."""

import json
import re
import shutil
import subprocess
import sys
from collections import deque
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from contract.annotated_frames import RECORDING, annotated_frame_of, annotated_frames_of
from support import picture, probe, program_env, textured

import av
from livecam.errors import SettingsError, SinkError, SourceLostError
from livecam.sinks.recording.options import Plan, check_recording
from livecam.sinks.recording.encoder import Wish
from livecam.sinks.recording.recorder import Recorder
from livecam.sinks.recording.video_file import VideoFile
from livecam.sources.clip import Clip

NOON = datetime(2026, 11, 22, 12, 0, 5)  # noqa: DTZ001  (the wall's time)
STOPPED = replace(RECORDING, recording=False)


def recorder(path, folder=None, rate=30.0, notes=None, **more):
    return Recorder(
        Plan(path, folder or path.parent, Wish(rate=rate, live=False), **more),
        notify=(notes if notes is not None else []).append,
        now=lambda: NOON,
    )


def record(path, pictures, times_s=None, **kwargs):
    with recorder(path, **kwargs) as sink:
        for annotated in annotated_frames_of(pictures, times_s):
            sink.show(annotated)
    return probe(path)


def times_kept(path):
    """Times of the frames of a recording that nobody finished, as far as it goes."""
    times_s = []
    with Clip(path) as clip, suppress(SourceLostError):
        times_s.extend(frame.time_s for frame in clip)
    return times_s


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
    seen = record(tmp_path / f"r{suffix}", pictures, times_s)
    assert seen.frames == len(times_s)
    assert seen.times_s == pytest.approx([time_s - times_s[0] for time_s in times_s], abs=0.001)


@both
def test_the_last_frame_lasts_as_long_as_the_one_before_it(suffix, tmp_path):
    seen = record(tmp_path / f"r{suffix}", [picture()] * 4, [0.0, 0.1, 0.2, 0.7])
    assert seen.duration_s == pytest.approx(1.2, abs=0.002)


@both
@pytest.mark.parametrize(("rate", "lasts_s"), [(25.0, 0.04), (1.0, 1.0), (None, 1 / 30)])
def test_a_single_frame_lasts_as_long_as_the_sources_rate_says(rate, lasts_s, suffix, tmp_path):
    seen = record(tmp_path / f"r{suffix}", [picture()], [0.0], rate=rate)
    assert seen.duration_s == pytest.approx(lasts_s, abs=0.002)


@both
@pytest.mark.parametrize("rate", [1e-4, 0.5, 29.97, 1000.0, 90_000.0, 1e7, None])
def test_no_nominal_rate_whatever_bends_the_times(rate, suffix, tmp_path):
    seen = record(tmp_path / f"r{suffix}", [picture()] * 10, STEADY[:10], rate=rate)
    assert seen.times_s == pytest.approx(STEADY[:10], abs=0.001)


@both
def test_times_that_stand_still_or_go_back_lose_no_frame(suffix, tmp_path):
    times_s = [0.0, 0.0, 0.0, 0.04, 0.04 + 1e-6, 0.02, 0.08, 0.12]
    pictures = [picture(value=20 * n) for n in range(8)]
    seen = record(tmp_path / f"r{suffix}", pictures, times_s)
    assert seen.frames == 8
    assert seen.times_s[-1] == pytest.approx(0.12, abs=0.001)
    assert all(earlier <= later for earlier, later in pairwise(seen.times_s))


def test_frames_keep_their_order(tmp_path):
    record(tmp_path / "r.mp4", [picture(value=5 * n) for n in range(45)])
    with av.open(str(tmp_path / "r.mp4")) as container:
        levels = [f.to_ndarray(format="bgr24").mean() for f in container.decode(video=0)]
    assert levels == pytest.approx([5 * n for n in range(45)], abs=3)


@both
def test_the_file_is_h264_of_high_profile_that_browsers_play(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    seen = record(path, [textured(128, 96, n) for n in range(30)])
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
    record(path, [textured(64, 48, n % 9) for n in range(90)], times_s)
    with av.open(str(path)) as container:
        keys_s = [f.time for f in container.decode(video=0) if f.key_frame]
    assert all(later - earlier <= 1.01 for earlier, later in pairwise([*keys_s, times_s[-1]]))


@both
@pytest.mark.parametrize("size", [(1, 1), (2, 1), (193, 144), (101, 77), (64, 49), (1, 300)])
def test_odd_sizes_are_padded_by_one_pixel_at_most(size, suffix, tmp_path):
    width, height = size
    path = tmp_path / f"r{suffix}"
    original = np.full((height, width, 3), (40, 90, 200), np.uint8)
    seen = record(path, [original] * 3)
    assert (seen.frames, seen.width, seen.height) == (3, width + width % 2, height + height % 2)
    with av.open(str(path)) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="bgr24")
    assert np.abs(shown.astype(int) - (40, 90, 200)).max() <= 3


COLOURS = [
    (0, 0, 0), (255, 255, 255), (128, 128, 128), (255, 0, 0), (0, 255, 0), (0, 0, 255),
    (255, 255, 0), (0, 255, 255), (255, 0, 255), (40, 90, 200), (200, 90, 40), (16, 235, 128),
]  # fmt: skip


def test_colours_come_back_as_they_were(tmp_path):
    original = np.zeros((96, 128, 3), np.uint8)
    places = [(y, x) for y in range(0, 96, 32) for x in range(0, 128, 32)]
    for (y, x), colour in zip(places, COLOURS, strict=True):
        original[y : y + 32, x : x + 32] = colour
    record(tmp_path / "r.mp4", [original] * 3)
    with av.open(str(tmp_path / "r.mp4")) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="bgr24").astype(int)
    for (y, x), colour in zip(places, COLOURS, strict=True):
        middle = shown[y + 8 : y + 24, x + 8 : x + 24].mean((0, 1))
        assert np.abs(middle - colour).max() <= 3, colour


def test_a_key_stops_and_starts_and_the_second_file_gets_a_dated_name(tmp_path):
    notes, folder = [], tmp_path / "later"
    with recorder(tmp_path / "r.mp4", folder, notes=notes) as sink:
        for part, view in enumerate([RECORDING, STOPPED, RECORDING, STOPPED, RECORDING]):
            for n in range(6):
                sink.show(
                    annotated_frame_of(picture(), part * 6 + n, (part * 6 + n) / 30, view=view)
                )
    later = sorted(folder.iterdir())
    assert [path.name for path in later] == [
        "livecam_2026-11-22_12-00-05.mp4",
        "livecam_2026-11-22_12-00-05_2.mp4",
    ]
    for path in (tmp_path / "r.mp4", *later):
        assert probe(path).times_s == pytest.approx([n / 30 for n in range(6)], abs=0.001)
    told = [str(tmp_path / "r.mp4"), *map(str, later)]
    assert [re.fullmatch(r"recorded (.*) \(6 frames, 0\.20 s\)", n)[1] for n in notes] == told


def test_nothing_is_recorded_and_no_file_made_while_the_view_says_no(tmp_path):
    notes = []
    with recorder(tmp_path / "r.mp4", tmp_path / "later", notes=notes) as sink:
        for n in range(5):
            sink.show(annotated_frame_of(picture(), n, n / 30, view=STOPPED))
    assert (list(tmp_path.iterdir()), notes) == ([], [])


def test_pictures_of_another_size_are_fitted_into_that_of_the_first(tmp_path):
    with recorder(tmp_path / "r.mp4") as sink:
        for n, size in enumerate([(64, 48)] * 3 + [(48, 64)] * 4):
            sink.show(annotated_frame_of(picture(*size), n, n / 30))
    made = probe(tmp_path / "r.mp4")
    assert (made.frames, made.width, made.height) == (7, 64, 48)
    assert [path.name for path in tmp_path.iterdir()] == ["r.mp4"]


def test_an_existing_file_is_refused_without_force(tmp_path):
    path = tmp_path / "r.mp4"
    path.write_text("dear to me")
    with pytest.raises(SettingsError, match=r"r\.mp4 exists already.*--force"):
        check_recording(Plan(path, path.parent))
    check_recording(Plan(path, path.parent, force=True))
    assert path.read_text() == "dear to me"


@pytest.mark.parametrize("name", ["r.avi", "r", "r.mp4.txt", "r.gif"])
def test_a_name_of_another_kind_is_refused(name, tmp_path):
    with pytest.raises(SettingsError, match=r"must end in \.mp4 or \.mkv"):
        check_recording(Plan(tmp_path / name, tmp_path, force=True))


def test_capital_suffixes_are_the_same(tmp_path):
    check_recording(Plan(tmp_path / "R.MP4", tmp_path))
    assert record(tmp_path / "R.MP4", [picture()] * 3).frames == 3


@pytest.mark.parametrize("name", ["Blüte 花 🌼.mp4", "100%d.mp4", "-dash.mkv", "a'b\"c.mp4"])
def test_any_name_can_be_written(name, tmp_path):
    assert record(tmp_path / name, [picture()] * 3).frames == 3
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_that_vanished_is_an_error_that_names_the_file(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    gone.rmdir()
    told = pytest.raises(SinkError, match=r"gone/r\.mp4 did not open .no such file")
    with told, recorder(gone / "r.mp4", tmp_path) as sink:
        sink.show(annotated_frame_of(picture(), 0, 0.0))
    assert list(tmp_path.iterdir()) == []


FILLING = """
import json, resource, sys
from pathlib import Path
import cv2
import numpy as np
from contract.annotated_frames import annotated_frame_of
from livecam.errors import SinkError
from livecam.sinks.recording.encoder import Wish
from livecam.sinks.recording.options import Plan
from livecam.sinks.recording.recorder import Recorder

path, limit, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
noise = np.random.default_rng(1).integers(0, 256, (count, 120, 160, 3), np.uint8)
told = {"notes": []}
try:
    with Recorder(Plan(path, path.parent, Wish(live=False)), notify=told["notes"].append) as sink:
        for number in range(count):
            told["reached_s"] = number / 30
            sink.show(annotated_frame_of(noise[number], number, number / 30))
except SinkError as error:
    told["error"] = str(error)
print(json.dumps(told))
"""


def in_a_process(script, *arguments, **kwargs):
    """Run a script that may import what tests may."""
    roots = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]
    env = program_env({"PYTHONPATH": ":".join(roots)})
    command = [sys.executable, "-W", "error", "-c", script, *map(str, arguments)]
    return subprocess.run(
        command, env=env, capture_output=True, text=True, timeout=60, check=False, **kwargs
    )


needs_limits = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")


@needs_limits
@both
def test_a_disk_that_fills_up_is_told_with_the_second_and_keeps_what_went_before(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    done = in_a_process(FILLING, path, 1_500_000, 200)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["notes"] == []
    at_s = float(re.search(r"broke off at (\d+\.\d) s .file too large", told["error"])[1])
    assert at_s <= told["reached_s"]
    assert at_s > 1.5
    kept_s = times_kept(path)
    assert len(kept_s) / 30 == pytest.approx(at_s, abs=0.06)
    assert kept_s == pytest.approx([n / 30 for n in range(len(kept_s))], abs=0.001)


@needs_limits
def test_a_disk_that_is_full_at_the_last_moment_is_an_error_too(tmp_path):
    whole = tmp_path / "whole.mp4"
    assert in_a_process(FILLING, whole, 100_000_000, 20).returncode == 0
    done = in_a_process(FILLING, tmp_path / "r.mp4", whole.stat().st_size - 20_000, 20)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert re.search(r"broke off at 0\.[3-6] s", told["error"])
    assert told["notes"] == []


KILLED = """
import os, signal, sys
from pathlib import Path
from support import textured
from contract.annotated_frames import annotated_frame_of
from livecam.sinks.recording.encoder import Wish
from livecam.sinks.recording.options import Plan
from livecam.sinks.recording.recorder import Recorder

path, count = Path(sys.argv[1]), int(sys.argv[2])
with Recorder(Plan(path, path.parent, Wish(live=False)), notify=print) as sink:
    pictures = [textured(160, 120, seed) for seed in range(9)]
    for number in range(count):
        sink.show(annotated_frame_of(pictures[number % 9], number, number / 30))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@needs_limits
@both
def test_a_killed_recording_can_be_played_up_to_its_last_seconds(suffix, tmp_path):
    path = tmp_path / f"r{suffix}"
    assert in_a_process(KILLED, path, 240).returncode == -9
    kept_s = times_kept(path)
    assert 240 - 2 * 30 <= len(kept_s) <= 240
    assert kept_s == pytest.approx([n / 30 for n in range(len(kept_s))], abs=0.001)


def test_recording_after_an_error_is_not_finished_twice(tmp_path):
    notes = []
    with ExitStack() as stack:
        sink = stack.enter_context(recorder(tmp_path / "none" / "r.mp4", tmp_path, notes=notes))
        sink.show(annotated_frame_of(picture(), 0, 0.0))
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
    sink = recorder(tmp_path / "r.mp4")
    annotated_frames = annotated_frames_of([textured(64, 48, n % 9) for n in range(60)])
    with pytest.raises(SinkError, match=r"broke off at 1\.3 s .input/output error"), sink:
        deque(map(sink.show, annotated_frames), maxlen=0)
    assert probe(tmp_path / "r.mp4").frames > 0


def test_ffprobe_finds_nothing_to_complain_about(tmp_path):
    if shutil.which("ffprobe") is None:
        pytest.skip("the ffprobe program is missing: it is the second opinion here")
    record(tmp_path / "r.mp4", [textured(64, 48, n % 9) for n in range(40)])
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


def test_that_a_recording_keeps_its_size_is_told_once(tmp_path):
    notes = []
    small, large = picture(64, 48), picture(128, 96)
    plan = Plan(tmp_path / "r.mp4", tmp_path, Wish(live=False))
    with Recorder(plan, notify=notes.append) as sink:
        for number, bgr in enumerate([small, large, small, large, large]):
            sink.show(annotated_frame_of(bgr, number, number / 30))
    assert [note for note in notes if "keeps its size" in note] == [
        "r.mp4 keeps its size: pictures of another size are scaled into it"
    ]
    assert probe(tmp_path / "r.mp4").frames == 5
