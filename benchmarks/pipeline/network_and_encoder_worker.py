"""Processor time of the network alone and of the encoder alone, at the rate of a camera.

`python -m benchmarks.pipeline.network_and_encoder_worker FOLDER`; prints JSON. The encoder gets
livecam's own annotated pictures.
"""

import json
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from benchmarks.inputs.random_networks import open_random_model
from benchmarks.inputs.scratch_folder import ScratchFolder
from livecam.sources.clip import Clip

FRAMES, RATE = 120, 30.0


def processor_ms_at_rate(work: Callable[[int], object]) -> float:
    """Processor milliseconds of one call, called thirty times a second."""
    for number in range(10):
        work(number)
    began_s, processor_s = time.perf_counter(), time.process_time()
    for number in range(10, FRAMES):
        time.sleep(max(0.0, began_s + (number - 10) / RATE - time.perf_counter()))
        work(number)
    return 1000 * (time.process_time() - processor_s) / (FRAMES - 10)


def main(folder: str) -> None:
    """Measure and print."""
    cv2.setNumThreads(1)  # as the program itself
    scratch = ScratchFolder(Path(folder))
    with Clip(scratch.annotated_clip) as clip:
        frames = [frame.bgr for frame in islice(clip, FRAMES)]
    from livecam.sinks.recording.encoder import open_encoder
    from livecam.sinks.recording.encoder_catalogue import EncoderRequest

    model = open_random_model(scratch)
    rgb = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    size = (frames[0].shape[1], frames[0].shape[0])
    encoder = open_encoder(EncoderRequest(rate=RATE, live=True), size, Fraction(1, 90_000))
    network_ms = processor_ms_at_rate(lambda _: model.runtime.infer(rgb))
    encoder_ms = processor_ms_at_rate(
        lambda n: encoder.encode(frames[n % len(frames)], n * 3000, 3000)
    )
    print(json.dumps({"network_ms": network_ms, "encoder_ms": encoder_ms}))


if __name__ == "__main__":
    main(sys.argv[1])
