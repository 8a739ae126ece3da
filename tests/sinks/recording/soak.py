"""A long recording: does memory stay flat, does time drift? As a script: half an hour of video.

Run it in the folder above tests with PYTHONPATH=tests:. : python -m sinks.recording.soak [SECONDS]
"""

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from annotated_frames import annotated_frame_of
import psutil
from support import textured

import av
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.recorder import Recorder

RATE = 30.0


@dataclass(frozen=True)
class SoakResult:
    """Figures of a long recording."""

    frames: int
    drift_s: float
    memory_mb: list[float]
    wall_s: float
    file_mb: float


def resident_mb() -> float:
    """Memory of this process that is in use."""
    return psutil.Process().memory_info().rss / 1e6


def soak(folder: Path, seconds: float, suffix: str = ".mp4", pre_roll_s: float = 0.0) -> SoakResult:
    """Record so many simulated seconds with real encoding; memory every twentieth."""
    path = folder / f"soak{suffix}"
    count = round(seconds * RATE)
    pictures = [textured(160, 120, seed) for seed in range(23)]
    memory, began = [], time.monotonic()
    options = RecordingOptions(
        path, folder, EncoderRequest(rate=RATE, live=False), stats=True, pre_roll_s=pre_roll_s
    )
    with Recorder(options) as recorder:
        for number in range(count):
            recorder.show(annotated_frame_of(pictures[number % 23], number, number / RATE))
            if number % (count // 20) == 0:
                memory.append(resident_mb())
    wall_s = time.monotonic() - began
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stamps = [packet.pts for packet in container.demux(stream) if packet.pts is not None]
        last_s = float(max(stamps) * stream.time_base)
    drift_s = last_s - (count - 1) / RATE
    return SoakResult(len(stamps), drift_s, memory, wall_s, path.stat().st_size / 1e6)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        done = soak(Path(place), float(sys.argv[1]) if len(sys.argv) > 1 else 1800.0)
    print(done)  # noqa: T201  (a script)
