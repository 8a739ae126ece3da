"""Makes recordings and reads them back: what the tests of the recorder share."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np

from annotated_frames import RECORDING, annotated_frame_of
from support import FakeClock, eventually, picture, textured

import av
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.errors import SourceLostError
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.options import RecordingEvents, RecordingOptions
from livecam.sinks.recording.own_recordings import name_digest
from livecam.sinks.recording.recorder import EncoderThread, Recorder
from livecam.sources.clip import Clip

NOON = datetime(2026, 11, 22, 12, 0, 5)  # noqa: DTZ001  (wall clock)
NOON_STEM = "livecam_2026-11-22_12-00-05"
STOPPED = replace(RECORDING, recording=False)
COLOURS = [
    (0, 0, 0), (255, 255, 255), (128, 128, 128), (255, 0, 0), (0, 255, 0), (0, 0, 255),
    (255, 255, 0), (0, 255, 255), (255, 0, 255), (40, 90, 200), (200, 90, 40), (16, 235, 128),
]  # fmt: skip


def colour_patches(side: int) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """A picture of four by three square patches, BGR as in COLOURS, and their (x, y) corners."""
    corners = [(x, y) for y in range(0, 3 * side, side) for x in range(0, 4 * side, side)]
    patches = np.zeros((3 * side, 4 * side, 3), np.uint8)
    for (x, y), colour in zip(corners, COLOURS, strict=True):
        patches[y : y + side, x : x + side] = colour
    return patches, corners


def patch_errors(shown: np.ndarray, side: int) -> list[float]:
    """How far the middle of each patch of a decoded picture is from its colour, at most."""
    middle = slice(side // 4, side * 3 // 4)
    _, corners = colour_patches(side)
    found = [shown[y : y + side, x : x + side][middle, middle].mean((0, 1)) for x, y in corners]
    return [float(np.abs(one - colour).max()) for one, colour in zip(found, COLOURS, strict=True)]


PICTURES = [textured(160, 120, seed) for seed in range(9)]


class TickingClock(FakeClock):
    """Advances a thirtieth of a second with every call."""

    def __call__(self):
        self.sleep(1 / 30)
        return self.now_s


def clip_options(path: Path, **more: object) -> RecordingOptions:
    """What is recorded of a clip: no frame is dropped."""
    return RecordingOptions(path, path.parent, EncoderRequest(live=False), **more)


def camera_options(path: Path, **more: object) -> RecordingOptions:
    """What is recorded of a camera: it does not wait."""
    return RecordingOptions(path, path.parent, EncoderRequest(rate=30.0, live=True), **more)


def textured_frame(number: int) -> AnnotatedFrame:
    """One of nine pictures, in turn."""
    return annotated_frame_of(PICTURES[number % 9], number, number / 30)


def show_at_its_pace(
    recorder: Recorder, numbers: Iterable[int], pictures: Sequence[np.ndarray] = PICTURES
) -> None:
    """Frames of a camera; where the encoder is behind, it is waited for."""
    for number in numbers:
        bgr = pictures[number % len(pictures)]
        recorder.show(annotated_frame_of(bgr, number, number / 30))
        eventually(lambda: has_kept_up(recorder._thread))


def has_kept_up(thread: EncoderThread) -> bool:
    """Whether an encoder thread has few frames before it, or never will."""
    return len(thread._queue) < 6 or thread.dropped or not thread._thread.is_alive()


def recorder_at_noon(
    options: RecordingOptions, notes: list[str] | None = None, **more: object
) -> Recorder:
    """A recorder whose wall clock stands still; `notes` collects its notifications."""
    notify = (notes if notes is not None else []).append
    return Recorder(options, RecordingEvents(notify=notify), now=lambda: NOON, **more)


def record(
    options: RecordingOptions,
    annotated_frames: Iterable[AnnotatedFrame],
    notes: list[str] | None = None,
) -> None:
    """Record annotated frames, one after the other."""
    with recorder_at_noon(options, notes) as recorder:
        for annotated in annotated_frames:
            recorder.show(annotated)


def keyed(
    numbers: Iterable[int], begin: int, end: int = 10**9, rate: float = 30.0
) -> Iterator[AnnotatedFrame]:
    """Grey frames; the key is pressed at frame `begin`, and again at `end`."""
    for n in numbers:
        view = RECORDING if begin <= n < end else STOPPED
        yield annotated_frame_of(picture(value=n % 250), n, n / rate, view=view)


def grey_levels(path: Path) -> list[float]:
    """Mean level of every frame."""
    with av.open(str(path)) as container:
        return [float(f.to_ndarray(format="bgr24").mean()) for f in container.decode(video=0)]


def readable_times_s(path: Path) -> list[float]:
    """Times of the frames of a recording that nobody finished, as far as they can be read."""
    times_s = []
    with Clip(path) as clip, suppress(SourceLostError):
        times_s.extend(frame.time_s for frame in clip)
    return times_s


def opencv_frames(path: Path) -> int:
    """How many frames OpenCV reads; -1 where it does not open the file."""
    video = cv2.VideoCapture(str(path))
    try:
        if not video.isOpened():
            return -1
        count = 0
        while video.read()[0]:
            count += 1
        return count
    finally:
        video.release()


NUMBER_BITS = 16
_BIT_PX = 10


def numbered_noise(number: int, width: int = 160, height: int = 120) -> np.ndarray:
    """A picture that does not compress, with its number in its first rows, as black and white."""
    noise = np.random.default_rng(number % 97).integers(0, 256, (height, width, 3), np.uint8)
    for bit in range(NUMBER_BITS):
        noise[:16, bit * _BIT_PX : (bit + 1) * _BIT_PX] = 255 * (number >> bit & 1)
    return noise


def numbers_of(path: Path) -> list[int]:
    """The numbers of the frames of a recording of such pictures, up to the first damage."""
    rows = []
    with av.open(str(path)) as container, suppress(av.error.InvalidDataError):  # it was killed
        rows.extend(frame.to_ndarray(format="gray")[:16] for frame in container.decode(video=0))
    bits = [row[:, : NUMBER_BITS * _BIT_PX].reshape(16, NUMBER_BITS, _BIT_PX) for row in rows]
    return [sum(1 << b for b in range(NUMBER_BITS) if bit[:, b].mean() > 128) for bit in bits]


def copied_as_recorded(recording: Path, path: Path, pattern: str, *, named: Path | None = None):
    """A copy of a recording's file, as if it was made as `named` (or `path`) under a pattern."""
    made_as = recording.with_name(recording.name.replace("_clean", "")).with_suffix(".mp4")
    before = name_digest(Path(made_as.name), made_as).encode()
    after = name_digest(Path(pattern), named or path).encode()
    path.write_bytes(recording.read_bytes().replace(before, after))
    return path
