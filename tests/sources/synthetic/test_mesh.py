"""The daisy's geometry: sound meshes, outward normals, believable colours."""

import numpy as np
import numpy.typing as npt
import pytest

from livecam.sources.synthetic import other_objects, petals_and_disc, stem_and_leaves
from livecam.sources.synthetic.mesh import (
    Material,
    Mesh,
    ObjectLabel,
    grid_triangles,
    merge_meshes,
    make_mesh,
    transform_mesh,
    make_two_sided,
)
from livecam.sources.synthetic.vectors import rotation_matrix


def builds() -> dict[str, Mesh]:
    """One mesh of each kind."""
    rng = np.random.default_rng(5)
    path_xyz = stem_and_leaves.stem_path((0.2, -6.0, 0.1), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    return {
        "petal": petals_and_disc.build_petal(petals_and_disc.PetalShape()),
        "whorls": petals_and_disc.build_petal_whorls(rng),
        "disc": petals_and_disc.build_disc(rng),
        "sepals": stem_and_leaves.build_sepals(rng),
        "stem": stem_and_leaves.build_stem(path_xyz),
        "leaf": stem_and_leaves.build_leaf(),
        "balloon": other_objects.build_balloon(5.0),
        "pinwheel": other_objects.build_pinwheel(5.0),
    }


MESHES = builds()


def face_normals(mesh: Mesh) -> npt.NDArray[np.float64]:
    """Normals [M, 3] of the triangles, as long as twice their areas."""
    corners = mesh.vertices_xyz[mesh.triangles].astype(np.float64)
    return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])


@pytest.mark.parametrize("name", MESHES)
def test_mesh_is_sound(name: str) -> None:
    """Indices point at vertices, numbers are finite, normals have length 1."""
    mesh = MESHES[name]
    count = len(mesh.vertices_xyz)
    assert mesh.triangles.min() >= 0
    assert mesh.triangles.max() < count
    assert mesh.triangles.dtype == np.int32
    assert np.isfinite(mesh.vertices_xyz).all()
    np.testing.assert_allclose(np.linalg.norm(mesh.normals_xyz, axis=1), 1.0, atol=1e-5)
    assert mesh.colours_bgr.min() >= 0.0
    assert mesh.colours_bgr.max() <= 1.0
    for column in (mesh.labels, mesh.translucency, mesh.gloss, mesh.colours_bgr):
        assert len(column) == count


@pytest.mark.parametrize("name", MESHES)
def test_corner_order_agrees_with_the_normals(name: str) -> None:
    """A triangle that is drawn as facing the viewer is also lit as facing the viewer."""
    mesh = MESHES[name]
    faces = face_normals(mesh)
    mean_normals = mesh.normals_xyz[mesh.triangles].mean(axis=1)
    large = np.linalg.norm(faces, axis=1) > 1e-7
    agreeing = np.einsum("md,md->m", faces, mean_normals)[large] > 0
    assert agreeing.mean() > 0.98


def test_closed_things_face_outwards() -> None:
    """Balloon, disc and stem are not inside out."""
    balloon = MESHES["balloon"]
    skin = balloon.vertices_xyz[:, 1] > -0.6
    outwards = np.einsum("nd,nd->n", balloon.normals_xyz, balloon.vertices_xyz)
    assert (outwards[skin] > 0).all()
    assert MESHES["disc"].normals_xyz[:, 1].mean() > 0.3
    stick = other_objects.build_rod(0.035, 5.0)
    around = stick.vertices_xyz.reshape(-1, 10, 3)
    beside = (around - around.mean(axis=1, keepdims=True)).reshape(-1, 3)
    assert (np.einsum("nd,nd->n", beside, stick.normals_xyz) > 0).all()
    stem = MESHES["stem"]
    rings = stem.vertices_xyz.reshape(-1, 12, 3)
    outwards = (rings - rings.mean(axis=1, keepdims=True)).reshape(-1, 3)
    assert (np.einsum("nd,nd->n", outwards, stem.normals_xyz) > 0).mean() > 0.95


def test_petals_are_white_and_the_disc_is_yellow() -> None:
    """White: all channels high and close together. Yellow: green and red well above blue."""
    petal = MESHES["petal"].colours_bgr
    tip = petal[np.argmax(MESHES["petal"].vertices_xyz[:, 0])]
    assert tip.min() > 0.7
    assert np.ptp(tip) < 0.1
    blue, green, red = MESHES["disc"].colours_bgr.mean(axis=0)
    assert red > green > 5.0 * blue


def test_petal_has_two_sides() -> None:
    """The underside is the upper side with normals and corner order turned round."""
    petal = MESHES["petal"]
    half = len(petal.vertices_xyz) // 2
    np.testing.assert_array_equal(petal.vertices_xyz[:half], petal.vertices_xyz[half:])
    np.testing.assert_array_equal(petal.normals_xyz[:half], -petal.normals_xyz[half:])


def test_two_whorls_hold_twice_the_petals() -> None:
    """The whorls of n petals have the triangles of 2 n petals."""
    one = petals_and_disc.build_petal(petals_and_disc.PetalShape(), 6, 5)
    both = petals_and_disc.build_petal_whorls(
        np.random.default_rng(0), petals=10, rows=6, columns=5
    )
    assert len(both.triangles) == 20 * len(one.triangles)


def test_seeds_grow_different_flowers() -> None:
    """Same seed, same petals; another seed, others."""
    first, again, other = (
        petals_and_disc.build_petal_whorls(np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first.vertices_xyz, again.vertices_xyz)
    assert not np.array_equal(first.vertices_xyz, other.vertices_xyz)


def test_joined_keeps_every_triangle_with_its_own_vertices() -> None:
    """The corners of all triangles stay where they were."""
    parts = [MESHES["balloon"], MESHES["leaf"]]
    whole = merge_meshes(parts)
    corners = np.concatenate([part.vertices_xyz[part.triangles] for part in parts])
    np.testing.assert_array_equal(whole.vertices_xyz[whole.triangles], corners)


def test_moved_turns_scales_and_shifts() -> None:
    """A quarter turn about the upright axis takes +z to +x."""
    sheet = make_mesh(
        [(0.0, 0.0, 1.0), (1.0, 0.0, 1.0), (0.0, 1.0, 1.0)],
        np.array([[0, 1, 2]], np.int32),
        (1.0, 1.0, 1.0),
        Material(ObjectLabel.BALLOON),
    )
    there = transform_mesh(
        sheet, rotation_matrix(1, np.pi / 2.0), translation_xyz=(0.0, 5.0, 0.0), scale=2.0
    )
    np.testing.assert_allclose(there.vertices_xyz[0], (2.0, 5.0, 0.0), atol=1e-6)
    np.testing.assert_allclose(there.normals_xyz[0], (1.0, 0.0, 0.0), atol=1e-6)


def test_grid_covers_its_area_once() -> None:
    """An open grid of r x c vertices has 2 (r-1) (c-1) triangles, a closed one 2 (r-1) c."""
    assert grid_triangles(4, 5).shape == (24, 3)
    assert grid_triangles(4, 5, closed=True).shape == (30, 3)


def test_two_sided_tints_only_the_back() -> None:
    """The front keeps its colour."""
    balloon = MESHES["balloon"]
    both = make_two_sided(balloon, back_tint_bgr=(0.5, 0.5, 0.5))
    count = len(balloon.vertices_xyz)
    np.testing.assert_array_equal(both.colours_bgr[:count], balloon.colours_bgr)
    np.testing.assert_allclose(both.colours_bgr[count:], balloon.colours_bgr * 0.5)
