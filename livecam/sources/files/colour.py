"""True colours of pictures: ICC profiles, transparency, linear light; all of it becomes sRGB."""

from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageCms

MID_GREY = 128
"""What lies behind transparent pixels. Whatever colour they hide is of no account."""

_TOLERANCE = 2
"""A profile that changes no colour by more is that of sRGB (there are dozens of them)."""

_LINEAR_STEPS = 65535
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
_MODE_OF_SPACE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}


def is_srgb(profile: bytes) -> bool:
    """Whether an ICC profile leaves all colours as they are; also where it is damaged."""
    return _transform(profile) is None


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The picture, of mode L, RGB or CMYK, in sRGB; unchanged where the profile is of no use."""
    transform = _transform(profile)
    if transform is None:
        return image
    if image.mode == "L" and transform.inputMode == "RGB":
        image = image.convert("RGB")
    if image.mode != transform.inputMode:
        return image
    return transform.apply(image)


def on_mid_grey(image: Image.Image) -> Image.Image:
    """A picture of mode RGBA as RGB: transparent pixels become mid-grey."""
    background = Image.new("RGBA", image.size, (MID_GREY, MID_GREY, MID_GREY, 255))
    return Image.alpha_composite(background, image).convert("RGB")


def encode_linear(linear: Any) -> Any:
    """uint8 in sRGB of linear light, where 1.0 is white; any shape and kind of float."""
    clipped = np.nan_to_num(np.clip(linear, 0.0, 1.0))
    return _linear_table()[np.rint(clipped * _LINEAR_STEPS).astype(np.uint16)]


@lru_cache(maxsize=1)
def _linear_table() -> Any:
    linear = np.arange(_LINEAR_STEPS + 1) / _LINEAR_STEPS
    encoded = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * np.power(linear, 1 / 2.4) - 0.055
    )
    return np.rint(255.0 * encoded).astype(np.uint8)


@lru_cache(maxsize=16)
def _transform(profile: bytes) -> ImageCms.ImageCmsTransform | None:
    """From the profile to sRGB; None where that changes nothing, or cannot be done."""
    try:
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
        mode = _MODE_OF_SPACE[opened.profile.xcolor_space.strip()]
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        transform = ImageCms.ImageCmsTransform(opened, srgb, mode, "RGB", _INTENT, flags=_FLAGS)
    except (ImageCms.PyCMSError, OSError, KeyError, ValueError):
        return None
    return transform if mode == "CMYK" or _changes_colours(transform, mode) else None


def _changes_colours(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    levels = np.array([0, 30, 80, 128, 190, 230, 255], np.uint8)
    if mode == "RGB":
        colours: Any = np.stack(np.meshgrid(levels, levels, levels), -1).reshape(1, -1, 3)
    else:
        colours = levels.reshape(1, -1)
    seen: Any = np.asarray(transform.apply(Image.fromarray(colours)), np.int16)
    before = colours if mode == "RGB" else colours[..., np.newaxis]
    return bool(np.abs(seen - before).max() > _TOLERANCE)
