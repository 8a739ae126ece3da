"""The built-in daisy scene: its objects, light and shadow, built once from a seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.background import GROUND_Y, Background, build_background
from livecam.sources.synthetic.flower import Flower, build_flower
from livecam.sources.synthetic.lighting import Daylight, bake_vertex_colours
from livecam.sources.synthetic.mesh import Mesh, ObjectLabel, merge_meshes
from livecam.sources.synthetic.other_objects import OtherObjects, build_other_objects
from livecam.sources.synthetic.petal_midlines import PetalMidlines
from livecam.sources.synthetic.vectors import Floats, normalize, sphere_directions
from livecam.sources.synthetic.visibility import Visibility, build_visibility

_LEAST_SHINE = 0.05


@dataclass(frozen=True, slots=True)
class SceneContents:
    """What stands in the meadow: the number of daisies, and whether there are other objects."""

    flowers: int = 1
    others: bool = False


@dataclass(frozen=True, slots=True)
class RenderCost:
    """What a picture may cost to render, and what costs it, in pixels to fill.

    The rasteriser's buffer is coarser than the picture when the flower comes near, and finer when
    it is far away, so that a frame takes about the same time.

    Attributes:
        budget_share: of the picture's own pixels.
        triangle_px: a triangle of the scene, visible or not: its vertices are projected anyway.
        surface_px: a pixel of a surface that may be visible.
        empty_px: clearing, antialiasing and converting a pixel of the buffer.
    """

    budget_share: float
    triangle_px: float
    surface_px: float
    empty_px: float = 0.72


# A single flower looks, to the pixel, as it did when the bundled model was trained on it. A scene
# with more in it may take longer, as its flowers are small and need fine edges.
_SINGLE_FLOWER_COST = RenderCost(1.1, triangle_px=3.4, surface_px=1.0)
_FULL_SCENE_COST = RenderCost(1.58, triangle_px=3.4, surface_px=1.6)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A lit scene, ready to be rendered.

    Attributes:
        mesh: everything in focus.
        flower_numbers: uint8 [N], for every vertex of a flower's head 1 for the one in the middle,
            2 and so on for the others; 0 for stems, leaves and all else.
        lit_bgr: float32 [N, 3], display colour of every vertex without highlights, 0..1.
        visibility: its triangles, and which may be visible from which direction.
        shiny: intp [S], vertices with a highlight; `shine` float32 [S] is its strength.
        sun_xyz: float32 [3], the direction of the sun.
        hull_xyz: float32 [K, 3], outermost vertices, for finding the viewport to rasterise.
        background: what lies out of focus.
        render_cost: what decides the resolution of the rasteriser's buffer.
    """

    mesh: Mesh
    flower_numbers: npt.NDArray[np.uint8]
    lit_bgr: Floats
    visibility: Visibility
    shiny: npt.NDArray[np.intp]
    shine: Floats
    sun_xyz: Floats
    hull_xyz: Floats
    background: Background
    render_cost: RenderCost


def build_scene(seed: int = 0, contents: SceneContents = SceneContents()) -> Scene:
    """Build the scene of this seed; takes about a second, most of it for light and shadow."""
    rng = np.random.default_rng(seed)
    flowers, others = place_objects(rng, contents)
    mesh = merge_meshes([*(flower.mesh for flower in flowers), *others])
    is_single = len(flowers) == 1 and not others
    daylight = Daylight()
    without_greenery = mesh.vertices_xyz[mesh.labels != ObjectLabel.GREENERY]
    radius = 1.05 * float(np.linalg.norm(without_greenery, axis=1).max())
    lit_bgr, sunlit_share = bake_vertex_colours(mesh, daylight, radius)
    shine = mesh.gloss * sunlit_share
    shiny = np.flatnonzero(shine > _LEAST_SHINE)
    midlines = () if is_single else _petal_midlines(flowers, lit_bgr)
    return Scene(
        mesh=mesh,
        flower_numbers=_flower_numbers(flowers, mesh),
        lit_bgr=lit_bgr,
        visibility=build_visibility(mesh, radius, midlines),
        shiny=shiny,
        shine=shine[shiny],
        sun_xyz=normalize(daylight.sun_xyz),
        hull_xyz=_hull(mesh),
        background=build_background(rng, tuple(flower.stem_xyz for flower in flowers)),
        render_cost=_SINGLE_FLOWER_COST if is_single else _FULL_SCENE_COST,
    )


def place_objects(
    rng: np.random.Generator, contents: SceneContents
) -> tuple[list[Flower], Sequence[Mesh]]:
    """The daisies and the other objects, none of them inside another."""
    flowers = [build_flower(rng, 0, GROUND_Y)]
    others = build_other_objects(rng, GROUND_Y) if contents.others else OtherObjects()
    occupied_xyz = list(others.occupied_xyz)
    for number in range(1, contents.flowers):
        flowers.append(build_flower(rng, number, GROUND_Y, occupied_xyz))
        occupied_xyz.append(flowers[-1].stem_xyz[-1])
    return flowers, others.meshes


def _flower_numbers(flowers: Sequence[Flower], mesh: Mesh) -> npt.NDArray[np.uint8]:
    """Which flower's head each vertex belongs to; the flowers come first in the mesh."""
    numbers = np.zeros(len(mesh.labels), np.uint8)
    counts = [len(flower.mesh.labels) for flower in flowers]
    numbers[: sum(counts)] = np.repeat(np.arange(1, len(flowers) + 1), counts)
    numbers[mesh.labels != ObjectLabel.DAISY] = 0
    return numbers


def _petal_midlines(flowers: Sequence[Flower], lit_bgr: Floats) -> tuple[PetalMidlines, ...]:
    """The midlines of each flower's petals, in the mean colour of their vertices."""
    found, start = [], 0
    for flower in flowers:
        vertices = start + flower.midlines
        blue, green, red = map(float, 255.0 * lit_bgr[vertices].mean(axis=(0, 1)))
        paths_xyz = flower.mesh.vertices_xyz[flower.midlines]
        found.append(PetalMidlines(vertices, paths_xyz, (blue, green, red)))
        start += len(flower.mesh.vertices_xyz)
    return tuple(found)


def _hull(mesh: Mesh, directions: int = 400) -> Floats:
    """The vertices [K, 3] that lie outermost in evenly spread directions."""
    outermost = np.argmax(
        np.einsum("nc,kc->nk", mesh.vertices_xyz, sphere_directions(directions)), axis=0
    )
    return np.asarray(mesh.vertices_xyz[np.unique(outermost)], np.float32)
