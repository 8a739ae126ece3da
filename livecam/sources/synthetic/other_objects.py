"""Objects of the scene that are no daisies: a balloon, a pinwheel and single leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.mesh import (
    Material,
    Mesh,
    ObjectLabel,
    grid_triangles,
    make_mesh,
    make_two_sided,
    merge_meshes,
    transform_mesh,
)
from livecam.sources.synthetic.stem_and_leaves import build_leaf, build_stem, stem_path
from livecam.sources.synthetic.vectors import Floats, rotation_matrix, smoothstep

_RUBBER = Material(ObjectLabel.BALLOON, translucency=0.12, gloss=0.5)
_PAPER = Material(ObjectLabel.PINWHEEL, translucency=0.25, gloss=0.1)
_STICK = Material(ObjectLabel.PINWHEEL, gloss=0.1)
_PANELS_BGR = ((0.05, 0.04, 0.62), (0.78, 0.80, 0.80), (0.52, 0.18, 0.02))
_STRING_BGR = (0.62, 0.70, 0.74)
_BLADES_BGR = ((0.05, 0.06, 0.66), (0.03, 0.45, 0.80), (0.52, 0.24, 0.03), (0.12, 0.40, 0.10))
_PAPER_WHITE = 0.75
_WOOD_BGR = (0.25, 0.42, 0.55)
# How far a pinwheel's paper comes forward where its corners are pinned together.
_FOLD_HEIGHT = 0.17


@dataclass(frozen=True, slots=True, eq=False)
class OtherObjects:
    """What stands beside the daisies.

    Attributes:
        meshes: one for each object.
        occupied_xyz: float64 [K, 3], where balloon and pinwheel stand: no daisy is placed there.
    """

    meshes: Sequence[Mesh] = ()
    occupied_xyz: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 3)))


def build_balloon(string: float, radius: float = 0.52) -> Mesh:
    """A balloon of six panels in three colours, upright, and its string down to the ground."""
    skin = _build_panels(radius, rows=19, panels=6, columns=7)
    low = -1.32 * radius
    turns_rad = np.linspace(0.0, 2.0 * np.pi, 12, endpoint=False)[None, :]
    wide = np.array([0.016, 0.02, 0.062])[:, None]
    high = np.broadcast_to(np.array([0.02, -0.01, -0.075])[:, None] + low, (3, 12))
    ring = np.stack([wide * np.cos(turns_rad), high, wide * np.sin(turns_rad)], axis=-1)
    knot = make_mesh(
        ring.reshape(-1, 3), grid_triangles(3, 12, closed=True), _PANELS_BGR[0], _RUBBER
    )
    path_xyz = stem_path((0.30, -string, 0.10), (0.0, low - 0.02, 0.0), (0.0, 1.0, 0.0), points=14)
    return merge_meshes([skin, make_two_sided(knot), _build_string(path_xyz)])


def _build_panels(radius: float, rows: int, panels: int, columns: int) -> Mesh:
    """The skin: each panel has columns of its own, so that colours meet in sharp seams."""
    polar = np.linspace(0.0, np.pi, rows)[:, None]
    around = np.linspace(0.0, 2.0 * np.pi, panels * columns, endpoint=False)[None, :]
    # Below its widest place a balloon is drawn out towards its knot.
    drawn_out = smoothstep(0.45 * np.pi, np.pi, polar)
    wide = radius * np.sin(polar) * (1.0 - 0.16 * drawn_out)
    high = radius * np.cos(polar) * (1.0 + 0.32 * drawn_out)
    points = np.stack(np.broadcast_arrays(wide * np.cos(around), high, wide * np.sin(around)), -1)
    triangles = grid_triangles(rows, panels * columns, closed=True)
    whole = make_mesh(points.reshape(-1, 3), triangles, _STRING_BGR, _RUBBER)
    normals = whole.normals_xyz.reshape(points.shape)
    parts = []
    for panel in range(panels):
        own = np.arange(panel * columns, (panel + 1) * columns + 1) % (panels * columns)
        sheet = make_mesh(
            points[:, own].reshape(-1, 3),
            grid_triangles(rows, columns + 1),
            _PANELS_BGR[panel % len(_PANELS_BGR)],
            _RUBBER,
        )
        seamless = np.ascontiguousarray(normals[:, own].reshape(-1, 3))
        parts.append(replace(sheet, normals_xyz=seamless))
    return merge_meshes(parts)


def _build_string(path_xyz: Floats) -> Mesh:
    """The balloon's string along a path."""
    tube = build_stem(path_xyz, radius=0.011, sides=5)
    return replace(
        tube,
        labels=np.full_like(tube.labels, ObjectLabel.BALLOON),
        colours_bgr=np.ascontiguousarray(
            np.broadcast_to(_STRING_BGR, tube.colours_bgr.shape), np.float32
        ),
    )


