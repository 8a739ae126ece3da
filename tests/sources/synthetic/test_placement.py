"""Where things stand in the meadow: each in a place of its own, on something, and whole."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from livecam.sources.synthetic import flower, other_objects, renderer
from livecam.sources.synthetic.projection import make_camera
from livecam.sources.synthetic.background import GROUND_Y, render_background
from livecam.sources.synthetic.flower import Flower
from livecam.sources.synthetic.mesh import Mesh, ObjectLabel
from livecam.sources.synthetic.petals_and_disc import build_petal_whorls
from livecam.sources.synthetic.stem_and_leaves import build_sepals
from livecam.sources.synthetic.vectors import Floats
from livecam.sources.synthetic.scene import Scene, SceneContents, build_scene, place_objects
from livecam.sources.synthetic.projection import Pose
from livecam.sources.synthetic.renderer import render


def heads(daisy: Mesh) -> Floats:
    """The petals and the disc: vertices [N, 3]."""
    return daisy.vertices_xyz[daisy.labels == ObjectLabel.DAISY]


def toys(things: list[Mesh]) -> tuple[Mesh, Mesh]:
    """The balloon and the pinwheel."""
    (balloon,) = [mesh for mesh in things if mesh.labels[0] == ObjectLabel.BALLOON]
    (pinwheel,) = [mesh for mesh in things if mesh.labels[0] == ObjectLabel.PINWHEEL]
    return balloon, pinwheel


def skin_ball(balloon: Mesh) -> tuple[Floats, float]:
    """Middle and radius of a ball that holds the balloon without its string."""
    top = balloon.vertices_xyz[balloon.vertices_xyz[:, 1] > balloon.vertices_xyz[:, 1].max() - 1.2]
    middle = 0.5 * (top.min(axis=0) + top.max(axis=0))
    return middle, 0.53


@cache
def meadow() -> Scene:
    """Three daisies and the other objects; no test changes it."""
    return build_scene(4, SceneContents(3, others=True))


def placed(seed: int, flowers: int) -> tuple[list[Flower], list[Mesh]]:
    """What `flowers` daisies and other objects are with this seed."""
    daisies, things = place_objects(
        np.random.default_rng(seed), SceneContents(flowers, others=True)
    )
    return daisies, list(things)


@pytest.fixture
def sparse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Daisies of full size with few vertices and no sepals: many scenes in little time."""
    for detail in ("_NEAR_DETAIL", "_FAR_DETAIL"):
        monkeypatch.setattr(flower, detail, (6, 3, 4))
    monkeypatch.setattr(flower, "build_sepals", lambda rng: build_sepals(rng, 1))


