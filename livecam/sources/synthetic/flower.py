"""One whole daisy: head, stem and leaf, and its place in the scene, clear of other objects."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.mesh import Mesh, merge_meshes, transform_mesh
from livecam.sources.synthetic.petals_and_disc import PETAL_COUNTS, build_disc, build_petal_whorls
from livecam.sources.synthetic.stem_and_leaves import (
    build_leaf,
    build_sepals,
    build_stem,
    stem_path,
)
from livecam.sources.synthetic.vectors import Floats, rotation_matrix

# Rows and columns of a petal's grid, and florets, of the flower in the middle and of the others.
_NEAR_DETAIL = (13, 7, 320)
_FAR_DETAIL = (7, 5, 110)
# Between the axes of a daisy that is not the first and of whatever else stands there.
CLEARANCE = 1.4
# Where a daisy is tried instead: not moved at all, then more and more to either side.
_ANGLE_OFFSETS_RAD = sorted(np.linspace(-np.pi, np.pi, 41), key=abs)


@dataclass(frozen=True, slots=True, eq=False)
class Flower:
    """A whole daisy.

    Attributes:
        mesh: all of it.
        stem_xyz: float32 [P, 3], the path of its stem, from the ground upwards.
        midlines: intp [petals, points], the vertices along the middle of each petal.
    """

    mesh: Mesh
    stem_xyz: Floats
    midlines: npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Where a flower's head is.

    Attributes:
        position_xyz: float64 [3].
        scale: its radius; 1 for the flower in the middle.
        lean_rad: how far it leans from the vertical.
        lean_direction_rad: to which side, as an angle about the vertical.
    """

    position_xyz: npt.NDArray[np.float64]
    scale: float
    lean_rad: float
    lean_direction_rad: float


def build_flower(
    rng: np.random.Generator, number: int, ground_y: float, occupied_xyz: npt.ArrayLike = ()
) -> Flower:
    """A daisy of the scene; number 0 stands in its middle.

    Args:
        rng: what makes it differ from others.
        number: which flower of the scene.
        ground_y: height of the ground.
        occupied_xyz: float64 [K, 3], where something else stands already.
    """
    petals = int(rng.integers(*PETAL_COUNTS))
    rows, columns, florets = _NEAR_DETAIL if number == 0 else _FAR_DETAIL
    whorls = build_petal_whorls(rng, petals, rows, columns)
    head = merge_meshes([whorls, build_disc(rng, florets), build_sepals(rng)])
    at = _choose_placement(rng, number, occupied_xyz)
    rotation = (
        rotation_matrix(1, at.lean_direction_rad)
        @ rotation_matrix(0, at.lean_rad)
        @ rotation_matrix(1, rng.uniform(0, 6.28))
    )
    axis_xyz = rotation @ np.array([0.0, 1.0, 0.0])
    x, _, z = at.position_xyz
    foot_xyz = np.array([x, ground_y, z]) + rng.normal(0, 0.3, 3) * [1, 0, 1]
    path_xyz = stem_path(foot_xyz, at.position_xyz - axis_xyz * 0.15 * at.scale, axis_xyz)
    leaf_rotation = rotation_matrix(1, rng.uniform(0, 6.28))
    parts = [
        transform_mesh(head, rotation, at.position_xyz, at.scale),
        build_stem(path_xyz, 0.055 * at.scale),
        transform_mesh(build_leaf(), leaf_rotation, path_xyz[15], 0.9 * at.scale),
    ]
    # The petals come first in the mesh, the upper side of each before its underside.
    sides = np.arange(4 * petals * rows * columns).reshape(2 * petals, 2, rows, columns)
    return Flower(merge_meshes(parts), path_xyz, sides[:, 0, :, columns // 2])


def _choose_placement(
    rng: np.random.Generator, number: int, occupied_xyz: npt.ArrayLike
) -> Placement:
    if number == 0:
        return Placement(
            np.zeros(3), 1.0, float(rng.uniform(0.28, 0.48)), float(rng.normal(0.0, 0.25))
        )
    angle_rad = 2.4 * number + 0.5 + rng.normal(0.0, 0.15)
    radius = 1.75 + 0.12 * number
    drop = rng.uniform(0.45, 1.1)
    radius, angle_rad = _find_free_position(radius, angle_rad, occupied_xyz)
    position_xyz = np.array([radius * np.sin(angle_rad), -drop, radius * np.cos(angle_rad)])
    return Placement(
        position_xyz, float(rng.uniform(0.6, 0.8)), float(rng.uniform(0.15, 0.5)), angle_rad
    )


def _find_free_position(
    radius: float, angle_rad: float, occupied_xyz: npt.ArrayLike
) -> tuple[float, float]:
    """The free position on the ground nearest to the wanted one: radius and angle.

    Where a circle has no free position a wider one is tried; far enough out there always is one.
    """
    occupied = np.asarray(occupied_xyz, np.float64).reshape(-1, 3)[:, [0, 2]]
    while True:
        for offset_rad in _ANGLE_OFFSETS_RAD:
            tried_rad = angle_rad + offset_rad
            position = radius * np.array([np.sin(tried_rad), np.cos(tried_rad)])
            if (np.linalg.norm(occupied - position, axis=1) >= CLEARANCE).all():
                return float(radius), float(tried_rad)
        radius += 0.3
