"""Renders the scene for a camera pose: rasterised foreground with highlights over background."""

import cv2
import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.antialias import antialias
from livecam.sources.synthetic.background import render_background
from livecam.sources.synthetic.petal_midlines import draw_midlines
from livecam.sources.synthetic.projection import FAR, NEAR, Camera, Pose, Viewport, make_camera
from livecam.sources.synthetic.scene import Scene
from livecam.sources.synthetic.vectors import Floats, normalize
from livecam.sources.synthetic.visibility import VisibleTriangles

_HIGHLIGHT_EXPONENT = 24.0
# A small picture may take as long as one of 640 x 480.
_MIN_BUDGET_PX = 640 * 480
_SCALES = (2.0, 1.5, 1.0, 0.75, 0.625, 0.5)
_FINE_SCALE = 1.5
"""From this scale on the reduction to the picture's size smooths the edges by itself."""
_VIEWPORT_MARGIN_PX = 4


def render(scene: Scene, pose: Pose, width: int, height: int) -> npt.NDArray[np.uint8]:
    """The scene as seen in this pose: BGR uint8 [height, width, 3], contiguous."""
    camera = make_camera(pose, width, height)
    picture = render_background(scene.background, camera)
    visible = scene.visibility.triangles_for(camera)
    viewport = _viewport(scene, camera, visible)
    if viewport is None:
        return picture
    draw_midlines(picture, scene.visibility.midlines, camera)
    foreground, alpha = _render_foreground(scene, camera, visible, viewport)
    rows = slice(viewport.top_px, viewport.top_px + viewport.height_px)
    columns = slice(viewport.left_px, viewport.left_px + viewport.width_px)
    picture[rows, columns] = _composite(foreground, alpha, picture[rows, columns])
    return picture


def render_labels(scene: Scene, pose: Pose, width: int, height: int) -> npt.NDArray[np.uint8]:
    """Which `ObjectLabel` each pixel of `render` shows: uint8 [height, width]."""
    camera = make_camera(pose, width, height)
    visible = scene.visibility.triangles_for(camera)
    return _render_numbers(scene, camera, visible.triangles, scene.mesh.labels)


def render_flower_numbers(
    scene: Scene, pose: Pose, width: int, height: int
) -> npt.NDArray[np.uint8]:
    """Which flower's head each pixel of `render` shows, as `Scene.flower_numbers` counts them."""
    camera = make_camera(pose, width, height)
    visible = scene.visibility.triangles_for(camera)
    return _render_numbers(scene, camera, visible.triangles, scene.flower_numbers)


def render_head(
    scene: Scene, pose: Pose, width: int, height: int, number: int
) -> npt.NDArray[np.bool_]:
    """Where one flower's head would be seen if nothing stood before it: bool [height, width]."""
    triangles = scene.mesh.triangles[scene.flower_numbers[scene.mesh.triangles[:, 0]] == number]
    camera = make_camera(pose, width, height)
    return _render_numbers(scene, camera, triangles, scene.flower_numbers) > 0


def _render_numbers(
    scene: Scene,
    camera: Camera,
    triangles: npt.NDArray[np.int32],
    numbers: npt.NDArray[np.uint8],
) -> npt.NDArray[np.uint8]:
    """The numbers of the vertices [N] that each pixel shows; 0 for the background."""
    colours = np.repeat(numbers[:, None], 3, axis=1).astype(np.float32)
    # Flat: blending the numbers of a triangle's corners would give values between them.
    flat, whole = cv2.RASTERIZE_SHADING_FLAT, Viewport(0, 0, camera.width_px, camera.height_px)
    colour, _ = _rasterise(scene, camera, triangles, whole, colours=colours, shading=flat)
    return np.ascontiguousarray(colour[..., 0]).astype(np.uint8)


def _composite(
    foreground: npt.NDArray[np.uint8],
    alpha: npt.NDArray[np.uint8],
    background: npt.NDArray[np.uint8],
) -> npt.NDArray[np.uint8]:
    """A premultiplied foreground [h, w, 3] with its alpha [h, w] over a background."""
    transparency = cv2.bitwise_not(alpha)
    shares = cv2.merge((transparency, transparency, transparency))
    return np.asarray(
        cv2.add(cv2.multiply(background, shares, scale=1.0 / 255.0), foreground), np.uint8
    )


