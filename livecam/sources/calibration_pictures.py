"""Pictures for int8 calibration: rendered daisies in varied light, and those of a user's folder."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from livecam.core.crop import centred_square, network_view
from livecam.core.types import NETWORK_SIDE_PX, BgrImage, RgbImage
from livecam.errors import SettingsError

RENDERED_PICTURES = 128
MAX_FOLDER_PICTURES = 192
_VIEWS_PER_SCENE = 16


def folder_squares(folder: Path) -> list[RgbImage]:
    """The centred squares of a folder's pictures, evenly chosen where there are very many.

    Raises:
        SettingsError: none of them can be read. A broken one among others is left out.
    """
    from livecam.sources.stills import read_picture

    files = list_pictures(folder)
    step = max(1, -(-len(files) // MAX_FOLDER_PICTURES))
    pictures = [picture for path in files[::step] if (picture := read_picture(path)) is not None]
    if not pictures:
        raise SettingsError(f"--calibration {folder} has no picture to be read: name another.")
    return [network_view(bgr, centred_square(bgr.shape[1], bgr.shape[0])) for bgr in pictures]


def list_pictures(folder: Path) -> list[Path]:
    """The pictures of a folder, in the order of their names; [] where it is none.

    Raises:
        SettingsError: it cannot be listed.
    """
    from livecam.sources.stills import find_pictures

    try:
        return find_pictures(str(folder)) if folder.is_dir() else []
    except OSError as error:
        raise SettingsError(
            f"--calibration {folder} cannot be listed ({error.strerror}): name another."
        ) from error


def rendered_squares(count: int = RENDERED_PICTURES) -> list[RgbImage]:
    """Views of the built-in scenes, most of them augmented (see `_augment`)."""
    from livecam.sources.synthetic.projection import Pose
    from livecam.sources.synthetic.renderer import render
    from livecam.sources.synthetic.rotation_and_zoom import PITCH_RANGE_RAD
    from livecam.sources.synthetic.scene import SceneContents, build_scene

    rng = np.random.default_rng(985)
    squares = []
    for number in range(count):
        if number % _VIEWS_PER_SCENE == 0:
            contents = SceneContents(int(rng.integers(1, 4)), others=bool(rng.integers(2)))
            scene = build_scene(number, contents)
        pose = Pose(
            rng.uniform(-np.pi, np.pi),
            rng.uniform(*PITCH_RANGE_RAD),
            np.exp(rng.uniform(-0.5, 0.9)),
        )
        bgr = render(scene, pose, NETWORK_SIDE_PX, NETWORK_SIDE_PX)
        squares.append(_augment(rng, BgrImage(bgr)))
    return squares


def _augment(rng: np.random.Generator, bgr: BgrImage) -> RgbImage:
    """As RGB, changed at random in what photographs differ in: light, colour, sharpness, noise."""
    rgb: Any = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.float32)
    if rng.random() < 0.7:
        if rng.random() < 0.4:
            rgb = rgb[..., rng.permutation(3)]
        rgb = np.roll(rgb, rng.integers(-60, 60, 2), (0, 1))
        rgb = 255.0 * (rgb / 255.0) ** np.exp(rng.uniform(-0.7, 0.7))
        rgb = (rgb - 128.0) * rng.uniform(0.6, 1.7) + 128.0 + rng.uniform(-40.0, 40.0)
        rgb = rgb * rng.uniform(0.8, 1.2, 3)
        if rng.random() < 0.3:
            rgb = rgb[::-1]
        if rng.random() < 0.5:
            rgb = rgb + rng.normal(0.0, rng.uniform(0.0, 15.0), rgb.shape)
        if rng.random() < 0.3:
            rgb = cv2.GaussianBlur(np.ascontiguousarray(rgb), (0, 0), rng.uniform(0.5, 2.0))
    return RgbImage(np.ascontiguousarray(np.clip(rgb, 0.0, 255.0), dtype=np.uint8))
