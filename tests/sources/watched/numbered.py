"""Clips whose pictures carry their numbers, and what is in a clip that was made of them."""

import hashlib
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import cv2
import numpy as np

import av

BITS, RATE = 10, 30


def numbered(number: int, width: int = 320, height: int = 240):
    """A picture with its number in ten blocks along the top, and something that moves."""
    bgr = np.full((height, width, 3), 90, np.uint8)
    for bit in range(BITS):
        left, right = bit * width // BITS, (bit + 1) * width // BITS
        bgr[: height // 4, left:right] = 220 if number >> bit & 1 else 20
    bgr[height // 2 :] = number * 7 % 160 + 40
    return bgr


def number_of(bgr) -> int:
    """The number in a decoded picture."""
    height, width = bgr.shape[:2]
    row = bgr[height // 8]
    return sum(1 << b for b in range(BITS) if row[int((b + 0.5) * width / BITS)].mean() > 120)


@dataclass(frozen=True)
class Sent:
    """How a clip is encoded."""

    codec: str = "libx264"
    key_every: int = 30
    b_frames: int = 0
    sound: str = ""
    frames: int = 150
    width: int = 320


def write_numbered(path: Path, sent: Sent) -> Path:
    """A clip at RATE; its sound, where it has one, is a tone."""
    path.write_bytes(_encoded(path.suffix, sent))
    return path


@cache
def _encoded(suffix: str, sent: Sent) -> bytes:
    """The clip; many tests have the same, and it takes up to a second to encode."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"clip{suffix}")
        _encode(path, sent)
        return path.read_bytes()


def _encode(path: Path, sent: Sent) -> None:
    group = {"g": str(sent.key_every), "bf": str(sent.b_frames)}
    x265 = f"keyint={sent.key_every}:min-keyint={sent.key_every}:bframes={sent.b_frames}"
    options = {
        "libx264": {**group, "sc_threshold": "0", "preset": "veryfast"},
        "libx265": {"preset": "ultrafast", "x265-params": f"{x265}:scenecut=0:log-level=none"},
        "mpeg4": group,
    }[sent.codec]
    with av.open(str(path), "w") as container:
        video = container.add_stream(sent.codec, rate=RATE, options=options)
        video.width, video.height, video.pix_fmt = sent.width, 240, "yuv420p"
        rate = 8000 if sent.sound.startswith("pcm") else 48_000
        sound = container.add_stream(sent.sound, rate=rate, layout="mono") if sent.sound else None
        heard = 0
        for number in range(sent.frames):
            frame = av.VideoFrame.from_ndarray(numbered(number, sent.width), "bgr24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(video.encode(frame))
            while sound is not None and heard * 1024 / rate < (number + 1) / RATE:
                tone = (np.sin(np.arange(1024) * 0.2) * 8000).astype(np.int16)[None]
                samples = av.AudioFrame.from_ndarray(tone, "s16", "mono")
                samples.sample_rate, samples.pts = rate, heard * 1024
                samples.time_base = Fraction(1, rate)
                container.mux(sound.encode(samples))
                heard += 1
        container.mux(video.encode(None))
        if sound is not None:
            container.mux(sound.encode(None))


@dataclass(frozen=True)
class Shown:
    """A picture of a clip: when it is shown, its number, and a digest of its decoded bytes."""

    time_s: float
    number: int
    digest: str


def last_shown_in(path: Path) -> int:
    """The number of the last picture that a player shows of a clip; 0 without one."""
    last = None
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            last = frame if frame.time >= 0 else last
        return 0 if last is None else number_of(last.to_ndarray(format="bgr24"))


def shown_in(path: Path) -> list[Shown]:
    """What a player shows of a clip, from its time 0 on."""
    found = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if frame.time >= 0:  # a killed clip has more before it, which players pass over
                digest = hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest()
                bgr = frame.to_ndarray(format="bgr24")
                found.append(Shown(frame.time, number_of(bgr), digest))
    return found


def heard_in(path: Path) -> tuple[str, float, float]:
    """Codec, seconds and loudness of a clip's sound."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        frames = [f for f in container.decode(stream) if f.time >= -0.1]
        seconds = sum(frame.samples / frame.sample_rate for frame in frames)
        loud = np.concatenate([f.to_ndarray().astype(np.float64).ravel() for f in frames])
        return stream.codec_context.name, seconds, float(np.abs(loud).max())


def seen_by_opencv(path: Path) -> list[int]:
    """The numbers of the pictures that OpenCV shows."""
    capture, found = cv2.VideoCapture(str(path)), []
    while True:
        is_there, bgr = capture.read()
        if not is_there:
            capture.release()
            return found
        found.append(number_of(bgr))
