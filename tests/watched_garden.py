"""Clips in which daisies come and go at known times; each picture carries its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from support import write_clip

import av
from livecam.sources.synthetic.source import SyntheticSource

RATE = 10
SIZE = (320, 240)
BITS = 14
_MARGIN_PX = 40
"""Left of the square that the network sees; the number is there."""


@cache
def daisy() -> np.ndarray:
    """A daisy of the built-in scene."""
    with SyntheticSource(size_px=SIZE) as source:
        return next(iter(source)).bgr.copy()


@cache
def meadow() -> np.ndarray:
    """A picture in which nothing is."""
    noise = np.random.default_rng(0).integers(60, 110, (15, 20, 3), np.uint8)
    noise[..., 1] += 40
    return cv2.resize(noise, SIZE, interpolation=cv2.INTER_CUBIC)


def numbered(bgr: np.ndarray, number: int) -> np.ndarray:
    """The picture with its number in blocks down its left margin."""
    marked = bgr.copy()
    for bit in range(BITS):
        top, bottom = bit * SIZE[1] // BITS, (bit + 1) * SIZE[1] // BITS
        marked[top:bottom, : _MARGIN_PX - 8] = 220 if number >> bit & 1 else 20
    return marked


def number_of(bgr: np.ndarray) -> int:
    """The number of a decoded picture."""
    column = bgr[:, 12:20].mean(axis=(1, 2))
    return sum(1 << b for b in range(BITS) if column[int((b + 0.5) * SIZE[1] / BITS)] > 120)


@dataclass(frozen=True)
class Visit:
    """A daisy is there from one picture to another, both included."""

    first: int
    last: int


def visits_of(script: Sequence[tuple[int, int]]) -> list[Visit]:
    """Visits of (pictures without a daisy before it, pictures with one)."""
    found, number = [], 0
    for without, having in script:
        found.append(Visit(number + without, number + without + having - 1))
        number += without + having
    return found


def write_garden(
    path: Path, visits: Sequence[Visit], count: int, *, key_every: int | None = None
) -> Path:
    """A clip of so many pictures at RATE; a daisy is in those of the visits.

    With `key_every` it is as cameras send it: key pictures that often, no B-frames.
    """
    is_there = {number for one in visits for number in range(one.first, one.last + 1)}
    pictures = [numbered(daisy() if n in is_there else meadow(), n) for n in range(count)]
    if key_every is None:
        return write_clip(path, pictures, [n / RATE for n in range(count)])
    options = {"g": str(key_every), "bf": "0", "sc_threshold": "0", "preset": "veryfast"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for bgr in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(bgr, "bgr24")))
        container.mux(stream.encode(None))
    return path


def numbers_in(path: Path) -> list[int]:
    """The numbers of the pictures that a player shows of a clip."""
    with av.open(str(path)) as container:
        shown = [frame for frame in container.decode(video=0) if frame.time >= 0]
        return [number_of(frame.to_ndarray(format="bgr24")) for frame in shown]
