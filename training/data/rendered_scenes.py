"""Rendered views of the program's own 3D daisy, and of its scenes without the flowers."""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.random import Generator

from livecam.sources.synthetic.mesh import ObjectLabel
from livecam.sources.synthetic.projection import Pose
from livecam.sources.synthetic.renderer import render, render_labels
from livecam.sources.synthetic.rotation_and_zoom import PITCH_RANGE_RAD, ZOOM_RANGE
from livecam.sources.synthetic.scene import Scene, SceneContents, build_scene
from training.data.picture_store import BACKDROP_KINDS, LabelledPicture, Picture, PictureStore
from training.settings import DAISY, OTHER

SIDE_PX = 256
VIEWS_PER_SCENE = 60
MASKED_VIEWS_PER_SCENE = 25
HELD_OUT_SEEDS_FROM = 5000


def training_views(seed: int, count: int, backdrops: PictureStore) -> Iterator[LabelledPicture]:
    """Render daisies (two thirds) and the same meadows without them (one third)."""
    for number in range(count):
        rng = np.random.default_rng((seed, 7, number))
        if number % VIEWS_PER_SCENE == 0:
            scene = build_scene(number, any_contents(rng))
            bare = without_daisies(scene)
        if number % 3 == 2:
            picture = view(bare, any_pose(rng))
            yield LabelledPicture(f"bare{number}", "rendered_other", OTHER, "train", picture)
        else:
            picture = _daisy(rng, scene, any_pose(rng), backdrops)
            yield LabelledPicture(f"daisy{number}", "rendered_daisy", DAISY, "train", picture)


def masked_views(seed: int, count: int, backdrops: PictureStore) -> Iterator[LabelledPicture]:
    """Render daisies of other scenes; the fourth channel is 255 where a flower head is visible."""
    for number in range(count):
        rng = np.random.default_rng((seed, 11, number))
        if number % MASKED_VIEWS_PER_SCENE == 0:
            scene = build_scene(number, any_contents(rng))
        pose = any_pose(rng)
        picture = _daisy(rng, scene, pose, backdrops)
        pixels = np.dstack([picture, mask(scene, pose, SIDE_PX, ObjectLabel.DAISY)])
        yield LabelledPicture(f"masked{number}", "masked", DAISY, "train", pixels)


def held_out_views(count: int, side_px: int = 224) -> Iterator[tuple[Picture, np.ndarray]]:
    """Render daisies of scenes never trained on: RGB pictures and masks of the flowers' pixels."""
    for number in range(count):
        rng = np.random.default_rng((HELD_OUT_SEEDS_FROM, number))
        if number % 20 == 0:
            scene = build_scene(HELD_OUT_SEEDS_FROM + number, any_contents(rng))
        pose = reachable_pose(rng)
        yield view(scene, pose, side_px), mask(scene, pose, side_px, ObjectLabel.DAISY)


def held_out_bare_views(count: int, side_px: int = 224) -> Iterator[Picture]:
    """Render meadows, toys and leaves without any daisy, of scenes never trained on."""
    for number in range(count):
        rng = np.random.default_rng((HELD_OUT_SEEDS_FROM + 1, number))
        if number % 20 == 0:
            scene = without_daisies(build_scene(HELD_OUT_SEEDS_FROM + number, any_contents(rng)))
        yield view(scene, reachable_pose(rng), side_px)


def any_contents(rng: Generator) -> SceneContents:
    """One to three flowers, mostly one, with or without other things."""
    return SceneContents(flowers=int(rng.choice([1, 1, 2, 3])), others=bool(rng.random() < 0.6))


def any_pose(rng: Generator) -> Pose:
    """From every side, from a little below to straight above, near and far."""
    zoom = rng.uniform(*ZOOM_RANGE) if rng.random() < 0.6 else np.exp(rng.uniform(-0.9, 0.95))
    return Pose(rng.uniform(-np.pi, np.pi), rng.uniform(-0.35, 1.55), zoom)


def reachable_pose(rng: Generator) -> Pose:
    """Any view that the mouse and the wheel reach in the program."""
    yaw_rad, pitch_rad = rng.uniform(-np.pi, np.pi), rng.uniform(*PITCH_RANGE_RAD)
    return Pose(yaw_rad, pitch_rad, rng.uniform(*ZOOM_RANGE))


def view(scene: Scene, pose: Pose, side_px: int = SIDE_PX) -> Picture:
    """Return the view as RGB."""
    return cv2.cvtColor(render(scene, pose, side_px, side_px), cv2.COLOR_BGR2RGB)


def mask(scene: Scene, pose: Pose, side_px: int, *labels: ObjectLabel) -> np.ndarray:
    """Return uint8 `[H, W]`, 255 where one of these objects is visible."""
    rendered = render_labels(scene, pose, side_px, side_px)
    found = np.where(np.isin(rendered, labels), 255, 0).astype(np.uint8)
    return cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))


def without_daisies(scene: Scene) -> Scene:
    """Return the scene with the flower heads taken out; stems, leaves and toys stay."""
    return replace(
        scene, visibility=scene.visibility.restricted_to(scene.mesh.labels != ObjectLabel.DAISY)
    )


def _daisy(rng: Generator, scene: Scene, pose: Pose, backdrops: PictureStore) -> Picture:
    picture = view(scene, pose)
    if rng.random() < 0.4:  # a flower held up in a room
        seen = mask(scene, pose, SIDE_PX, ObjectLabel.DAISY, ObjectLabel.GREENERY)
        cover = cv2.GaussianBlur(seen, (0, 0), 0.7)[..., None].astype(np.float32) / 255.0
        backdrop = _backdrop(rng, backdrops)
        picture = (picture * cover + backdrop * (1.0 - cover) + 0.5).astype(np.uint8)
    return picture


def _backdrop(rng: Generator, store: PictureStore) -> Picture:
    pool = list(store.pick("train", *BACKDROP_KINDS))
    picture = store.picture(pool[rng.integers(len(pool))])
    left = int(rng.integers(0, picture.shape[1] - SIDE_PX + 1))
    return picture[:SIDE_PX, left : left + SIDE_PX]
