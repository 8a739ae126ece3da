"""A thousand short AV1 recordings: does one of them hang, or lose a picture? A script.

In the folder above tests, with PYTHONPATH=tests:. : python -m sinks.recording.av1_soak [COUNT]
"""

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from annotated_frames import annotated_frame_of
from support import probe

from livecam.errors import SinkError
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.recorder import Recorder

COUNTS = (1, 3, 5, 15, 40, 60)
SIZES = ((64, 48), (160, 120), (320, 240))


@dataclass
class Tally:
    """What came of the recordings."""

    recordings: int = 0
    hung: int = 0
    frames: int = 0
    lost: int = 0


def av1_soak(folder: Path, count: int) -> Tally:
    """Make so many recordings, of a camera and of a clip in turns."""
    random, tally, path = np.random.default_rng(1), Tally(), folder / "r.mp4"
    pictures = {
        size: [random.integers(0, 256, (size[1], size[0], 3), np.uint8) for _ in range(5)]
        for size in SIZES
    }
    for number in range(count):
        shown = pictures[SIZES[number % 3]]
        frames = COUNTS[int(random.integers(len(COUNTS)))]
        # Frames are dropped where a camera gives more than the encoder can do: not a loss.
        request = EncoderRequest("av1", rate=30.0, live=number % 2 == 0)
        options = RecordingOptions(path, folder, request, force=True)
        tally.recordings += 1
        try:
            with Recorder(options) as recorder:
                for index in range(frames):
                    annotated = annotated_frame_of(shown[index % 5], index, index / 30)
                    recorder.show(annotated)
            dropped = recorder.state().dropped
        except SinkError as error:
            tally.hung += 1
            print(error)  # noqa: T201  (a script)
            continue
        seen = probe(path).frames
        tally.frames += seen
        tally.lost += frames - dropped - seen
        if number % 100 == 99:
            print(tally, flush=True)  # noqa: T201
    return tally


if __name__ == "__main__":
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        done = av1_soak(Path(place), int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    print(done, f"{time.monotonic() - began:.0f} s")  # noqa: T201
