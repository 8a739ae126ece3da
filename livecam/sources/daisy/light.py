"""Light, worked out once for a scene: sky, soft sunshine, and what shines through petals."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from livecam.sources.daisy.mesh import Floats, Mesh, unit

# Sharpness of the depth pictures: pixels along a daisy radius, and the most along a side.
_MAP_PX_PER_RADIUS = 190.0
_LARGEST_MAP_SIDE_PX = 800
# So far away that the rays of one direction are all but parallel.
_LAMP_DISTANCE = 200.0
# A surface shades what lies deeper than this many pixels of the depth picture.
_SELF_SHADOW_PX = 2.0
# Sine of the angle by which a triangle may face away and yet count as visible from nearby.
_FACING_MARGIN = 0.35


@dataclass(frozen=True, slots=True)
class Daylight:
    """The lamps of the meadow; colours are linear BGR, 1 being a full white."""

    sun_xyz: tuple[float, float, float] = (-0.50, 0.80, 0.42)
    sun_bgr: tuple[float, float, float] = (1.55, 1.82, 2.0)
    sky_bgr: tuple[float, float, float] = (0.72, 0.62, 0.55)
    horizon_bgr: tuple[float, float, float] = (0.42, 0.50, 0.46)
    ground_bgr: tuple[float, float, float] = (0.07, 0.19, 0.12)
    sun_spread_rad: float = 0.07
    sun_rays: int = 14
    petal_shadow: float = 0.80
    exposure: float = 1.0


def sphere_directions(count: int) -> Floats:
    """Unit vectors [count, 3] spread evenly over the sphere (a Fibonacci lattice)."""
    number = np.arange(count) + 0.5
    y = 1.0 - 2.0 * number / count
    angle_rad = np.pi * (3.0 - np.sqrt(5.0)) * number
    flat = np.sqrt(1.0 - y * y)
    return np.stack([flat * np.cos(angle_rad), y, flat * np.sin(angle_rad)], -1).astype(np.float32)


def cone_directions(axis_xyz: npt.ArrayLike, spread_rad: float, count: int) -> Floats:
    """Unit vectors [count, 3] spread evenly over a narrow cone: the disc of a hazy sun."""
    right, up, forward = _frame(unit(axis_xyz))
    number = np.arange(count) + 0.5
    radius = spread_rad * np.sqrt(number / count)[:, None]
    angle_rad = (np.pi * (3.0 - np.sqrt(5.0)) * number)[:, None]
    return unit(forward + radius * (np.cos(angle_rad) * right + np.sin(angle_rad) * up))


def _frame(forward: Floats) -> tuple[Floats, Floats, Floats]:
    helper = np.array([1.0, 0.0, 0.0]) if abs(forward[1]) > 0.9 else np.array([0.0, 1.0, 0.0])
    right = unit(np.cross(helper, forward))
    return right, unit(np.cross(forward, right)), forward


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What is to be seen from far away in K directions.

    Attributes:
        directions_xyz: float32 [K, 3].
        vertices: bool [K, N], the vertices that nothing hides.
        triangles: bool [K, M], the triangles that may show, generously chosen.
    """

    directions_xyz: Floats
    vertices: npt.NDArray[np.bool_]
    triangles: npt.NDArray[np.bool_]


def sight_from(mesh: Mesh, directions_xyz: Floats, radius: float) -> Sight:
    """Look at the mesh from far away in each direction, within `radius` of the origin.

    A depth picture is drawn from there; what lies behind the first surface is hidden.
    """
    vertices = np.empty((len(directions_xyz), len(mesh.vertices_xyz)), np.bool_)
    triangles = np.empty((len(directions_xyz), len(mesh.triangles)), np.bool_)
    bias = _SELF_SHADOW_PX * 2.0 * radius / _map_side_px(radius)
    neighbourhood = np.ones((5, 5), np.uint8)
    faces = _face_normals(mesh)
    for row, direction in enumerate(directions_xyz):
        depth, place, own_depth, outside = _depth_picture(mesh, direction, radius)
        vertices[row] = (own_depth <= depth.take(place) + bias) | outside
        # The deepest first surface nearby: whatever is not behind that may peep out.
        deepest = cv2.dilate(depth, neighbourhood)
        peeping = (own_depth <= deepest.take(place) + bias) | outside
        triangles[row] = _touching(mesh, peeping) & (faces @ direction > -_FACING_MARGIN)
    return Sight(directions_xyz, vertices, triangles)


def _map_side_px(radius: float) -> int:
    return min(round(2.0 * radius * _MAP_PX_PER_RADIUS), _LARGEST_MAP_SIDE_PX)


