"""The green parts of a daisy: the cup of sepals, the stem and its leaf."""

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
    orient_upwards,
    transform_mesh,
)
from livecam.sources.synthetic.vectors import Floats, normalize, rotation_matrix, smoothstep

_STALK = Material(ObjectLabel.GREENERY, gloss=0.12)
_BLADE = Material(ObjectLabel.GREENERY, translucency=0.25, gloss=0.14)


def build_sepals(rng: np.random.Generator, count: int = 18) -> Mesh:
    """The green cup under the petals: overlapping pointed bracts around the stem's end."""
    parts: list[Mesh] = [_build_cup()]
    for ring, (length, start) in enumerate([(0.30, 0.30), (0.24, 0.12)]):
        for number in range(count):
            bract = _build_bract(length * rng.normal(1.0, 0.05), start, rng.uniform(0.75, 1.2))
            angle_rad = 2.0 * np.pi * (number + 0.5 * ring + rng.normal(0.0, 0.08)) / count
            lowered = transform_mesh(bract, translation_xyz=(0.0, -0.006 * ring, 0.0))
            parts.append(transform_mesh(lowered, rotation_matrix(1, angle_rad)))
    return merge_meshes(parts)


def _cup_point(share: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Radius and height of the cup at a share 0 (stem) .. 1 (rim, under the petals)."""
    t = np.asarray(share, np.float64)
    return 0.05 + 0.25 * np.sin(t * np.pi / 2.0), -0.045 - 0.15 * np.cos(t * np.pi / 2.0)


def _build_cup() -> Mesh:
    radius, height = _cup_point(np.linspace(0.0, 0.98, 6)[:, None])
    angle_rad = np.linspace(0.0, 2.0 * np.pi, 20, endpoint=False)[None, :]
    y = np.broadcast_to(height, (6, 20))
    vertices = np.stack([radius * np.cos(angle_rad), y, radius * np.sin(angle_rad)], axis=-1)
    triangles = grid_triangles(6, 20, closed=True)
    return make_mesh(vertices.reshape(-1, 3), triangles, (0.06, 0.20, 0.11), _STALK)


def _build_bract(length: float, start: float, brightness: float) -> Mesh:
    """One pointed scale of the cup, lying on it along +x, with a thin dark rim."""
    along = np.linspace(0.0, 1.0, 5)[:, None]
    across = np.linspace(-1.0, 1.0, 3)[None, :]
    radius, height = _cup_point(start + along * length / 0.33)
    half_width = 0.042 * np.sqrt(1.0 - along**2.5) + 0.001
    y = height - 0.014 * (1.0 - across**2) * (1.0 - 0.5 * along) - 0.004
    shape = (5, 3)
    vertices = np.stack([np.broadcast_to(radius, shape), y, half_width * across], axis=-1).reshape(
        -1, 3
    )
    colour = np.array([0.07, 0.25, 0.13]) * brightness
    rim = (1.0 - 0.55 * np.abs(across) * np.ones_like(along)).reshape(-1, 1)
    sheet = orient_upwards(make_mesh(vertices, grid_triangles(5, 3), colour * rim, _BLADE))
    return make_two_sided(sheet)


def stem_path(
    foot_xyz: npt.ArrayLike, head_xyz: npt.ArrayLike, axis_xyz: npt.ArrayLike, points: int = 26
) -> Floats:
    """A cubic curve [points, 3] that leaves the ground upright and meets the head axially."""
    foot, head = np.asarray(foot_xyz, np.float64), np.asarray(head_xyz, np.float64)
    reach = float(np.linalg.norm(head - foot))
    first = foot + np.array([0.0, 0.55 * reach, 0.0])
    second = head - np.asarray(axis_xyz, np.float64) * 0.32 * reach
    t = np.linspace(0.0, 1.0, points)[:, None]
    s = 1.0 - t
    curve = s**3 * foot + 3 * s**2 * t * first + 3 * s * t**2 * second + t**3 * head
    return np.asarray(curve, np.float32)


def build_stem(path_xyz: Floats, radius: float = 0.055, sides: int = 12) -> Mesh:
    """A slightly ribbed tube along the path [P, 3], thicker where it carries the head."""
    points = len(path_xyz)
    forward = normalize(np.gradient(path_xyz, axis=0))
    side = normalize(np.cross(forward, np.array([0.0, 0.0, 1.0])))
    other = np.cross(forward, side)
    angle_rad = np.linspace(0.0, 2.0 * np.pi, sides, endpoint=False)
    t = np.linspace(0.0, 1.0, points)
    thick = radius * (1.15 - 0.35 * t + 0.9 * smoothstep(0.965, 1.0, t))
    ribs = 1.0 + 0.07 * np.cos(angle_rad * 4.0)
    ring = (
        np.cos(angle_rad)[None, :, None] * side[:, None]
        + np.sin(angle_rad)[None, :, None] * other[:, None]
    )
    vertices = path_xyz[:, None] + ring * (thick[:, None] * ribs[None, :])[..., None]
    low, high = np.array([0.05, 0.17, 0.085]), np.array([0.075, 0.31, 0.17])
    colours = (low + (high - low) * t[:, None])[:, None] * (0.8 + 0.2 * ribs[None, :, None])
    triangles = grid_triangles(points, sides, closed=True)
    tube = make_mesh(vertices.reshape(-1, 3), triangles, colours.reshape(-1, 3), _STALK)
    outwards = float(np.sum(tube.normals_xyz * ring.reshape(-1, 3)))
    if outwards > 0:
        return tube
    return make_mesh(tube.vertices_xyz, triangles[:, ::-1].copy(), colours.reshape(-1, 3), _STALK)


def build_leaf(length: float = 1.1, half_width: float = 0.17, teeth: int = 5) -> Mesh:
    """A toothed green leaf along +x that arches over, its midrib sunk in; both sides of it."""
    along = np.linspace(0.0, 1.0, 25)[:, None]
    across = np.linspace(-1.0, 1.0, 7)[None, :]
    outline = half_width * (0.16 + 0.84 * np.sin(np.pi * np.clip(along, 0, 1) ** 1.35) ** 0.8)
    outline = outline * np.sqrt(np.clip(1.02 - along**6, 0.0, 1.0))
    bite = 1.0 - 0.20 * np.abs(np.sin(np.pi * teeth * along)) * smoothstep(0.3, 0.5, along)
    x = length * along + 0.0 * across
    z = outline * across * (1.0 - (1.0 - bite) * np.abs(across) ** 3)
    y = length * (0.75 * along - 0.62 * along**2) + 0.45 * outline * np.abs(across) ** 1.3
    y = y + 0.012 * np.sin(along * 31.0) * np.abs(across)
    rib = np.exp(-((across / 0.12) ** 2)) + 0.0 * along
    veins = 0.5 + 0.5 * np.cos(2.0 * np.pi * (along * 9.0 - np.abs(across) * 1.2))
    green = np.array([0.035, 0.20, 0.075]) * (0.85 + 0.25 * veins[..., None])
    pale, rib_share = np.array([0.10, 0.34, 0.19]), 0.6 * rib[..., None]
    colours = green * (1.0 - rib_share) + pale * rib_share
    vertices = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    sheet = make_mesh(vertices, grid_triangles(25, 7), colours.reshape(-1, 3), _BLADE)
    return make_two_sided(orient_upwards(sheet), back_tint_bgr=(1.25, 1.1, 1.2))
