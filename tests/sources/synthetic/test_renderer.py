"""The daisy scene's pictures: repeatable, in agreement with their labels, daisy-coloured."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from livecam.sources.synthetic.projection import RAISED, TARGET_XYZ, Viewport, make_camera
from livecam.sources.synthetic.scene import Scene, SceneContents, build_scene
from livecam.sources.synthetic.mesh import ObjectLabel
from livecam.sources.synthetic.projection import Pose
from livecam.sources.synthetic.renderer import render, render_labels

POSES = [Pose(0.0, 0.6, 1.0), Pose(2.1, 0.25, 0.8), Pose(-1.0, 1.3, 1.6)]


@pytest.fixture(scope="module")
def scene() -> Scene:
    """One daisy."""
    return build_scene(3)


@pytest.fixture(scope="module")
def full_scene() -> Scene:
    """Two daisies among things that are none."""
    return build_scene(4, SceneContents(flowers=2, others=True))


def share(labels: npt.NDArray[np.uint8], thing: ObjectLabel) -> float:
    """The share of the picture that shows this thing."""
    return float((labels == thing).mean())


@pytest.mark.parametrize("size", [(320, 240), (161, 203), (1280, 720)])
def test_picture_has_the_asked_size(scene: Scene, size: tuple[int, int]) -> None:
    """BGR uint8, contiguous, width and height in their places."""
    picture = render(scene, Pose(), *size)
    assert picture.shape == (size[1], size[0], 3)
    assert picture.dtype == np.uint8
    assert picture.flags.c_contiguous
    labels = render_labels(scene, Pose(), *size)
    assert labels.shape == (size[1], size[0])
    assert labels.dtype == np.uint8


def test_same_seed_same_pixels(scene: Scene) -> None:
    """A second scene from the same seed draws the same picture, and drawing changes nothing."""
    twin = build_scene(3)
    for pose in POSES:
        first = render(scene, pose, 160, 120)
        np.testing.assert_array_equal(first, render(twin, pose, 160, 120))
        np.testing.assert_array_equal(first, render(scene, pose, 160, 120))


def test_other_seed_other_flower(scene: Scene) -> None:
    """Seeds matter."""
    other = build_scene(8)
    assert not np.array_equal(render(scene, Pose(), 160, 120), render(other, Pose(), 160, 120))


@pytest.mark.parametrize("pose", POSES)
def test_labels_agree_with_the_picture(scene: Scene, pose: Pose) -> None:
    """Daisy pixels are bright in red, meadow pixels are green."""
    picture = render(scene, pose, 320, 240).astype(int)
    labels = render_labels(scene, pose, 320, 240)
    daisy, meadow = picture[labels == ObjectLabel.DAISY], picture[labels == ObjectLabel.MEADOW]
    assert (daisy[:, 2] > 110).mean() > 0.9
    assert (meadow[:, 1] >= meadow[:, 2]).mean() > 0.9
    assert (meadow[:, 1] > meadow[:, 0]).mean() > 0.9


def test_petals_are_whitish_and_the_disc_is_yellowish(scene: Scene) -> None:
    """From above: yellow in the middle of the daisy, white around it."""
    pose = Pose(0.0, 1.2, 1.0)
    picture = render(scene, pose, 320, 240).astype(float)
    labels = render_labels(scene, pose, 320, 240)
    rows, columns = np.nonzero(labels == ObjectLabel.DAISY)
    centre = round(rows.mean()), round(columns.mean())
    disc = picture[centre[0] - 8 : centre[0] + 8, centre[1] - 8 : centre[1] + 8].mean(axis=(0, 1))
    assert disc[2] > 130
    assert disc[1] > 110
    assert disc[0] < 0.5 * disc[1]
    far = np.hypot(rows - centre[0], columns - centre[1]) > 50
    petals = np.median(picture[rows[far], columns[far]], axis=0)
    assert petals.min() > 190
    assert np.ptp(petals) < 25


def test_zoom_makes_the_flower_bigger(scene: Scene) -> None:
    """Each zoom shows more daisy than the one before."""
    shares = [
        share(render_labels(scene, Pose(0.3, 0.7, zoom), 160, 120), ObjectLabel.DAISY)
        for zoom in (0.5, 0.8, 1.2, 1.8)
    ]
    assert shares == sorted(shares)
    assert shares[1] > 2.0 * shares[0]


@pytest.mark.parametrize("yaw_rad", [0.0, 1.5, 3.0, 4.5])
def test_flower_stays_in_the_centred_square(scene: Scene, yaw_rad: float) -> None:
    """At zoom 1 nothing of the flower leaves the square that the network sees."""
    labels = render_labels(scene, Pose(yaw_rad, 0.6, 1.0), 320, 240)
    assert share(labels[:, 40:280], ObjectLabel.DAISY) > 0.08
    assert not (labels[:, :40] == ObjectLabel.DAISY).any()
    assert not (labels[:, 280:] == ObjectLabel.DAISY).any()


def test_others_are_there_and_labelled(scene: Scene, full_scene: Scene) -> None:
    """Balloon, pinwheel and leaves show from some side; a plain scene has none of them."""
    poses = [Pose(yaw, 0.5, 0.65) for yaw in (0.0, 2.0, 4.0)]
    seen = {int(v) for p in poses for v in np.unique(render_labels(full_scene, p, 160, 120))}
    assert {
        ObjectLabel.BALLOON,
        ObjectLabel.PINWHEEL,
        ObjectLabel.LEAF,
        ObjectLabel.DAISY,
        ObjectLabel.GREENERY,
    } <= seen
    plain = {int(v) for p in poses for v in np.unique(render_labels(scene, p, 160, 120))}
    assert plain == {ObjectLabel.MEADOW, ObjectLabel.DAISY, ObjectLabel.GREENERY}


def test_every_label_is_a_thing(full_scene: Scene) -> None:
    """No mixed values at the borders between things."""
    labels = render_labels(full_scene, Pose(0.4, 0.5, 0.7), 320, 240)
    assert set(np.unique(labels).tolist()) <= {int(thing) for thing in ObjectLabel}


def test_target_stays_in_its_place() -> None:
    """Whatever the pose, the flower is a little above the middle of the picture."""
    for pose in POSES:
        camera = make_camera(pose, 200, 100)
        point, depth = camera.project(np.array([TARGET_XYZ], np.float32))
        np.testing.assert_allclose(point[0], (100.0, 50.0 - 50.0 * RAISED), atol=1e-3)
        assert depth[0] == pytest.approx(camera.distance, rel=1e-5)


def test_window_view_draws_the_same_pixels_as_the_whole() -> None:
    """The sheared view of a window puts a point where the whole picture has it."""
    camera = make_camera(Pose(0.5, 0.4, 1.0), 320, 240)
    window = Viewport(left_px=100, top_px=30, width_px=80, height_px=60, scale=2.0)
    point = np.array([[0.3, 0.2, -0.1]], np.float32)
    whole, _ = camera.project(point)
    view, fov_rad = camera.viewport_matrix(window)
    x, y, z = (view @ np.append(point[0], 1.0))[:3]
    rows, columns = window.buffer_shape
    focal = rows / 2.0 / np.tan(fov_rad / 2.0)
    inside = columns / 2.0 - x / z * focal, rows / 2.0 + y / z * focal
    np.testing.assert_allclose(
        inside, (whole[0] - (window.left_px, window.top_px)) * window.scale, atol=1e-2
    )


def test_hidden_triangles_are_left_out_without_a_trace(scene: Scene) -> None:
    """Leaving out what cannot be seen changes at most a few stray pixels."""
    # What may show decides how fine it is drawn: take the finest for both.
    finest = replace(scene, render_cost=replace(scene.render_cost, budget_share=100.0))
    complete = _with_all_triangles(finest)
    for pose in POSES:
        quick = render(finest, pose, 320, 240).astype(int)
        full = render(complete, pose, 320, 240).astype(int)
        assert (np.abs(quick - full).max(axis=2) > 12).mean() < 2e-4


def _with_all_triangles(scene: Scene) -> Scene:
    patches = (
        replace(patch, may_be_visible=np.ones_like(patch.may_be_visible))
        for patch in scene.visibility.compute_all().patches
    )
    return replace(scene, visibility=replace(scene.visibility, patches=tuple(patches)))


def test_finer_drawing_shows_the_same_picture(scene: Scene) -> None:
    """How fine it is drawn changes how smooth edges are, not what is to be seen."""
    poor = replace(scene, render_cost=replace(scene.render_cost, budget_share=0.4))
    coarse = render(poor, Pose(), 320, 240).astype(int)
    fine = render(scene, Pose(), 320, 240).astype(int)
    assert 0.0 < np.abs(coarse - fine).mean() < 2.0


def test_the_first_picture_looks_along_a_few_directions_only() -> None:
    """Looking along all of them took half of the time before anything was to be seen."""
    fresh = build_scene(6)
    assert not fresh.visibility.is_computed.any()
    render(fresh, Pose(), 64, 48)
    assert 0 < fresh.visibility.is_computed.sum() < 0.2 * len(fresh.visibility.is_computed)
    assert fresh.visibility.compute_all().is_computed.all()
