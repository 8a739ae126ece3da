"""Pictures for int8 calibration: rendered daisies in varied light, and those of a user's folder."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from livecam.core.crop import centred_square, network_view
from livecam.core.types import NETWORK_SIDE_PX, BgrImage, RgbImage
from livecam.errors import SettingsError
from livecam.sources.files.listing import FileListing, describe_nothing_found, list_files

RENDERED_PICTURES = 128
MAX_FOLDER_PICTURES = 192
_VIEWS_PER_SCENE = 16


def folder_squares(folder: Path, say: Callable[[str], None] = lambda _: None) -> list[RgbImage]:
    """The centred squares of a folder's pictures, evenly chosen where there are very many.

    Of an animation or a clip it is the first picture.

    Args:
        folder: of pictures and clips.
        say: receives a line about those that cannot be read; they are left out.

    Raises:
        SettingsError: none of them can be read.
    """
    from livecam.sources.files.timed_pictures import first_picture

    files = list_folder(folder).paths
    chosen = files[:: max(1, -(-len(files) // MAX_FOLDER_PICTURES))]
    pictures = [picture for path in chosen if (picture := first_picture(path)) is not None]
    if not pictures:
        raise SettingsError(f"--calibration {folder} has no picture to be read: name another.")
    broken = len(chosen) - len(pictures)
    if broken:
        say(f"--calibration {folder}: {broken} of {len(chosen)} files cannot be read: left out")
    return [network_view(bgr, centred_square(bgr.shape[1], bgr.shape[0])) for bgr in pictures]


def folder_digest(listing: FileListing) -> str:
    """What tells one set of files from another: names, sizes and times of change, digested."""
    stats = [(file.name, file.stat()) for file in listing.paths]
    text = "\n".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stats)
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()


def list_folder(folder: Path) -> FileListing:
    """The pictures and clips of a folder.

    Raises:
        SettingsError: it is no folder, has none, or cannot be listed.
    """
    from livecam.sources.files.timed_pictures import opens_as_clip

    if not folder.is_dir():
        raise SettingsError(f"--calibration {folder} is not a folder with pictures: name another.")
    try:
        listing = list_files(str(folder), opens_as_clip)
    except OSError as error:
        raise SettingsError(
            f"--calibration {folder} cannot be listed ({error.strerror}): name another."
        ) from error
    if not listing.paths:
        raise SettingsError(f"--calibration: {describe_nothing_found(str(folder), listing)}")
    return listing


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
