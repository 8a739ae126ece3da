"""Streams: live or with an end, broken off, silent, locked; passwords are never shown."""

import socket
from contextlib import ExitStack
from email.message import Message
from fractions import Fraction
from types import SimpleNamespace
from unittest import mock
from urllib.request import urlopen

import pytest
from sources.stream_server import serving
from support import FakeClock, only_frames, textured, write_clip

import av
from livecam.errors import SourceError, SourceLostError
from livecam.settings.schema import CameraSettings
from livecam.sources import http_answer
from livecam.sources import stream as stream_module
from livecam.sources import stream_connection
from livecam.sources.live import first_opening, live_source, watchdog
from livecam.sources.stream import create_stream_source
from livecam.core.types import Waiting

FRAMES = 60


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    pictures = [textured(160, 120, seed) for seed in range(FRAMES)]
    times_s = [i / 30 for i in range(FRAMES)]
    made = {}
    for name in ("clip.mkv", "clip.ts"):
        made[f"/{name}"] = write_clip(folder / name, pictures, times_s).read_bytes()
    write_clip(folder / "clip.mp4", pictures, times_s)
    made["/clip.mp4"] = with_its_index_in_front(folder / "clip.mp4").read_bytes()
    with serving(made) as where:
        yield where


WITHOUT_LENGTH = {
    "clip.webm": ("libvpx", {"live": "1"}),
    "clip.h264": ("libx264", {}),
    "clip.mjpeg": ("mjpeg", {}),
    "clip.ts": ("libx264", {}),
    "clip.gif": ("gif", {}),
}
"""Files whose container names no duration: codec and options of the muxer."""


@pytest.fixture(scope="module")
def without_length(tmp_path_factory):
    folder = tmp_path_factory.mktemp("without_length")
    made = {}
    for name, (codec, options) in WITHOUT_LENGTH.items():
        with av.open(str(folder / name), "w", options=options) as container:
            pixels = {"gif": "rgb8", "mjpeg": "yuvj420p"}.get(codec, "yuv420p")
            stream = container.add_stream(codec, rate=10, width=64, height=48, pix_fmt=pixels)
            for seed in range(FRAMES):
                container.mux(
                    stream.encode(av.VideoFrame.from_ndarray(textured(64, 48, seed), "bgr24"))
                )
            container.mux(stream.encode(None))
        made[f"/{name}"] = (folder / name).read_bytes()
    with serving(made) as where:
        yield where


@pytest.mark.parametrize("how", ["", "/whole"])
@pytest.mark.parametrize("name", WITHOUT_LENGTH)
def test_what_the_server_knows_the_length_of_is_a_file_and_loses_no_frame(
    name, how, without_length
):
    with create_stream_source(f"http://{without_length}{how}/{name}") as source:
        assert not source.is_live
        assert len(list(source)) == FRAMES


WHOLE = [*WITHOUT_LENGTH, "clip.mp4"]


@pytest.mark.parametrize("how", ["endless", "until_closed", "promise"])
@pytest.mark.parametrize("name", WHOLE)
def test_what_ends_at_once_is_a_file_whatever_the_server_tells(how, name, without_length, host):
    where = host if name == "clip.mp4" else without_length
    with create_stream_source(f"http://{where}/{how}/{name}") as source:
        assert not source.is_live
        assert len(list(source)) == FRAMES
        assert not source.negotiated


def test_a_file_of_unknown_length_with_its_index_at_the_end_is_read(tmp_path):
    pictures = [textured(64, 48, seed) for seed in range(9)]
    path = write_clip(tmp_path / "clip.mp4", pictures, [i / 30 for i in range(9)])
    assert path.read_bytes().index(b"mdat") < path.read_bytes().index(b"moov")
    with (
        serving({"/clip.mp4": path.read_bytes()}) as host,
        create_stream_source(f"http://{host}/endless/clip.mp4") as source,
    ):
        assert len(list(source)) == 9


@pytest.fixture
def slow_network(monkeypatch):
    """The end of nothing comes within the time that is waited for it."""
    monkeypatch.setattr(http_answer.HttpAnswer, "comes_at_once", lambda _: False)


@pytest.mark.parametrize("how", ["endless", "until_closed", "promise"])
def test_what_may_be_live_says_how_all_of_it_is_shown(
    how, without_length, very_patient, slow_network
):
    address = f"http://{without_length}/{how}/clip.webm"
    with create_stream_source(address) as source:
        assert source.is_live
        assert "--latency every" in source.negotiated
        assert "\n" not in source.negotiated
    with create_stream_source(address, EVERY) as source:
        assert source.is_live
        assert not source.negotiated


