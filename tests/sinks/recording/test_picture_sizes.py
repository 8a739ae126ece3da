"""Sizes that a codec cannot take are said before; what no encoder can record ends with 5."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from annotated_frames import annotated_frame_of
from sinks.recording.recordings import recorder_at_noon
from support import eventually, livecam_here, picture, probe

from livecam.errors import SinkError
from livecam.sinks.recording import encoder as encoder_module
from livecam.sinks.recording.encoder import open_encoder
from livecam.sinks.recording.encoder_catalogue import ENCODERS, EncoderRequest, size_problem
from livecam.sinks.recording.options import RecordingOptions

FLOWERS = ["--model", "flowers", "--no-window"]


@pytest.mark.parametrize(
    ("codec", "size_px"),
    [("h264", (2, 2)), ("h264", (16, 16_384)), ("hevc", (16, 16)), ("hevc", (16, 4_000)),
     ("hevc", (32, 20_000)), ("av1", (4, 64)), ("av1", (28, 66)), ("av1", (64, 8_704)),
     ("av1", (16_384, 64)), ("ffv1", (2, 2)), ("ffv1", (2, 40_000))],
)  # fmt: skip
def test_sizes_that_are_allowed_can_be_encoded(codec, size_px):
    assert size_problem(codec, size_px) == ""
    encoder = open_encoder(EncoderRequest(codec), size_px, Fraction(1, 90_000))
    packets = [*encoder.encode(picture(*size_px), 0, 3000), *encoder.flush()]
    encoder.close()
    assert len(packets) == 1


@pytest.mark.parametrize(
    ("codec", "size_px", "words"),
    [("h264", (600, 20_000), "16384 x 16384 at most. You could try --codec hevc"),
     ("hevc", (8, 64), "16 x 16 at least. You could try --codec h264"),
     ("hevc", (30, 20_000), "32 at least beside a side of more than 4222"),
     ("av1", (2, 2), "4 x 4 at least"),
     ("av1", (24, 640), "28 at least beside a side of more than 64. You could try --codec h264"),
     ("av1", (640, 10_000), "16384 x 8704 at most"),
     ("h264", (2, 40_000), "try --codec ffv1 and a name that ends in .mkv"),
     ("ffv1", (60_000, 60_000), "268 million pixels at most. You could make them smaller"),
     ("h264", (70_000, 64), "16384 x 16384 at most. You could make them smaller")],
)  # fmt: skip
def test_sizes_that_are_not_are_named_with_the_limit_and_what_to_do(codec, size_px, words):
    assert words in size_problem(codec, size_px)


@pytest.mark.parametrize("size_px", [(60, 16_400), (16_400, 60)])
def test_a_picture_that_is_too_large_is_said_with_exit_code_2(size_px, tmp_path):
    cv2.imwrite(str(tmp_path / "tall.png"), np.full((size_px[1], size_px[0], 3), 90, np.uint8))
    run = livecam_here(
        "tall.png", *FLOWERS, "--record", "r.mp4", "--stats", "s.jsonl", cwd=tmp_path
    )
    assert run.returncode == 2
    assert "h264 takes 16384 x 16384 at most" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "r.mp4").exists()
    flags = ["--record", "r.mp4", "--codec", "hevc"]
    assert livecam_here("tall.png", *FLOWERS, *flags, cwd=tmp_path).returncode == 0
    seen = probe(tmp_path / "r.mp4")
    assert (seen.width, seen.height) == size_px


def no_encoder(monkeypatch):
    nothing = ENCODERS["h264"][:1]
    monkeypatch.setattr(encoder_module, "ENCODERS", {"h264": nothing})
    monkeypatch.setattr(encoder_module, "_hardware_problems", {("h264_nvenc", "cq"): "no card"})


def test_where_no_encoder_works_what_was_asked_for_fails(monkeypatch, tmp_path):
    no_encoder(monkeypatch)
    options = RecordingOptions(tmp_path / "r.mp4", tmp_path, EncoderRequest(live=False))
    with (
        pytest.raises(SinkError, match=r"no encoder for h264 works here .*no card"),
        recorder_at_noon(options) as recorder,
    ):
        recorder.show(annotated_frame_of(picture(), 0, 0.0))


@pytest.mark.parametrize("pre_roll_s", [0.0, 3.0])
def test_where_a_key_asks_for_it_one_line_says_so(pre_roll_s, monkeypatch, tmp_path):
    no_encoder(monkeypatch)
    notes = []
    options = RecordingOptions(None, tmp_path, EncoderRequest(live=False), pre_roll_s=pre_roll_s)
    with recorder_at_noon(options, notes) as recorder:
        for number in range(10):
            recorder.show(annotated_frame_of(picture(), number, number / 30))
        eventually(lambda: recorder.state().is_broken)
    assert len(notes) == 1
    assert "no encoder for h264 works here" in notes[0]


def test_a_size_that_a_codec_cannot_take_ends_no_run_where_a_key_asked(tmp_path):
    notes = []
    options = RecordingOptions(None, tmp_path, EncoderRequest("av1", live=False))
    with recorder_at_noon(options, notes) as recorder:
        for number in range(5):
            recorder.show(annotated_frame_of(picture(640, 16), number, number / 30))
        eventually(lambda: recorder.state().is_broken)
    assert len(notes) == 1
    assert "av1 takes" in notes[0]