def _touching(mesh: Mesh, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Triangles [M] that are at most one triangle away from the chosen vertices [N]."""
    wider = np.zeros_like(chosen)
    wider[mesh.triangles[chosen[mesh.triangles].any(axis=1)]] = True
    return np.asarray(wider[mesh.triangles].any(axis=1))


def _face_normals(mesh: Mesh) -> Floats:
    """Unit normal [M, 3] of each triangle."""
    corners = mesh.vertices_xyz[mesh.triangles]
    return unit(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]))


def _depth_picture(
    mesh: Mesh, direction: Floats, radius: float
) -> tuple[Floats, npt.NDArray[np.intp], Floats, npt.NDArray[np.bool_]]:
    """A depth picture [H, W] along one direction, and where each vertex [N] stands in it.

    Returns:
        The picture; each vertex's place in it (a flat index), its own depth, and whether it lies
        outside the picture, where nothing hides it.
    """
    settings = cv2.TriangleRasterizeSettings()
    settings.setCullingMode(cv2.RASTERIZE_CULLING_CW)
    near, far = _LAMP_DISTANCE - radius, _LAMP_DISTANCE + radius
    pose = np.eye(4)
    pose[:3, :3] = np.stack(_frame(direction))
    pose[2, 3] = -_LAMP_DISTANCE
    side_px = _map_side_px(radius)
    depth = np.full((side_px, side_px), far, np.float32)
    fov_rad = 2.0 * np.arctan(radius / _LAMP_DISTANCE)
    cv2.triangleRasterizeDepth(
        mesh.vertices_xyz, mesh.triangles, depth, pose, fov_rad, near, far, settings
    )
    turn = pose[:3, :3].T.astype(np.float32)
    own_depth = np.float32(_LAMP_DISTANCE) - mesh.vertices_xyz @ turn[:, 2]
    middle = side_px / 2.0
    scale = np.float32(middle * _LAMP_DISTANCE / radius) / own_depth
    column = (middle + (mesh.vertices_xyz @ turn[:, 0]) * scale).astype(np.intp)
    line = (middle - (mesh.vertices_xyz @ turn[:, 1]) * scale).astype(np.intp)
    last = side_px - 1
    outside = (np.minimum(column, line) < 0) | (np.maximum(column, line) > last)
    place = np.clip(line, 0, last) * side_px + np.clip(column, 0, last)
    return depth, place, own_depth, outside


def baked_colours(
    mesh: Mesh, daylight: Daylight, sight: Sight, radius: float
) -> tuple[Floats, Floats]:
    """The display colour of every vertex without highlights, and how much sun reaches it.

    Returns:
        float32 BGR [N, 3] in 0..1, and float32 [N] in 0..1.
    """
    lamps = sight.directions_xyz
    suns = cone_directions(daylight.sun_xyz, daylight.sun_spread_rad, daylight.sun_rays)
    open_sun = sight_from(mesh, suns, radius).vertices.mean(axis=0, dtype=np.float32)
    # Some light always finds its way through and between white petals.
    open_sky = 0.25 + 0.75 * sight.vertices
    sunny = (1.0 - daylight.petal_shadow) + daylight.petal_shadow * open_sun
    towards_sun = mesh.normals_xyz @ unit(daylight.sun_xyz)
    # einsum, not @: threads of OpenBLAS have been seen to wait for each other for minutes here.
    facing = np.einsum("kc,nc->kn", lamps, mesh.normals_xyz)
    sky = _sky_colours(lamps, daylight) * (4.0 / len(lamps))
    sun = np.asarray(daylight.sun_bgr, np.float32)
    near_side = np.einsum("kn,kc->nc", open_sky * np.maximum(facing, 0.0), sky)
    near_side += np.outer(sunny * np.maximum(towards_sun, 0.0), sun)
    far_side = np.einsum("kn,kc->nc", open_sky * np.maximum(-facing, 0.0), sky)
    far_side += np.outer(sunny * np.maximum(-towards_sun, 0.0), sun)
    through = mesh.translucency[:, None]
    # Light that passed through a petal comes out a little warmer.
    warm = np.array([0.80, 0.98, 1.0], np.float32)
    light = near_side * (1.0 - 0.5 * through) + far_side * through * warm
    return tone_mapped(light * mesh.colours_bgr * daylight.exposure), open_sun


def _sky_colours(directions_xyz: Floats, daylight: Daylight) -> Floats:
    """Radiance [K, 3]: blue-white above, pale at the horizon, grass green below."""
    height = directions_xyz[:, 1:2]
    sky, ground = np.asarray(daylight.sky_bgr), np.asarray(daylight.ground_bgr)
    horizon = np.asarray(daylight.horizon_bgr)
    above = horizon + (sky - horizon) * np.sqrt(np.clip(height, 0.0, 1.0))
    below = horizon + (ground - horizon) * np.clip(-height * 4.0, 0.0, 1.0)
    return np.asarray(np.where(height > 0, above, below), np.float32)


def tone_mapped(linear_bgr: Floats) -> Floats:
    """Linear light of any size -> display values in 0..1, with a soft shoulder for the whites."""
    x = np.maximum(linear_bgr, 0.0)
    shoulder = x * (1.0 + x / 6.25) / (1.0 + x)
    return np.clip((1.12 * shoulder) ** (1.0 / 2.2), 0.0, 1.0).astype(np.float32)
