"""`livecam teach` as tests start it: clips of coloured things, the command, the samples it took."""

import sys
from pathlib import Path

import cv2
import numpy as np
from support import write_clip

COLOURS = {"red": (30, 30, 220), "blue": (220, 60, 30), "white": (240, 240, 240)}


def clip_of(path: Path, name: str, side_px: int = 240) -> Path:
    """Two seconds of a round thing of a colour that moves about, over noise."""
    rng, pictures = np.random.default_rng(1), []
    for n in range(20):
        bgr = rng.integers(60, 120, (side_px, side_px, 3), np.uint8)
        middle = (3 * side_px // 8 + n * side_px // 80, side_px // 2)
        cv2.circle(bgr, middle, 7 * side_px // 24, COLOURS[name], -1)
        pictures.append(bgr)
    return write_clip(path, pictures, [n / 10 for n in range(20)])


def teach_command(clip: Path, *class_names: str) -> list[str]:
    """Teach these classes on a clip that plays again and again, into the folder `things`."""
    command = [sys.executable, "-m", "livecam", "teach", str(clip), "--model", "flowers"]
    command += [word for name in class_names for word in ("--class", name)]
    return [*command, "--samples", "things", "--at-end", "loop", "--threads", "1"]


def samples_of(folder: Path, name: str) -> list[str]:
    """The samples of a class that are on the disk."""
    return sorted(path.name for path in (folder / "things" / name).glob("*.png"))
