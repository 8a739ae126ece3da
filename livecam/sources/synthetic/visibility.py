"""Visibility: which triangles may be visible from which directions, so that the rest is culled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.depth_map import (
    COARSE_PX_PER_RADIUS,
    map_in_threads,
    render_depth_map,
)
from livecam.sources.synthetic.mesh import Mesh, ObjectLabel
from livecam.sources.synthetic.petal_midlines import PetalMidlines
from livecam.sources.synthetic.projection import Camera
from livecam.sources.synthetic.vectors import Floats, normalize, sphere_directions

# Directions are spaced so far apart, down to this y of the direction.
_DIRECTIONS, _LOWEST_DIRECTION_Y = 160, -0.3
_DIRECTION_SPACING_RAD = 0.21
# Sine of the angle by which a triangle may face away and yet be visible between two directions.
_FACING_MARGIN = 0.1
# Side of the cubes into which triangles are sorted, in daisy radii: triangles that lie together
# are seen along nearly the same line.
_PATCH_SIDE = 1.0
# Mean of the cosine of the angle at which a surface is seen that may face any way.
_MEAN_FACING_COSINE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Triangles that lie together.

    Attributes:
        triangles: int32 [M, 3], rows of the mesh's vertices.
        rows: intp [M], their rows among all triangles of the mesh.
        may_be_visible: bool [K, M], from far away in each direction of a Visibility; a row is
            valid once its direction is computed.
        areas: float32 [M].
        centre_xyz: float32 [3].
        radius: of a bounding sphere about the centre.
    """

    triangles: npt.NDArray[np.int32]
    rows: npt.NDArray[np.intp]
    may_be_visible: npt.NDArray[np.bool_]
    areas: Floats
    centre_xyz: Floats
    radius: float


@dataclass(frozen=True, slots=True, eq=False)
class VisibleTriangles:
    """What may be visible in one picture.

    Attributes:
        triangles: int32 [M, 3], the nearest patches first.
        surface_px: how many pixels they cover, occluded ones included.
    """

    triangles: npt.NDArray[np.int32]
    surface_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Visibility:
    """What may be visible from which direction; conservative: rather too much than too little.

    A direction is computed when a picture first needs it: computing all of them takes longer than
    building a flower, and the first picture needs but a few.

    Attributes:
        directions_xyz: float32 [K, 3].
        patches: all triangles, each in one of them.
        compute: what may be visible along the direction of this number: bool [triangles].
        is_computed: bool [K], whether `may_be_visible` of the patches is known; filled in over
            time.
        midlines: of petals, to be drawn under them.
    """

    directions_xyz: Floats
    patches: tuple[Patch, ...]
    compute: Callable[[int], npt.NDArray[np.bool_]]
    is_computed: npt.NDArray[np.bool_]
    midlines: tuple[PetalMidlines, ...] = ()

    def triangles_for(self, camera: Camera) -> VisibleTriangles:
        """What may be visible to this camera: half of the petals occlude others."""
        centres = np.stack([patch.centre_xyz for patch in self.patches])
        radii = np.array([patch.radius for patch in self.patches], np.float32)
        to_camera = camera.position_xyz - centres
        distances = np.linalg.norm(to_camera, axis=1)
        near = self._directions_near(to_camera, distances, radii)
        shares = camera.shares_in_picture(centres, radii)
        self._compute(np.flatnonzero(near[shares > 0.0].any(axis=0)).tolist())
        px = shares * (camera.focal_px / distances) ** 2 * _MEAN_FACING_COSINE
        triangles, surface_px = [np.empty((0, 3), np.int32)], 0.0
        # The nearest first: pixels that fail the depth test are not shaded.
        for row in np.argsort(distances, kind="stable"):
            if shares[row] > 0.0:
                patch = self.patches[row]
                chosen = patch.may_be_visible[near[row]].any(axis=0)
                triangles.append(patch.triangles[chosen])
                surface_px += float(px[row] * patch.areas[chosen].sum())
        return VisibleTriangles(np.concatenate(triangles), surface_px)

    def _directions_near(
        self, to_camera: Floats, distances: Floats, radii: Floats
    ) -> npt.NDArray[np.bool_]:
        """Directions [K] along which some line of sight may lead to each patch: bool [P, K]."""
        # Near patches are seen along lines that deviate from the one to their centre.
        deviation_rad = _DIRECTION_SPACING_RAD + np.arcsin(np.minimum(radii / distances, 1.0))
        cosines = (to_camera / distances[:, None]) @ self.directions_xyz.T
        near = cosines > np.cos(deviation_rad)[:, None]
        # There are no directions from below: whatever faces the camera may be visible there.
        lowest = _LOWEST_DIRECTION_Y + np.sin(_DIRECTION_SPACING_RAD)
        near[to_camera[:, 1] < lowest * distances] = True
        return np.asarray(near)

    def compute_all(self, stop_requested: Callable[[], bool] = lambda: False) -> "Visibility":
        """This object, with every direction computed, one at a time, or until it should stop."""
        for number in range(len(self.is_computed)):
            if stop_requested():
                break
            self._compute([number])
        return self

    def _compute(self, numbers: Sequence[int]) -> None:
        """Fill in `may_be_visible` for these directions; two threads at it do no harm."""
        missing = [number for number in numbers if not self.is_computed[number]]
        for number, visible in zip(missing, map_in_threads(self.compute, missing), strict=True):
            for patch in self.patches:
                patch.may_be_visible[number] = visible[patch.rows]
            self.is_computed[number] = True

    def restricted_to(self, vertices: npt.NDArray[np.bool_]) -> "Visibility":
        """The same with only the triangles whose first vertex is chosen: bool [N]."""
        self.compute_all()
        kept = [vertices[patch.triangles[:, 0]] for patch in self.patches]
        return replace(
            self,
            patches=tuple(
                replace(
                    patch,
                    triangles=patch.triangles[keep],
                    rows=patch.rows[keep],
                    may_be_visible=patch.may_be_visible[:, keep],
                    areas=patch.areas[keep],
                )
                for patch, keep in zip(self.patches, kept, strict=True)
                if keep.any()
            ),
            midlines=tuple(line for line in self.midlines if vertices[line.vertices].all()),
        )


