"""What several suites share: where the real files lie, fakes, and a way to run the program."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import cv2
import numpy as np

import av
from livecam.sinks.recording.thread_priority import ordinary_priority
from livecam.core.network_size import MOBILENET_INPUT, InputSize
from livecam.core.types import Activation, BgrImage, NetworkOutput, Frame

if TYPE_CHECKING:
    from livecam.sources.synthetic.scene import Scene, SceneContents

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
DAISY = 985
WAIT_S = 180.0
MAIN = """
import sys
from livecam.__main__ import main
sys.exit(main())
"""
"""The program as lines for `python -c`: others can stand before them."""
Seen = TypeVar("Seen")


def eventually(
    look: Callable[[], Seen], wait_s: float = WAIT_S, *, told: Callable[[], str] = str
) -> Seen:
    """What `look` gives as soon as it is something; `told` says how things stood if it never is."""
    until_s = time.monotonic() + wait_s
    while not (seen := look()):
        assert time.monotonic() < until_s, f"it did not happen; {told()}"
        time.sleep(0.02)
    return seen


@dataclass
class FakeClock:
    """Seconds that pass only when told to."""

    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def picture(width: int = 64, height: int = 48, value: int = 90) -> BgrImage:
    """A plain grey picture."""
    return BgrImage(np.full((height, width, 3), value, np.uint8))


def textured(width: int, height: int, seed: int = 0) -> BgrImage:
    """A smooth colourful picture, without sharp edges that a codec would smear."""
    small = np.random.default_rng(seed).integers(0, 256, (5, 7, 3), np.uint8)
    scaled = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return BgrImage(np.asarray(scaled, np.uint8))


def frames_of(count: int, rate: float = 30.0, **size: int) -> list[Frame]:
    """Frames at a steady rate."""
    return [Frame(picture(**size), i, i / rate) for i in range(count)]


@dataclass
class FakeModel:
    """An ActivationModel without a network: its grid is the picture's green, cell by cell."""

    labels: Sequence[str] = ("ball", "daisy", "leaf", "wheel", "stone", "other")
    class_choices: Sequence[int] = (0, 1, 2, 3, 4)
    description: str = "a fake"
    engine: str = "Fake"
    blur_cells: float = 0.0
    input_size: InputSize = MOBILENET_INPUT
    calls: int = 0

    def infer(self, rgb) -> NetworkOutput:
        self.calls += 1
        cells = rgb.shape[1] // 32, rgb.shape[0] // 32
        green = cv2.resize(rgb[:, :, 1], cells, interpolation=cv2.INTER_AREA)
        logits = np.arange(len(self.labels), dtype=np.float32)
        return NetworkOutput(green[..., np.newaxis].astype(np.float32), logits)

    def activation(self, network_output: NetworkOutput, class_index: int) -> Activation:
        return Activation(
            network_output.features[..., 0] * (36.0 / 255.0) + class_index, network_output.logits
        )

    def measure(self, rgb, class_index: int) -> Activation:
        return self.activation(self.infer(rgb), class_index)


@dataclass
class ListSource:
    """A protocols.Source over a list of frames; may end with an error."""

    frames: Sequence[Frame]
    error: Exception | None = None
    is_live: bool = False
    holds_last: bool = False
    title: str = "a list"
    rate: float | None = 30.0

    @property
    def frame_count(self) -> int:
        return len(self.frames)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __iter__(self) -> Iterator[Frame]:
        yield from self.frames
        if self.error is not None:
            raise self.error


def only_frames(items) -> Iterator[Frame]:
    """What a source gives, without the moments in which it has nothing."""
    return (item for item in items if isinstance(item, Frame))


@dataclass
class Collector:
    """A sink that keeps what it is shown."""

    annotated_frames: list = field(default_factory=list)

    def show(self, annotated) -> None:
        self.annotated_frames.append(annotated)

    def wait_until_not_full(self, *_) -> bool:
        return True


@dataclass
class ScriptedScreen:
    """A protocols.Screen that plays a script: events per call of `events`."""

    script: list = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    annotated_frames: list = field(default_factory=list)
    waits_s: list = field(default_factory=list)
    held: list = field(default_factory=list)

    def show(self, annotated) -> None:
        self.annotated_frames.append(annotated)

    def show_status(self, card, view) -> None:
        self.held.append(card)

    def events(self, wait_s: float):
        self.waits_s.append(wait_s)
        self.clock.sleep(wait_s)
        return self.script.pop(0) if self.script else []


