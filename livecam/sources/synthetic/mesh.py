"""Triangle meshes of the 3D scene: the Mesh value; functions to build, merge and move them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.vectors import Floats, normalize


class ObjectLabel(IntEnum):
    """Which object a vertex belongs to; also the pixel values of `renderer.render_labels`."""

    MEADOW = 0
    DAISY = 1
    GREENERY = 2
    BALLOON = 3
    PINWHEEL = 4
    LEAF = 5


@dataclass(frozen=True, slots=True)
class Material:
    """What a surface is made of.

    Attributes:
        label: the object that it belongs to.
        translucency: share of light that passes through from the other side.
        gloss: strength of the highlight.
    """

    label: ObjectLabel
    translucency: float = 0.0
    gloss: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles with a material at every corner.

    Axes: x right, y up, z towards a camera whose yaw is zero. A length of 1 is a daisy's radius.
    Seen from outside the corners of a triangle run counter-clockwise.

    Attributes:
        vertices_xyz: float32 [N, 3].
        normals_xyz: float32 [N, 3], of unit length, pointing outside.
        colours_bgr: float32 [N, 3], reflectance in linear light, 0..1.
        triangles: int32 [M, 3], rows of `vertices_xyz`.
        labels: uint8 [N], an `ObjectLabel` for every vertex.
        translucency: float32 [N], share of light that passes through from the other side.
        gloss: float32 [N], strength of the highlight.
    """

    vertices_xyz: Floats
    normals_xyz: Floats
    colours_bgr: Floats
    triangles: npt.NDArray[np.int32]
    labels: npt.NDArray[np.uint8]
    translucency: Floats
    gloss: Floats


def vertex_normals(vertices_xyz: Floats, triangles: npt.NDArray[np.int32]) -> Floats:
    """Unit normals [N, 3]: the mean of the adjoining triangles, large triangles counting more."""
    corners = vertices_xyz[triangles].astype(np.float64)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    total = np.zeros((len(vertices_xyz), 3))
    for corner in range(3):
        np.add.at(total, triangles[:, corner], across)
    return normalize(total)


def make_mesh(
    vertices_xyz: npt.ArrayLike,
    triangles: npt.NDArray[np.int32],
    colours_bgr: npt.ArrayLike,
    material: Material,
) -> Mesh:
    """A mesh of one material; `colours_bgr` is one colour [3] or one a vertex [N, 3]."""
    vertices = np.ascontiguousarray(vertices_xyz, np.float32)
    count = len(vertices)
    colours = np.broadcast_to(np.asarray(colours_bgr, np.float32), (count, 3))
    return Mesh(
        vertices,
        vertex_normals(vertices, triangles),
        np.ascontiguousarray(colours),
        triangles,
        np.full(count, material.label, np.uint8),
        np.full(count, material.translucency, np.float32),
        np.full(count, material.gloss, np.float32),
    )


def grid_triangles(rows: int, columns: int, *, closed: bool = False) -> npt.NDArray[np.int32]:
    """Triangles [M, 3] over a grid of vertices in row order; `closed` joins the outer columns."""
    row, column = np.meshgrid(
        np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij"
    )
    beside = (column + 1) % columns
    a, b = row * columns + column, row * columns + beside
    c, d = a + columns, b + columns
    corners = np.stack([a, b, d, a, d, c], axis=-1)
    return np.ascontiguousarray(corners.reshape(-1, 3), dtype=np.int32)


def merge_meshes(meshes: Sequence[Mesh]) -> Mesh:
    """All meshes in one."""
    starts = np.cumsum([0] + [len(mesh.vertices_xyz) for mesh in meshes])
    return Mesh(
        np.concatenate([mesh.vertices_xyz for mesh in meshes]),
        np.concatenate([mesh.normals_xyz for mesh in meshes]),
        np.concatenate([mesh.colours_bgr for mesh in meshes]),
        np.concatenate(
            [mesh.triangles + np.int32(start) for mesh, start in zip(meshes, starts, strict=False)]
        ),
        np.concatenate([mesh.labels for mesh in meshes]),
        np.concatenate([mesh.translucency for mesh in meshes]),
        np.concatenate([mesh.gloss for mesh in meshes]),
    )


def make_two_sided(sheet: Mesh, back_tint_bgr: npt.ArrayLike = (1.0, 1.0, 1.0)) -> Mesh:
    """The sheet and its underside, so that the renderer may cull triangles that face away."""
    tint = np.asarray(back_tint_bgr, np.float32)
    back = replace(
        sheet,
        normals_xyz=-sheet.normals_xyz,
        triangles=np.ascontiguousarray(sheet.triangles[:, ::-1]),
        colours_bgr=sheet.colours_bgr * tint,
    )
    return merge_meshes([sheet, back])


def transform_mesh(
    mesh: Mesh,
    rotation: npt.ArrayLike | None = None,
    translation_xyz: npt.ArrayLike = (0.0, 0.0, 0.0),
    scale: float = 1.0,
) -> Mesh:
    """The mesh scaled, rotated by the matrix `rotation` [3, 3], then translated."""
    matrix = np.eye(3) if rotation is None else np.asarray(rotation, np.float64)
    vertices = mesh.vertices_xyz @ matrix.T * scale + np.asarray(translation_xyz)
    return replace(
        mesh,
        vertices_xyz=np.ascontiguousarray(vertices, np.float32),
        normals_xyz=normalize(mesh.normals_xyz @ matrix.T),
    )


def transform_meshes(
    meshes: Mesh, rotations: npt.ArrayLike, translations_xyz: npt.ArrayLike = (0.0, 0.0, 0.0)
) -> Mesh:
    """Meshes of equal size, merged: each rotated by its matrix of [K, 3, 3], then translated."""
    matrices = np.asarray(rotations, np.float64).transpose(0, 2, 1)
    shape = (len(matrices), -1, 3)
    moved = np.broadcast_to(np.asarray(translations_xyz), (len(matrices), 3))[:, None]
    vertices = meshes.vertices_xyz.reshape(shape) @ matrices + moved
    normals = meshes.normals_xyz.reshape(shape) @ matrices
    return replace(
        meshes,
        vertices_xyz=np.ascontiguousarray(vertices.reshape(-1, 3), np.float32),
        normals_xyz=normalize(normals.reshape(-1, 3)),
    )


def orient_upwards(sheet: Mesh) -> Mesh:
    """The same sheet with the corners ordered so that its normals point to +y on the whole."""
    if sheet.normals_xyz[:, 1].mean() > 0:
        return sheet
    flipped = np.ascontiguousarray(sheet.triangles[:, ::-1])
    return replace(sheet, normals_xyz=-sheet.normals_xyz, triangles=flipped)
