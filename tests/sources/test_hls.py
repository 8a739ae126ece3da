"""HLS: live lists are shown at the pictures' own times, finished ones are files."""

import time
from contextlib import suppress
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from sources.stream_server import serving
from support import textured

import av
from livecam.core.types import Frame
from livecam.settings.schema import CameraSettings
from livecam.sinks.recording import sound
from livecam.sinks.recording.container_format import container_format_of
from livecam.sources import stream as stream_module
from livecam.sources.live.connection import StreamEndedError
from livecam.sources.segmented_connection import SegmentedConnection
from livecam.sources.stream import connect, create_stream_source

RATE, SEGMENTS, SEGMENT_FRAMES = 25, 5, 10


class Growing(dict):
    """Files of which one, the playlist, has more to it each time; the last one has an end."""

    asked, unchanged = 0, 2

    def get(self, name, default=None):
        held = super().get(name, default)
        if name != "/live.m3u8":
            return held
        self.asked += 1
        # Asked for by the source and by FFmpeg; then again for more.
        return part_of_list(held, 3) if self.asked <= self.unchanged else held


def part_of_list(playlist, segments):
    lines, found = [], 0
    for line in playlist.decode().splitlines():
        if found == segments:
            break
        lines.append(line)
        found += line.endswith(".ts")
    return "\n".join([*lines, ""]).encode()


def write_segments(folder, size=(64, 48)):
    """A finished list and its segments: name to bytes."""
    options = {"hls_time": str(SEGMENT_FRAMES / RATE), "hls_list_size": "0"}
    folder.mkdir()
    with av.open(str(folder / "live.m3u8"), "w", format="hls", options=options) as container:
        stream = container.add_stream(
            "libx264", rate=RATE, width=size[0], height=size[1], pix_fmt="yuv420p",
            options={"g": str(SEGMENT_FRAMES), "sc_threshold": "0", "bf": "2"},
        )  # fmt: skip
        for number in range(SEGMENTS * SEGMENT_FRAMES):
            picture = np.roll(textured(*size, 3), number, axis=1)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
        container.mux(stream.encode(None))
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    # Half a second is rounded down to none: then players ask again and again.
    whole["live.m3u8"] = whole["live.m3u8"].replace(b"TARGETDURATION:0", b"TARGETDURATION:1")
    return whole


@pytest.fixture(scope="module")
def segments(tmp_path_factory):
    return write_segments(tmp_path_factory.mktemp("hls") / "one")


@pytest.mark.parametrize("latency", ["newest", "every"])
def test_a_live_list_is_shown_at_the_times_of_its_pictures(latency, segments):
    with serving(Growing({f"/{name}": held for name, held in segments.items()})) as host:
        source = create_stream_source(f"http://{host}/live.m3u8", CameraSettings(latency=latency))
        with source:
            assert source.is_live
            items = list(source)
    frames = [item for item in items if isinstance(item, Frame)]
    assert not [item for item in items if not isinstance(item, Frame) and item.reason]
    drops = frames[-1].drops
    assert len(frames) + drops.newer == SEGMENTS * SEGMENT_FRAMES
    steps_s = [later.time_s - earlier.time_s for earlier, later in pairwise(frames)]
    assert median(steps_s) == pytest.approx(1 / RATE, abs=0.001)
    assert frames[-1].time_s + drops.newer / RATE >= (SEGMENTS * SEGMENT_FRAMES - 2) / RATE


def test_the_age_of_a_picture_counts_from_its_segments_end(segments, monkeypatch):
    monkeypatch.setattr(stream_module, "PLAYLIST_READ_TIMEOUT_S", 1.0)
    files = Growing({f"/{name}": held for name, held in segments.items()})
    files.unchanged = 1000
    with serving(files) as host:
        connection = connect(f"http://{host}/live.m3u8")
        first = connection.read()
        connection.close()
    # Three segments came at once: the first picture is that much older than the last, and the
    # end of the burst is waited for.
    assert 1.1 < first.due_s - first.captured_s < 1.2 + 2.0


