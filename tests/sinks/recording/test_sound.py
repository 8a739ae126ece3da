"""The sound of a clip: copied, encoded or dropped, and in step with the recorded pictures."""

import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import numpy as np
import pytest
from annotated_frames import annotated_frame_of
from sinks.recording.recordings import NOON_STEM, keyed, record
from support import livecam_here, probe, records, textured

import av
from livecam.errors import SourceLostError
from livecam.sinks.recording.container_format import CONTAINER_FORMATS
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.sound import SoundReader
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
    run = livecam_here(clip, *FLOWERS, "--record", f"r{suffix}", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    name, begin_s, end_s = sound_of(tmp_path / f"r{suffix}")
    assert name == kept
    assert begin_s == pytest.approx(0.0, abs=0.05)
    assert end_s == pytest.approx(3.0, abs=0.05)
    assert probe(tmp_path / f"r{suffix}").frames == 90


def test_sound_can_be_dropped_and_short_sound_delays_no_picture(tmp_path):
    clip = clip_with_sound(tmp_path / "clip.mp4", "aac", sound_s=1.0)
    assert livecam_here(clip, *FLOWERS, "--record", "a.mp4", cwd=tmp_path).returncode == 0
    assert sound_of(tmp_path / "a.mp4")[2] == pytest.approx(1.0, abs=0.06)
    assert probe(tmp_path / "a.mp4").frames == 90
    flags = [*FLOWERS, "--record", "b.mp4", "--sound", "drop"]
    assert livecam_here(clip, *flags, cwd=tmp_path).returncode == 0
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
    done = livecam_here(clip, *flags, cwd=tmp_path)
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
    with Clip(clip) as source:
        with suppress(SourceLostError):  # for what cannot be decoded
            for _ in source:
                frames += 1
        began_s = source.began_s
    run = livecam_here(clip, *FLOWERS, "--record", "r.mp4", cwd=tmp_path)
    assert probe(tmp_path / "r.mp4").frames == frames > 30, run.stderr
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


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_sound_that_goes_on_after_the_last_picture_is_said_to_be_cut(suffix, tmp_path):
    clip = clip_with_sound(tmp_path / f"clip{suffix}", "aac", seconds=1.0, sound_s=4.0)
    run = livecam_here(clip, *FLOWERS, "--record", "r.mp4", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "the sound is cut at the end of the last picture, 3.0 s before" in run.stderr
    run = livecam_here(clip, *FLOWERS, "--record", "b.mp4", "--frames", 10, cwd=tmp_path)
    assert "is cut" not in run.stderr  # somebody asked for that


@contextmanager
def web_server(folder):
    """A plain web server, as of `python -m http.server`; gives its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://name:secret@127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def joined(pieces, path):
    """The bytes of several recordings, one after the other, as of `cat`."""
    path.write_bytes(b"".join(piece.read_bytes() for piece in pieces))
    return path


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("kind", [".ts", ".mpg"])
def test_a_clip_whose_sound_starts_anew_is_recorded_whole(kind, suffix, tmp_path):
    codecs = {".ts": ("libx264", "aac"), ".mpg": ("mpeg2video", "mp2")}[kind]
    piece = short_clip(tmp_path / f"piece{kind}", *codecs)
    clip = joined([piece] * 3, tmp_path / f"joined{kind}")
    run = livecam_here(clip, *FLOWERS, "--record", f"r{suffix}", "--stats", "s.jsonl", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert len(records((tmp_path / "s.jsonl").read_text())) == 90
    seen = probe(tmp_path / f"r{suffix}")
    assert seen.frames == 90
    assert seen.times_s[-1] == pytest.approx(89 / 30, abs=0.1)
    assert sound_of(tmp_path / f"r{suffix}")[2] == pytest.approx(3.0, abs=0.15)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_sound_that_overlaps_is_left_out_with_one_line(suffix, tmp_path):
    pieces = [
        short_clip(tmp_path / f"{n}.ts", "libx264", "aac", at_s=float(n), sound_s=1.1)
        for n in range(3)
    ]
    clip = joined(pieces, tmp_path / "joined.ts")
    run = livecam_here(clip, *FLOWERS, "--record", f"r{suffix}", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert probe(tmp_path / f"r{suffix}").frames == 90
    assert sound_of(tmp_path / f"r{suffix}")[2] == pytest.approx(3.0, abs=0.05)
    assert run.stderr.count("parts of the sound are left out") == 1


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize(
    "codecs", [("mjpeg", "libmp3lame"), ("mpeg4", "libmp3lame"), ("mpeg4", "wmav2")]
)
def test_sound_in_a_coarse_unit_of_time_is_kept(codecs, suffix, tmp_path):
    clip = short_clip(tmp_path / "clip.avi", *codecs)
    run = livecam_here(clip, *FLOWERS, "--record", f"r{suffix}", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "left out" not in run.stderr
    assert probe(tmp_path / f"r{suffix}").frames == 30
    assert sound_of(tmp_path / f"r{suffix}")[2] == pytest.approx(1.0, abs=0.15)
    times_s = packet_times_s(tmp_path / f"r{suffix}")
    assert all(earlier < later for earlier, later in pairwise(times_s))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("codec", ["aac", "pcm_s16le"])  # copied; encoded for .mp4
def test_whatever_the_stamps_of_the_sound_no_picture_is_lost(codec, suffix, tmp_path, monkeypatch):
    clip = clip_with_sound(tmp_path / "clip.mkv", codec, seconds=0.5)
    random = np.random.default_rng(7)
    name = "_copied" if suffix == ".mkv" or codec == "aac" else "_decoded"
    real = getattr(SoundReader, name)

    def scrambled(self):
        shift_s = 0.0
        for piece, at_s, lasts_s in real(self):
            shift_s += random.choice([0.0, -0.02, -3.0, 50.0], p=[0.8, 0.1, 0.05, 0.05])
            yield piece, None if random.random() < 0.1 else at_s + shift_s, lasts_s

    monkeypatch.setattr(SoundReader, name, scrambled)
    for number in range(20):
        path = tmp_path / f"{number}{suffix}"
        with Clip(clip) as source:
            options = RecordingOptions(path, tmp_path, EncoderRequest(live=False), sound=source)
            record(options, keyed(range(15), begin=0))
        assert probe(path).frames == 15


def test_a_file_that_refuses_the_sound_has_all_pictures(tmp_path, monkeypatch):
    """WMA cannot be in an MP4: as if it was thought that it could."""
    wrong = replace(CONTAINER_FORMATS[".mp4"], sound_codecs=frozenset({"wmav2"}))
    clip = short_clip(tmp_path / "clip.avi", "mpeg4", "wmav2")
    monkeypatch.setitem(CONTAINER_FORMATS, ".mp4", wrong)
    notes = []
    with Clip(clip) as source:
        options = RecordingOptions(
            tmp_path / "r.mp4", tmp_path, EncoderRequest(live=False), sound=source
        )
        record(options, keyed(range(30), begin=0), notes)
    assert probe(tmp_path / "r.mp4").frames == 30
    assert "refused" in notes[0]


@pytest.mark.parametrize("codec", ["h264", "av1"])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_picture_that_stays_stays_in_the_recording_and_its_sound_with_it(codec, suffix, tmp_path):
    clip, path = clip_with_sound(tmp_path / "clip.mp4", "aac", seconds=8.1), tmp_path / f"r{suffix}"
    times_s, ends_s = [0.0, 0.1, 0.2, 0.3, 3.0, 3.1], [0.1, 0.2, 0.3, 3.0, 3.1, 8.1]
    with Clip(clip) as source:
        request = EncoderRequest(codec, live=False)
        options = RecordingOptions(path, tmp_path, request, sound=source)
        record(
            options,
            [lasting(n, *times) for n, times in enumerate(zip(times_s, ends_s, strict=True))],
        )
    assert probe(path).times_s == pytest.approx(times_s, abs=0.002)
    with av.open(str(path)) as container:
        assert container.duration / av.time_base == pytest.approx(8.1, abs=0.03)
    assert sound_of(path)[2] == pytest.approx(8.1, abs=0.03)


def test_the_sound_does_not_go_on_where_the_last_picture_ends(tmp_path):
    """Where a source knows no durations the last picture is as long as the one before."""
    clip, path = clip_with_sound(tmp_path / "clip.mp4", "aac", seconds=8.1), tmp_path / "r.mp4"
    with Clip(clip) as source:
        options = RecordingOptions(path, tmp_path, EncoderRequest(live=False), sound=source)
        record(options, [lasting(n, time_s) for n, time_s in enumerate([0.0, 0.1, 3.0, 3.1])])
    assert probe(path).duration_s == pytest.approx(3.2, abs=0.01)
    assert sound_of(path)[2] == pytest.approx(3.2, abs=0.03)


def test_a_clip_behind_an_address_keeps_its_sound(tmp_path):
    clip_with_sound(tmp_path / "clip.mkv", "aac", seconds=1.0)
    with web_server(tmp_path) as address:
        clip = f"{address}/clip.mkv"
        run = livecam_here(clip, *FLOWERS, "--record", "r.mp4", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert probe(tmp_path / "r.mp4").frames == 30
    assert sound_of(tmp_path / "r.mp4")[2] == pytest.approx(1.0, abs=0.05)


def test_sound_behind_an_address_that_does_not_answer_twice_is_named_without_the_password(tmp_path):
    @dataclass
    class Gone:
        sound_path: str = "http://name:secret@127.0.0.1:9/clip.mp4"
        began_s: float = 0.0

    notes, options = [], RecordingOptions(tmp_path / "r.mp4", tmp_path, sound=Gone())
    record(options, keyed(range(5), begin=0), notes)
    assert notes[0].startswith("recording without sound: http://127.0.0.1:9/clip.mp4 (")


def lasting(number, time_s, end_s=None):
    annotated = annotated_frame_of(textured(64, 48, number), number, time_s)
    duration_s = None if end_s is None else end_s - time_s
    return replace(annotated, frame=replace(annotated.frame, duration_s=duration_s))


def packet_times_s(path):
    with av.open(str(path)) as container:
        return [float(p.pts * p.time_base) for p in container.demux(audio=0) if p.pts is not None]


def short_clip(path, video_codec, sound_codec, at_s=0.0, sound_s=1.0):
    """A second of 30 pictures and a tone, beginning at this time of the container."""
    with av.open(str(path), "w", container_options={"muxdelay": "0"}) as container:
        video = container.add_stream(video_codec, rate=30)
        video.width, video.height = 64, 48
        video.pix_fmt = "yuvj420p" if video_codec == "mjpeg" else "yuv420p"
        video.codec_context.max_b_frames = 0
        sound = container.add_stream(sound_codec, rate=44100)
        sound.codec_context.layout, sound.codec_context.bit_rate = "stereo", 128_000
        first = round(at_s * 30)
        for number in range(first, first + 30):
            frame = av.VideoFrame.from_ndarray(textured(64, 48, number % 9), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            container.mux(video.encode(frame.reformat(format=video.pix_fmt)))
        tone = (8000 * np.sin(np.arange(round(sound_s * 44100)) / 20)).astype(np.int16)
        wave = av.AudioFrame.from_ndarray(np.repeat(tone, 2)[None], format="s16", layout="stereo")
        wave.sample_rate, wave.pts = 44100, round(at_s * 44100)
        wave.time_base = Fraction(1, 44100)
        container.mux(sound.encode(wave))
        container.mux([*video.encode(None), *sound.encode(None)])
    return path


def with_a_gap(clip, target, gap_s):
    """The same clip, where time stands still for so long after a second."""
    with av.open(str(clip)) as source, av.open(str(target), "w") as output:
        streams = [output.add_stream_from_template(each, opaque=True) for each in source.streams]
        for packet in source.demux():
            if packet.dts is not None:
                if packet.dts * packet.time_base >= 1:
                    packet.dts += round(gap_s / packet.time_base)
                    packet.pts += round(gap_s / packet.time_base)
                packet.stream = streams[packet.stream.index]
                output.mux(packet)
    return target


@pytest.mark.parametrize(("hours", "is_kept"), [(8, True), (14, False)])
def test_a_clip_that_stands_still_for_hours_is_recorded_as_mp4(hours, is_kept, tmp_path):
    """Of sound at 44,100 Hz the muxer takes no step of more than 13.5 hours, and says nothing."""
    clip = clip_with_sound(tmp_path / "clip.mp4", "aac", seconds=2.0)
    clip = with_a_gap(clip, tmp_path / "gap.mkv", hours * 3600.0)
    run = livecam_here(clip, *FLOWERS, "--record", "r.mp4", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    seen = probe(tmp_path / "r.mp4")
    assert seen.duration_s == pytest.approx(hours * 3600 + 2, abs=0.1)
    _, begin_s, end_s = sound_of(tmp_path / "r.mp4")
    assert begin_s == pytest.approx(0.0, abs=0.05)
    assert end_s == pytest.approx(hours * 3600 + 2 if is_kept else 1.0, abs=0.1)
    assert ("were refused by the file" in run.stderr) is not is_kept
