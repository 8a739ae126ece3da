"""True colours of pictures: ICC profiles, transparency, linear light; all of it becomes sRGB."""

from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageFilter

MID_GREY = 128
"""What lies behind transparent pixels. Whatever colour they hide is of no account."""

_TOLERANCE = 2
"""A profile that changes no colour by more is that of sRGB (there are dozens of them)."""

_LINEAR_STEPS = 65535
_HLG_STEPS = 65
_BT2020_TO_BT709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
)
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


def hlg_to_srgb(image: Image.Image) -> Image.Image:
    """A picture of mode RGB in HLG and BT.2020 as sRGB; what is brighter than white is white."""
    return image.filter(_hlg_table())


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


@lru_cache(maxsize=1)
def _hlg_table() -> ImageFilter.Color3DLUT:
    """By BT.2100 and BT.2408: a display of 1000 cd/m2, its diffuse white at 203."""
    steps = np.linspace(0.0, 1.0, _HLG_STEPS)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")  # red changes fastest
    encoded = np.stack([red, green, blue], -1)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(encoded <= 0.5, encoded**2 / 3, (np.exp((encoded - c) / a) + b) / 12)
    luminance = scene @ np.array([0.2627, 0.6780, 0.0593])
    display = 1000.0 / 203.0 * scene * luminance[..., np.newaxis] ** 0.2
    srgb = encode_linear(display @ _BT2020_TO_BT709.T) / 255.0
    return ImageFilter.Color3DLUT(_HLG_STEPS, srgb.reshape(-1).tolist())


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
