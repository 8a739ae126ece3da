"""Meshes of a daisy's head: its petals in two whorls, and the yellow disc of florets."""

from dataclasses import dataclass

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
    transform_meshes,
)
from livecam.sources.synthetic.vectors import rotation_matrix, smoothstep

GOLDEN_ANGLE_RAD = np.pi * (3.0 - np.sqrt(5.0))
DISC_RADIUS = 0.29
DISC_HEIGHT = 0.13

PETAL = Material(ObjectLabel.DAISY, translucency=0.40)
FLORET = Material(ObjectLabel.DAISY, translucency=0.05, gloss=0.12)

PETAL_COUNTS = (20, 26)
"""From so many petals on, and fewer than so many."""


@dataclass(frozen=True, slots=True)
class PetalShape:
    """One petal lying along +x, its upper side facing +y; lengths in daisy radii."""

    length: float = 0.76
    half_width: float = 0.115
    rise_rad: float = 0.15
    droop: float = 0.22
    cup: float = 0.25
    twist_rad: float = 0.12
    sway: float = 0.0
    groove: float = 0.010
    notch: float = 0.05
    notch_phase_rad: float = 0.0


def build_petal(shape: PetalShape, rows: int = 17, columns: int = 7) -> Mesh:
    """A curled, grooved white petal with a notched tip, both sides of it."""
    along = 1.0 - (1.0 - np.linspace(0.0, 1.0, rows)[:, None]) ** 1.7
    across = np.linspace(-1.0, 1.0, columns)[None, :]
    waist = 0.36 + 0.64 * smoothstep(0.0, 0.55, along)
    tip = np.sqrt(np.clip(1.0 - (np.clip(along - 0.80, 0.0, 1.0) / 0.205) ** 2.4, 0.0, 1.0))
    half_width = shape.half_width * waist * tip
    teeth = 0.5 + 0.5 * np.cos(2.0 * np.pi * across + shape.notch_phase_rad)
    reach = along * (1.0 - smoothstep(0.6, 1.0, along) * shape.notch * (0.7 * teeth + across**2))
    x = shape.length * reach
    z = half_width * across + shape.sway * x**2
    # Two furrows run from the base nearly to the tip, as on the ray florets of an ox-eye daisy.
    furrows = -shape.groove * np.cos(2.0 * np.pi * across) * smoothstep(0.02, 0.2, along)
    furrows = furrows * (1.0 - 0.7 * smoothstep(0.75, 1.0, along))
    y = np.tan(shape.rise_rad) * x - shape.droop * x**2.4 / shape.length**1.4
    lifted = np.tan(shape.twist_rad * (0.4 + 0.6 * along)) * half_width * across
    y = y + furrows + shape.cup * half_width * across**2 * (1.0 - along) + lifted
    vertices = np.stack([x, y, z + 0.0 * x], axis=-1).reshape(-1, 3)
    sheet = make_mesh(vertices, grid_triangles(rows, columns), _petal_colours(along, across), PETAL)
    return make_two_sided(orient_upwards(sheet), back_tint_bgr=(0.95, 0.96, 0.97))


