"""The daisy's light: shadows fall, whites do not burn out, edges are softened where they are."""

import numpy as np

from livecam.sources.synthetic.antialias import antialias
from livecam.sources.synthetic.vectors import cone_directions, sphere_directions
from livecam.sources.synthetic.lighting import Daylight, bake_vertex_colours, tone_map
from livecam.sources.synthetic.mesh import (
    Material,
    Mesh,
    ObjectLabel,
    grid_triangles,
    merge_meshes,
    make_mesh,
)
from livecam.sources.synthetic.depth_map import vertex_visibility


def sheet_at(height: float, half_side: float) -> Mesh:
    """A level white sheet facing up: 9 x 9 vertices."""
    along = np.linspace(-half_side, half_side, 9)
    x, z = np.meshgrid(along, along, indexing="ij")
    vertices = np.stack([x, np.full_like(x, height), z], axis=-1).reshape(-1, 3)
    triangles = grid_triangles(9, 9)[:, ::-1].copy()
    mesh = make_mesh(vertices, triangles, (0.8, 0.8, 0.8), Material(ObjectLabel.BALLOON))
    assert mesh.normals_xyz[:, 1].mean() in (-1.0, 1.0)
    if mesh.normals_xyz[0, 1] > 0:
        return mesh
    return make_mesh(vertices, grid_triangles(9, 9), (0.8, 0.8, 0.8), Material(ObjectLabel.BALLOON))


def test_what_lies_under_something_is_hidden_from_above() -> None:
    """The large sheet's middle is hidden by the small one; its corners are not."""
    mesh = merge_meshes([sheet_at(0.0, 1.0), sheet_at(0.5, 0.4)])
    seen = vertex_visibility(mesh, np.array([[0.0, 1.0, 0.0]], np.float32), 1.5)
    below, above = seen[0, :81].reshape(9, 9), seen[0, 81:]
    assert above.all()
    assert not below[3:6, 3:6].any()
    assert below[0].all()
    assert below[:, 8].all()


def test_shadow_is_darker_than_sun() -> None:
    """The middle below the small sheet gets less light than the open corner."""
    mesh = merge_meshes([sheet_at(0.0, 1.0), sheet_at(0.3, 0.5)])
    overhead = Daylight(sun_xyz=(0.0, 1.0, 0.0))
    lit_bgr, sunny = bake_vertex_colours(mesh, overhead, 1.5)
    assert lit_bgr[40].max() < 0.8 * lit_bgr[0].min()
    assert sunny[40] == 0.0
    assert sunny[0] == 1.0


def test_directions_are_even_and_of_unit_length() -> None:
    """The sphere's directions balance each other; the cone's stay near the axis."""
    sphere = sphere_directions(72)
    np.testing.assert_allclose(np.linalg.norm(sphere, axis=1), 1.0, atol=1e-6)
    np.testing.assert_allclose(sphere.mean(axis=0), 0.0, atol=0.02)
    cone = cone_directions((0.0, 1.0, 0.0), 0.1, 12)
    assert cone[:, 1].min() > np.cos(0.11)


def test_tone_curve_rises_and_stays_in_range() -> None:
    """Black stays black, more light is never darker, white is reached softly."""
    shown = tone_map(np.linspace(0.0, 6.0, 50, dtype=np.float32))
    assert shown[0] == 0.0
    assert (np.diff(shown) >= 0.0).all()
    assert shown.max() <= 1.0
    assert 0.7 < tone_map(np.float32([1.0]))[0] < 0.9


def test_softening_touches_edges_only() -> None:
    """A slanted edge gets grey steps between black and white; even areas stay as they are."""
    rows, columns = np.indices((40, 60))
    white = columns > 20 + rows // 5
    picture = np.where(white[..., None], 255, 0).astype(np.uint8).repeat(4, axis=2)
    softer = antialias(picture)
    changed = (softer != picture).any(axis=2)
    assert changed.any()
    distance = np.abs(columns - (20.5 + rows / 5.0))
    assert not changed[distance > 3].any()
    assert len(np.unique(softer)) > 4


def test_softening_leaves_a_plain_picture_alone() -> None:
    """Nothing to do, nothing done."""
    plain = np.full((8, 9, 4), 77, np.uint8)
    np.testing.assert_array_equal(antialias(plain), plain)