def _rasterise(
    scene: Scene,
    camera: Camera,
    triangles: npt.NDArray[np.int32],
    viewport: Viewport,
    *,
    colours: Floats,
    shading: int,
) -> tuple[Floats, Floats]:
    """Rasterise the viewport: colours float32 [h, w, 3] on black, depths [h, w], 1 where empty."""
    view, fov_rad = camera.viewport_matrix(viewport)
    colour_buffer = np.zeros((*viewport.buffer_shape, 3), np.float32)
    depth_buffer = np.ones(viewport.buffer_shape, np.float32)
    settings = cv2.TriangleRasterizeSettings()
    settings.setShadingType(shading)
    settings.setCullingMode(cv2.RASTERIZE_CULLING_CW)
    # Depth as the rasteriser keeps it, 0 near and 1 far: saves two conversions of the buffer.
    settings.setGlCompatibleMode(cv2.RASTERIZE_COMPAT_INVDEPTH)
    cv2.triangleRasterize(
        scene.mesh.vertices_xyz,
        triangles,
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


def _render_foreground(
    scene: Scene, camera: Camera, visible: VisibleTriangles, viewport: Viewport
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """What is in focus: BGR uint8 [h, w, 3], premultiplied by its alpha uint8 [h, w]."""
    colours = _with_highlights(scene, camera)
    smooth = cv2.RASTERIZE_SHADING_SHADED
    colour, depth = _rasterise(
        scene, camera, visible.triangles, viewport, colours=colours, shading=smooth
    )
    alpha = (depth < 1.0).view(np.uint8) * np.uint8(255)
    bgra = np.asarray(
        cv2.cvtColor(cv2.convertScaleAbs(colour, alpha=255.0), cv2.COLOR_BGR2BGRA), np.uint8
    )
    cv2.insertChannel(alpha, bgra, 3)
    if viewport.scale < _FINE_SCALE:
        bgra = antialias(bgra)
    # The mean over areas is quick for a factor of 2 only; for less, four neighbours will do.
    interpolation = cv2.INTER_AREA if viewport.scale == 2.0 else cv2.INTER_LINEAR
    if viewport.scale != 1.0:
        size = (viewport.width_px, viewport.height_px)
        bgra = np.asarray(cv2.resize(bgra, size, interpolation=interpolation), np.uint8)
    bgr = cv2.cvtColor(bgra, cv2.COLOR_BGRA2BGR)
    return np.asarray(bgr, np.uint8), np.asarray(cv2.extractChannel(bgra, 3), np.uint8)


def _with_highlights(scene: Scene, camera: Camera) -> Floats:
    """Colours [N, 3] with the sun's reflection towards this camera added (Blinn and Phong)."""
    backward = camera.world_to_camera[2, :3]
    halfway = normalize(scene.sun_xyz + backward)
    facing = np.maximum(scene.mesh.normals_xyz[scene.shiny] @ halfway, 0.0)
    colours = scene.lit_bgr.copy()
    highlights = (scene.shine * facing**_HIGHLIGHT_EXPONENT)[:, None]
    colours[scene.shiny] = np.minimum(scene.lit_bgr[scene.shiny] + highlights, 1.0)
    return colours


def _viewport(scene: Scene, camera: Camera, visible: VisibleTriangles) -> Viewport | None:
    """The part of the picture that holds everything in focus; None where nothing is."""
    points, _ = camera.project(scene.hull_xyz)
    limit = np.array([camera.width_px, camera.height_px])
    low = np.clip(np.floor(points.min(axis=0)) - _VIEWPORT_MARGIN_PX, 0, limit).astype(int)
    high = np.clip(np.ceil(points.max(axis=0)) + _VIEWPORT_MARGIN_PX, 0, limit).astype(int)
    if np.any(high <= low):
        return None
    width, height = (int(side) for side in high - low)
    scale = _choose_scale(scene, visible, width * height, camera)
    return Viewport(int(low[0]), int(low[1]), width, height, scale)


def _choose_scale(
    scene: Scene, visible: VisibleTriangles, viewport_px: int, camera: Camera
) -> float:
    """How much finer than the picture to rasterise: the finest scale within the budget."""
    picture_px = max(camera.width_px * camera.height_px, _MIN_BUDGET_PX)
    cost = scene.render_cost
    triangles_px = cost.triangle_px * len(scene.mesh.triangles)
    budget_px = cost.budget_share * picture_px - triangles_px
    fill_px = cost.surface_px * visible.surface_px + cost.empty_px * viewport_px
    return max((s for s in _SCALES if s**2 * fill_px <= budget_px), default=_SCALES[-1])
