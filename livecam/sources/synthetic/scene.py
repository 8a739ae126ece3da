"""The daisy scene: built once from a seed, then drawn as a plain function of the pose."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic import other_objects
from livecam.sources.synthetic.antialias import softened
from livecam.sources.synthetic.background import GROUND_Y, Meadow, grown_meadow, meadow_picture
from livecam.sources.synthetic.vectors import sphere_directions
from livecam.sources.synthetic.petal_midlines import Midlines, draw_midlines
from livecam.sources.synthetic.flower import Daisy, flower
from livecam.sources.synthetic.lighting import Daylight, baked_colours
from livecam.sources.synthetic.mesh import Floats, Mesh, Thing, joined, unit
from livecam.sources.synthetic.projection import FAR, NEAR, Camera, Pose, Window, camera_at
from livecam.sources.synthetic.visibility import Seen, Sight, sight_of

__all__ = ["Pose", "Scene", "SceneContents", "Thing", "build_scene", "render", "render_labels"]

_SHINE_POWER = 24.0
# A small picture may take as long as one of 640 x 480.
_LEAST_PICTURE_PX = 640 * 480
_SCALES = (2.0, 1.5, 1.0, 0.75, 0.625, 0.5)


@dataclass(frozen=True, slots=True)
class SceneContents:
    """What stands in the meadow: how many daisies, and whether things that are none stand there."""

    flowers: int = 1
    others: bool = False


@dataclass(frozen=True, slots=True)
class Price:
    """What a picture may cost, and what costs it, in pixels to fill.

    The rasteriser's buffer is coarser than the picture when the flower comes near, and finer when
    it is far away, so that a frame takes about the same time.

    Attributes:
        budget_share: of the picture's own pixels.
        triangle_px: a triangle of the scene, seen or not: its corners are turned all the same.
        surface_px: a pixel of a surface that may be seen.
        empty_px: clearing, softening and converting a pixel of the buffer.
    """

    budget_share: float
    triangle_px: float
    surface_px: float
    empty_px: float = 0.72


# A lone flower looks, to the pixel, as it did when the bundled model was trained on it. A scene
# with more in it may take longer, as its flowers are small and need fine edges.
_LONE_PRICE = Price(1.1, triangle_px=3.4, surface_px=1.0)
_FULL_PRICE = Price(1.58, triangle_px=3.4, surface_px=1.6)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A lit scene, ready to be drawn.

    Attributes:
        mesh: everything in focus.
        lit_bgr: float32 [N, 3], display colour of every vertex without highlights, 0..1.
        sight: its triangles, and which can be seen from which side.
        shiny: intp [S], vertices with a highlight; `shine` float32 [S] is its strength.
        hull_xyz: float32 [K, 3], outermost vertices, for finding the window to draw.
        sun_xyz: float32 [3], the direction of the sun.
        reach: distance of the farthest petal or thing from the middle.
        meadow: what lies out of focus.
        price: what decides how fine it is drawn.
    """

    mesh: Mesh
    lit_bgr: Floats
    sight: Sight
    shiny: npt.NDArray[np.intp]
    shine: Floats
    sun_xyz: Floats
    hull_xyz: Floats
    reach: float
    meadow: Meadow
    price: Price


def build_scene(seed: int = 0, contents: SceneContents = SceneContents()) -> Scene:
    """Grow the scene of this seed; takes about a second, most of it for light and shadow."""
    rng = np.random.default_rng(seed)
    daisies, others = planted(rng, contents)
    mesh = joined([*(daisy.mesh for daisy in daisies), *others])
    is_lone = len(daisies) == 1 and not others
    daylight = Daylight()
    in_sight = mesh.vertices_xyz[mesh.labels != Thing.GREENERY]
    reach = float(np.linalg.norm(in_sight, axis=1).max())
    lit_bgr, sunny = baked_colours(mesh, daylight, 1.05 * reach)
    shine = mesh.gloss * sunny
    shiny = np.flatnonzero(shine > 0.05)
    midlines = () if is_lone else _midlines(daisies, lit_bgr)
    meadow = grown_meadow(rng, tuple(daisy.stem_xyz for daisy in daisies))
    sun_xyz = unit(daylight.sun_xyz)
    return Scene(
        mesh,
        lit_bgr,
        sight_of(mesh, 1.05 * reach, midlines),
        shiny,
        shine[shiny],
        sun_xyz,
        _hull(mesh),
        reach,
        meadow,
        _LONE_PRICE if is_lone else _FULL_PRICE,
    )


def planted(
    rng: np.random.Generator, contents: SceneContents
) -> tuple[list[Daisy], Sequence[Mesh]]:
    """The daisies and the other things, each in a place of its own."""
    daisies = [flower(rng, 0, GROUND_Y)]
    others = other_objects.others(rng, GROUND_Y) if contents.others else other_objects.Others()
    taken_xyz = list(others.keep_clear_xyz)
    for number in range(1, contents.flowers):
        daisies.append(flower(rng, number, GROUND_Y, taken_xyz))
        taken_xyz.append(daisies[-1].stem_xyz[-1])
    return daisies, others.meshes


