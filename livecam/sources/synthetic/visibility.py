"""What nothing hides from which side: found once for a scene, from pictures of depth."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.vectors import axes_along, sphere_directions
from livecam.sources.synthetic.petal_midlines import Midlines
from livecam.sources.synthetic.mesh import Floats, Mesh, Thing, unit
from livecam.sources.synthetic.projection import Camera

Given = TypeVar("Given")
Result = TypeVar("Result")

# Sharpness of the depth pictures: pixels along a daisy radius, and the most along a side.
_FINE_PX_PER_RADIUS, _COARSE_PX_PER_RADIUS = 190.0, 100.0
_LARGEST_SIDE_PX = 800
# So far away that the lines of sight are all but parallel.
_FAR_AWAY = 200.0
# A surface hides what lies deeper than this many pixels of the depth picture.
_SELF_HIDING_PX = 2.0
# Views are kept for directions so far apart, down to this height of the direction.
_VIEWS, _LOWEST_VIEW_Y = 160, -0.3
_VIEW_STEP_RAD = 0.21
# Sine of the angle by which a triangle may face away and yet be seen between two of them.
_FACING_MARGIN = 0.1
# Side of the cubes into which triangles are sorted, in daisy radii: what lies together is seen
# along nearly the same line.
_PATCH_SIDE = 1.0
# Mean of the cosine of the angle at which a surface is seen that may face any way.
_MEAN_SLANT = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """Triangles that lie together.

    Attributes:
        triangles: int32 [M, 3], rows of the mesh's vertices.
        rows: intp [M], their places among all triangles of the mesh.
        may_show: bool [K, M], those that may show from far away in each direction of a Sight;
            a row means something once one has looked along its direction.
        areas: float32 [M].
        centre_xyz: float32 [3].
        radius: of a ball about the centre that holds them.
    """

    triangles: npt.NDArray[np.int32]
    rows: npt.NDArray[np.intp]
    may_show: npt.NDArray[np.bool_]
    areas: Floats
    centre_xyz: Floats
    radius: float


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What may show in one picture.

    Attributes:
        triangles: int32 [M, 3], the nearest patches first.
        surface_px: how many pixels they cover, one counted again where another hides it.
    """

    triangles: npt.NDArray[np.int32]
    surface_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What may show from which side, generously chosen.

    One looks along a direction when a picture first needs it: looking along all of them takes
    longer than growing a flower, and the first picture needs but a few.

    Attributes:
        directions_xyz: float32 [K, 3].
        patches: all triangles, each in one of them.
        look: gives what may show along the direction of this number: bool [triangles].
        looked: bool [K], whether `may_show` of the patches is known; filled in over time.
        midlines: of petals, to be drawn under them.
    """

    directions_xyz: Floats
    patches: tuple[Patch, ...]
    look: Callable[[int], npt.NDArray[np.bool_]]
    looked: npt.NDArray[np.bool_]
    midlines: tuple[Midlines, ...] = ()

    def seen_by(self, camera: Camera) -> Seen:
        """What may show in a picture: half of the petals hide others."""
        centres = np.stack([patch.centre_xyz for patch in self.patches])
        radii = np.array([patch.radius for patch in self.patches], np.float32)
        to_viewer = camera.place_xyz - centres
        distances = np.linalg.norm(to_viewer, axis=1)
        near = self._directions_near(to_viewer, distances, radii)
        shares = camera.shares(centres, radii)
        self._look_along(np.flatnonzero(near[shares > 0.0].any(axis=0)).tolist())
        px = shares * (camera.focal_px / distances) ** 2 * _MEAN_SLANT
        triangles, surface_px = [np.empty((0, 3), np.int32)], 0.0
        for row in np.argsort(distances, kind="stable"):  # what the nearest hide is not coloured
            if shares[row] > 0.0:
                patch = self.patches[row]
                chosen = patch.may_show[near[row]].any(axis=0)
                triangles.append(patch.triangles[chosen])
                surface_px += float(px[row] * patch.areas[chosen].sum())
        return Seen(np.concatenate(triangles), surface_px)

    def _directions_near(
        self, to_viewer: Floats, distances: Floats, radii: Floats
    ) -> npt.NDArray[np.bool_]:
        """Directions [K] along which some line of sight may lead to each patch: bool [P, K]."""
        # Near things are seen along lines that lean away from the one to their middle.
        leaning_rad = _VIEW_STEP_RAD + np.arcsin(np.minimum(radii / distances, 1.0))
        cosines = (to_viewer / distances[:, None]) @ self.directions_xyz.T
        near = cosines > np.cos(leaning_rad)[:, None]
        # Nobody looked from below: whatever faces the viewer may show there.
        near[to_viewer[:, 1] < (_LOWEST_VIEW_Y + np.sin(_VIEW_STEP_RAD)) * distances] = True
        return np.asarray(near)

    def all_round(self, stop_asked: Callable[[], bool] = lambda: False) -> "Sight":
        """This one, after a look along every direction, one at a time, or until it should stop."""
        for number in range(len(self.looked)):
            if stop_asked():
                break
            self._look_along([number])
        return self

    def _look_along(self, wanted: Sequence[int]) -> None:
        """Make `may_show` known for these directions; two threads at it do no harm."""
        numbers = [number for number in wanted if not self.looked[number]]
        for number, shown in zip(numbers, in_parallel(self.look, numbers), strict=True):
            for patch in self.patches:
                patch.may_show[number] = shown[patch.rows]
            self.looked[number] = True

    def of_vertices(self, chosen: npt.NDArray[np.bool_]) -> "Sight":
        """The same of the triangles alone whose first vertex is chosen: bool [N]."""
        self.all_round()
        kept = [chosen[patch.triangles[:, 0]] for patch in self.patches]
        return replace(
            self,
            patches=tuple(
                replace(
                    patch,
                    triangles=patch.triangles[keep],
                    rows=patch.rows[keep],
                    may_show=patch.may_show[:, keep],
                    areas=patch.areas[keep],
                )
                for patch, keep in zip(self.patches, kept, strict=True)
                if keep.any()
            ),
            midlines=tuple(line for line in self.midlines if chosen[line.vertices].all()),
        )


def sight_of(mesh: Mesh, radius: float, midlines: tuple[Midlines, ...] = ()) -> Sight:
    """Make ready to look at the mesh, within `radius` of the origin, but not from below."""
    sphere = sphere_directions(_VIEWS)
    directions = sphere[sphere[:, 1] > _LOWEST_VIEW_Y]
    faces = unit(_doubled_areas(mesh))
    # Petals hide petals; everything else is thin, and too little to be worth a search.
    elsewhere = mesh.labels[mesh.triangles[:, 0]] != Thing.DAISY

    def look(number: int) -> npt.NDArray[np.bool_]:
        direction_xyz = directions[number]
        picture = _depth_picture(mesh, direction_xyz, radius, _COARSE_PX_PER_RADIUS)
        peeping = _touching(mesh, picture.seen(within_px=1)) | elsewhere
        return np.asarray(peeping & (faces @ direction_xyz > -_FACING_MARGIN))

    looked = np.zeros(len(directions), np.bool_)
    return Sight(directions, _patches(mesh, len(directions)), look, looked, midlines)


def _touching(mesh: Mesh, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Triangles [M] that are at most one triangle away from the chosen vertices [N]."""
    wider = np.zeros_like(chosen)
    wider[mesh.triangles[chosen[mesh.triangles].any(axis=1)]] = True
    return np.asarray(wider[mesh.triangles].any(axis=1))


