"""Real streams on this machine that are watched: RTSP of GStreamer, TS over HTTP of FFmpeg."""

import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from benchmarks.watching.packets_file import write_packets
from programs import started
from sources.test_hls import Growing, segments  # noqa: F401  (a fixture)
from sources.stream_server import serving
from sources.live.senders import SYSTEM_PYTHON, free_port, listens, missing
from sources.watched.numbered import Sent, heard_in, number_of, shown_in, write_numbered
from sources.watched.watching import EVERY, looks_of, watched
from support import ROOT, eventually

from livecam.sources.live import live_source, watchdog

CAMERA = ROOT / "benchmarks" / "watching" / "rtsp_camera.py"


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """On a busy machine pictures come late, or lie about."""
    monkeypatch.setattr(live_source, "STALE_IN_SLOT_S", 60.0)
    monkeypatch.setattr(watchdog, "FIRST_PICTURE_TIMEOUT_S", 60.0)


@contextmanager
def camera(packets: Path, port: int):
    """A camera that sends packets again and again; killed at the end."""
    if missing("rtsp"):
        pytest.skip(missing("rtsp"))
    command = [SYSTEM_PYTHON, CAMERA, port, packets]
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout.readline() == b"ready\n"
        eventually(lambda: listens(port))
        yield f"rtsp://127.0.0.1:{port}/camera"


@pytest.mark.parametrize("how", [Sent(frames=90, b_frames=2), Sent("libx265", frames=90)])
def test_a_clip_of_an_rtsp_stream_has_the_cameras_own_pictures(how, tmp_path):
    sent = write_numbered(tmp_path / "sent.mp4", how)
    packets = write_packets(sent, tmp_path / "packets")
    with camera(packets, free_port()) as address:
        source = watched(address)
        source.open()
        looks, clip = [], None
        for look in looks_of(source):
            looks.append(look)
            if clip is None and len(looks) == 3:
                from_s = looks[1].time_s
                clip = source.begin_clip(from_s, tmp_path / "event.mp4")
                clip.end(look.time_s + 0.7)
            if clip is not None and look.time_s > from_s + 3.0:
                break
        eventually(lambda: clip.is_finished)
        result = clip.close()
        source.close()
    whole = {shown.number: shown.digest for shown in shown_in(sent)}
    event = shown_in(tmp_path / "event.mp4")
    assert event[0].number == number_of(looks[1].frame)
    assert result.begin_s == pytest.approx(from_s, abs=0.002)
    numbers = [(event[0].number + k) % 90 for k in range(len(event))]
    assert [shown.number for shown in event] == numbers
    assert [shown.digest for shown in event] == [whole[number] for number in numbers]
    assert len(event) == result.frames >= 20


def test_one_clip_goes_on_over_a_lost_stream_with_the_time_that_it_was_lost(tmp_path):
    packets = write_packets(
        write_numbered(tmp_path / "sent.mp4", Sent(frames=90)), tmp_path / "packets"
    )
    port = free_port()
    with camera(packets, port) as address:
        source = watched(address)
        source.open()
        looks = looks_of(source)
        first = next(looks)
        clip = source.begin_clip(first.time_s, tmp_path / "event.mp4")
        before = next(looks)
    eventually(lambda: source.next_look() is None and source.waiting_for)
    with camera(packets, port):
        after = eventually(source.next_look)
        clip.end(after.time_s + 0.3)
        eventually(lambda: source.next_look() and clip.is_finished)
        result = clip.close()
        source.close()
    assert after.time_s > before.time_s + 0.5
    event = shown_in(result.path)
    assert event[0].number == number_of(first.frame)
    # The pictures after the loss are there, at their own times: the gap is as long as it was.
    begun_anew = next(s for s in event if s.time_s >= after.time_s - result.begin_s - 0.01)
    assert begun_anew.number == number_of(after.frame)
    assert begun_anew.time_s == pytest.approx(after.time_s - result.begin_s, abs=0.01)
    assert not result.is_cut


def test_another_size_after_a_loss_ends_the_clip_and_says_so(tmp_path):
    small = write_packets(write_numbered(tmp_path / "s.mp4", Sent(frames=60)), tmp_path / "small")
    large = write_numbered(tmp_path / "l.mp4", Sent(frames=60, width=640))
    large = write_packets(large, tmp_path / "large")
    port = free_port()
    with camera(small, port) as address:
        source = watched(address)
        source.open()
        clip = source.begin_clip(next(looks_of(source)).time_s, tmp_path / "event.mp4")
        next(looks_of(source))
    with camera(large, port):
        eventually(lambda: (look := source.next_look()) and look.frame.shape[1] == 640)
        eventually(lambda: clip.is_finished)
        following = source.begin_clip(0.0, tmp_path / "following.mp4")
        result = clip.close()
        source.close()
    assert result.is_cut
    assert shown_in(result.path)
    assert following.close().frames


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="the program ffmpeg is missing")
@pytest.mark.parametrize("how", [Sent(sound="aac", b_frames=2, frames=120), Sent("libx265")])
def test_a_stream_over_http_is_kept_with_its_sound(how, tmp_path):
    sent = write_numbered(tmp_path / "sent.mp4", how)
    port = free_port()
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-readrate", "2", "-i", sent]
    command += ["-c", "copy", "-f", "mpegts", "-listen", "1", f"http://127.0.0.1:{port}/a.ts"]
    with started(command, stderr=subprocess.DEVNULL):
        eventually(lambda: listens(port))
        source = watched(f"http://127.0.0.1:{port}/a.ts", EVERY)
        source.open()
        looks, clip = [], None
        for look in looks_of(source):
            looks.append(look)
            if clip is None and len(looks) == 4:
                clip = source.begin_clip(looks[1].time_s, tmp_path / "event.mp4")
                clip.end(look.time_s + 0.6)
        eventually(lambda: clip.is_finished)
        clip.close()
        source.close()
    whole = {shown.number: shown.digest for shown in shown_in(sent)}
    event = shown_in(tmp_path / "event.mp4")
    assert event[0].number == number_of(looks[1].frame)
    assert [shown.digest for shown in event] == [whole[shown.number] for shown in event]
    if how.sound:
        name, seconds, loudest = heard_in(tmp_path / "event.mp4")
        assert (name, loudest > 0.1) == ("aac", True)
        assert seconds == pytest.approx(event[-1].time_s, abs=0.3)


def test_live_hls_is_looked_at_in_time_and_kept(segments, tmp_path):  # noqa: F811
    with serving(Growing({f"/{name}": held for name, held in segments.items()})) as host:
        source = watched(f"http://{host}/live.m3u8")
        source.open()
        looks, clip = [], None
        for look in looks_of(source):
            looks.append(look)
            clip = clip or source.begin_clip(look.time_s, tmp_path / "event.mp4")
        result = clip.close()
        source.close()
    assert source.is_over
    assert 4 <= len(looks) <= 6  # two seconds, a key picture each 0.4 s
    assert result.begin_s == pytest.approx(looks[0].time_s, abs=0.001)
    event = shown_in(result.path)
    assert len(event) == result.frames == 50
    assert event[-1].time_s == pytest.approx(49 / 25, abs=0.002)
