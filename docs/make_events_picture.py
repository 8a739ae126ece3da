"""Makes the picture of docs/events-page.md anew: `python docs/make_events_picture.py`.

Two drawn flower beds are watched for a while; Chromium shows the page. Needs Chromium and the
packages of `.[dev]`.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

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


def shot_of(address: str) -> bytes:
    """The page with an event that is played."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 1500})
        tab.goto(address)
        tab.locator(".event:not([aria-label*='goes on'])").nth(1).click()
        tab.get_by_role("button", name="Keep", exact=True).click()
        time.sleep(3)
        tab.evaluate("scrollTo(0, 0)")
        shot = tab.screenshot()
        browser.close()
    return bytes(shot)


def main() -> None:
    """Watch, and take the picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        meadow(folder)
        (folder / "garden.toml").write_text(CAMERAS, "utf-8")
        command = [*LIVECAM, "watch", "garden.toml", "--events", "garden"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder) as watching:
            try:
                said = (re.search(r"http://\S+", line) for line in watching.stderr or ())
                address = next(found[0] for found in said if found)
                time.sleep(WATCHED_S)
                shot = shot_of(address)
            finally:
                watching.terminate()
                watching.communicate()
    picture = cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    cv2.imwrite(str(PICTURE), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main()
