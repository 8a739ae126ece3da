"""A service that is killed again and again, with dated names, pieces and a limit of space."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from annotated_frames import annotated_frame_of
from sinks.recording.processes import ROOTS
from sinks.recording.recordings import copied_as_recorded, numbered_noise, numbers_of, record
from programs import started
from support import program_env, textured, write_clip

from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.settings.schema import Settings
from livecam.sinks.recording.metadata import run_metadata
from livecam.sinks.recording.options import RecordingOptions

LIVES = 8
RATE = 2.0
NAME = "%Y-%m-%d_%H-%M-%S.mp4"
BEGUN = datetime(2026, 11, 1)  # noqa: DTZ001  (wall clock)
LIMIT_BYTES = 100_000_000
LAST_FRAMES = 50
"""So many may still be on their way to the disk: in queue, encoder and fragment, a clip's."""

SERVICE = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from annotated_frames import annotated_frame_of
from sinks.recording.recordings import numbered_noise
from support import ListSource
from livecam.assembly.open_outputs import check_outputs, report_leftovers
from livecam.settings.output import OutputSettings, RecordingSettings
from livecam.settings.schema import Settings
from livecam.sinks.recording import options
from livecam.sinks.recording.recorder import Recorder

begun, number, rate = datetime.fromisoformat(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
settings = Settings(
    output=OutputSettings(record=Path(sys.argv[1])),
    recording=RecordingSettings(split="1m", keep_gb=0.1),
)
first = number
def say(text):
    print(text, file=sys.stderr, flush=True)
check_outputs(settings)
report_leftovers(settings, say)
recorder = Recorder(
    options.recording_options(settings, ListSource([], rate=rate)),
    options.RecordingEvents(notify=say),
    disk_space=options.disk_space_monitor(settings),
    now=lambda: begun + timedelta(seconds=number / rate),
)
with recorder:
    while True:
        picture = numbered_noise(number)
        recorder.show(annotated_frame_of(picture, number - first, (number - first) / rate))
        print("shown", number, flush=True)
        number += 1
"""


def killed_service(folder, first, frames):
    """Run the service from a frame's number on, kill it after so many; the last number shown."""
    command = [sys.executable, "-c", SERVICE, str(folder / NAME), BEGUN.isoformat()]
    lines = []
    with started(
        [*command, first, RATE],
        env=program_env({"PYTHONPATH": os.pathsep.join(ROOTS)}),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as program:  # fmt: skip
        for line in program.stdout:
            lines.append(line)
            if len(lines) > frames:
                break
        program.send_signal(signal.SIGKILL)
        lines += program.communicate()[0].splitlines()
    assert program.returncode == -signal.SIGKILL
    return max(int(line.split()[1]) for line in lines)


def recordings_before(folder):
    """Ten recordings of livecam, of 9 MB each, from the days before."""
    (folder / "one").mkdir()
    path = folder / "one" / "one.mp4"
    metadata = run_metadata(Settings(), "a fake")
    options = RecordingOptions(path, folder, EncoderRequest(live=False), run_metadata=metadata)
    record(options, [annotated_frame_of(numbered_noise(n, 640, 480), n, n / 30) for n in range(52)])
    assert 8_000_000 < path.stat().st_size < 10_000_000
    made = []
    for day in range(10):
        at = BEGUN - timedelta(days=10 - day)
        made.append(copied_as_recorded(path, folder / at.strftime(NAME), NAME))
        os.utime(made[-1], (at.timestamp(), at.timestamp()))
    shutil.rmtree(folder / "one")
    return made


def own_files(folder, of_livecam):
    """What a person has in the same folder; some of it looks like a recording of the service."""
    foreign = folder / (BEGUN - timedelta(days=99)).strftime(NAME)
    write_clip(foreign, [textured(64, 48)] * 5, [n / 30 for n in range(5)])
    renamed = Path(shutil.copy(of_livecam, folder / "holiday.mp4"))
    (folder / "2025-01-01_00-00-00.mp4.txt").write_text("notes")
    (folder / "2025-01-01_00-00-00.jsonl").write_text("mine")
    paths = [foreign, renamed, *folder.glob("2025*")]
    for path in paths:
        os.utime(path, (0, 0))
    return {path: path.read_bytes() for path in paths}


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is for the others")
def test_a_service_killed_again_and_again_has_every_second_once_and_stays_within_its_limit(
    tmp_path,
):
    before = recordings_before(tmp_path)
    own = own_files(tmp_path, before[0])
    rng = np.random.default_rng(16)
    lives = []
    for _ in range(LIVES):
        first = lives[-1][1] + 1 if lives else 0
        lives.append((first, killed_service(tmp_path, first, int(rng.integers(60, 180)))))
        theirs = [path for path in tmp_path.iterdir() if path not in own]
        assert sum(path.stat().st_size for path in theirs) <= LIMIT_BYTES
    assert {path: path.read_bytes() for path in own} == own
    gone = [path for path in before if not path.exists()]
    assert gone == before[: len(gone)]  # the oldest first
    assert gone
    pieces = numbers_by_piece(tmp_path, [*own, *before])
    kept = sorted(number for numbers in pieces.values() for number in numbers)
    assert len(kept) == len(set(kept))
    for first, last in lives:
        of_life = [number for number in kept if first <= number <= last]
        assert of_life == list(range(first, first + len(of_life)))
        assert len(of_life) >= last - first + 1 - LAST_FRAMES
    for path, numbers in pieces.items():
        assert len(numbers) <= 60 * RATE
        at = BEGUN + timedelta(seconds=numbers[0] / RATE)
        named = datetime.strptime(path.stem[:19], NAME.removesuffix(".mp4"))  # noqa: DTZ007
        # The clock handed in runs ahead of the frames that still wait in the queue.
        assert abs(named - at) <= timedelta(seconds=4 / RATE + 1)


def numbers_by_piece(folder, others):
    """The numbers of the frames in each of the service's recordings."""
    found = [path for path in folder.glob("*.mp4") if path not in others and path.name[0] != "."]
    return {path: numbers_of(path) for path in found}