def build_pinwheel(stick: float, side: float = 0.74) -> Mesh:
    """A paper pinwheel facing +z: a square cut and folded to its middle, a pin and a stick."""
    turns = [rotation_matrix(2, blade * np.pi / 2.0) for blade in range(4)]
    blades = [
        transform_mesh(_build_blade(side, colour), turn)
        for colour, turn in zip(_BLADES_BGR, turns, strict=True)
    ]
    knob = transform_mesh(
        _build_bead(0.055), translation_xyz=(0.0, 0.0, _FOLD_HEIGHT * side + 0.02)
    )
    pin = transform_mesh(
        build_rod(0.014, 0.30), rotation_matrix(0, np.pi / 2.0), (0.0, 0.0, _FOLD_HEIGHT * side)
    )
    post = transform_mesh(build_rod(0.032, stick), translation_xyz=(0.0, 0.10, -0.07))
    return merge_meshes([*blades, knob, pin, post])


def _build_blade(side: float, colour_bgr: tuple[float, float, float]) -> Mesh:
    """A quarter of the paper: a right-angled corner in the middle, one tip bent back onto it.

    The paper's own axes are u, which rolls up towards the viewer, and v, which stays straight.
    """
    v = side * np.linspace(0.0, 1.0, 7)[:, None]
    u = (side - v) * np.linspace(0.0, 1.0, 11)[None, :]
    rolled = u / side
    x = 0.40 * side * np.sin(np.pi * rolled)
    z = _FOLD_HEIGHT * side * smoothstep(0.1, 1.0, rolled)
    y = v + 0.0 * u
    vertices = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    sheet = make_mesh(vertices, grid_triangles(7, 11)[:, ::-1].copy(), colour_bgr, _PAPER)
    # Pale on its back, but not white: that would look like one more daisy's petals.
    colour = np.array(colour_bgr)
    return make_two_sided(sheet, back_tint_bgr=0.65 + 0.35 * _PAPER_WHITE / colour)


def _build_bead(radius: float, rows: int = 8, columns: int = 12) -> Mesh:
    """A small wooden ball."""
    polar = np.linspace(0.0, np.pi, rows)[:, None]
    around = np.linspace(0.0, 2.0 * np.pi, columns, endpoint=False)[None, :]
    points = np.broadcast_arrays(
        np.sin(polar) * np.cos(around), np.cos(polar), np.sin(polar) * np.sin(around)
    )
    vertices = radius * np.stack(points, axis=-1).reshape(-1, 3)
    return make_mesh(
        vertices, grid_triangles(rows, columns, closed=True), (0.05, 0.35, 0.75), _STICK
    )


def build_rod(radius: float, length: float) -> Mesh:
    """A straight wooden stick hanging down from the origin."""
    angle_rad = np.linspace(0.0, 2.0 * np.pi, 10, endpoint=False)
    height = np.linspace(0.0, -length, 12)[:, None]
    shape = (12, 10)
    points = (radius * np.cos(angle_rad), height, radius * np.sin(angle_rad))
    vertices = np.stack([np.broadcast_to(axis, shape) for axis in points], -1).reshape(-1, 3)
    return make_mesh(vertices, grid_triangles(12, 10, closed=True), _WOOD_BGR, _STICK)


def build_single_leaf(length: float, stalk: float = 4.0) -> Mesh:
    """A green leaf along +x that belongs to no daisy, on a stalk of its own from the ground."""
    blade = build_leaf(length, 0.30 * length, teeth=1)
    rising = (0.8, 0.6, 0.0)  # as the midrib begins
    stalk_path = stem_path((-0.35, -stalk, 0.0), (0.02, 0.01, 0.0), rising, points=18)
    whole = merge_meshes([blade, build_stem(stalk_path, radius=0.024, sides=8)])
    return replace(whole, labels=np.full_like(whole.labels, ObjectLabel.LEAF))


def build_other_objects(rng: np.random.Generator, ground_y: float) -> OtherObjects:
    """The balloon, the pinwheel and a few leaves, placed around the middle of the scene."""
    sway = rotation_matrix(1, rng.uniform(-0.2, 0.2))
    balloon_xyz, pinwheel_xyz = np.array([-1.55, -0.70, 0.35]), np.array([1.65, -0.35, -0.35])
    placed = [
        (build_balloon(balloon_xyz[1] - ground_y), balloon_xyz, rotation_matrix(1, 0.4)),
        (build_pinwheel(pinwheel_xyz[1] - ground_y), pinwheel_xyz, rotation_matrix(1, 0.35)),
        (build_single_leaf(1.2), np.array([0.7, -1.9, 1.2]), rotation_matrix(1, -0.8)),
        (build_single_leaf(1.0), np.array([-0.5, -1.9, -1.3]), rotation_matrix(1, 2.2)),
        (build_single_leaf(1.1), np.array([1.0, -2.0, -1.0]), rotation_matrix(1, 0.6)),
    ]
    meshes = [
        transform_mesh(mesh, sway @ rotation, sway @ position)
        for mesh, position, rotation in placed
    ]
    return OtherObjects(meshes, np.stack([sway @ balloon_xyz, sway @ pinwheel_xyz]))