def test_a_finished_list_is_a_file(segments):
    files = {f"/{name}": held for name, held in segments.items()}
    with serving(files) as host, create_stream_source(f"http://{host}/live.m3u8") as source:
        assert not source.is_live
        assert len(list(source)) == SEGMENTS * SEGMENT_FRAMES


def write_master(folder, order):
    """Three variants, each larger than the one before, listed in this order: name to bytes."""
    files, entries = {}, []
    for number in order:
        size = (64 * (number + 1), 48 * (number + 1))
        for name, held in write_segments(folder / str(number), size).items():
            files[f"/{number}{name}"] = held.replace(b"live", b"%dlive" % number)
        entries.append(f"#EXT-X-STREAM-INF:BANDWIDTH={100000 * (number + 1)}\n{number}live.m3u8\n")
    files["/master.m3u8"] = ("#EXTM3U\n" + "".join(entries)).encode()
    return files


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_several_variants_the_largest_is_shown(order, tmp_path):
    files = write_master(tmp_path, order)
    with serving(files) as host, create_stream_source(f"http://{host}/master.m3u8") as source:
        assert next(iter(source)).bgr.shape == (144, 192, 3)


class Counted(dict):
    """Files of which every request is noted."""

    def __init__(self, files):
        super().__init__(files)
        self.asked = []

    def get(self, name, default=None):
        self.asked.append(name)
        return super().get(name, default)


@pytest.mark.parametrize("is_live", [False, True])
def test_of_several_variants_only_the_one_that_is_shown_is_fetched(is_live, tmp_path):
    files = Counted(write_master(tmp_path, (0, 1, 2)))
    lists = {name: held for name, held in files.items() if name.endswith("live.m3u8")}
    if is_live:
        files.update({name: part_of_list(held, 3) for name, held in lists.items()})
    with serving(files) as host, create_stream_source(f"http://{host}/master.m3u8") as source:
        assert source.is_live == is_live
        files.asked.clear()
        files.update(lists)  # now with an end
        assert [item for item in source if isinstance(item, Frame)]
    segments = [name for name in files.asked if name.endswith(".ts")]
    assert segments
    # What FFmpeg looks at to know the variants was asked for before; one more may be on its way.
    assert len([name for name in segments if not name.startswith("/2")]) <= 2


def test_only_the_sound_that_is_kept_is_fetched(tmp_path, monkeypatch):
    passed_over = []
    monkeypatch.setattr(sound, "read_nothing_else", lambda _, kept: passed_over.append(kept.type))
    folder = tmp_path / "hls"
    folder.mkdir()
    with av.open(str(folder / "a.m3u8"), "w", format="hls") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
        frame.sample_rate = 44100
        for _ in range(50):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    mp4 = container_format_of(tmp_path / "a.mp4")
    with serving({f"/{path.name}": path.read_bytes() for path in folder.iterdir()}) as host:
        sound.SoundReader(f"http://{host}/a.m3u8", mp4, print, zero_s=0.0).close()
    assert passed_over == ["audio"]


def pictures_of(connection):
    with suppress(StreamEndedError):
        while True:
            yield connection.read()


@pytest.mark.parametrize("every_frame", [False, True])
def test_where_decoding_is_too_slow_the_pictures_grow_no_older(every_frame, segments, monkeypatch):
    decode = SegmentedConnection._decode

    def slowly(self, packet):
        time.sleep(3 / RATE if packet is not None else 0.0)
        decode(self, packet)

    monkeypatch.setattr(SegmentedConnection, "_decode", slowly)
    shown, late_s, left_out = 0, [], 0
    with serving(Growing({f"/{name}": held for name, held in segments.items()})) as host:
        connection = connect(f"http://{host}/live.m3u8", every_frame=every_frame)
        for picture in pictures_of(connection):
            shown, left_out = shown + 1, left_out + picture.left_out
            late_s.append(time.perf_counter() - (picture.due_s or time.perf_counter()))
        connection.close()
    # All of them would take six seconds instead of two.
    if every_frame:
        assert (shown, left_out) == (SEGMENTS * SEGMENT_FRAMES, 0)
        assert max(late_s) > 2.5
    else:
        assert shown + left_out <= SEGMENTS * SEGMENT_FRAMES
        assert left_out > 10
        assert max(late_s) < 2.0
