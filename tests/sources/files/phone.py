"""The folder of a telephone: pictures of several kinds, an animation and a clip."""

from pathlib import Path

from PIL import Image
from sources.files.picture_samples import animation, board, heic
from support import textured, write_clip

PHONE = [
    ("IMG_0001.JPG", 0.0, 1.0),
    ("IMG_0002.HEIC", 1.0, 1.0),
    ("IMG_0004.MOV", 2.0, 0.1),
    ("IMG_0004.MOV", 2.1, 0.1),
    ("IMG_0004.MOV", 2.2, 0.1),
    ("IMG_0005.GIF", 2.3, 0.2),
    ("IMG_0005.GIF", 2.5, 0.3),
    ("IMG_0005.GIF", 2.8, 0.1),
    ("IMG_0006.PNG", 2.9, 1.0),
]
"""Name, time and duration in seconds of each of its pictures."""


def phone_folder(folder: Path) -> Path:
    """What a telephone leaves: pictures, an animation and a clip."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(board()).save(folder / "IMG_0001.JPG")
    (folder / "IMG_0002.HEIC").write_bytes(heic(board(), 64))
    write_clip(folder / "IMG_0004.MOV", [textured(64, 48, n) for n in range(3)], [0.0, 0.1, 0.2])
    first, *others = animation(3)
    first.save(
        folder / "IMG_0005.GIF", save_all=True, append_images=others, duration=[200, 300, 100]
    )
    first.save(folder / "IMG_0006.PNG")
    return folder
