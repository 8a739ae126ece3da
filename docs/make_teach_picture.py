"""Makes the picture of docs/teach.md anew: `python docs/make_teach_picture.py`.

Drawn flowers in two colours are taught, one of them in the wrong folder; Chromium shows the page of
the samples. Needs the weights of imagenet 0.75, Chromium and the packages of `.[dev]`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from livecam.sources.synthetic.projection import Pose
from livecam.sources.synthetic.renderer import render
from livecam.sources.synthetic.scene import SceneContents, build_scene

PICTURE = Path(__file__).with_name("pictures") / "taught.jpg"
COLOURS = {"marguerite": (1.0, 1.0, 1.0), "aster": (0.95, 0.45, 0.75)}
VIEWS = 6
WHITE = 150


def flower(name: str, seed: int) -> np.ndarray:
    """A view of the drawn daisy, its petals in the colour (blue, green, red) of a kind."""
    rng = np.random.default_rng(seed)
    scene = build_scene(seed, SceneContents(1, others=bool(seed % 2)))
    pose = Pose(rng.uniform(-2, 2), rng.uniform(0.1, 0.7), np.exp(rng.uniform(-0.2, 0.5)))
    bgr = render(scene, pose, 320, 320).astype(np.float32)
    petals = (bgr.min(axis=2, keepdims=True) - WHITE).clip(0, 40) / 40
    tinted = bgr * (1 - petals * (1 - np.array(COLOURS[name], np.float32)))
    return tinted.astype(np.uint8)


def main() -> None:
    """Teach and take the picture."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        garden = Path(folder) / "garden"
        for place, name in enumerate(COLOURS):
            (garden / name).mkdir(parents=True)
            for n in range(VIEWS):
                path = garden / name / f"{n + 1}.png"
                cv2.imwrite(str(path), flower(name, 20 * place + n))
        cv2.imwrite(str(garden / "aster" / "wrong.png"), flower("marguerite", 99))
        command = [sys.executable, "-m", "livecam", "teach", str(garden), "--page", "page.html"]
        subprocess.run(command, cwd=folder, check=True)
        with sync_playwright() as playwright:
            chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            tab = browser.new_page(viewport={"width": 1000, "height": 700})
            tab.goto((Path(folder) / "page.html").as_uri())
            shot = tab.screenshot(full_page=True)
            browser.close()
    picture = cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    cv2.imwrite(str(PICTURE), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main()
