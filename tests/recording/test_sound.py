"""What goes along with the picture: the clean one, figures, summary, sound, the seconds before."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import numpy as np
import pytest
from contract.annotated_frames import RECORDING, annotated_frame_of, annotated_frames_of
from support import ListSource, livecam, picture, probe, records, textured, write_clip

import av
from livecam.core.annotated_frame import RunStatus
from livecam.errors import SourceLostError
from livecam.sinks.recording.encoder import Wish
from livecam.sinks.recording.options import Plan, plan_of
from livecam.sinks.recording.recorder import Recorder
from livecam.sinks.recording.pre_roll_buffer import Ring
from livecam.settings.schema import Settings
from livecam.sources.clip import Clip

NOON = datetime(2026, 11, 22, 12, 0, 5)  # noqa: DTZ001  (the wall's time)
STOPPED = replace(RECORDING, recording=False)
FLOWERS = ["--model", "flowers", "--no-window"]
BEGUN = "livecam_2026-11-22_12-00-05"


def run(plan, annotated_frames, notes=None):
    notify = (notes if notes is not None else []).append
    with Recorder(plan, notify=notify, now=lambda: NOON) as sink:
        for annotated in annotated_frames:
            sink.show(annotated)


def keyed(numbers, begin, end=10**9, rate=30.0):
    """Shots of a camera of grey levels; the key is pressed at `begin` and again at `end`."""
    for n in numbers:
        view = RECORDING if begin <= n < end else STOPPED
        yield annotated_frame_of(picture(value=n % 250), n, n / rate, view=view)


def levels(path):
    with av.open(str(path)) as container:
        return [float(f.to_ndarray(format="bgr24").mean()) for f in container.decode(video=0)]


def test_the_untouched_picture_is_kept_beside_the_annotated_one(tmp_path):
    plan = Plan(tmp_path / "r.mp4", tmp_path, Wish(live=False), clean=True)
    painted = [
        replace(annotated, picture=np.full((48, 64, 3), 250, np.uint8))
        for annotated in annotated_frames_of([picture(value=40)] * 20)
    ]
    notes = []
    run(plan, painted, notes)
    assert levels(tmp_path / "r.mp4") == pytest.approx([250] * 20, abs=3)
    assert levels(tmp_path / "r_clean.mp4") == pytest.approx([40] * 20, abs=3)
    assert probe(tmp_path / "r.mp4").times_s == probe(tmp_path / "r_clean.mp4").times_s
    assert len(notes) == 2


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_the_figures_have_the_times_of_the_video(suffix, tmp_path):
    plan = Plan(tmp_path / f"r{suffix}", tmp_path, Wish(live=False), figures=True, cut_pauses=True)
    times_s = [*(5 + i / 25 for i in range(40)), *(30 + i / 25 for i in range(40))]
    annotated_frames = [
        replace(annotated_frame_of(picture(), n, time_s), status=RunStatus(pauses=n // 40))
        for n, time_s in enumerate(times_s)
    ]
    run(plan, annotated_frames)
    figures = records((tmp_path / "r.jsonl").read_text())
    seen = probe(tmp_path / f"r{suffix}")
    assert [f["time_s"] for f in figures] == pytest.approx(seen.times_s, abs=1e-4)
    assert [f["frame"] for f in figures] == list(range(80))
    assert figures[0]["max"] == pytest.approx(
        float(annotated_frames[0].activation.grid.max()), abs=1e-4
    )


def test_a_recording_begins_so_many_seconds_before_its_key(tmp_path):
    plan = Plan(None, tmp_path, Wish(rate=30.0, live=False), before_s=2.0, figures=True)
    run(plan, keyed(range(240), begin=150, end=200))
    path = tmp_path / f"{BEGUN}.mp4"
    seen, grey = probe(path), levels(path)
    before = 150 - round(grey[0])
    assert 60 <= before <= 95  # at least two seconds, at most one group of pictures more
    assert grey == pytest.approx(list(range(150 - before, 150 - before + len(grey))), abs=2)
    assert seen.times_s == pytest.approx([i / 30 for i in range(seen.frames)], abs=1e-3)
    assert seen.frames in range(before + 48, before + 51)
    figures = records(path.with_suffix(".jsonl").read_text())
    assert abs(len(figures) - seen.frames) <= 2
    assert figures[0]["time_s"] == 0.0


def test_a_second_key_soon_after_the_first_recording_works_too(tmp_path):
    plan = Plan(None, tmp_path, Wish(live=False), before_s=1.0)
    annotated_frames = [*keyed(range(60), begin=30), *keyed(range(60, 66), begin=10**9)]
    annotated_frames += keyed(range(66, 120), begin=66)
    run(plan, annotated_frames)
    second = tmp_path / f"{BEGUN}_2.mp4"
    grey = levels(second)
    assert grey == pytest.approx(list(range(120 - len(grey), 120)), abs=2)
    assert len(grey) >= 53


def test_the_seconds_before_are_bounded_in_memory():
    def packet(number, key):
        made = av.Packet(1000)
        made.pts = made.dts = number * 3000
        made.time_base = Fraction(1, 90_000)
        made.is_keyframe = key
        return made

    for ring, seconds in ((Ring(3.0), 4.1), (Ring(1e9, largest_bytes=100_000), 5.0)):
        for number in range(3000):
            ring.add(packet(number, number % 30 == 0))
        kept = ring.take()
        assert kept[0].is_keyframe
        assert (kept[-1].pts - kept[0].pts) / 90_000 <= seconds
        assert kept[-1].pts == 2999 * 3000
        assert ring.size_bytes == 0


def test_the_file_says_what_it_is(tmp_path):
    flags = [*FLOWERS, "--scene-size", "160x120", "--frames", 30, "--record", "r.mp4"]
    assert livecam("daisy", *flags, "--gain", 0.2, cwd=tmp_path).returncode == 0
    with av.open(str(tmp_path / "r.mp4")) as container:
        assert container.metadata["title"] == "livecam: daisy"
        about = json.loads(container.metadata["comment"])
    assert (about["frames"], about["dropped"], about["class"]) == (30, 0, "daisy")
    assert about["heat"]["gain"] == 0.2
    assert "flowers" in about["model"]
    assert {"livecam", "pyav", "encoder", "seconds"} <= set(about)
    assert str(tmp_path) not in json.dumps(about)


def clip_with_sound(path, codec, seconds=3.0, sound_s=None, keys_every=250, silent_s=0.0):
    """A clip whose sound is a tone, after a silence."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=30)
        video.width, video.height, video.pix_fmt = 160, 120, "yuv420p"
        video.codec_context.gop_size = keys_every
        sound = container.add_stream(codec, rate=44100)
        sound.codec_context.layout = "stereo"
        for number in range(round(seconds * 30)):
            frame = av.VideoFrame.from_ndarray(textured(160, 120, number % 9), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            container.mux(video.encode(frame))
        count = round((sound_s or seconds) * 44100)
        tone = (8000 * np.sin(np.arange(count) * 2 * np.pi * 440 / 44100)).astype(np.int16)
        tone[: round(silent_s * 44100)] = 0
        wave = av.AudioFrame.from_ndarray(np.repeat(tone, 2)[None], format="s16", layout="stereo")
        wave.sample_rate, wave.pts = 44100, 0
        wave.time_base = Fraction(1, 44100)
        container.mux(sound.encode(wave))
        container.mux([*video.encode(None), *sound.encode(None)])
    return path


def sound_of(path):
    """Codec, begin and end in seconds; None for a silent file."""
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return None
        stream = container.streams.audio[0]
        frames = [(f.time, f.samples / f.sample_rate) for f in container.decode(stream)]
        end = sum(frames[-1])
        return stream.codec_context.name, frames[0][0], end


@pytest.mark.parametrize(
    ("clip_suffix", "codec", "suffix", "kept"),
    [
        (".mp4", "aac", ".mp4", "aac"),
        (".mp4", "aac", ".mkv", "aac"),
        (".mkv", "pcm_s16le", ".mp4", "aac"),  # MP4 players know no PCM
        (".mkv", "pcm_s16le", ".mkv", "pcm_s16le"),
    ],
)
def test_the_sound_of_a_clip_is_kept(clip_suffix, codec, suffix, kept, tmp_path):
    clip = clip_with_sound(tmp_path / f"clip{clip_suffix}", codec)
    run = livecam(clip, *FLOWERS, "--record", f"r{suffix}", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    name, begin_s, end_s = sound_of(tmp_path / f"r{suffix}")
    assert name == kept
    assert begin_s == pytest.approx(0.0, abs=0.05)
    assert end_s == pytest.approx(3.0, abs=0.05)
    assert probe(tmp_path / f"r{suffix}").frames == 90


def test_sound_can_be_dropped_and_short_sound_holds_nothing_up(tmp_path):
    clip = clip_with_sound(tmp_path / "clip.mp4", "aac", sound_s=1.0)
    assert livecam(clip, *FLOWERS, "--record", "a.mp4", cwd=tmp_path).returncode == 0
    assert sound_of(tmp_path / "a.mp4")[2] == pytest.approx(1.0, abs=0.06)
    assert probe(tmp_path / "a.mp4").frames == 90
    flags = [*FLOWERS, "--record", "b.mp4", "--sound", "drop"]
    assert livecam(clip, *flags, cwd=tmp_path).returncode == 0
    assert sound_of(tmp_path / "b.mp4") is None


def test_sound_and_picture_stay_together_in_a_recording_from_the_middle(tmp_path):
    clip = clip_with_sound(tmp_path / "clip.mp4", "aac")
    with Clip(clip) as source:
        plan = Plan(None, tmp_path, Wish(live=False), sound=source)
        run(plan, keyed(range(90), begin=45))
    path = tmp_path / f"{BEGUN}.mp4"
    _, begin_s, end_s = sound_of(path)
    assert begin_s == pytest.approx(0.0, abs=0.05)
    assert end_s == pytest.approx(1.5, abs=0.05)
    assert probe(path).frames == 45


@pytest.mark.parametrize(
    ("source", "flags"),
    [
        ("a_clean.mp4", ["--record-clean"]),
        ("b.mp4", ["--record-stats", "--stats", "a.jsonl"]),
    ],
)
def test_what_goes_along_is_never_written_over_something_else(source, flags, tmp_path):
    write_clip(tmp_path / source, [textured(64, 48)] * 3, [0.0, 0.1, 0.2])
    before = (tmp_path / source).read_bytes()
    run = livecam(source, *FLOWERS, "--record", "a.mp4", *flags, "--force", cwd=tmp_path)
    assert run.returncode == 2, run.stderr
    assert "are the same file" in run.stderr
    assert (tmp_path / source).read_bytes() == before


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_recording_shorter_than_the_encoders_delay_has_its_figures_and_its_sound(codec, tmp_path):
    clip = clip_with_sound(tmp_path / "clip.mp4", "aac", seconds=1 / 6)
    flags = [*FLOWERS, "--record", "r.mp4", "--codec", codec, "--record-stats"]
    done = livecam(clip, *flags, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert probe(tmp_path / "r.mp4").frames == 5
    assert [f["frame"] for f in records((tmp_path / "r.jsonl").read_text())] == list(range(5))
    assert sound_of(tmp_path / "r.mp4")[2] == pytest.approx(1 / 6, abs=0.06)


def test_a_slow_source_has_the_figures_of_its_first_frames(tmp_path):
    plan = Plan(tmp_path / "r.mp4", tmp_path, Wish(rate=0.5, live=False), figures=True)
    run(
        plan,
        annotated_frames_of([textured(64, 48, n) for n in range(6)], [2.0 * n for n in range(6)]),
    )
    figures = records((tmp_path / "r.jsonl").read_text())
    assert [f["time_s"] for f in figures] == pytest.approx([2.0 * n for n in range(6)])


@pytest.mark.parametrize("suffix", [".mkv", ".ts"])
def test_sound_and_picture_stay_together_where_the_first_pictures_cannot_be_decoded(
    suffix, tmp_path
):
    """A clip that was cut inside a group of pictures: its sound begins before its picture."""
    whole = clip_with_sound(tmp_path / "whole.mkv", "aac", keys_every=30, silent_s=2.0)
    clip = cut_from(whole, tmp_path / f"cut{suffix}", 0.5)
    frames = 0
    with Clip(clip) as source, suppress(SourceLostError):  # for what cannot be decoded
        for _ in source:
            frames += 1
    run = livecam(clip, *FLOWERS, "--record", "r.mp4", cwd=tmp_path)
    assert probe(tmp_path / "r.mp4").frames == frames > 30, run.stderr
    began_s = source.began_s
    assert began_s - sound_of(clip)[1] > 0.3  # else this test shows nothing
    assert tone_begins_s(tmp_path / "r.mp4") == pytest.approx(2.0 - began_s, abs=0.05)


def tone_begins_s(path):
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            if np.abs(frame.to_ndarray()).max() > 0.05:  # AAC gives floats
                return frame.time
    return None


def cut_from(whole, path, from_s):
    """The packets from a time on, whether or not a picture can be made of the first ones."""
    with av.open(str(whole)) as source, av.open(str(path), "w") as target:
        outputs = {s.index: target.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is not None and packet.pts * packet.time_base >= from_s:
                packet.stream = outputs[packet.stream.index]
                target.mux(packet)
    return path


def test_a_pause_takes_nothing_out_of_a_clip(tmp_path):
    """Its own time stands still in a pause: the next frame is as far away as ever."""
    plan = plan_of(Settings(), ListSource([]))
    assert not plan.cut_pauses
    assert plan_of(Settings(), replace(ListSource([]), is_live=True)).cut_pauses
