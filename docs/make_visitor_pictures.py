"""Makes the pictures of docs/tutorials/pollinators.md: `python docs/make_visitor_pictures.py`.

With `--clips FOLDER` only the clips: drawn visitors of a drawn daisy, one clip to teach with and
one to watch. The pictures need Chromium and the packages of `.[dev]`.
"""

import math
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from page_pictures import make_what_is_asked_for, opened_page, picture_of, serving

from livecam.core.types import Frame
from livecam.sources.synthetic.source import SyntheticSource

PICTURES = Path(__file__).with_name("pictures")
SIZE_PX, RATE = (640, 480), 10
LIVECAM = [sys.executable, "-m", "livecam"]
FINE = 4
"""Visitors are drawn so many times as large, for smooth edges."""

Bgr = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Visit:
    """Somebody is at the flower.

    Attributes:
        kind: "bee" or "hoverfly".
        from_s, to_s: when.
        at_px: where it sits, from the middle of the picture.
    """

    kind: str
    from_s: float
    to_s: float
    at_px: tuple[int, int] = (0, 0)


TAUGHT = [
    Visit("bee", 6, 11, (-10, 5)),
    Visit("hoverfly", 16, 21, (15, -10)),
    Visit("bee", 26, 31, (25, 15)),
    Visit("hoverfly", 36, 41, (-20, 20)),
]
WATCHED = [
    Visit("bee", 8, 14, (5, -5)),
    Visit("hoverfly", 24, 29, (-15, 10)),
    Visit("bee", 40, 47, (20, 10)),
    Visit("bee", 58, 61, (-20, -15)),
    Visit("hoverfly", 72, 78, (10, 20)),
]


def visitor(kind: str, angle: float) -> tuple[Bgr, npt.NDArray[np.float32]]:
    """A bee or a hover-fly from above: its colours, and how much each pixel covers."""
    side = 150 * FINE
    colour, cover = np.zeros((side, side, 3), np.uint8), np.zeros((side, side), np.uint8)

    def ellipse(
        x: float, y: float, axes: tuple[float, float], bgr: tuple[int, ...], turn: float = 0
    ) -> None:
        middle = round(side / 2 + x * FINE), round(side / 2 + y * FINE)
        size = round(axes[0] * FINE), round(axes[1] * FINE)
        for image, value in ((colour, bgr), (cover, (255,))):
            cv2.ellipse(image, middle, size, turn, 0, 360, value, cv2.FILLED, cv2.LINE_AA)

    is_bee = kind == "bee"
    body, dark = ((40, 150, 215), (20, 25, 35)) if is_bee else ((60, 190, 120), (90, 60, 25))
    for way in (-1, 1):
        ellipse(4, way * 30, (14, 30), (225, 215, 205), way * -25)
    ellipse(-20, 0, (40, 24 if is_bee else 15), body)
    for stripe in range(3):
        ellipse(-44 + 20 * stripe, 0, (5, 20 if is_bee else 12), dark)
    ellipse(25, 0, (18, 19 if is_bee else 14), (35, 75, 110) if is_bee else dark)
    ellipse(48, 0, (11, 13), dark if is_bee else (50, 40, 150))
    turned = cv2.getRotationMatrix2D((side / 2, side / 2), angle, 1.0)
    small = 150, 150
    colour, cover = (
        cv2.resize(cv2.warpAffine(image, turned, (side, side)), small, interpolation=cv2.INTER_AREA)
        for image in (colour, cover)
    )
    return colour.astype(np.uint8), (cover / 255).astype(np.float32)


def put(bgr: Bgr, visit: Visit, at_s: float) -> None:
    """Draw a visitor: it comes and goes within half a second, and walks about between."""
    away = max(0.0, 0.5 - (at_s - visit.from_s), 0.5 - (visit.to_s - at_s))
    x = bgr.shape[1] / 2 + visit.at_px[0] + 12 * math.sin(1.7 * at_s) - 700 * away
    y = bgr.shape[0] / 2 + visit.at_px[1] + 9 * math.cos(2.3 * at_s) - 300 * away
    colour, cover = visitor(visit.kind, 40 * math.sin(0.9 * at_s) + 20 * visit.from_s)
    left, top = round(x) - 75, round(y) - 75
    inside = slice(max(0, top), max(0, top + 150)), slice(max(0, left), max(0, left + 150))
    part = bgr[inside]
    if not part.size:
        return
    taken = (
        slice(max(0, -top), max(0, -top) + part.shape[0]),
        slice(max(0, -left), max(0, -left) + part.shape[1]),
    )
    share = cover[taken][..., None]
    part[:] = (share * colour[taken] + (1 - share) * part).astype(np.uint8)