def _petal_colours(
    along: npt.NDArray[np.float64], across: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Reflectance [N, 3]: white, greenish yellow at the root, a trace of grey in the furrows."""
    white, root = np.array([0.86, 0.88, 0.89]), np.array([0.30, 0.66, 0.66])
    share = (1.0 - smoothstep(0.0, 0.30, along))[..., None] * 0.75
    colours = white * (1.0 - share) + root * share
    vein = 1.0 - 0.07 * (0.5 + 0.5 * np.cos(2.0 * np.pi * across))[..., None]
    return np.asarray((colours * vein).reshape(-1, 3))


def build_petal_whorls(
    rng: np.random.Generator, petals: int = 24, rows: int = 17, columns: int = 7
) -> Mesh:
    """Two rings of petals, the upper one a little shorter and set into the gaps of the lower."""
    rise, droop = rng.uniform(0.10, 0.30), rng.uniform(0.10, 0.30)
    twist = rng.uniform(0.10, 0.20) * rng.choice([-1.0, 1.0])
    width = 0.098 * 24.0 / petals
    parts: list[Mesh] = []
    for whorl in range(2):
        for number in range(petals):
            shape = PetalShape(
                length=float((0.74 - 0.045 * whorl) * rng.normal(1.0, 0.035)),
                half_width=float(width * rng.normal(1.0, 0.07)),
                rise_rad=float(rise + 0.10 * whorl + rng.normal(0.0, 0.035)),
                droop=float(droop + rng.normal(0.0, 0.04)),
                cup=float(rng.uniform(0.1, 0.4)),
                twist_rad=float(twist + rng.normal(0.0, 0.05)),
                sway=float(rng.normal(0.0, 0.035)),
                groove=float(rng.uniform(0.006, 0.011)),
                notch=float(rng.uniform(0.02, 0.07)),
                notch_phase_rad=float(rng.normal(0.0, 0.6)),
            )
            angle_rad = 2.0 * np.pi * (number + 0.5 * whorl + rng.normal(0.0, 0.07)) / petals
            outwards = transform_mesh(
                build_petal(shape, rows, columns),
                translation_xyz=(DISC_RADIUS - 0.045, 0.022 * whorl - 0.02, 0.0),
            )
            parts.append(transform_mesh(outwards, rotation_matrix(1, angle_rad)))
    return merge_meshes(parts)


def build_disc(rng: np.random.Generator, florets: int = 260) -> Mesh:
    """The yellow disc: a dome on which small florets sit in a sunflower spiral."""
    number = np.arange(florets)
    # Two draws a floret, by turns: how large it is, and how ripe.
    draws = np.array([(rng.normal(1.0, 0.07), rng.uniform(0.8, 1.0)) for _ in number])
    share = np.sqrt((number + 0.5) / florets)
    size = 0.0215 * np.sqrt(320 / florets) * (0.62 + 0.46 * share) * draws[:, 0]
    dome = _build_dome(DISC_RADIUS * 1.0, DISC_HEIGHT * 0.86)
    return merge_meshes([dome, _build_florets(share, number * GOLDEN_ANGLE_RAD, size, draws[:, 1])])


def _disc_height(share: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Height of the dome at a share 0..1 of its radius; there is a dimple in the middle."""
    r = np.asarray(share, np.float64)
    dome, dimple = np.sqrt(np.clip(1.0 - 0.93 * r**2, 0.0, 1.0)), np.exp(-((r / 0.3) ** 2))
    return np.asarray(DISC_HEIGHT * (dome - 0.20 * dimple))


def _build_dome(radius: float, height: float) -> Mesh:
    """The ground under the florets, dark yellow, so that no gap shows through."""
    share = np.linspace(0.0, 1.0, 8)[:, None]
    angle_rad = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)[None, :]
    x, z = radius * share * np.cos(angle_rad), radius * share * np.sin(angle_rad)
    y = np.broadcast_to(_disc_height(share) * height / DISC_HEIGHT, x.shape)
    vertices = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    return orient_upwards(
        make_mesh(vertices, grid_triangles(8, 40, closed=True), (0.004, 0.22, 0.42), FLORET)
    )


def _build_florets(
    share: npt.NDArray[np.float64],
    turn_rad: npt.NDArray[np.float64],
    size: npt.NDArray[np.float64],
    ripeness: npt.NDArray[np.float64],
) -> Mesh:
    """Small domes standing on the disc, paler on top than at their feet.

    All of them at once: one after the other takes longer than all else about a flower. Each
    argument has one value a floret: its share 0..1 of the radius, and so on.
    """
    sides, count = 5, len(share)
    height = size * (1.2 + 0.5 * smoothstep(0.35, 0.8, share))
    ring_rad = np.linspace(0.0, 2.0 * np.pi, sides, endpoint=False) + turn_rad[:, None]
    vertices = np.zeros((count, 2 * sides + 1, 3))
    for ring, (wide, high) in enumerate([(1.08, 0.0), (0.80, 0.72)]):
        part = vertices[:, ring * sides : (ring + 1) * sides]
        part[..., 0] = (size * wide)[:, None] * np.cos(ring_rad)
        part[..., 1] = (height * high)[:, None]
        part[..., 2] = (size * wide)[:, None] * np.sin(ring_rad)
    vertices[:, -1, 1] = height
    bud, ripe = np.array([0.02, 0.62, 0.72]), np.array([0.008, 0.50, 0.86])
    ripened = smoothstep(0.15, 0.55, share) * ripeness
    colours = bud + (ripe - bud) * ripened[:, None]
    shade = np.array([0.40] * sides + [0.95] * sides + [1.12])
    florets = make_mesh(
        vertices.reshape(-1, 3),
        _floret_triangles(sides, count),
        (shade[:, None] * colours[:, None]).reshape(-1, 3),
        FLORET,
    )
    slope = np.arctan2(DISC_HEIGHT * 0.93 * share, DISC_RADIUS * np.sqrt(1.0 - 0.86 * share**2))
    seat = np.stack([DISC_RADIUS * share, _disc_height(share) - 0.012, 0.0 * share], axis=1)
    leaning = transform_meshes(florets, [rotation_matrix(2, -angle) for angle in slope])
    seated = transform_meshes(leaning, [np.eye(3)] * count, seat)
    return transform_meshes(seated, [rotation_matrix(1, -angle) for angle in turn_rad])


def _floret_triangles(sides: int, count: int) -> npt.NDArray[np.int32]:
    """Triangles [M, 3] of so many florets, seen from above."""
    cap = [(sides + k, sides + (k + 1) % sides, 2 * sides) for k in range(sides)]
    one = np.concatenate([grid_triangles(2, sides, closed=True), np.array(cap, np.int32)])[:, ::-1]
    first = np.arange(count, dtype=np.int32) * np.int32(2 * sides + 1)
    return np.ascontiguousarray((one + first[:, None, None]).reshape(-1, 3))
