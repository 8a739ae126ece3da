"""The sound of a clip: copied, encoded or dropped, and in step with the recorded pictures."""

from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest
from sinks.recording.recordings import NOON_STEM, keyed, record
from support import livecam, probe, records, textured

import av
from livecam.errors import SourceLostError
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sources.clip import Clip

FLOWERS = ["--model", "flowers", "--no-window"]


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


def test_sound_can_be_dropped_and_short_sound_delays_no_picture(tmp_path):
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
        options = RecordingOptions(None, tmp_path, EncoderRequest(live=False), sound=source)
        record(options, keyed(range(90), begin=45))
    path = tmp_path / f"{NOON_STEM}.mp4"
    _, begin_s, end_s = sound_of(path)
    assert begin_s == pytest.approx(0.0, abs=0.05)
    assert end_s == pytest.approx(1.5, abs=0.05)
    assert probe(path).frames == 45


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_a_recording_shorter_than_the_encoders_delay_has_its_figures_and_its_sound(codec, tmp_path):
    clip = clip_with_sound(tmp_path / "clip.mp4", "aac", seconds=1 / 6)
    flags = [*FLOWERS, "--record", "r.mp4", "--codec", codec, "--record-stats"]
    done = livecam(clip, *flags, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert probe(tmp_path / "r.mp4").frames == 5
    assert [f["frame"] for f in records((tmp_path / "r.jsonl").read_text())] == list(range(5))
    assert sound_of(tmp_path / "r.mp4")[2] == pytest.approx(1 / 6, abs=0.06)


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