def fresh_python(
    code: str, *, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run some lines in a Python of their own; they have to succeed."""
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run


def livecam_between(
    before: str, after: str, *arguments: object, cwd: Path
) -> subprocess.CompletedProcess[str]:
    """The program in a Python that runs some lines before and after it; they may use `code`."""
    program = "from livecam.cli.app import main\ncode = main(sys.argv[1:])"
    lines = ["import sys", before, program, after, "sys.exit(code)"]
    return subprocess.run(
        [sys.executable, "-c", "\n".join(lines), *map(str, arguments)],
        cwd=cwd,
        env=program_env(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def livecam(
    *arguments: object, cwd: Path, env: dict[str, str] | None = None, timeout_s: float = 240
) -> subprocess.CompletedProcess[str]:
    """Run the program as a user would, without a display unless `env` names one."""
    return subprocess.run(
        [sys.executable, "-m", "livecam", *map(str, arguments)],
        cwd=cwd,
        env=program_env(env),
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


@cache
def scene_of(seed: int, contents: "SceneContents") -> "Scene":
    """The built-in scene of a seed: to build it takes a second or two, and it is not changed."""
    from livecam.sources.synthetic.scene import build_scene

    return build_scene(seed, contents)


def livecam_here(
    *arguments: object, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The same in this process, in a fraction of the time: where no process is the point.

    What native code prints is not in what it gives: it may be of an earlier test.
    """
    from livecam.cli.app import main

    given = list(map(str, arguments))
    before, began_in, streams = dict(os.environ), Path.cwd(), (sys.stdout, sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        with out.open("w", encoding="utf-8") as stdout, err.open("w", encoding="utf-8") as stderr:
            try:
                os.environ.clear()
                os.environ.update(program_env(env))
                os.chdir(cwd)
                sys.stdout, sys.stderr = stdout, stderr
                code = main(given)
            finally:
                sys.stdout, sys.stderr = streams
                os.chdir(began_in)
                os.environ.clear()
                os.environ.update(before)
        printed = [path.read_text("utf-8") for path in (out, err)]
    return subprocess.CompletedProcess(given, code, *printed)


def program_env(extra: dict[str, str] | None = None) -> dict[str, str]:
    """The environment of a program under test: no display, no settings of this machine."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LIVECAM_")}
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        kept.pop(name, None)
    cache = {"LIVECAM_CACHE": os.environ["LIVECAM_CACHE"]} if "LIVECAM_CACHE" in os.environ else {}
    # Nobody's own configuration file may decide a test (Linux, macOS and Windows).
    nowhere = str(Path(__file__) / "no-such-folder")  # no program can make it
    return kept | cache | {"XDG_CONFIG_HOME": nowhere, "APPDATA": nowhere} | (extra or {})


def records(text: str) -> list[dict]:
    """JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


@dataclass(frozen=True)
class Probe:
    """What PyAV counts in a video file, frame by frame."""

    frames: int
    times_s: list[float]
    duration_s: float
    width: int
    height: int
    codec: str
    pixel_format: str


def probe(path: Path) -> Probe:
    """Decode a whole file."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        decoded = [(f.time, f.width, f.height, f.format.name) for f in container.decode(stream)]
        duration = stream.duration * stream.time_base if stream.duration else None
        seconds = float(duration) if duration else container.duration / av.time_base
    times = [time for time, *_ in decoded]
    _, width, height, pixels = decoded[0]
    return Probe(len(decoded), times, seconds, width, height, stream.codec_context.name, pixels)


def write_clip(
    path: Path,
    pictures: Sequence[np.ndarray],
    times_s: Sequence[float],
    *,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
) -> Path:
    """Make a clip with these frame times (variable rate allowed)."""
    from fractions import Fraction

    # An AV1 encoder would take the highest priority of real time for the tests and all they start.
    with ordinary_priority(), av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pixel_format
        stream.codec_context.time_base = Fraction(1, 90_000)
        for bgr, time_s in zip(pictures, times_s, strict=True):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(bgr), format="bgr24")
            frame.pts, frame.time_base = round(time_s * 90_000), Fraction(1, 90_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def fill(descriptor: int) -> int:
    """Write into a pipe or terminal until it takes nothing more; how many bytes it took."""
    filled = 0
    os.set_blocking(descriptor, False)
    for size in (4096, 1):
        with suppress(BlockingIOError):
            while True:
                filled += os.write(descriptor, b"." * size)
    os.set_blocking(descriptor, True)
    return filled


def fill_disk_of(file) -> None:
    """Have an open file's disk full from now on (Linux)."""
    device = os.open("/dev/full", os.O_WRONLY)
    os.dup2(device, file.fileno())
    os.close(device)
