"""Depth maps: the scene's depths seen along one direction, to find which vertices are occluded."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.mesh import Mesh
from livecam.sources.synthetic.vectors import Floats, orthonormal_axes

Item = TypeVar("Item")
Result = TypeVar("Result")

# Resolution: pixels along a daisy radius, and the most along a side. The fine one is for light and
# shadow, the coarse one for the choice of triangles.
FINE_PX_PER_RADIUS, COARSE_PX_PER_RADIUS = 190.0, 100.0
_MAX_SIDE_PX = 800
# So far away that the lines of sight are all but parallel.
_EYE_DISTANCE = 200.0
# A surface occludes what lies deeper than this many pixels of the depth map.
_DEPTH_TOLERANCE_PX = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class DepthMap:
    """Depths as seen from far away.

    Attributes:
        depth: float32 [H, W], of the nearest surface.
        vertex_pixel: intp [N], the pixel of each vertex, as a flat index.
        vertex_depth: float32 [N], of each vertex.
        is_outside: bool [N], whether a vertex lies outside the map, where nothing occludes it.
        pixel_size: length of the side of a pixel.
    """

    depth: Floats
    vertex_pixel: npt.NDArray[np.intp]
    vertex_depth: Floats
    is_outside: npt.NDArray[np.bool_]
    pixel_size: float

    def visible_vertices(self, margin_px: int = 0) -> npt.NDArray[np.bool_]:
        """Vertices [N] that nothing occludes at their pixel, or at one within the margin."""
        side = 2 * margin_px + 1
        deepest = cv2.dilate(self.depth, np.ones((side, side), np.uint8))
        tolerance = np.float32(_DEPTH_TOLERANCE_PX * self.pixel_size)
        occluded_from = deepest.take(self.vertex_pixel) + tolerance
        return np.asarray((self.vertex_depth <= occluded_from) | self.is_outside)


def render_depth_map(
    mesh: Mesh, direction_xyz: Floats, radius: float, px_per_radius: float
) -> DepthMap:
    """Rasterise the depths of what lies within `radius` of the origin, seen along one direction."""
    settings = cv2.TriangleRasterizeSettings()
    settings.setCullingMode(cv2.RASTERIZE_CULLING_CW)
    near, far = _EYE_DISTANCE - radius, _EYE_DISTANCE + radius
    view = np.eye(4)
    view[:3, :3] = np.stack(orthonormal_axes(direction_xyz))
    view[2, 3] = -_EYE_DISTANCE
    side_px = min(round(2.0 * radius * px_per_radius), _MAX_SIDE_PX)
    depth = np.full((side_px, side_px), far, np.float32)
    fov_rad = 2.0 * np.arctan(radius / _EYE_DISTANCE)
    cv2.triangleRasterizeDepth(
        mesh.vertices_xyz, mesh.triangles, depth, view, fov_rad, near, far, settings
    )
    depth[depth >= far] = np.inf  # nothing there: what lies farther away is not occluded
    rotation = view[:3, :3].T.astype(np.float32)
    vertex_depth = np.float32(_EYE_DISTANCE) - mesh.vertices_xyz @ rotation[:, 2]
    centre = side_px / 2.0
    scale = np.float32(centre * _EYE_DISTANCE / radius) / vertex_depth
    column = (centre + (mesh.vertices_xyz @ rotation[:, 0]) * scale).astype(np.intp)
    row = (centre - (mesh.vertices_xyz @ rotation[:, 1]) * scale).astype(np.intp)
    last = side_px - 1
    is_outside = (np.minimum(column, row) < 0) | (np.maximum(column, row) > last)
    pixel = np.clip(row, 0, last) * side_px + np.clip(column, 0, last)
    return DepthMap(depth, pixel, vertex_depth, is_outside, 2.0 * radius / side_px)


def vertex_visibility(mesh: Mesh, directions_xyz: Floats, radius: float) -> npt.NDArray[np.bool_]:
    """Which vertices nothing occludes in each direction: bool [K, N]."""

    def visible_along(direction_xyz: Floats) -> npt.NDArray[np.bool_]:
        return render_depth_map(mesh, direction_xyz, radius, FINE_PX_PER_RADIUS).visible_vertices()

    return np.stack(map_in_threads(visible_along, list(directions_xyz)))


def map_in_threads(function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """The function's result for each item, in order; threads where there is more than one item."""
    if len(items) < 2:
        return [function(item) for item in items]
    with ThreadPoolExecutor() as threads:
        return list(threads.map(function, items))