@pytest.mark.parametrize("way", ["pause", "flood", "end"])
def test_how_a_file_is_told_from_what_is_live(way, monkeypatch):
    monkeypatch.setattr(http_answer, "READ_AHEAD_BYTES", 50)
    clock, parts = FakeClock(), iter([b"abcdefgh"] * (3 if way == "end" else 100))

    def read1(_):
        clock.sleep(0.3 if way == "pause" else 0.001)
        return next(parts, b"")

    body = SimpleNamespace(read1=read1, close=list)
    answer = http_answer.HttpAnswer(body, "http://host/clip.ts", Message())
    assert answer.comes_at_once(clock) == (way != "pause")
    whole = answer.whole()
    assert (whole is None) == (way != "end")
    read = whole.read() if whole else b"".join(iter(lambda: answer.read(5), b""))
    assert len(read) == (24 if way == "end" else 800)


@pytest.mark.parametrize("how", ["", "/endless"])
@pytest.mark.parametrize("name", ["clip.h264", "clip.webm"])
def test_a_beginning_that_is_missing_is_told(name, how, without_length):
    with urlopen(f"http://{without_length}/whole/{name}") as answer:
        whole = answer.read()
    if name == "clip.h264":  # what is left between two key frames
        units = whole.split(b"\0\0\1")
        rest = b"\0\0\1".join([b"", *(unit for unit in units if unit[:1] == b"\x41")])
    else:
        rest = whole[len(whole) // 2 :]
    with (
        serving({f"/{name}": rest}) as host,
        pytest.raises(SourceError, match="beginning"),
        create_stream_source(f"http://{host}{how}/{name}") as source,
    ):
        list(source)


def with_its_index_in_front(path):
    """The same MP4 as web servers like it: half of it can be read."""
    fast = path.with_name("fast.mp4")
    with (
        av.open(str(path)) as whole,
        av.open(str(fast), "w", options={"movflags": "faststart"}) as copy,
    ):
        stream = copy.add_stream_from_template(whole.streams.video[0])
        for packet in whole.demux(video=0):
            if packet.size:
                packet.stream = stream
                copy.mux(packet)
    return fast


EVERY = CameraSettings(latency="every", give_up=0.0)
AT_ONCE = CameraSettings(give_up=0.0)


@pytest.fixture
def patient(monkeypatch):
    """On a busy machine opening takes long, and pictures come late or lie about."""
    monkeypatch.setattr(first_opening, "MIN_OPENING_TIMEOUT_S", 60.0)
    monkeypatch.setattr(live_source, "STALE_IN_SLOT_S", 60.0)


@pytest.fixture
def very_patient(patient, monkeypatch):
    """Silence is no loss, either."""
    monkeypatch.setattr(watchdog, "NO_PICTURE_TIMEOUT_S", 60.0)
    monkeypatch.setattr(watchdog, "FIRST_PICTURE_TIMEOUT_S", 60.0)


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
def test_a_file_behind_http_has_an_end_and_loses_no_frame(name, host):
    with create_stream_source(f"http://{host}/{name}") as source:
        assert not source.is_live
        assert source.frame_count in (FRAMES, None)
        assert len(list(source)) == FRAMES


def test_capital_letters_in_the_scheme_do_not_matter(host):
    with create_stream_source(f"HTTP://{host}/clip.mp4") as source:
        assert len(list(source)) == FRAMES


def test_a_stream_of_unknown_length_is_live_and_every_frame_can_be_had(
    host, very_patient, slow_network
):
    with create_stream_source(f"http://{host}/endless/clip.ts", EVERY) as source:
        assert source.is_live
        assert source.frame_count is None
        assert len(list(only_frames(source))) == FRAMES


def test_a_stream_of_unknown_length_that_says_it_is_over_ends_the_run(
    host, very_patient, slow_network
):
    with create_stream_source(f"http://{host}/endless/clip.ts") as source:
        assert 1 <= len(list(only_frames(source))) <= FRAMES


def test_a_web_camera_that_hangs_up_is_lost_after_every_picture_that_it_sent(host, very_patient):
    seen = []
    with create_stream_source(f"http://{host}/live/9", EVERY) as source:
        assert source.is_live
        with pytest.raises(SourceLostError, match=r"was lost .*: check the sender"):
            seen.extend(only_frames(source))
    assert [frame.index for frame in seen] == list(range(9))


def test_a_web_camera_that_hangs_up_is_connected_to_again(host):
    with create_stream_source(f"http://{host}/live/9", CameraSettings(latency="every")) as source:
        frames = only_frames(source)
        indices = [next(frames).index for _ in range(20)]
    assert indices == list(range(20))


def test_the_made_up_rate_of_web_cameras_is_not_used(host):
    with create_stream_source(f"http://{host}/live") as source:
        assert source.rate is None


@pytest.mark.parametrize(
    ("promised", "rate"),
    [(Fraction(25), 25.0), (Fraction(240), 240.0), (Fraction(90000), None), (None, None)],
)
def test_a_rate_that_no_camera_has_is_not_used(promised, rate):
    codec = SimpleNamespace(colorspace=1, sample_aspect_ratio=None)
    flow = SimpleNamespace(
        average_rate=None,
        guessed_rate=promised,
        thread_type="AUTO",
        sample_aspect_ratio=None,
        codec_context=codec,
    )
    container = SimpleNamespace(
        format=SimpleNamespace(name="rtsp"), streams=SimpleNamespace(video=[flow], audio=[])
    )
    with (
        mock.patch.object(stream_connection, "select_video_stream", return_value=flow),
        mock.patch.object(stream_connection, "read_nothing_else"),
        mock.patch.object(stream_connection, "SizeGuard"),
    ):
        assert stream_connection.StreamConnection(container).rate == rate


def test_a_live_stream_holds_no_frames_back_in_threads(host, slow_network):
    connection = stream_module.connect(f"http://{host}/endless/clip.ts")
    assert connection._stream.thread_type.name == "SLICE"
    connection.close()


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv"])
def test_a_file_that_breaks_off_is_lost_after_what_came(name, host):
    seen = []
    source = create_stream_source(f"http://anna:s3cret@{host}/half/{name}")
    with source, pytest.raises(SourceLostError) as caught:
        seen.extend(source)
    assert 10 < len(seen) < FRAMES
    assert f"{host}/half/{name}" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_sender_that_falls_silent_is_waited_for_without_blocking(host, patient):
    reasons = []
    source = create_stream_source(
        f"http://anna:s3cret@{host}/silent/50", CameraSettings(give_up=2.5)
    )
    with source, pytest.raises(SourceLostError, match=r"gives no picture, for \d+ s") as caught:
        reasons.extend(item.reason for item in source if isinstance(item, Waiting))
    assert "s3cret" not in str(caught.value) + "".join(reasons)
    assert f"http://{host}/silent/50 gives no picture" in reasons


def test_a_sender_that_never_speaks_does_not_open(monkeypatch):
    monkeypatch.setattr(stream_module, "OPEN_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://anna:s3cret@127.0.0.1:{deaf.getsockname()[1]}/x"
        with pytest.raises(SourceError, match=r"did not open \(no answer for") as caught:
            create_stream_source(address, AT_ONCE).__enter__()
    assert "s3cret" not in str(caught.value)


def test_a_sender_that_is_started_later_is_waited_for(host):
    """On a port on which nobody listens yet."""
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    told, running = [], ExitStack()

    def on_progress(waiting):
        told.append(waiting)
        if waiting.next_try_s is not None and len(running._exit_callbacks) == 0:
            running.enter_context(serving({}, port))

    source = create_stream_source(f"http://anna:s3cret@127.0.0.1:{port}/live")
    source.on_progress(on_progress)
    with running, source:
        assert next(only_frames(source)).index == 0
    reasons = {waiting.reason for waiting in told if waiting.next_try_s is not None}
    assert reasons == {f"http://127.0.0.1:{port}/live does not open (connection refused)"}


def test_the_password_reaches_the_sender_and_nobody_else(host):
    with create_stream_source(f"http://anna:s3cret@{host}/locked/clip.mp4") as source:
        assert next(iter(source)).index == 0
        assert source.title == f"http://{host}/locked/clip.mp4"


def test_a_wrong_password_is_an_error_that_does_not_repeat_it(host):
    with pytest.raises(SourceError, match="401") as caught:
        create_stream_source(f"http://anna:wr0ng@{host}/locked/clip.mp4").__enter__()
    assert "wr0ng" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_what_does_not_exist_is_told_with_the_senders_own_word(host):
    with pytest.raises(SourceError, match=r"404 not found.*check the address"):
        create_stream_source(f"http://{host}/other.mp4").__enter__()


def test_a_stream_can_be_opened_again_after_it_did_not_open(host):
    source = create_stream_source(f"http://{host}/other.mp4")
    for _ in range(2):
        with pytest.raises(SourceError):
            source.__enter__()
    source.__exit__(None, None, None)
