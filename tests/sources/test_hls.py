"""HLS: live lists are shown at the pictures' own times, finished ones are files."""

from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from sources.stream_server import serving
from support import textured

import av
from livecam.core.types import Frame
from livecam.settings.schema import CameraSettings
from livecam.sources import stream as stream_module
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


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_of_several_variants_the_largest_is_shown(order, tmp_path):
    files, entries = {}, []
    for number in order:
        size = (64 * (number + 1), 48 * (number + 1))
        made = write_segments(tmp_path / str(number), size)
        for name, held in made.items():
            files[f"/{number}{name}"] = held.replace(b"live", b"%dlive" % number)
        entries.append(f"#EXT-X-STREAM-INF:BANDWIDTH={100000 * (number + 1)}\n{number}live.m3u8\n")
    files["/master.m3u8"] = ("#EXTM3U\n" + "".join(entries)).encode()
    with serving(files) as host, create_stream_source(f"http://{host}/master.m3u8") as source:
        assert next(iter(source)).bgr.shape == (144, 192, 3)