def _midlines(daisies: Sequence[Daisy], lit_bgr: Floats) -> tuple[Midlines, ...]:
    """The petals' middles, each daisy's in the colour that its petals have on the whole."""
    found, start = [], 0
    for daisy in daisies:
        vertices = start + daisy.midlines
        blue, green, red = map(float, 255.0 * lit_bgr[vertices].mean(axis=(0, 1)))
        paths_xyz = daisy.mesh.vertices_xyz[daisy.midlines]
        found.append(Midlines(vertices, paths_xyz, (blue, green, red)))
        start += len(daisy.mesh.vertices_xyz)
    return tuple(found)


def render(scene: Scene, pose: Pose, width: int, height: int) -> npt.NDArray[np.uint8]:
    """The scene as seen in this pose: BGR uint8 [height, width, 3], contiguous."""
    camera = camera_at(pose, width, height)
    picture = meadow_picture(scene.meadow, camera)
    seen = scene.sight.seen_by(camera)
    window = _window(scene, camera, seen)
    if window is None:
        return picture
    draw_midlines(picture, scene.sight.midlines, camera)
    colour, cover = _in_focus(scene, camera, seen, window)
    rows = slice(window.top_px, window.top_px + window.height_px)
    columns = slice(window.left_px, window.left_px + window.width_px)
    picture[rows, columns] = _laid_over(picture[rows, columns], colour, cover)
    return picture


def _laid_over(
    behind: npt.NDArray[np.uint8], colour: npt.NDArray[np.uint8], cover: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    """Premultiplied colours [h, w, 3] with their cover [h, w] over what lies behind."""
    uncovered = cv2.bitwise_not(cover)
    shining_through = cv2.merge((uncovered, uncovered, uncovered))
    return np.asarray(
        cv2.add(cv2.multiply(behind, shining_through, scale=1.0 / 255.0), colour), np.uint8
    )


def render_labels(scene: Scene, pose: Pose, width: int, height: int) -> npt.NDArray[np.uint8]:
    """Which `Thing` each pixel of `render` shows: uint8 [height, width]."""
    camera = camera_at(pose, width, height)
    labels = np.repeat(scene.mesh.labels[:, None], 3, axis=1).astype(np.float32)
    # Flat: blending the labels of a triangle's corners would give values between them.
    flat, whole = cv2.RASTERIZE_SHADING_FLAT, Window(0, 0, width, height)
    seen = scene.sight.seen_by(camera)
    colour, _ = _rasterise(scene, camera, seen, whole, colours=labels, shading=flat)
    return np.ascontiguousarray(colour[..., 0]).astype(np.uint8)


def _rasterise(
    scene: Scene, camera: Camera, seen: Seen, window: Window, *, colours: Floats, shading: int
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
        seen.triangles,
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


def _in_focus(
    scene: Scene, camera: Camera, seen: Seen, window: Window
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """What is in focus, premultiplied by its cover: BGR uint8 [h, w, 3] and cover uint8 [h, w]."""
    colours = _with_highlights(scene, camera)
    smooth = cv2.RASTERIZE_SHADING_SHADED
    colour, depth = _rasterise(scene, camera, seen, window, colours=colours, shading=smooth)
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
    shining = scene.lit_bgr[scene.shiny] + (scene.shine * facing**_SHINE_POWER)[:, None]
    colours[scene.shiny] = np.minimum(shining, 1.0)
    return colours


def _window(scene: Scene, camera: Camera, seen: Seen) -> Window | None:
    """The part of the picture that holds everything in focus; None when there is nothing."""
    points, _ = camera.pixels(scene.hull_xyz)
    limit = np.array([camera.width_px, camera.height_px])
    low = np.clip(np.floor(points.min(axis=0)) - 4, 0, limit).astype(int)
    high = np.clip(np.ceil(points.max(axis=0)) + 4, 0, limit).astype(int)
    if np.any(high <= low):
        return None
    width, height = (int(side) for side in high - low)
    scale = _scale(scene, seen, width * height, camera)
    return Window(int(low[0]), int(low[1]), width, height, scale)


def _scale(scene: Scene, seen: Seen, window_px: int, camera: Camera) -> float:
    """How much finer than the picture to rasterise: the finest scale that is quick enough."""
    picture_px = max(camera.width_px * camera.height_px, _LEAST_PICTURE_PX)
    price = scene.price
    triangles_px = price.triangle_px * len(scene.mesh.triangles)
    budget_px = price.budget_share * picture_px - triangles_px
    fill_px = price.surface_px * seen.surface_px + price.empty_px * window_px
    return max((s for s in _SCALES if s**2 * fill_px <= budget_px), default=_SCALES[-1])


def _hull(mesh: Mesh, directions: int = 400) -> Floats:
    """The vertices [K, 3] that lie outermost in evenly spread directions."""
    outermost = np.argmax(
        np.einsum("nc,kc->nk", mesh.vertices_xyz, sphere_directions(directions)), axis=0
    )
    return np.asarray(mesh.vertices_xyz[np.unique(outermost)], np.float32)
