"""The daisy scene: built once from a seed, then drawn as a plain function of the pose."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from livecam.sources.daisy import props
from livecam.sources.daisy.antialias import softened
from livecam.sources.daisy.camera import FAR, NEAR, Camera, Pose, Window, camera_at
from livecam.sources.daisy.flower import flower
from livecam.sources.daisy.light import (
    Daylight,
    Sight,
    baked_colours,
    sight_from,
    sphere_directions,
)
from livecam.sources.daisy.meadow import GROUND_Y, Meadow, grown_meadow, meadow_picture
from livecam.sources.daisy.mesh import Floats, Mesh, Thing, joined, unit

__all__ = ["Pose", "Scene", "SceneContents", "Thing", "build_scene", "render", "render_labels"]

_SIGHT_DIRECTIONS = 72
_SIGHT_STEP_RAD = 0.55
_SHINE_POWER = 24.0
# The rasteriser's buffer is coarser than the picture when the flower comes near, and finer when it
# is far away, so that a frame takes about the same time: so many pixels of surface a picture pixel.
_FILL_SHARE = 1.7
# A triangle costs as much as so many pixels, however small it is.
_TRIANGLE_PX = 3.0
_SCALES = (2.0, 1.5, 1.0, 0.75, 0.625)
# Clearing and converting a pixel of the buffer costs this share of filling one.
_EMPTY_PX = 0.25


@dataclass(frozen=True, slots=True)
class SceneContents:
    """What stands in the meadow: how many daisies, and whether things that are none stand there."""

    flowers: int = 1
    others: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A lit scene, ready to be drawn.

    Attributes:
        mesh: everything in focus.
        lit_bgr: float32 [N, 3], display colour of every vertex without highlights, 0..1.
        sight: which triangles can be seen from which side.
        shiny: intp [S], vertices with a highlight; `shine` float32 [S] is its strength.
        hull_xyz: float32 [K, 3], outermost vertices, for finding the window to draw.
        sun_xyz: float32 [3], the direction of the sun.
        reach: distance of the farthest petal or thing from the middle.
        surface: what can show at once, in square daisy radii.
        meadow: what lies out of focus.
    """

    mesh: Mesh
    lit_bgr: Floats
    sight: Sight
    shiny: npt.NDArray[np.intp]
    shine: Floats
    sun_xyz: Floats
    hull_xyz: Floats
    reach: float
    surface: float
    meadow: Meadow


def build_scene(seed: int = 0, contents: SceneContents = SceneContents()) -> Scene:
    """Grow the scene of this seed; takes some tenths of a second."""
    rng = np.random.default_rng(seed)
    parts: list[Mesh] = []
    paths: list[Floats] = []
    for number in range(max(1, contents.flowers)):
        grown, path_xyz = flower(rng, number, GROUND_Y)
        parts.append(grown)
        paths.append(path_xyz)
    if contents.others:
        parts.extend(props.others(rng))
    mesh = joined(parts)
    daylight = Daylight()
    others = mesh.vertices_xyz[mesh.labels != Thing.GREENERY]
    reach = float(np.linalg.norm(others, axis=1).max())
    sight = sight_from(mesh, sphere_directions(_SIGHT_DIRECTIONS), 1.05 * reach)
    lit_bgr, sunny = baked_colours(mesh, daylight, sight, 1.05 * reach)
    shine = mesh.gloss * sunny
    shiny = np.flatnonzero(shine > 0.05)
    meadow = grown_meadow(rng, tuple(paths))
    sun_xyz = unit(daylight.sun_xyz)
    return Scene(
        mesh,
        lit_bgr,
        sight,
        shiny,
        shine[shiny],
        sun_xyz,
        _hull(mesh),
        reach,
        _surface(mesh),
        meadow,
    )


