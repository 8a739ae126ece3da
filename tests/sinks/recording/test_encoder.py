"""Encoders: the first one that works is taken; colours, sizes, options and delay of each."""

import os
import sys
from contextlib import closing, suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from annotated_frames import annotated_frames_of
from sinks.recording.recordings import colour_patches, patch_errors, record
from support import livecam, livecam_here, probe, textured, write_clip

import av
from livecam.errors import SinkError
from livecam.sinks.recording import encoder as encoder_module
from livecam.sinks.recording.encoder import Encoder, open_encoder
from livecam.sinks.recording.encoder_catalogue import (
    ENCODERS,
    QUALITIES,
    EncoderRequest,
    EncoderSpec,
)
from livecam.sinks.recording.options import RecordingOptions

TIME_BASE = Fraction(1, 90_000)
QSCALE = 1 << 1  # AV_CODEC_FLAG_QSCALE


def record_pictures(path, pictures, times_s=None, **request):
    options = RecordingOptions(path, path.parent, EncoderRequest(**{"live": False, **request}))
    record(options, annotated_frames_of(pictures, times_s))
    return probe(path)


@pytest.mark.parametrize(
    ("codec", "suffix", "within"),
    [("h264", ".mp4", 3), ("h264", ".mkv", 3), ("hevc", ".mp4", 4), ("hevc", ".mkv", 4),
     ("av1", ".mp4", 4), ("av1", ".mkv", 4), ("ffv1", ".mkv", 0)],
)  # fmt: skip
def test_every_codec_keeps_frames_times_and_colours(codec, suffix, within, tmp_path):
    patches, _ = colour_patches(64)
    times_s = [float(t) for t in np.cumsum([0, *np.random.default_rng(1).uniform(0.01, 0.1, 39)])]
    path = tmp_path / f"r{suffix}"
    seen = record_pictures(path, [patches] * 40, times_s, codec=codec)
    assert seen.frames == 40
    assert seen.times_s == pytest.approx(times_s, abs=1e-3)
    with av.open(str(path)) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="bgr24")
        assert container.streams.video[0].codec_context.name in {codec, f"lib{codec}", "libdav1d"}
    assert max(patch_errors(shown, 64)) <= within


@pytest.mark.parametrize("codec", ["h264", "hevc", "av1"])
def test_a_camera_slower_than_it_says_has_its_key_frames_all_the_same(codec):
    """One picture a second, 30 announced: each of them begins a group, so none is lost alone."""
    request = EncoderRequest(codec, rate=30.0, live=True)
    with closing(open_encoder(request, (64, 64), TIME_BASE)) as encoder:
        packets = [
            p for n in range(6) for p in encoder.encode(textured(64, 64, n), n * 90_000, 3000)
        ]
        packets += encoder.flush()
    assert [packet.is_keyframe for packet in packets] == [True] * 6


@pytest.mark.parametrize("codec", ["h264", "hevc", "av1"])
def test_pictures_are_decoded_in_the_order_and_at_the_time_in_which_they_are_shown(codec):
    """x265 gives few pictures with B-frames any decoding time, which MP4 may have no room for."""
    with closing(open_encoder(EncoderRequest(codec), (64, 64), TIME_BASE)) as encoder:
        packets = [p for n in range(4) for p in encoder.encode(textured(64, 64, n), n * 3000, 3000)]
        packets += encoder.flush()
    assert [(packet.pts, packet.dts) for packet in packets] == [(n * 3000,) * 2 for n in range(4)]


def test_hevc_in_mp4_has_the_tag_that_apple_plays(tmp_path):
    record_pictures(tmp_path / "r.mp4", [textured(64, 48)] * 3, codec="hevc")
    assert b"hvc1" in (tmp_path / "r.mp4").read_bytes()


def test_colours_are_tagged_as_they_were_converted(tmp_path):
    path = tmp_path / "r.mp4"
    record_pictures(path, [textured(64, 48)] * 3)
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        tags = (context.colorspace, context.color_range)
        assert [int(tag) for tag in tags] == [6, 1]  # BT.601, limited
        assert (int(context.color_primaries), int(context.color_trc)) == (1, 1)


def test_ffv1_keeps_every_pixel(tmp_path):
    noise = np.random.default_rng(3).integers(0, 256, (4, 50, 64, 3), np.uint8)
    record_pictures(tmp_path / "r.mkv", list(noise), codec="ffv1")
    with av.open(str(tmp_path / "r.mkv")) as container:
        shown = [f.to_ndarray(format="bgr24") for f in container.decode(video=0)]
    assert (np.array(shown) == noise).all()


