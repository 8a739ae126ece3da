"""Recorders in processes of their own, which can be killed or limited."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from programs import rest_of, started
from support import eventually, program_env

ROOTS = [str(Path(__file__).parents[2]), str(Path(__file__).parents[3])]

CAMERA = """
import sys, time
from pathlib import Path
from annotated_frames import annotated_frame_of
from support import textured
from livecam.errors import LivecamError
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.recorder import Recorder

path, rate = Path(sys.argv[1]), float(sys.argv[2])
pictures = [textured(160, 120, seed) for seed in range(9)]
with Recorder(RecordingOptions(path, path.parent, EncoderRequest(rate=rate))) as recorder:
    began = time.monotonic()
    number = 0
    while True:
        now = time.monotonic()
        recorder.show(annotated_frame_of(pictures[number % 9], number, now - began))
        print(now - began, now, recorder.state().dropped, flush=True)
        number += 1
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
"""


AWAKE_STEP_S = 0.2  # between two frames; what is longer, the machine did something else


@dataclass(frozen=True)
class KilledRecorder:
    """What a recorder had received when its process was killed.

    Attributes:
        frames_s: times of the frames, from the first one on, without those that it dropped.
        due: how many of them must be readable: given more than a second before the end.
        died_s: when it was killed, on the same clock.
    """

    frames_s: list[float]
    due: int
    died_s: float


def killed_camera(
    path: Path, *, after_s: float, number: int, rate: float = 30.0, once_there: bool = True
) -> KilledRecorder:
    """Record from a camera in real time; send a signal so long after the first frame.

    With `once_there`, so long after the file is there.
    """
    with started(
        [sys.executable, "-W", "error", "-c", CAMERA, path, rate],
        env=program_env({"PYTHONPATH": os.pathsep.join(ROOTS)}),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as camera:  # fmt: skip
        first = camera.stdout.readline()
        if once_there:
            eventually(path.exists)
        time.sleep(after_s)
        died = time.monotonic()
        camera.send_signal(number)
        rest, talk = rest_of(camera)
    assert camera.returncode == -signal.SIGKILL, talk
    lines = [line.split() for line in [first, *rest.splitlines()] if line.count(" ") == 2]
    given_s = np.array([float(at) for at, _, _ in lines])
    kept = np.diff([int(dropped) for _, _, dropped in lines], prepend=0) == 0
    # On a busy machine a process may stand still, up to the kill: it cannot write then.
    awake_s = np.minimum(np.diff(given_s, prepend=0.0), AWAKE_STEP_S).cumsum()
    due = kept & (awake_s < awake_s[-1] - 1.0)
    began = float(lines[0][1]) - given_s[0]
    return KilledRecorder(given_s[kept].tolist(), int(due.sum()), died - began)


def run_script(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a script that may import what tests may."""
    env = program_env({"PYTHONPATH": os.pathsep.join(ROOTS)})
    command = [sys.executable, "-W", "error", "-c", script, *map(str, arguments)]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