def _patches(mesh: Mesh, directions: int) -> tuple[Patch, ...]:
    """The triangles sorted into cubes, to be looked at along so many directions."""
    corners = mesh.vertices_xyz[mesh.triangles]
    areas = 0.5 * np.linalg.norm(_doubled_areas(mesh), axis=1)
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


def vertices_seen(mesh: Mesh, directions_xyz: Floats, radius: float) -> npt.NDArray[np.bool_]:
    """Which vertices nothing hides in each direction: bool [K, N]."""

    def look(direction_xyz: Floats) -> npt.NDArray[np.bool_]:
        return _depth_picture(mesh, direction_xyz, radius, _FINE_PX_PER_RADIUS).seen()

    return np.stack(in_parallel(look, list(directions_xyz)))


def in_parallel(do: Callable[[Given], Result], items: Sequence[Given]) -> list[Result]:
    """What `do` makes of each item, in their order; threads where there is more than one."""
    if len(items) < 2:
        return [do(item) for item in items]
    with ThreadPoolExecutor() as threads:
        return list(threads.map(do, items))


@dataclass(frozen=True, slots=True, eq=False)
class _DepthPicture:
    """Depths as seen from far away.

    Attributes:
        depth: float32 [H, W], of the first surface.
        place: intp [N], where each vertex stands in it, as a flat index.
        own_depth: float32 [N], of each vertex.
        outside: bool [N], whether it lies outside the picture, where nothing hides it.
        pixel: length of the side of a pixel.
    """

    depth: Floats
    place: npt.NDArray[np.intp]
    own_depth: Floats
    outside: npt.NDArray[np.bool_]
    pixel: float

    def seen(self, within_px: int = 0) -> npt.NDArray[np.bool_]:
        """Vertices [N] that nothing hides, there or so many pixels beside: what may peep out."""
        side = 2 * within_px + 1
        deepest = cv2.dilate(self.depth, np.ones((side, side), np.uint8))
        hidden_from = deepest.take(self.place) + np.float32(_SELF_HIDING_PX * self.pixel)
        return np.asarray((self.own_depth <= hidden_from) | self.outside)


