"""The blurred background behind the flowers: sky, bushes, grass, stems and specks of light."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.projection import NEAR, Camera
from livecam.sources.synthetic.vectors import Floats

GROUND_Y = -6.0
# It is rendered with this many pixels along the shorter side: the blur leaves no finer detail.
_SMALL_SIDE_PX = 96
_SUBPIXEL_BITS = 4
_GROUND_BGR = np.array([22.0, 62.0, 40.0])
_BUSH_BGR = np.array([62.0, 128.0, 92.0])
_BUSHS = 60
_GRASS_BGR = np.array([48.0, 142.0, 104.0])


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """Everything that is out of focus, as points in the world.

    Attributes:
        blades_xyz: float32 [B, 3, 3], foot, middle and tip of each blade of grass.
        blades_bgr: float32 [B, 3], 0..255.
        specks_xyz: float32 [S, 3], points of light that the lens blurs to discs.
        specks_bgr: float32 [S, 3], 0..255, added to what lies behind.
        stems_xyz: one float32 [P, 3] path for every flower's stem.
        bushes_xyz: float32 [C, 3], far bushes and hollows; `bushes_bgr` float32 [C, 3], 0..255.
    """

    blades_xyz: Floats
    blades_bgr: Floats
    specks_xyz: Floats
    specks_bgr: Floats
    stems_xyz: tuple[Floats, ...]
    bushes_xyz: Floats
    bushes_bgr: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Discs:
    """Filled discs.

    Attributes:
        centres_px: float32 [N, 2], x and y.
        radii_px: float32 [N].
        bgr: float32 [N, 3], 0..255.
    """

    centres_px: Floats
    radii_px: Floats
    bgr: Floats


def build_background(
    rng: np.random.Generator, stems_xyz: tuple[Floats, ...], blades: int = 170, specks: int = 110
) -> Background:
    """A meadow around the origin, denser towards the middle."""
    foot = _ring_points(rng, blades, (1.0, 13.0), (GROUND_Y, GROUND_Y))
    tall = rng.uniform(1.5, 4.2, (blades, 1))
    lean = rng.normal(0.0, 0.45, (blades, 3)) * np.array([1.0, 0.0, 1.0])
    middle = foot + tall * (np.array([0.0, 0.6, 0.0]) + 0.25 * lean)
    tip = foot + tall * (np.array([0.0, 1.0, 0.0]) + lean)
    tint = rng.uniform(0.55, 1.25, (blades, 1)) * rng.uniform(0.85, 1.15, (blades, 3))
    glow = rng.uniform(0.15, 1.0, (specks, 1)) ** 2
    warm = np.array([24.0, 50.0, 46.0]) + rng.uniform(-12, 12, (specks, 3))
    return Background(
        np.stack([foot, middle, tip], axis=1).astype(np.float32),
        (_GRASS_BGR * tint).astype(np.float32),
        _ring_points(rng, specks, (3.0, 14.0), (GROUND_Y, 2.5)).astype(np.float32),
        (warm * glow).astype(np.float32),
        stems_xyz,
        _ring_points(rng, _BUSHS, (7.0, 16.0), (GROUND_Y, 5.0)).astype(np.float32),
        (_BUSH_BGR * rng.uniform(0.6, 1.4, (_BUSHS, 1))).astype(np.float32),
    )


def _ring_points(
    rng: np.random.Generator, count: int, radii: tuple[float, float], heights: tuple[float, float]
) -> npt.NDArray[np.float64]:
    """Points [count, 3], evenly spread over a ring between two radii and two heights."""
    inner, outer = radii
    angle_rad = rng.uniform(0.0, 2.0 * np.pi, count)
    radius = np.sqrt(rng.uniform(inner**2, outer**2, count))
    height = rng.uniform(*heights, count)
    return np.stack([radius * np.cos(angle_rad), height, radius * np.sin(angle_rad)], axis=-1)


def _blurred(picture: npt.NDArray[np.uint8], side_px: int) -> npt.NDArray[np.uint8]:
    """Close to a Gaussian with a standard deviation of side_px / 4.5, in a fifth of the time."""
    return np.asarray(cv2.stackBlur(picture, (side_px, side_px)), np.uint8)


def render_background(background: Background, camera: Camera) -> npt.NDArray[np.uint8]:
    """The blurred background as the camera sees it: BGR uint8 [H, W, 3]."""
    scale = _SMALL_SIDE_PX / min(camera.width_px, camera.height_px)
    width, height = round(camera.width_px * scale), round(camera.height_px * scale)
    small = _ground_and_sky(camera, width, height)
    _draw_bushes(small, background, camera, scale)
    small = _blurred(small, 23)
    _draw_blades(small, background, camera, scale)
    small = _blurred(small, 11)
    _draw_stems(small, background, camera, scale)
    small = _blurred(small, 5)
    light = np.zeros_like(small)
    _draw_specks(light, background, camera, scale)
    lit = cv2.add(small, _blurred(light, 3))
    size = (camera.width_px, camera.height_px)
    return np.asarray(cv2.resize(lit, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def _ground_and_sky(camera: Camera, width: int, height: int) -> npt.NDArray[np.uint8]:
    """Colour by the angle below the horizon: [h, w, 3], dark below, bright at the horizon."""
    centre_rad = np.arcsin(np.clip(camera.world_to_camera[2, 1], -1.0, 1.0))
    rows = np.arange(height) + 0.5
    offset = (rows - height / 2.0) * camera.height_px / height
    down_rad = centre_rad + np.arctan(offset / camera.focal_px)
    stops = np.array([-0.6, -0.15, 0.02, 0.25, 0.7, 1.6])
    colours = np.array(
        [
            [150, 190, 158],
            [120, 182, 146],
            [86, 160, 122],
            [58, 128, 92],
            [40, 98, 66],
            [28, 74, 48],
        ]
    )
    row_bgr = np.stack([np.interp(down_rad, stops, colours[:, c]) for c in range(3)], axis=-1)
    return np.ascontiguousarray(
        np.broadcast_to(row_bgr[:, None], (height, width, 3)).astype(np.uint8)
    )


def _to_fixed_point(points_px: Floats) -> npt.NDArray[np.int32]:
    """Pixels as fixed-point integers, for drawing with subpixel precision."""
    return np.asarray(np.clip(points_px * 2.0**_SUBPIXEL_BITS, -(2**20), 2**20), np.int32)


def _is_in_picture(
    centres_px: Floats, reach_px: npt.NDArray[np.floating], picture: npt.NDArray[np.uint8]
) -> npt.NDArray[np.bool_]:
    """Whether squares [N] around these centres [N, 2] with this half side touch the picture."""
    height, width = picture.shape[:2]
    reach = np.asarray(reach_px)[:, None] + 1.0
    after, before = centres_px + reach > 0.0, centres_px - reach < (width, height)
    return np.asarray((after & before).all(axis=1))


def _draw_bushes(
    picture: npt.NDArray[np.uint8], background: Background, camera: Camera, scale: float
) -> None:
    points, depth = camera.project(background.bushes_xyz)
    discs = _Discs(points * scale, 1.6 * camera.focal_px * scale / depth, background.bushes_bgr)
    is_behind = depth > 1.3 * camera.distance
    _draw_discs(picture, discs, np.flatnonzero(is_behind), cv2.LINE_8)


def _draw_blades(
    picture: npt.NDArray[np.uint8], background: Background, camera: Camera, scale: float
) -> None:
    points, depth = camera.project(background.blades_xyz.reshape(-1, 3))
    corners = points.reshape(-1, 3, 2) * np.float32(scale)
    lines = _to_fixed_point(corners)
    nearest = depth.reshape(-1, 3).min(axis=1)
    order = np.argsort(-nearest, kind="stable")
    thick = np.clip(0.22 * camera.focal_px * scale / nearest, 1, 14).astype(int)
    # Grass between camera and flower would hide it: it fades out.
    strength = np.clip((nearest - 0.75 * camera.distance) / (0.35 * camera.distance), 0.0, 1.0)
    behind = _GROUND_BGR * 1.25
    colours = behind + (background.blades_bgr - behind) * strength[:, None]
    middle = 0.5 * (corners.min(axis=1) + corners.max(axis=1))
    reach = (corners.max(axis=1) - corners.min(axis=1)).max(axis=1)
    is_visible = _is_in_picture(middle, 0.5 * reach + thick, picture) & (strength > 0.0)
    for row in order[is_visible[order]]:
        cv2.polylines(
            picture,
            [lines[row]],
            False,
            colours[row].tolist(),
            int(thick[row]),
            cv2.LINE_8,
            _SUBPIXEL_BITS,
        )


def _draw_stems(
    picture: npt.NDArray[np.uint8], background: Background, camera: Camera, scale: float
) -> None:
    for path_xyz in background.stems_xyz:
        points, depth = camera.project(path_xyz)
        line = _to_fixed_point(points * scale)
        thick = max(1, round(0.13 * camera.focal_px * scale / float(depth.max())))
        cv2.polylines(picture, [line], False, (50, 112, 78), thick, cv2.LINE_AA, _SUBPIXEL_BITS)


def _draw_specks(
    picture: npt.NDArray[np.uint8], background: Background, camera: Camera, scale: float
) -> None:
    points, depth = camera.project(background.specks_xyz)
    # The circle of confusion grows with the distance from the focus.
    blur = np.abs(1.0 / camera.distance - 1.0 / depth) * camera.focal_px * scale * 0.9
    is_behind = depth > max(1.15 * camera.distance, NEAR)
    discs = _Discs(points * scale, np.clip(blur * 0.5, 1.5, 7.5), background.specks_bgr)
    order = np.argsort(background.specks_bgr.sum(axis=1), kind="stable")
    _draw_discs(picture, discs, order[is_behind[order]], cv2.LINE_AA)


def _draw_discs(
    picture: npt.NDArray[np.uint8], discs: _Discs, order: npt.NDArray[np.intp], line_type: int
) -> None:
    """Draw those discs whose rows are listed, in that order."""
    centres, radii = _to_fixed_point(discs.centres_px), _to_fixed_point(discs.radii_px)
    is_visible = _is_in_picture(discs.centres_px, discs.radii_px, picture)
    for row in order[is_visible[order]]:
        cv2.circle(
            picture,
            (int(centres[row, 0]), int(centres[row, 1])),
            int(radii[row]),
            discs.bgr[row].tolist(),
            cv2.FILLED,
            line_type,
            _SUBPIXEL_BITS,
        )
