"""Tiny clips with known contents: which seconds have a daisy, where key frames are."""

import functools
import tempfile
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

import av
from livecam.sources.synthetic.projection import Pose
from livecam.sources.synthetic.renderer import render
from livecam.sources.synthetic.scene import SceneContents
from support import scene_of, textured

SIDE = 96
LONG_CLIP_FRAMES = 2400


@functools.cache
def daisy_picture(side: int = SIDE) -> np.ndarray:
    """The flower of the scene, from above: the flowers model is sure of it."""
    large = render(scene_of(0, SceneContents()), Pose(0.3, 1.2, 0.8), 224, 224)
    return cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)


@functools.cache
def other_picture(side: int = SIDE) -> np.ndarray:
    """Colours, and nothing that is a flower."""
    return np.asarray(textured(side, side, 3))


def encode(
    path: Path,
    pictures: Sequence[np.ndarray],
    rate: float = 10.0,
    *,
    codec: str = "libx264",
    options: Mapping[str, str] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """A clip of these pictures; by default a key frame a second and no others."""
    key_each = str(round(rate))
    given = {"g": key_each, "keyint_min": key_each, "sc_threshold": "0", "preset": "ultrafast"}
    with av.open(str(path), "w") as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=Fraction(rate).limit_denominator(1001))
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.options = given if options is None else dict(options)
        for bgr in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(bgr), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def daisy_clip(path: Path, daisy_seconds: str, rate: float = 4.0, **given) -> Path:
    """A clip of so many seconds as there are letters: "d" shows a daisy, "-" does not."""
    pictures = [daisy_picture() if letter == "d" else other_picture() for letter in daisy_seconds]
    return encode(path, [p for p in pictures for _ in range(round(rate))], rate, **given)


def moving(count: int, width: int = SIDE, height: int = SIDE, seed: int = 0) -> list[np.ndarray]:
    """Pictures of which every one is another: a texture that is shifted."""
    large = np.asarray(textured(2 * width, 2 * height, seed))
    places = [(3 * i % width, 2 * i % height) for i in range(count)]
    return [large[y : y + height, x : x + width].copy() for x, y in places]


@functools.cache
def _long_clip() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "long.mp4")
        encode(path, [np.asarray(textured(64, 48))] * LONG_CLIP_FRAMES, 30.0)
        return path.read_bytes()


def long_clip(path: Path) -> Path:
    """A clip of 80 seconds that costs little, for programs that are ended before its end."""
    path.write_bytes(_long_clip())
    return path