def render(
    scene: Scene, pose: Pose, width: int, height: int, *, scale: float | None = None
) -> npt.NDArray[np.uint8]:
    """The scene as seen in this pose: BGR uint8 [height, width, 3], contiguous.

    Args:
        scene: what to draw.
        pose: how it is held.
        width: of the picture, in pixels.
        height: of the picture, in pixels.
        scale: how much finer than the picture to rasterise what is in focus, 2.0 for the best
            looks; None chooses what is quick enough for a moving picture.
    """
    camera = camera_at(pose, width, height)
    picture = meadow_picture(scene.meadow, camera)
    window = _window(scene, camera, scale)
    if window is None:
        return picture
    colour, cover = _in_focus(scene, camera, window)
    rows = slice(window.top_px, window.top_px + window.height_px)
    columns = slice(window.left_px, window.left_px + window.width_px)
    picture[rows, columns] = _laid_over(picture[rows, columns], colour, cover)
    return picture


def _laid_over(
    behind: npt.NDArray[np.uint8], colour: npt.NDArray[np.uint8], cover: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    """Premultiplied colours [h, w, 3] with their cover [h, w] over what lies behind."""
    whole = (cover == np.uint8(255)).view(np.uint8)
    result = np.asarray(cv2.copyTo(colour, whole, behind.copy()), np.uint8)
    # Only the edges are covered in part: few enough to be taken one by one.
    border = np.flatnonzero((cover != 0) & (cover != 255))
    rest = 1.0 - cover.take(border)[:, None] / np.float32(255.0)
    mixed = behind.reshape(-1, 3)[border] * rest + colour.reshape(-1, 3)[border]
    result.reshape(-1, 3)[border] = np.minimum(mixed + 0.5, 255.0).astype(np.uint8)
    return result


def render_labels(scene: Scene, pose: Pose, width: int, height: int) -> npt.NDArray[np.uint8]:
    """Which `Thing` each pixel of `render` shows: uint8 [height, width]."""
    camera = camera_at(pose, width, height)
    labels = np.repeat(scene.mesh.labels[:, None], 3, axis=1).astype(np.float32)
    # Flat: blending the labels of a triangle's corners would give values between them.
    whole, flat = Window(0, 0, width, height), cv2.RASTERIZE_SHADING_FLAT
    colour, _ = _rasterise(scene, camera, whole, labels, flat)
    return np.ascontiguousarray(colour[..., 0]).astype(np.uint8)


def _rasterise(
    scene: Scene, camera: Camera, window: Window, colours: Floats, shading: int
) -> tuple[Floats, Floats]:
    """Draw the window: colours float32 [h, w, 3] on black, and depths [h, w], 1 where empty."""
    view, fov_rad = camera.window_view(window)
    colour_buffer = np.zeros((*window.buffer_shape, 3), np.float32)
    depth_buffer = np.ones(window.buffer_shape, np.float32)
    settings = cv2.TriangleRasterizeSettings()
    settings.setShadingType(shading)
    settings.setCullingMode(cv2.RASTERIZE_CULLING_CW)
    # Depth as the rasteriser keeps it, 0 near and 1 far: saves two conversions of the buffer.
    settings.setGlCompatibleMode(cv2.RASTERIZE_COMPAT_INVDEPTH)
    cv2.triangleRasterize(
        scene.mesh.vertices_xyz,
        visible_triangles(scene, camera),
        colours,
        colour_buffer,
        depth_buffer,
        view,
        fov_rad,
        NEAR,
        FAR,
        settings,
    )
    return colour_buffer, depth_buffer


def visible_triangles(scene: Scene, camera: Camera) -> npt.NDArray[np.int32]:
    """The triangles [M, 3] that may show: half of the petals lie hidden under others."""
    backward = camera.world_to_camera[2, :3].astype(np.float32)
    # Off the middle of a perspective picture one looks along other directions than the axis.
    spread_rad = _SIGHT_STEP_RAD + scene.reach / camera.distance
    near = scene.sight.directions_xyz @ backward > np.cos(min(spread_rad, np.pi))
    chosen = scene.sight.triangles[near].any(axis=0)
    return np.ascontiguousarray(scene.mesh.triangles[chosen])


def _in_focus(
    scene: Scene, camera: Camera, window: Window
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """What is in focus, premultiplied by its cover: BGR uint8 [h, w, 3] and cover uint8 [h, w]."""
    colours = _with_highlights(scene, camera)
    colour, depth = _rasterise(scene, camera, window, colours, cv2.RASTERIZE_SHADING_SHADED)
    cover = (depth < 1.0).view(np.uint8) * np.uint8(255)
    fine = np.asarray(
        cv2.cvtColor(cv2.convertScaleAbs(colour, alpha=255.0), cv2.COLOR_BGR2BGRA), np.uint8
    )
    cv2.insertChannel(cover, fine, 3)
    if window.scale < 1.5:
        fine = softened(fine)
    # The mean over areas is quick for a factor of 2 only; for less, four neighbours will do.
    fit = cv2.INTER_AREA if window.scale == 2.0 else cv2.INTER_LINEAR
    if window.scale != 1.0:
        size = (window.width_px, window.height_px)
        fine = np.asarray(cv2.resize(fine, size, interpolation=fit), np.uint8)
    bgr = cv2.cvtColor(fine, cv2.COLOR_BGRA2BGR)
    return np.asarray(bgr, np.uint8), np.asarray(cv2.extractChannel(fine, 3), np.uint8)


def _with_highlights(scene: Scene, camera: Camera) -> Floats:
    """Colours [N, 3] with the sun's reflection towards this camera added (Blinn and Phong)."""
    backward = camera.world_to_camera[2, :3]
    halfway = unit(scene.sun_xyz + backward)
    facing = np.maximum(scene.mesh.normals_xyz[scene.shiny] @ halfway, 0.0)
    colours = scene.lit_bgr.copy()
    colours[scene.shiny] += (scene.shine * facing**_SHINE_POWER)[:, None]
    return np.asarray(np.minimum(colours, 1.0), np.float32)


def _window(scene: Scene, camera: Camera, scale: float | None) -> Window | None:
    """The part of the picture that holds everything in focus; None when there is nothing."""
    points, _ = camera.pixels(scene.hull_xyz)
    limit = np.array([camera.width_px, camera.height_px])
    low = np.clip(np.floor(points.min(axis=0)) - 4, 0, limit).astype(int)
    high = np.clip(np.ceil(points.max(axis=0)) + 4, 0, limit).astype(int)
    if np.any(high <= low):
        return None
    width, height = (int(side) for side in high - low)
    scale = scale or _scale(scene, camera, width * height)
    return Window(int(low[0]), int(low[1]), width, height, scale)


def _scale(scene: Scene, camera: Camera, window_px: int) -> float:
    """How much finer than the picture to rasterise: the finest scale that is quick enough."""
    radius_px = camera.focal_px / camera.distance
    picture_px = camera.width_px * camera.height_px
    inside = min(1.0, picture_px / (np.pi * radius_px**2))
    fill_share = scene.surface * radius_px**2 * inside / picture_px
    fill_share += _EMPTY_PX * window_px / picture_px
    triangle_share = _TRIANGLE_PX * len(scene.mesh.triangles) / picture_px
    fitting = [scale for scale in _SCALES if scale**2 * fill_share <= _FILL_SHARE - triangle_share]
    return max(fitting, default=_SCALES[-1])


def _surface(mesh: Mesh) -> float:
    """The area that half of the triangles cover: what one side shows at the most."""
    corners = mesh.vertices_xyz[mesh.triangles]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return float(np.linalg.norm(across, axis=1).sum() / 4.0)


def _hull(mesh: Mesh, directions: int = 400) -> Floats:
    """The vertices [K, 3] that lie outermost in evenly spread directions."""
    outermost = np.argmax(
        np.einsum("nc,kc->nk", mesh.vertices_xyz, sphere_directions(directions)), axis=0
    )
    return np.asarray(mesh.vertices_xyz[np.unique(outermost)], np.float32)
