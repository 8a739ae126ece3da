"""`livecam watch` on a camera's stream: its own packets are kept, also across a lost stream."""

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from end_to_end.test_watch import events_in, watching
from programs import started
from sources.live.senders import SYSTEM_PYTHON, free_port, missing
from support import ROOT, WAIT_S, eventually
from watched_garden import RATE, numbers_in, visits_of, write_garden

import av
from benchmarks.watching.packets_file import write_packets

pytestmark = pytest.mark.skipif(bool(missing("rtsp")), reason=missing("rtsp") or "it is there")

CAMERA = ROOT / "benchmarks" / "watching" / "rtsp_camera.py"


@contextmanager
def served(clip: Path, port: int):
    """A camera that shows the clip to each client from its beginning."""
    packets = write_packets(clip, clip.with_suffix(".packets"))
    command = [SYSTEM_PYTHON, str(CAMERA), str(port), str(packets)]
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "env": {}}
    with started(command, **quiet) as server:
        assert server.stdout.readline() == b"ready\n"
        yield server


def test_events_of_a_stream_that_is_lost_in_the_middle(tmp_path):
    first, second = visits = visits_of([(15, 8), (20, 60)])
    clip = write_garden(tmp_path / "garden.mp4", visits, second.last + 60, key_every=RATE)
    folder, port = tmp_path / "events", free_port()
    arguments = [f"rtsp://anna:s3cret@127.0.0.1:{port}/camera", "--model", "flowers"]
    arguments += ["--when", "daisy > 0.5", "--looks", "1/1", "--look-every", "0.2"]
    arguments += ["--release", "0.5", "--before", "1", "--after", "0.5"]
    with watching(*arguments, cwd=tmp_path) as program:
        with served(clip, port) as server:  # it waits for a camera that is not there yet
            eventually(lambda: len(events_in(folder)) == 2)
            server.kill()
        with served(clip, port):
            eventually(lambda: [e.state for e in events_in(folder)][2:3] in (["ended"], ["cut"]))
            program.send_signal(signal.SIGTERM)
            _, said = program.communicate(timeout=WAIT_S)
    assert program.returncode == 143, said
    assert "s3cret" not in said
    assert "Traceback" not in said
    events = events_in(folder)
    assert all("s3cret" not in event.source and event.is_over for event in events)
    for event, visit in zip(events[:3], (first, second, first), strict=True):
        numbers = numbers_in(folder / event.files["clean"])
        whole = numbers[: numbers.index(max(numbers)) + 1]  # what the stream showed until it broke
        assert whole == list(range(whole[0], whole[-1] + 1))
        assert whole[0] <= visit.first <= whole[-1]
        assert whole[0] >= visit.first - 2 * RATE
    for event in (events[0], events[2]):
        assert max(numbers_in(folder / event.files["clean"])) >= first.last
    assert packets_of(folder / events[0].files["clean"]) <= packets_of(clip)


def packets_of(path: Path) -> set[bytes]:
    """The encoded pictures of a clip, without the parameter sets that a server may repeat."""
    with av.open(str(path)) as container:
        return {bytes(packet)[-200:] for packet in container.demux(video=0) if packet.size}


@pytest.mark.skipif(sys.platform == "win32", reason="ports are watched as on Unix")
def test_a_camera_that_is_not_there_yet_is_said_and_waited_for(tmp_path):
    address = f"rtsp://127.0.0.1:{free_port()}/camera"
    flags = ["--model", "flowers", "--when", "daisy > 0.5"]
    with watching(address, *flags, cwd=tmp_path) as program:
        line = next(line for line in program.stderr if "127.0.0.1" in line or "waiting" in line)
        assert line.startswith("livecam: ")
        program.send_signal(signal.SIGINT)
        assert program.wait(WAIT_S) == 130
    flags += ["--give-up", "0"]
    with watching(address, *flags, cwd=tmp_path) as program:
        _, said = program.communicate(timeout=WAIT_S)
    assert program.returncode in (3, 4), said
    assert "Traceback" not in said
