"""What watching a stream takes: over recording all of it, and over decoding it at 5 FPS."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import av
import cv2
import numpy as np

from benchmarks.harness.steady_use import cores_used
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row
from benchmarks.watching.packets_file import write_packets

SYSTEM_PYTHON = "/usr/bin/python3"
RATE, SECONDS = 30, 12
KEY_INTERVALS_S = (1, 0.5, 4)
"""Cameras come with one or two seconds; the first one is the target's."""

CAMERAS = 4
LIVECAM = [sys.executable, "-m", "livecam"]


def rows(scratch: ScratchFolder) -> list[Row]:
    """Watching over recording; four cameras; other programs' way."""
    network = ["--weights", scratch.weights]
    never = ["--when", "daisy > 0.99", "--events", scratch.folder / "events"]
    with camera(scratch, KEY_INTERVALS_S[0]) as sender:
        address, video = sender.address, scratch.folder / "watched.mp4"
        record = [*LIVECAM, "run", address, *network, "--no-window", "--record", video, "--force"]
        recorded = sender.cores_used_by(record, scratch)
        fps = recorded_fps(video)
        watched = sender.cores_used_by([*LIVECAM, "watch", address, *network, *never], scratch)
        many = [*LIVECAM, "watch", *[address] * CAMERAS, *network, *never]
        four = sender.cores_used_by(many, scratch, clients=CAMERAS)
        decoded = sender.cores_used_by(decoding_at_5_fps(address), scratch)
    share = watched / recorded
    others = [
        Row(
            f"the same, a key picture each {interval_s:g} s",
            "",
            f"{watched_with(scratch, interval_s, [*network, *never]) / recorded:.3f}",
        )
        for interval_s in KEY_INTERVALS_S[1:]
    ]
    return [
        Row(
            "watching a stream (1280 x 720, 30 FPS, two looks a second, a key picture each second, "
            "nothing happens) over recording it",
            "at most 0.12 of the processor time",
            f"{share:.3f} ({100 * watched:.1f} % of a core over {100 * recorded:.0f} %; "
            f"{fps:.1f} of {RATE} pictures a second were recorded)",
            share <= 0.12 if fps > 0.95 * RATE else None,  # not judged on a machine that is busy
        ),
        *others,
        Row(
            f"{CAMERAS} such streams in one process",
            "60 % of two cores to spare",
            f"{100 * (1 - four / 2):.0f} % to spare ({100 * four:.1f} % of a core)",
            four <= 0.4 * 2,
        ),
        Row(
            "decoding such a stream at 5 FPS without looking at it (FFmpeg), over watching it",
            "",
            f"{decoded / watched:.1f} x ({100 * decoded:.1f} % of a core)",
        ),
    ]


def watched_with(scratch: ScratchFolder, key_interval_s: float, flags: list[object]) -> float:
    """Cores that watching takes with another distance of key pictures."""
    with camera(scratch, key_interval_s) as sender:
        return sender.cores_used_by([*LIVECAM, "watch", sender.address, *flags], scratch)


def recorded_fps(video: Path) -> float:
    """Pictures a second in a recording: fewer than sent on a machine that is busy."""
    with av.open(str(video)) as container:
        seconds = (container.duration or 0) / av.time_base
        return container.streams.video[0].frames / max(seconds, 1e-6)


def decoding_at_5_fps(address: str) -> list[object]:
    """What other programs have FFmpeg do with a camera in which they look for things."""
    program = shutil.which("ffmpeg")
    if program is None:
        raise RuntimeError("the program ffmpeg is missing")
    source = ["-rtsp_transport", "tcp", "-i", address]
    return [program, "-nostdin", "-loglevel", "error", *source, "-vf", "fps=5", "-f", "null", "-"]


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera on this machine.

    Attributes:
        address: for its clients.
        said: a line for each client.
    """

    address: str
    said: IO[bytes]

    def cores_used_by(
        self, command: list[object], scratch: ScratchFolder, clients: int = 1
    ) -> float:
        """Cores that a program takes once it gets the stream so many times."""

        def wait_until_begun() -> None:
            for _ in range(clients):
                self.said.readline()

        return cores_used(command, scratch, wait_until_begun)


@contextmanager
def camera(scratch: ScratchFolder, key_interval_s: float) -> Iterator[Camera]:
    """A camera; whoever connects gets the packets of a clip."""
    packets = scratch.folder / f"noisy_scene_{key_interval_s:g}.packets"
    if not packets.exists():
        write_packets(still_scene(scratch, key_interval_s), packets)
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    script = Path(__file__).with_name("rtsp_camera.py")
    server = subprocess.Popen([SYSTEM_PYTHON, script, str(port), packets], stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        if server.stdout.readline() != b"ready\n":
            raise RuntimeError("GStreamer's RTSP server is missing")
        yield Camera(f"rtsp://127.0.0.1:{port}/camera", server.stdout)
    finally:
        server.kill()
        server.communicate()


def still_scene(scratch: ScratchFolder, key_interval_s: float) -> Path:
    """A clip in which nothing moves but the noise of the sensor, enough of it to be encoded.

    Pictures equal to the one before are neither looked at nor recorded by `livecam run`.
    """
    path = scratch.folder / f"noisy_scene_{key_interval_s:g}.mp4"
    with av.open(str(scratch.clip)) as clip:
        scene = next(clip.decode(video=0)).to_ndarray(format="bgr24")
    scene = cv2.resize(scene, (1280, 720))
    random = np.random.default_rng(1)
    noise = [random.normal(0, 4, scene.shape).round().astype(np.int16) for _ in range(8)]
    options = {"preset": "veryfast", "crf": "22", "bf": "0", "sc_threshold": "0"}
    with av.open(str(path), "w") as container:
        options["g"] = str(round(RATE * key_interval_s))
        stream = container.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for number in range(RATE * SECONDS):
            noisy = np.clip(scene + noise[number * 5 % 8], 0, 255).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(noisy, "bgr24")))
        container.mux(stream.encode(None))
    return path