def write_clip(path: Path, visits: Sequence[Visit], seconds: int, seed: int) -> None:
    """A daisy, and who visits it."""
    import av  # after OpenCV

    with (
        SyntheticSource(seed=seed, size_px=SIZE_PX, rate=float(RATE)) as source,
        av.open(str(path), "w") as container,
    ):
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "21"})
        stream.width, stream.height = SIZE_PX
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = RATE
        frames = (found.bgr for found in source if isinstance(found, Frame))
        for number, flower in enumerate(islice(frames, seconds * RATE)):
            bgr = np.array(flower)
            for visit in visits:
                if visit.from_s <= number / RATE < visit.to_s:
                    put(bgr, visit, number / RATE)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(bgr, "bgr24")))
        container.mux(stream.encode(None))


def write_clips(folder: Path) -> None:
    """One to teach with, one to watch."""
    folder.mkdir(parents=True, exist_ok=True)
    write_clip(folder / "monday.mp4", TAUGHT, 46, seed=1)
    write_clip(folder / "tuesday.mp4", WATCHED, 84, seed=1)


TEACHING = [
    ("bee", 6.5, 10.5), ("bee", 26.5, 30.5), ("hoverfly", 16.5, 20.5), ("hoverfly", 36.5, 40.5),
    ("other", 0, 5.5), ("other", 11.5, 15.5), ("other", 21.5, 25.5), ("other", 31.5, 35.5),
    ("other", 41.5, 45.5),
]  # fmt: skip
WATCHING = ["--model", "visitors.livecam", "--look-every", "0.3", "--timelapse", "5"]
WATCHING += ["--when", "bee > 0.8", "--when", "hoverfly > 0.8", "--before", "2", "--after", "2"]


def teach(folder: Path, clip: str, class_name: str, from_s: float, to_s: float) -> None:
    """As step 1 of the tutorial does."""
    part = ["--from", str(from_s), "--to", str(to_s), "--class", class_name]
    command = [*LIVECAM, "teach", clip, *part, "--samples", "visitors"]
    subprocess.run(command, cwd=folder, check=True)


def watch(folder: Path, events: str) -> list[Path]:
    """As step 3 does; gives the clips of the events, in order."""
    command = [*LIVECAM, "watch", "tuesday.mp4", *WATCHING, "--events", events]
    subprocess.run(command, cwd=folder, check=True)
    return sorted((folder / events).glob("*/*-*.mp4"))


def strongest_moments(clips: Sequence[Path]) -> Bgr:
    """The pictures that lie beside the clips, in one row."""
    pictures = [cv2.imread(str(clip.with_suffix(".jpg"))) for clip in clips]
    rows = [cv2.resize(each, (320, 240)) for each in pictures if each is not None]
    return np.asarray(cv2.hconcat(rows), np.uint8)


def page_of(folder: Path) -> Bgr:
    """The day on the page of events."""
    command = [*LIVECAM, "serve", str(folder), "--port", "0", "--no-token"]
    with serving(command, folder) as address, opened_page(address, 1180, 900) as page:
        page.locator(".day-link").first.click()
        page.locator(".day-bars").wait_for()
        time.sleep(3)
        return picture_of(page)


def save(name: str, picture: Bgr) -> None:
    """Into the folder of pictures."""
    cv2.imwrite(str(PICTURES / name), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])


def make_pictures(folder: Path) -> None:
    """Follow the tutorial, and keep what it shows."""
    write_clips(folder)
    for class_name, from_s, to_s in TEACHING:
        teach(folder, "monday.mp4", class_name, from_s, to_s)
    first = watch(folder, "first")
    save("visitors_first.jpg", strongest_moments(first))
    teach(folder, str(first[1].relative_to(folder)), "hoverfly", 2, 5)
    teach(folder, str(first[2].relative_to(folder)), "bee", 2, 2.7)
    watch(folder, "events")
    save("visitors.jpg", page_of(folder / "events"))


if __name__ == "__main__":
    make_what_is_asked_for(__doc__, write_clips, make_pictures)
