"""Augmentation: crops, colours, blur, noise and compression as of a webcam in a moving hand."""

import cv2
import numpy as np
from numpy.random import Generator

from training.data.picture_store import Picture

REFERENCE_SIDE_PX = 224  # blur and noise are as strong as at this size
LEAST_AREA = 0.40  # of the largest square of a photograph
CHEAP_CAMERA_SHARE = 0.06
LEAST_AREA_RENDERED = 0.65  # a rendered flower may be small: never cut it off


def augment(
    rng: Generator, picture: Picture, side_px: int, least_area: float = LEAST_AREA
) -> Picture:
    """Return a random square part of the picture, uint8 RGB, in other light, maybe degraded."""
    part = random_crop(rng, picture, side_px, least_area)
    return as_photographed(rng, part)


def as_photographed(rng: Generator, part: Picture) -> Picture:
    """Change light and colours as cameras do, now and then as a cheap one in the evening does."""
    part = jitter_colours(rng, np.ascontiguousarray(part))
    if rng.random() < CHEAP_CAMERA_SHARE:
        return degrade_as_webcam(rng, lamp_light(rng, part))
    return degrade(rng, part)


def close_up(picture: Picture) -> Picture:
    """Return the middle of a picture: what a network at detail 2 sees of a flower."""
    height, width = picture.shape[:2]
    return picture[height // 8 : height - height // 8, width // 8 : width - width // 8]


def lamp_light(rng: Generator, part: Picture) -> Picture:
    """Warm or cold light that falls off to one side, as from a lamp."""
    side_px = part.shape[0]
    corners = rng.uniform(0.45, 1.1, (2, 2)).astype(np.float32)
    light = cv2.resize(corners, (side_px, side_px), interpolation=cv2.INTER_LINEAR)[..., None]
    warm = float(rng.uniform(-0.25, 0.4))
    colour = np.array([1.0 + 0.3 * warm, 1.0, 1.0 - 0.7 * warm], np.float32)
    return np.clip(part * (light * colour), 0, 255).astype(np.uint8)


def random_crop(rng: Generator, picture: Picture, side_px: int, least_area: float) -> Picture:
    """Cut a part of the picture, a little stretched, sometimes turned or mirrored."""
    height, width = picture.shape[:2]
    side = min(height, width) * np.sqrt(rng.uniform(least_area, 1.0))
    stretch = np.exp(rng.uniform(-0.18, 0.18))
    wide = min(width, max(16, round(side * stretch)))
    high = min(height, max(16, round(side / stretch)))
    left, top = int(rng.integers(0, width - wide + 1)), int(rng.integers(0, height - high + 1))
    cut = np.ascontiguousarray(picture[top : top + high, left : left + wide])
    way = cv2.INTER_AREA if min(high, wide) > side_px else cv2.INTER_LINEAR
    part = cv2.resize(cut, (side_px, side_px), interpolation=way)
    if rng.random() < 0.5:
        part = part[:, ::-1]
    if rng.random() < 0.15:
        middle = (side_px / 2.0, side_px / 2.0)
        turn = cv2.getRotationMatrix2D(middle, float(rng.uniform(-35, 35)), 1.0)
        part = cv2.warpAffine(part, turn, (side_px, side_px), borderMode=cv2.BORDER_REFLECT_101)
    return part


def jitter_colours(rng: Generator, part: Picture) -> Picture:
    """Change exposure, gamma, white balance and saturation."""
    if rng.random() < 0.30:
        return part
    steps = np.linspace(0.0, 1.0, 256) ** np.exp(rng.normal(0.0, 0.18))
    gain = np.exp(rng.normal(0.0, 0.12) + rng.normal(0.0, 0.06, 3))
    lift = rng.normal(0.0, 0.04)
    table = (0.5 + (steps[:, None] - 0.5 + lift) * np.exp(rng.normal(0.0, 0.12))) * gain
    part = cv2.LUT(part, (np.clip(table, 0, 1) * 255).astype(np.uint8)[None])
    if rng.random() < 0.6:
        grey = cv2.cvtColor(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        colour = float(rng.uniform(0.45, 1.4))
        part = cv2.addWeighted(part, colour, grey, 1.0 - colour, 0.0)
    return part


def vary_negative(rng: Generator, picture: Picture) -> Picture:
    """Exchange colour channels, invert, rotate by quarters: for the few pictures of no flowers."""
    if rng.random() < 0.4:
        picture = picture[..., rng.permutation(3)]
    if rng.random() < 0.1:
        picture = 255 - picture
    return np.rot90(picture, rng.integers(4)) if rng.random() < 0.3 else picture


def degrade(rng: Generator, part: Picture) -> Picture:
    """Blur, add the noise of poor light, and compress: each now and then."""
    scale = part.shape[0] / REFERENCE_SIDE_PX
    if rng.random() < 0.06:
        part = cv2.GaussianBlur(part, (0, 0), float(rng.uniform(0.5, 2.2) * scale + 0.1))
    if rng.random() < 0.05:  # a lamp in the evening
        part = cv2.convertScaleAbs(part, alpha=float(rng.uniform(0.25, 0.7)))
    if rng.random() < 0.08:
        part = _noisy(rng, part, float(rng.uniform(3.0, 18.0)))
    if rng.random() < 0.08:
        part = _compressed(part, int(rng.integers(20, 75)))
    return part


def degrade_as_webcam(rng: Generator, part: Picture) -> Picture:
    """Do all of it at once, moderately: how the evaluation imitates a cheap camera indoors."""
    part = cv2.GaussianBlur(part, (0, 0), float(rng.uniform(0.6, 1.6)))
    part = cv2.convertScaleAbs(part, alpha=float(rng.uniform(0.5, 1.1)))
    part = _noisy(rng, part, float(rng.uniform(4.0, 12.0)))
    return _compressed(part, int(rng.integers(30, 70)))


def paste(
    rng: Generator,
    part: Picture,
    backdrop: Picture,
    scale_range: tuple[float, float],
    *,
    round_share: float = 0.0,
) -> tuple[Picture, np.ndarray]:
    """Paste the square part, scaled down, anywhere onto a backdrop of the same size.

    It looks like a print or a telephone in a room; `round_share` of them are ellipses with a soft
    edge, so that no straight edge gives them away. Returns the picture and its mask, 0..255: how
    much of the part is seen.
    """
    side_px = part.shape[0]
    small_px = int(side_px * rng.uniform(*scale_range))
    left, top = (int(v) for v in rng.integers(0, side_px - small_px + 1, 2))
    small = cv2.resize(part, (small_px, small_px), interpolation=cv2.INTER_AREA)
    region = np.s_[top : top + small_px, left : left + small_px]
    picture, mask = backdrop.copy(), np.zeros(backdrop.shape[:2], np.uint8)
    if round_share and rng.random() < round_share:
        mask[region] = _ellipse(small_px)
        cover = mask[region][..., None].astype(np.float32) / 255.0
        picture[region] = (small * cover + picture[region] * (1.0 - cover) + 0.5).astype(np.uint8)
    else:
        picture[region], mask[region] = small, 255
    return picture, mask


def _ellipse(side_px: int) -> np.ndarray:
    middle, radius = side_px // 2, max(1, round(side_px * 0.46))
    disc = cv2.circle(np.zeros((side_px, side_px), np.uint8), (middle, middle), radius, 255, -1)
    return cv2.GaussianBlur(disc, (0, 0), 0.03 * side_px + 0.3)


def _noisy(rng: Generator, part: Picture, sigma: float) -> Picture:
    noise = rng.standard_normal(part.shape, np.float32) * sigma
    return np.clip(part + noise, 0, 255).astype(np.uint8)


def _compressed(part: Picture, quality: int) -> Picture:
    jpeg = cv2.imencode(".jpg", part, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(jpeg, cv2.IMREAD_COLOR)
