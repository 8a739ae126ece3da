"""Processor time of what is neither decoding nor network nor encoding, one core, frame by frame.

`python -m benchmarks.pipeline.frame_overhead_worker FOLDER`; prints JSON, the median of each stage
in milliseconds.
"""

import json
import sys
import time
from itertools import islice
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from benchmarks.inputs.random_networks import CLASS_INDEX, open_random_model
from benchmarks.inputs.scratch_folder import ScratchFolder
from livecam.assembly.first_view import first_view
from livecam.core.annotated_frame import RunStatus
from livecam.core.heat_overlay import colour_table
from livecam.core.timing import Stopwatch
from livecam.pipeline.annotate import annotate_frame
from livecam.pipeline.inference import Inference
from livecam.settings.schema import Settings
from livecam.sources.clip import Clip

FRAMES, WARM_UP = 180, 30
COLOURS = colour_table("inferno")


def main(folder: str) -> None:
    """Measure and print."""
    cv2.setNumThreads(1)
    scratch = ScratchFolder(Path(folder))
    model = open_random_model(scratch, threads=1)
    stopwatch = Stopwatch(time.thread_time)
    inference = Inference(model, stopwatch=stopwatch)
    view = first_view(Settings(), [CLASS_INDEX], model.class_choices)
    queued: list = []
    blended = np.empty((720, 720, 3), np.uint8)
    with Clip(scratch.clip) as clip:
        for number, frame in enumerate(islice(clip, FRAMES)):
            status = RunStatus(fps=30.0 + number / 7)
            annotated = annotate_frame(frame, inference, view, status)
            with stopwatch.timed("hand-over"):
                queued = [*queued[-4:], annotated]  # as the encoder's queue holds them
            square = np.ascontiguousarray(frame.bgr[:, :720])
            with stopwatch.timed("colouring alone"):
                colour(square, blended)
    stages = ("crop", "heat", "figures", "hand-over", "colouring alone")
    print(json.dumps({s: 1000 * median(stopwatch.seconds[s][WARM_UP:]) for s in stages}))


def colour(square: np.ndarray, blended: np.ndarray) -> None:
    """The least that colouring a square takes, for comparison: three calls of OpenCV."""
    brightness = cv2.resize(np.arange(49, dtype=np.uint8).reshape(7, 7), square.shape[1::-1])
    cv2.addWeighted(square, 0.5, cv2.applyColorMap(brightness, COLOURS), 0.5, 0.0, dst=blended)


if __name__ == "__main__":
    main(sys.argv[1])