def build_visibility(
    mesh: Mesh, radius: float, midlines: tuple[PetalMidlines, ...] = ()
) -> Visibility:
    """Prepare the visibility of a mesh within `radius` of the origin; not from below."""
    sphere = sphere_directions(_DIRECTIONS)
    directions = sphere[sphere[:, 1] > _LOWEST_DIRECTION_Y]
    face_normals = normalize(_area_normals(mesh))
    # Petals occlude petals; everything else is thin, and too little to be worth a search.
    is_no_daisy = mesh.labels[mesh.triangles[:, 0]] != ObjectLabel.DAISY

    def compute(number: int) -> npt.NDArray[np.bool_]:
        direction_xyz = directions[number]
        depth_map = render_depth_map(mesh, direction_xyz, radius, COARSE_PX_PER_RADIUS)
        visible = _adjacent_triangles(mesh, depth_map.visible_vertices(margin_px=1)) | is_no_daisy
        return np.asarray(visible & (face_normals @ direction_xyz > -_FACING_MARGIN))

    is_computed = np.zeros(len(directions), np.bool_)
    patches = _build_patches(mesh, len(directions))
    return Visibility(directions, patches, compute, is_computed, midlines)


def _adjacent_triangles(mesh: Mesh, vertices: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Triangles [M] that are at most one triangle away from the chosen vertices [N]."""
    wider = np.zeros_like(vertices)
    wider[mesh.triangles[vertices[mesh.triangles].any(axis=1)]] = True
    return np.asarray(wider[mesh.triangles].any(axis=1))


def _build_patches(mesh: Mesh, directions: int) -> tuple[Patch, ...]:
    """The triangles sorted into cubes, with room for the visibility along so many directions."""
    corners = mesh.vertices_xyz[mesh.triangles]
    areas = 0.5 * np.linalg.norm(_area_normals(mesh), axis=1)
    cubes = np.floor(corners.mean(axis=1) / _PATCH_SIDE + 0.5).astype(np.int32)
    _, cube_of = np.unique(cubes, axis=0, return_inverse=True)
    patches = []
    for cube in range(cube_of.max() + 1):
        rows = np.flatnonzero(cube_of == cube)
        points = corners[rows].reshape(-1, 3)
        centre = 0.5 * (points.min(axis=0) + points.max(axis=0))
        patches.append(
            Patch(
                np.ascontiguousarray(mesh.triangles[rows]),
                rows,
                np.zeros((directions, len(rows)), np.bool_),
                areas[rows],
                centre,
                float(np.linalg.norm(points - centre, axis=1).max()),
            )
        )
    return tuple(patches)


def _area_normals(mesh: Mesh) -> Floats:
    """Normal [M, 3] of each triangle, with a length of twice its area."""
    corners = mesh.vertices_xyz[mesh.triangles]
    return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
