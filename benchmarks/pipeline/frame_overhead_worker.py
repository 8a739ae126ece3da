"""Processor time of what is neither decoding nor network nor encoding, one core, frame by frame.

`python -m benchmarks.hot_path FOLDER`; prints the median of each stage in milliseconds as JSON.
"""

import json
import sys
import time
from itertools import islice
from pathlib import Path
from statistics import median

import cv2
import numpy as np

from benchmarks.make import CLASS_INDEX, Scratch, opened
from livecam.assembly.open_pipeline import first_view
from livecam.core.annotated_frame import RunStatus
from livecam.core.heat_overlay import colour_table
from livecam.core.timing import Stopwatch
from livecam.pipeline.annotate import annotate_frame
from livecam.pipeline.inference import Inference
from livecam.settings.schema import Settings
from livecam.sources.clip import Clip

FRAMES, WARM_UP = 180, 30
TABLE = colour_table("inferno")


def main(folder: str) -> None:
    """Measure and print."""
    cv2.setNumThreads(1)
    place = Scratch(Path(folder))
    model = opened(place, threads=1)
    stopwatch = Stopwatch(time.thread_time)
    inference = Inference(model, stopwatch=stopwatch)
    view = first_view(Settings(), [CLASS_INDEX], model.class_choices)
    kept: list = []
    into = np.empty((720, 720, 3), np.uint8)
    with Clip(place.clip) as clip:
        for number, frame in enumerate(islice(clip, FRAMES)):
            status = RunStatus(fps=30.0 + number / 7)
            annotated = annotate_frame(frame, inference, view, status)
            with stopwatch.timed("hand-over"):
                kept = [*kept[-4:], annotated]  # as the encoder's queue holds them
            square = np.ascontiguousarray(frame.bgr[:, :720])
            with stopwatch.timed("bare"):
                colour(square, into)
    wanted = ("crop", "heat", "figures", "hand-over", "bare")
    print(json.dumps({s: 1000 * median(stopwatch.seconds[s][WARM_UP:]) for s in wanted}))


def colour(square: np.ndarray, into: np.ndarray) -> None:
    """The least that colouring a square takes, for comparison: three calls of OpenCV."""
    light = cv2.resize(np.arange(49, dtype=np.uint8).reshape(7, 7), square.shape[1::-1])
    cv2.addWeighted(square, 0.5, cv2.applyColorMap(light, TABLE), 0.5, 0.0, dst=into)


if __name__ == "__main__":
    main(sys.argv[1])
