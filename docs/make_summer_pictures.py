"""Makes the pictures of docs/tutorials/summer.md: `python docs/make_summer_pictures.py`.

With `--clips FOLDER` only the clips: a camera on a rail takes twelve seconds of a drawn flower bed
every noon, from 20 June on; in the beginning of July its daisies open. The pictures need Chromium
and the packages of `.[dev]`.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from page_pictures import make_what_is_asked_for, opened_page, picture_of, serving

from livecam.core.types import Frame
from livecam.sources.synthetic.scene import SceneContents
from livecam.sources.synthetic.source import SyntheticSource

PICTURES = Path(__file__).with_name("pictures")
FIRST_DAY = datetime(2026, 6, 20, 10, 0, tzinfo=UTC)
OPEN_S = (0,) * 11 + (2, 2, 3, 4, 6, 7, 8, 8, 7, 8, 8, 7, 6, 5, 3, 2) + (0,) * 3
"""For so many seconds the camera of each day sees open daisies."""

RATE, SECONDS = 5, 12
WIDE_PX, SHOWN_PX = (1280, 720), (640, 360)
GRASS_XY, FLOWERS_XY = (0, 300), (320, 150)
"""The upper left corner of what the camera sees at the ends of its rail."""

LIVECAM = [sys.executable, "-m", "livecam"]
CONDITION = "daisy > 0.8 for 2s"


def wide_frames(seed: int) -> list[npt.NDArray[np.uint8]]:
    """The whole bed for as long as a clip lasts."""
    contents = SceneContents(2, others=False)
    source = SyntheticSource(seed=seed, contents=contents, size_px=WIDE_PX, rate=float(RATE))
    with source:
        frames = (found.bgr for found in source if isinstance(found, Frame))
        return list(islice(frames, RATE * SECONDS))


def write_clip(
    path: Path, wide: Sequence[npt.NDArray[np.uint8]], open_s: int, at: datetime
) -> None:
    """One noon: grass, then the flowers for so long, then grass."""
    import av  # after OpenCV

    with av.open(str(path), "w") as container:
        container.metadata["creation_time"] = f"{at:%Y-%m-%dT%H:%M:%S.000000Z}"
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "23"})
        stream.width, stream.height = SHOWN_PX
        stream.pix_fmt = "yuv420p"
        stream.codec_context.gop_size = RATE
        for number, bgr in enumerate(wide):
            is_open = 3 <= number / RATE < 3 + open_s
            left, top = FLOWERS_XY if is_open else GRASS_XY
            # The scene turns, and would bring a flower into the grass.
            part = (bgr if is_open else wide[0])[top : top + SHOWN_PX[1], left : left + SHOWN_PX[0]]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(part), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def make_clips(folder: Path) -> None:
    """The clips of the whole summer."""
    folder.mkdir(parents=True, exist_ok=True)
    beds = [wide_frames(seed) for seed in (0, 3, 5)]
    for day, open_s in enumerate(OPEN_S):
        at = FIRST_DAY + timedelta(days=day)
        write_clip(folder / f"bed_{at:%m-%d}.mp4", beds[day % len(beds)], open_s, at)


def shot_of(address: str, height_px: int, steps: Sequence[str] = ()) -> npt.NDArray[np.uint8]:
    """A page as Chromium shows it, after clicking on elements."""
    with opened_page(address, 1180, height_px) as page:
        for step in steps:
            page.locator(step).first.click()
            time.sleep(3)
        page.evaluate("scrollTo(0, 0)")
        time.sleep(1)
        return picture_of(page)


def save(name: str, picture: npt.NDArray[np.uint8]) -> None:
    """Into the folder of pictures."""
    cv2.imwrite(str(PICTURES / name), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])


def make_pictures(folder: Path) -> None:
    """The contact sheet and the page, of the archive of the clips."""
    make_clips(folder / "summer")
    batch = ["batch", "summer", "--out", "garden", "--model", "flowers", "--grid", "--features"]
    find = ["find", "garden", CONDITION]
    for command in (batch, [*find, "--by", "day"], [*find, "--sheet", "summer.html"]):
        subprocess.run([*LIVECAM, *command], cwd=folder, check=True)
    save("summer_sheet.jpg", shot_of((folder / "summer.html").as_uri(), 900))
    command = [*LIVECAM, "serve", "garden", "--port", "0", "--no-token"]
    with serving(command, folder) as address:
        found = f"{address}?find={CONDITION.replace(' ', '+').replace('>', '%3E')}"
        save("summer_page.jpg", shot_of(found, 1180, [".event >> nth=5"]))


if __name__ == "__main__":
    make_what_is_asked_for(__doc__, make_clips, make_pictures)
