"""Things in the meadow that are no daisies: a ball, a pinwheel and single leaves."""

from dataclasses import replace

import numpy as np

from livecam.sources.daisy.greenery import leaf, stem, stem_path
from livecam.sources.daisy.mesh import (
    Material,
    Mesh,
    Thing,
    grid_triangles,
    joined,
    mesh_of,
    moved,
    turn_about,
    two_sided,
)

_RUBBER = Material(Thing.BALL, gloss=0.35)
_FOIL = Material(Thing.PINWHEEL, translucency=0.25, gloss=0.15)
_STICK = Material(Thing.PINWHEEL, gloss=0.1)
_WING_COLOURS_BGR = [
    (0.05, 0.06, 0.65),
    (0.50, 0.22, 0.03),
    (0.42, 0.06, 0.36),
    (0.05, 0.30, 0.72),
]


def ball(radius: float = 0.55, rows: int = 28, columns: int = 48) -> Mesh:
    """A beach ball in six colours with white caps."""
    polar = np.linspace(0.0, np.pi, rows)[:, None]
    around = np.linspace(0.0, 2.0 * np.pi, columns, endpoint=False)[None, :]
    vertices = radius * np.stack(
        np.broadcast_arrays(
            np.sin(polar) * np.cos(around), np.cos(polar), np.sin(polar) * np.sin(around)
        ),
        axis=-1,
    )
    panels = np.array([[0.05, 0.05, 0.62], [0.8, 0.8, 0.8], [0.55, 0.20, 0.02]] * 2)
    stripe = (np.arange(columns) * 6 // columns)[None, :] + np.zeros((rows, 1), int)
    colours = panels[stripe]
    colours[np.broadcast_to(np.sin(polar) < 0.22, (rows, columns))] = (0.8, 0.8, 0.8)
    triangles = grid_triangles(rows, columns, closed=True)
    return mesh_of(vertices.reshape(-1, 3), triangles, colours.reshape(-1, 3), _RUBBER)


def pinwheel(radius: float = 0.62, stick: float = 9.0) -> Mesh:
    """A four-winged paper pinwheel facing +z on its stick."""
    wings = [moved(_wing(radius, wing), turn_about(2, wing * np.pi / 2.0)) for wing in range(4)]
    hub = moved(ball(0.07, 10, 16), shift_xyz=(0.0, 0.0, 0.07))
    knob = mesh_of(hub.vertices_xyz, hub.triangles, (0.05, 0.35, 0.75), _STICK)
    return joined([*wings, knob, rod(0.035, stick)])


def _wing(radius: float, number: int) -> Mesh:
    """One wing: a triangle of paper whose free corner is bent forward to the hub."""
    u = np.linspace(0.0, 1.0, 9)[:, None]
    v = np.linspace(0.0, 1.0, 9)[None, :]
    bend = np.sin(np.pi * 0.5 * v) * u
    x = radius * u * (1.0 - 0.45 * v**2)
    y = radius * u * v * (1.0 - 0.30 * v)
    z = 0.30 * radius * bend * v + 0.02
    vertices = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    sheet = mesh_of(vertices, grid_triangles(9, 9), _WING_COLOURS_BGR[number], _FOIL)
    return two_sided(sheet, back_tint_bgr=(0.8, 0.8, 0.8))


def rod(radius: float, length: float) -> Mesh:
    """The pinwheel's stick, hanging down from the middle just behind it."""
    angle_rad = np.linspace(0.0, 2.0 * np.pi, 10, endpoint=False)
    height = np.linspace(0.05, -length, 12)[:, None]
    x, z = radius * np.cos(angle_rad), radius * np.sin(angle_rad) - 0.05
    shape = (12, 10)
    vertices = np.stack(
        [np.broadcast_to(x, shape), np.broadcast_to(height, shape), np.broadcast_to(z, shape)], -1
    ).reshape(-1, 3)
    triangles = grid_triangles(12, 10, closed=True)
    return mesh_of(vertices, triangles, (0.25, 0.42, 0.55), _STICK)


def single_leaf(length: float, stalk: float = 4.0) -> Mesh:
    """A green leaf along +x that belongs to no daisy, on a stalk of its own from the ground."""
    blade = leaf(length, 0.30 * length, teeth=1)
    rising = (0.8, 0.6, 0.0)  # as the midrib begins
    stalk_path = stem_path((-0.35, -stalk, 0.0), (0.02, 0.01, 0.0), rising, points=18)
    whole = joined([blade, stem(stalk_path, radius=0.024, sides=8)])
    return replace(whole, labels=np.full_like(whole.labels, Thing.LEAF))


def others(rng: np.random.Generator) -> list[Mesh]:
    """The ball, the pinwheel and a few leaves, placed around the middle of the scene."""
    turn = rng.uniform(-0.2, 0.2)
    spots = [
        (ball(), np.array([-1.55, -0.95, 0.35]), turn_about(0, 0.5) @ turn_about(2, 0.6)),
        (pinwheel(), np.array([1.65, -0.35, -0.35]), turn_about(1, 0.35)),
        (single_leaf(1.2), np.array([0.7, -1.9, 1.2]), turn_about(1, -0.8)),
        (single_leaf(1.0), np.array([-0.5, -1.9, -1.3]), turn_about(1, 2.2)),
        (single_leaf(1.1), np.array([1.0, -2.0, -1.0]), turn_about(1, 0.6)),
    ]
    sway = turn_about(1, turn)
    return [moved(thing, sway @ pose, sway @ place) for thing, place, pose in spots]
