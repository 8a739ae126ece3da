"""Makes the picture of docs/events-page.md anew: `python docs/make_events_picture.py`.

Two drawn flower beds are watched for a while; Chromium shows the page. Needs Chromium and the
packages of `.[dev]`.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from page_pictures import opened_page, picture_of, serving

PICTURE = Path(__file__).with_name("pictures") / "events.jpg"
WATCHED_S = 75
LIVECAM = [sys.executable, "-m", "livecam"]
CAMERAS = """
model = "flowers"
serve = true
port = 0
ask-token = false
keep = "both"
max-length = 7
scene-size = "960x540"
scene-rate = 10

[camera.bed]
source = "daisy"
when = "daisy > 0.9"

[camera.meadow]
source = "meadow.mkv"
when = ["daisy > 0.9", "dandelion > 0.9"]
"""


def meadow(folder: Path) -> None:
    """A clip of five daisies and other things."""
    command = [*LIVECAM, "daisy", "--model", "flowers", "--no-window", "--scene-others"]
    command += ["--scene-flowers", "5", "--scene-size", "960x540", "--seconds", "90"]
    command += ["--scene-rate", "10"]
    command += ["--record", "annotated.mkv", "--record-clean"]
    subprocess.run(command, cwd=folder, check=True)
    (folder / "annotated_clean.mkv").rename(folder / "meadow.mkv")


def picture_of_an_event(address: str) -> npt.NDArray[np.uint8]:
    """The page with an event that is played."""
    with opened_page(address, 1280, 1500) as page:
        page.locator(".event:not([aria-label*='goes on'])").nth(1).click()
        page.get_by_role("button", name="Keep", exact=True).click()
        time.sleep(3)
        page.evaluate("scrollTo(0, 0)")
        return picture_of(page)


def main() -> None:
    """Watch, and take the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        meadow(folder)
        (folder / "garden.toml").write_text(CAMERAS, "utf-8")
        command = [*LIVECAM, "watch", "garden.toml", "--events", "garden"]
        with serving(command, folder) as address:
            time.sleep(WATCHED_S)
            picture = picture_of_an_event(address)
    cv2.imwrite(str(PICTURE), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main()