def test_better_quality_is_larger(tmp_path):
    pictures = [textured(320, 240, n // 4) for n in range(30)]
    sizes = []
    for quality in QUALITIES:
        record_pictures(tmp_path / f"{quality}.mp4", pictures, quality=quality)
        sizes.append((tmp_path / f"{quality}.mp4").stat().st_size)
    assert sizes == sorted(sizes)
    assert sizes[2] > 1.2 * sizes[0]


def test_the_quality_option_of_videotoolbox_has_an_effect():
    """On an encoder that is available here and reads the same option: less is better there."""
    apple = next(spec for spec in ENCODERS["h264"] if spec.name == "h264_videotoolbox")
    here = replace(
        apple, name="prores_ks", pixel_format="yuv422p10le", quality_values=("2360", "944", "236")
    )
    picture, sizes = av.VideoFrame.from_ndarray(textured(320, 240), format="bgr24"), []
    for quality in QUALITIES:
        encoder = Encoder(here, EncoderRequest(quality=quality), (320, 240), Fraction(1, 30))
        assert encoder.stream.codec_context.flags & QSCALE
        packets = encoder.stream.encode(picture.reformat(format="yuv422p10le"))
        sizes.append(sum(packet.size for packet in [*packets, *encoder.flush()]))
        encoder.close()
    assert sizes == sorted(sizes)
    assert sizes[2] > 2 * sizes[0]


def test_where_one_set_of_options_does_not_work_the_next_is_tried(monkeypatch):
    """As on a Mac with an Intel processor, which has no constant quality."""
    by_quality, by_rate = (c for c in ENCODERS["hevc"] if c.name == "hevc_videotoolbox")
    here = replace(by_rate, name="mpeg4", pixel_format="yuv420p", is_hardware=False)
    monkeypatch.setattr(
        encoder_module, "ENCODERS", {"h264": (replace(by_quality, name="mpeg4"), here)}
    )
    monkeypatch.setattr(
        encoder_module, "_hardware_problems", {("mpeg4", "global_quality"): "refused"}
    )
    assert open_encoder(EncoderRequest(), (320, 240), Fraction(1, 30)).spec is here


def test_the_first_encoder_that_works_is_taken_and_reported_with_the_reason(monkeypatch):
    def probe_failure(_):
        return "no such card"

    software = ENCODERS["h264"][-1]
    specs = (ENCODERS["h264"][0], software)
    monkeypatch.setattr(encoder_module, "ENCODERS", {"h264": specs, "av1": specs[:1]})
    monkeypatch.setattr(encoder_module, "_hardware_problems", {})
    monkeypatch.setattr(encoder_module, "_probe", probe_failure)
    reported = []
    assert open_encoder(EncoderRequest(), (64, 48), TIME_BASE, reported.append).spec is software
    assert reported == ["encoder: libx264 (not h264_nvenc: no such card)"]
    with pytest.raises(SinkError, match=r"no encoder for av1 works here .*no such card"):
        open_encoder(EncoderRequest(codec="av1"), (64, 48), TIME_BASE)


def test_a_hardware_encoder_that_fails_for_this_size_is_skipped(monkeypatch):
    picky = EncoderSpec("no_such_encoder", "crf", ("1", "2", "3"))
    monkeypatch.setattr(encoder_module, "ENCODERS", {"h264": (picky, ENCODERS["h264"][-1])})
    monkeypatch.setattr(encoder_module, "_hardware_problems", {("no_such_encoder", "crf"): None})
    assert open_encoder(EncoderRequest(), (64, 48), TIME_BASE).spec.name == "libx264"


def test_verbose_names_the_encoder(tmp_path):
    flags = ["--model", "flowers", "--no-window", "--scene-size", "64x48", "--frames", 3]
    run = livecam_here("daisy", *flags, "--record", "a.mp4", "--verbose", cwd=tmp_path)
    assert "encoder: " in run.stderr
    run = livecam_here("daisy", *flags, "--record", "b.mp4", cwd=tmp_path)
    assert "encoder: " not in run.stderr


@pytest.mark.parametrize("live", [True, False])
def test_frames_hardly_wait_in_the_encoder(live):
    encoder = open_encoder(EncoderRequest(rate=30.0, live=live), (320, 240), TIME_BASE)
    waiting = 0
    for number in range(60):
        packets = encoder.encode(textured(320, 240, number % 9), number * 3000, 3000)
        waiting += 1 - len(packets)
    encoder.flush()
    encoder.close()
    assert waiting <= (1 if live else 12)


def test_pixels_that_are_not_square_are_shown_as_they_were(tmp_path):
    """The source makes them square; the recording says so."""
    clip = tmp_path / "wide.mp4"
    write_clip(clip, [textured(160, 120, n) for n in range(6)], [n / 30 for n in range(6)])
    squeezed = tmp_path / "squeezed.mkv"
    with av.open(str(clip)) as source, av.open(str(squeezed), "w") as sink:
        stream = sink.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(4, 3)
        for frame in source.decode(video=0):
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    flags = ["--model", "flowers", "--no-window", "--record", "r.mp4"]
    assert livecam_here(squeezed, *flags, cwd=tmp_path).returncode == 0
    with av.open(str(tmp_path / "r.mp4")) as container:
        stream = container.streams.video[0]
        aspect = stream.display_aspect_ratio
        assert stream.sample_aspect_ratio in (None, 1)
        assert stream.width / stream.height == pytest.approx(160 * 4 / 3 / 120, abs=0.02)
        assert aspect is None or float(aspect) == pytest.approx(16 / 9, abs=0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="scheduling policies are read from /proc")
def test_no_encoder_changes_the_scheduling_of_threads():
    """SVT-AV1 as root would: everything else would stop, and every child process inherit it."""

    def policies():
        found = set()
        for task in Path("/proc/self/task").iterdir():
            with suppress(ProcessLookupError):  # a thread that has just ended
                found.add(os.sched_getscheduler(int(task.name)))
        return found

    before = policies()
    for codec in ("h264", "av1"):
        encoder = open_encoder(EncoderRequest(codec=codec), (64, 48), Fraction(1, 90_000))
        encoder.encode(textured(64, 48), 0, 3000)
        assert policies() == before
        encoder.flush()
        encoder.close()


def test_av1_prints_nothing_and_its_file_has_a_duration(tmp_path):
    flags = ["--model", "flowers", "--no-window", "--frames", 15, "--codec", "av1"]
    done = livecam("daisy", *flags, "--record", "a.mp4", cwd=tmp_path)
    assert done.returncode == 0
    assert "(15 frames, 0.50 s)" in done.stderr
    assert "Svt" not in done.stderr
