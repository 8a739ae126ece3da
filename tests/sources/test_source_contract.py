"""What every source promises (protocols.Source), asked of each of them in the same words."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Thread

import cv2
import numpy as np
import pytest
from sources.stream_server import serving
from sources.live.simulated_camera import SimulatedTime, SimulatedCamera
from support import only_frames, textured, write_clip

import av
from livecam.errors import LivecamError, SourceError
from livecam.core.protocols import Source
from livecam.settings.schema import CameraSettings
from livecam.sources.camera.camera_source import create_camera_source
from livecam.sources.clip import Clip
from livecam.sources.open_source import create_source
from livecam.sources.files.file_sequence import FileSequence
from livecam.sources.stream import create_stream_source

LIVE = 12
"""So many frames are taken of a source that never ends."""

STEADY_S = [i / 30 for i in range(9)]
WOBBLY_S = [0.0, 0.04, 0.05, 0.31, 0.32, 0.9, 1.0, 1.7, 1.71]


@dataclass
class Case:
    """A way to a fresh source, and what is known of it."""

    source: Callable[[], Source]
    frames: int | None
    times_s: list[float] | None = None
    is_live: bool = False
    holds_last: bool = False
    secrets: tuple[str, ...] = ()
    is_read_once: bool = False


def _pictures(count: int, width: int = 64, height: int = 48) -> list[np.ndarray]:
    return [textured(width, height, seed) for seed in range(count)]


def _camera(tmp_path, host) -> Case:
    return Case(
        lambda: SimulatedCamera(SimulatedTime()).source(),
        None,
        [i / 30 for i in range(LIVE)],
        is_live=True,
    )


def _clip(suffix: str, times_s: list[float], codec: str = "libx264"):
    def case(tmp_path, host) -> Case:
        try:
            av.codec.Codec(codec, "w")
        except av.codec.codec.UnknownCodecError:
            pytest.skip(f"this PyAV has no encoder {codec}")
        path = write_clip(
            tmp_path / f"a clip{suffix}", _pictures(len(times_s)), times_s, codec=codec
        )
        return Case(lambda: Clip(path), len(times_s), times_s)

    return case


def _one_still(tmp_path, host) -> Case:
    path = tmp_path / "one.png"
    cv2.imwrite(str(path), textured(60, 40))
    return Case(lambda: FileSequence(str(path)), 1, [0.0], holds_last=True)


def _still_folder(tmp_path, host) -> Case:
    for name in ("b.png", "a.jpg", "c.webp", "D.BMP"):
        cv2.imwrite(str(tmp_path / name), textured(60, 40))
    (tmp_path / "notes.txt").write_text("no picture")
    return Case(lambda: FileSequence(str(tmp_path)), 4, [0.0, 1.0, 2.0, 3.0], holds_last=True)


def _still_glob(tmp_path, host) -> Case:
    for name in ("x1.png", "x2.png", "y.png"):
        cv2.imwrite(str(tmp_path / name), textured(60, 40))
    return Case(lambda: FileSequence(str(tmp_path / "x*.png")), 2, [0.0, 1.0], holds_last=True)


def _clip_behind_http(tmp_path, host) -> Case:
    address = f"http://anna:s3cret@{host}/clip.mp4?token=t0ken"
    return Case(
        lambda: create_stream_source(address),
        len(STEADY_S),
        STEADY_S,
        secrets=("anna", "s3cret", "t0ken"),
        is_read_once=True,
    )


def _mjpeg_behind_http(tmp_path, host) -> Case:
    address = f"http://anna:s3cret@{host}/live"
    # Every picture: which is the newest one when somebody looks, the machine decides.
    every = CameraSettings(latency="every")
    return Case(
        lambda: create_stream_source(address, every), None, is_live=True, secrets=("anna", "s3cret")
    )


def _daisy(tmp_path, host) -> Case:
    return Case(lambda: create_source("daisy"), None)


CASES = {
    "camera": _camera,
    "H.264 clip of constant rate": _clip(".mp4", STEADY_S),
    "H.264 clip of variable rate": _clip(".mp4", WOBBLY_S),
    "H.264 clip in Matroska": _clip(".mkv", STEADY_S),
    "H.265 clip": _clip(".mp4", STEADY_S, "libx265"),
    "VP9 clip": _clip(".webm", STEADY_S, "libvpx-vp9"),
    "AV1 clip": _clip(".mp4", STEADY_S, "libsvtav1"),
    "one picture": _one_still,
    "folder of pictures": _still_folder,
    "glob of pictures": _still_glob,
    "clip behind HTTP": _clip_behind_http,
    "MJPEG without end behind HTTP": _mjpeg_behind_http,
    "daisy": _daisy,
}


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    path = tmp_path_factory.mktemp("served") / "clip.mp4"
    write_clip(path, _pictures(len(STEADY_S)), STEADY_S)
    with serving({"/clip.mp4": path.read_bytes()}) as where:
        yield where


@pytest.fixture(params=CASES)
def case(request, tmp_path, host, monkeypatch) -> Case:
    monkeypatch.setenv("SVT_LOG", "0")  # the AV1 encoder talks
    return CASES[request.param](tmp_path, host)


def taken(source: Source, case: Case, at_most: int = LIVE):
    """Frames of an opened source, one after the other."""
    for frame in only_frames(source):
        yield frame
        if case.frames is None and frame.index + 1 == at_most:
            return


def test_indices_count_from_nought_without_gaps_to_the_number_of_frames(case):
    with case.source() as source:
        indices = [frame.index for frame in taken(source, case)]
    assert indices == list(range(LIVE if case.frames is None else case.frames))


def test_times_begin_at_nought_and_strictly_increase(case):
    with case.source() as source:
        times_s = [frame.time_s for frame in taken(source, case)]
    assert times_s[0] == 0.0
    assert all(later > earlier for earlier, later in pairwise(times_s))
    assert all(isinstance(time_s, float) for time_s in times_s)


def test_times_are_those_at_which_the_frames_were_made(case):
    if case.times_s is None:
        pytest.skip("nobody knows the times of this source beforehand")
    with case.source() as source:
        times_s = [frame.time_s for frame in taken(source, case)]
    assert times_s == pytest.approx(case.times_s, abs=0.001)


def test_pixels_are_contiguous_uint8_in_three_channels_and_read_only(case):
    with case.source() as source:
        for frame in taken(source, case):
            assert (frame.bgr.dtype, frame.bgr.ndim, frame.bgr.shape[2]) == (np.uint8, 3, 3)
            assert frame.bgr.flags.c_contiguous
            assert not frame.bgr.flags.writeable


def test_painting_on_a_frame_fails_at_once(case):
    with case.source() as source:
        frame = next(only_frames(source))
        with pytest.raises(ValueError, match="read-only"):
            frame.bgr[0, 0] = 0
        with pytest.raises(cv2.error):
            cv2.rectangle(frame.bgr, (0, 0), (5, 5), (0, 0, 255))


def test_frames_stay_as_they_were_when_later_ones_come_and_the_source_closes(case):
    def digest(frame):
        return hashlib.sha256(frame.bgr.tobytes()).hexdigest()

    with case.source() as source:
        kept = [(frame, digest(frame)) for frame in taken(source, case)]
    assert [digest(frame) for frame, _ in kept] == [known for _, known in kept]


def test_the_number_of_frames_is_right_or_unknown(case):
    with case.source() as source:
        assert source.frame_count == case.frames


def test_the_rate_is_positive_or_unknown(case):
    with case.source() as source:
        assert source.rate is None or source.rate > 0


def test_it_says_whether_it_is_live_and_whether_it_holds_its_last_frame(case):
    with case.source() as source:
        assert (source.is_live, source.holds_last) == (case.is_live, case.holds_last)


def test_leaving_twice_is_harmless(case):
    source = case.source()
    with source:
        next(only_frames(source))
    source.__exit__(None, None, None)


def test_leaving_without_having_entered_is_harmless(case):
    case.source().__exit__(None, None, None)


def test_leaving_in_the_middle_of_the_frames_is_harmless(case):
    with case.source() as source:
        frames = only_frames(source)
        first = next(frames)
    assert first.index == 0


def test_reading_on_after_the_close_is_a_mistake_of_the_program(case):
    source = case.source()
    with source:
        frames = iter(source)
        next(frames)
    with pytest.raises(RuntimeError, match="is used inside a with statement"):
        next(frames)
    with pytest.raises(RuntimeError, match="is used inside a with statement"):
        next(iter(source))


def test_beginning_to_read_after_the_close_is_a_mistake_of_the_program(case):
    with case.source() as source:
        frames = iter(source)
    with pytest.raises(RuntimeError, match="is used inside a with statement"):
        next(frames)


def test_frames_of_an_earlier_opening_are_not_read_on(case):
    source = case.source()
    with source:
        frames = iter(source)
        next(frames)
    with source:
        with pytest.raises(RuntimeError, match="is used inside a with statement"):
            next(frames)
        assert next(only_frames(source)).index == 0


def test_an_open_source_is_read_a_second_time(case):
    with case.source() as source:
        first = [frame.index for frame in taken(source, case)]
        if case.is_read_once:
            with pytest.raises(SourceError, match="open it again"):
                next(only_frames(source))
            return
        again = [frame.index for frame in taken(source, case, at_most=3)]
    assert again == (first if case.frames else [0, 1, 2])


def test_a_clip_begins_again_after_its_first_frames(tmp_path):
    path = write_clip(tmp_path / "x.mp4", _pictures(len(STEADY_S)), STEADY_S)
    with Clip(path) as clip:
        whole = [frame.bgr for frame in clip]
        early = next(iter(clip)).bgr
        again = [frame.bgr for frame in clip]
    assert np.array_equal(early, whole[0])
    assert len(again) == len(whole)
    assert all(map(np.array_equal, whole, again))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_clip_from_a_pipe_is_read_once(tmp_path):
    clip = write_clip(tmp_path / "x.mkv", _pictures(3), STEADY_S[:3])
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    sender = Thread(target=lambda: pipe.write_bytes(clip.read_bytes()), daemon=True)
    sender.start()
    with Clip(pipe) as source:
        assert len(list(source)) == 3
        with pytest.raises(SourceError, match="it is a pipe"):
            next(iter(source))
    sender.join()


def test_the_title_is_one_short_line_without_credentials(case):
    with case.source() as source:
        title = source.title
    assert title == title.strip() != ""
    assert "\n" not in title
    for secret in case.secrets:
        assert secret not in title


def test_two_passes_over_two_sources_give_the_same_pixels(case):
    def first():
        with case.source() as source:
            return next(only_frames(source)).bgr

    assert np.array_equal(first(), first())


REFUSED = {
    "camera that is not there": ("37", "37"),
    "camera by a path that is not there": ("/dev/video37", "/dev/video37"),
    "number that no camera has": ("99999999999999999999", "99999999999999999999"),
    "number in foreign digits": ("²", "²"),
    "nothing": ("", "SOURCE"),
    "clip that is not there": ("missing.mp4", "missing.mp4"),
    "empty clip": ("empty.mp4", "empty.mp4"),
    "text that calls itself a clip": ("text.mp4", "text.mp4"),
    "text without a suffix": ("text", "text"),
    "sound without pictures": ("sound.wav", "sound.wav"),
    "picture that is not there": ("missing.png", "missing.png"),
    "folder without pictures": ("hollow", "hollow"),
    "glob without a match": ("no*.png", "no*.png"),
    "glob of clips": ("no*where", "no*where"),
    "name that is too long": ("n" * 5000, "nnn"),
    "name with a zero": ("a\0b.mp4", "b.mp4"),
    "host that refuses": ("http://ben:pa55@127.0.0.1:9/x.mp4", "127.0.0.1:9"),
    "port that is no number": ("http://ben:pa55@127.0.0.1:port/x.mp4", "127.0.0.1:port"),
    "password with a sharp": ("rtsp://ben:pa55#x@127.0.0.1:9/x", "127.0.0.1:9"),
    "bracket without its twin": ("http://[::1/x", "[::1"),
    "RTSP that refuses": ("rtsp://ben:pa55@127.0.0.1:9/x", "rtsp://127.0.0.1:9/x"),
    "page that is not there": ("http://ben:pa55@{host}/nothing", "/nothing"),
    "page that is no video": ("http://ben:pa55@{host}/page.html", "/page.html"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_opened_is_told_in_one_or_two_lines_that_name_it(
    what, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    Path("empty.mp4").touch()
    Path("text.mp4").write_text("this is no clip\n" * 40)
    Path("text").write_text("this is no clip\n" * 40)
    Path("hollow").mkdir()
    with av.open("sound.wav", "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        silence.sample_rate = 8000
        container.mux(stream.encode(silence))
    text, named = REFUSED[what]
    page = {"/page.html": b"<html>no video</html>" * 50}
    with (
        serving(page) as where,
        pytest.raises(SourceError) as caught,
        create_source(text.format(host=where), requested=CameraSettings(give_up=0.0)) as source,
    ):
        next(only_frames(source))
    message = str(caught.value)
    assert named in message
    assert len(message) < 450
    assert message.count("\n") <= 1
    assert "ben" not in message
    assert "pa55" not in message


def test_using_a_source_that_was_not_opened_is_a_mistake_of_the_program(tmp_path):
    sources = [
        Clip(tmp_path / "x.mp4"),
        FileSequence(str(tmp_path)),
        create_source("daisy"),
        create_stream_source("http://127.0.0.1:9/"),
        create_camera_source("0"),
    ]
    for source in sources:
        with pytest.raises(RuntimeError, match="with statement") as caught:
            next(only_frames(source))
        assert not isinstance(caught.value, LivecamError)