def _depth_picture(
    mesh: Mesh, direction_xyz: Floats, radius: float, px_per_radius: float
) -> _DepthPicture:
    """Draw the depths of what lies within `radius` of the origin, seen along one direction."""
    settings = cv2.TriangleRasterizeSettings()
    settings.setCullingMode(cv2.RASTERIZE_CULLING_CW)
    near, far = _FAR_AWAY - radius, _FAR_AWAY + radius
    pose = np.eye(4)
    pose[:3, :3] = np.stack(axes_along(direction_xyz))
    pose[2, 3] = -_FAR_AWAY
    side_px = min(round(2.0 * radius * px_per_radius), _LARGEST_SIDE_PX)
    depth = np.full((side_px, side_px), far, np.float32)
    fov_rad = 2.0 * np.arctan(radius / _FAR_AWAY)
    cv2.triangleRasterizeDepth(
        mesh.vertices_xyz, mesh.triangles, depth, pose, fov_rad, near, far, settings
    )
    depth[depth >= far] = np.inf  # nothing there: what lies farther away is not hidden
    turn = pose[:3, :3].T.astype(np.float32)
    own_depth = np.float32(_FAR_AWAY) - mesh.vertices_xyz @ turn[:, 2]
    middle = side_px / 2.0
    scale = np.float32(middle * _FAR_AWAY / radius) / own_depth
    column = (middle + (mesh.vertices_xyz @ turn[:, 0]) * scale).astype(np.intp)
    line = (middle - (mesh.vertices_xyz @ turn[:, 1]) * scale).astype(np.intp)
    last = side_px - 1
    outside = (np.minimum(column, line) < 0) | (np.maximum(column, line) > last)
    place = np.clip(line, 0, last) * side_px + np.clip(column, 0, last)
    return _DepthPicture(depth, place, own_depth, outside, 2.0 * radius / side_px)


def _doubled_areas(mesh: Mesh) -> Floats:
    """Normal [M, 3] of each triangle, twice as long as its area is large."""
    corners = mesh.vertices_xyz[mesh.triangles]
    return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