@pytest.fixture
def bare(sparse: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stems, and hardly more than the disc on top of them."""
    monkeypatch.setattr(flower, "build_petal_whorls", lambda rng, *_: build_petal_whorls(rng, 1))


@pytest.mark.usefixtures("sparse")
def test_no_daisy_grows_through_the_balloon_or_the_pinwheel() -> None:
    """Thirty seeds: no vertex of a flower's head, and no stem, within either of them."""
    for seed in range(30):
        daisies, things = placed(seed, flowers=4)
        balloon, pinwheel = toys(things)
        middle, radius = skin_ball(balloon)
        wheel = pinwheel.vertices_xyz[pinwheel.vertices_xyz[:, 1] > -1.2]
        hub = 0.5 * (wheel.min(axis=0) + wheel.max(axis=0))
        assert len(daisies) == 4
        for daisy in daisies:
            near = np.concatenate([heads(daisy.mesh), daisy.stem_xyz])
            assert np.linalg.norm(near - middle, axis=1).min() > radius, seed
            assert np.linalg.norm(near - hub, axis=1).min() > 0.55, seed


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("flowers", [2, 3])
def test_fewer_daisies_stand_where_the_first_of_more_do(flowers: int) -> None:
    """So what holds for the places of four holds for those of two and three."""
    for seed in (0, 7):
        (few, things), (more, others) = placed(seed, flowers), placed(seed, 4)
        assert len(few) == flowers
        meshes = [*(daisy.mesh for daisy in few), *things]
        same = [*(daisy.mesh for daisy in more[:flowers]), *others]
        for one, other in zip(meshes, same, strict=True):
            np.testing.assert_array_equal(one.vertices_xyz, other.vertices_xyz)


@pytest.mark.usefixtures("bare")
def test_daisies_keep_away_from_each_other() -> None:
    """However many there are."""
    for seed in range(10):
        daisies, _ = placed(seed, flowers=9)
        spots = np.stack([daisy.stem_xyz[-1] for daisy in daisies[1:]])[:, [0, 2]]
        apart = np.linalg.norm(spots[:, None] - spots[None], axis=2) + 9.0 * np.eye(len(spots))
        assert apart.min() > 1.2, seed


@pytest.mark.usefixtures("sparse")
def test_things_beside_a_lone_flower_do_not_move_it() -> None:
    """The flower in the middle is the same with and without company."""
    for seed in (0, 5):
        (alone,), _ = place_objects(np.random.default_rng(seed), SceneContents())
        full = place_objects(np.random.default_rng(seed), SceneContents(3, others=True))[0]
        np.testing.assert_array_equal(alone.mesh.vertices_xyz, full[0].mesh.vertices_xyz)


def test_everything_reaches_down_to_the_ground() -> None:
    """Nothing hovers: string, stick and stalks end at, or below, the height of the ground."""
    others = other_objects.build_other_objects(np.random.default_rng(1), GROUND_Y)
    for mesh in others.meshes:
        assert mesh.vertices_xyz[:, 1].min() == pytest.approx(GROUND_Y, abs=0.12)


def test_the_string_is_tied_to_the_balloon() -> None:
    """From the ground to the knot there is no gap in height."""
    heights = np.sort(other_objects.build_balloon(5.0).vertices_xyz[:, 1])
    assert heights[0] == pytest.approx(-5.0, abs=0.05)
    assert np.diff(heights).max() < 0.6


def test_the_pinwheel_s_paper_meets_at_its_pin() -> None:
    """Each blade begins in the middle of the square and ends folded back before it."""
    wheel = other_objects.build_pinwheel(5.0)
    paper = wheel.vertices_xyz[wheel.translucency > 0]
    from_axis = np.hypot(paper[:, 0], paper[:, 1])
    assert (paper[from_axis < 0.01, 2] < 0.01).sum() >= 8
    assert (paper[from_axis < 0.01, 2] > 0.10).sum() >= 8
    assert from_axis.max() == pytest.approx(0.74, abs=0.02)


def test_petals_seen_edge_on_do_not_break_into_dots() -> None:
    """Along the outer half of every petal the picture differs from the bare meadow."""
    full = meadow()
    dotted = replace(full, visibility=replace(full.visibility, midlines=()))
    broken = {True: 0, False: 0}
    for yaw_rad in np.linspace(-3.0, 3.0, 8):
        pose = Pose(float(yaw_rad), 0.25, 0.8)
        camera = make_camera(pose, 640, 480)
        bare = render_background(full.background, camera).astype(int)
        spots = np.concatenate(
            [line.paths_xyz[:, 5:-1].reshape(-1, 3) for line in full.visibility.midlines]
        )
        column, row = np.floor(camera.project(spots)[0]).astype(int).T
        inside = (column >= 0) & (column < 640) & (row >= 0) & (row < 480)
        row, column = row[inside], column[inside]
        for is_drawn, drawn in ((True, full), (False, dotted)):
            changed = np.abs(render(drawn, pose, 640, 480).astype(int) - bare).max(axis=2)
            broken[is_drawn] += int((changed[row, column] < 12).sum())
    assert broken[True] < 0.1 * broken[False]
    assert broken[False] > 5


@pytest.mark.parametrize(("zoom", "least"), [(0.8, 0.75), (1.0, 0.625)])
def test_more_flowers_do_not_get_coarse_edges(zoom: float, least: float) -> None:
    """At 640 x 480 three flowers and other things are drawn nearly as fine as the picture."""
    full = meadow()
    for yaw_rad in (0.0, 2.0, 4.0):
        camera = make_camera(Pose(yaw_rad, 0.5, zoom), 640, 480)
        window = renderer._viewport(full, camera, full.visibility.triangles_for(camera))
        assert window is not None
        assert window.scale >= least


@pytest.mark.usefixtures("sparse")
def test_a_scene_without_its_daisies_shows_nothing_of_them() -> None:
    """What trains a network on meadows without daisies must not draw their petals' middles."""
    full = build_scene(3, SceneContents(2, others=True))
    bare = full.visibility.restricted_to(full.mesh.labels != ObjectLabel.DAISY)
    assert len(full.visibility.midlines) == 2
    assert bare.midlines == ()
