"""Makes the picture of docs/teach.md anew: `python docs/make_teach_picture.py`.

Drawn flowers in two colours are taught, one of them in the wrong folder; Chromium shows the page of
the samples. Needs the weights of imagenet 0.75, Chromium and the packages of `.[dev]`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
from page_pictures import opened_page, picture_of

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
        with opened_page((Path(folder) / "page.html").as_uri(), 1000, 700) as page:
            picture = picture_of(page, whole=True)
    cv2.imwrite(str(PICTURE), picture, [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    main()
