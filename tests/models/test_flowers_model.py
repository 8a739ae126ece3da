"""The model inside the wheel: its files agree, it knows flowers, and its map lies on them."""

import shutil
from dataclasses import replace

import cv2
import numpy as np
import pytest
from support import DAISY, textured

from livecam.assembly.calibration import calibration_of
from livecam.assembly.open_model import open_model
from livecam.errors import ModelError
from livecam.core.crop import centred_square, network_view
from livecam.models.catalogue import FLOWERS_CLASSES, flowers_spec, imagenet_spec
from livecam.models.litert_export import BUNDLED_INT8_FILE, read_export
from livecam.sources.synthetic.mesh import ObjectLabel
from livecam.sources.synthetic.renderer import render, render_labels
from livecam.sources.synthetic.scene import SceneContents, build_scene
from livecam.core.types import BgrImage

from training.data.photographs import flower_files, other_files
from training.data.rendered_scenes import reachable_pose
from training.evaluate.metrics import pointing_game_hits, peaks_inside, roc_auc, softmax
from training.settings import FOLDERS

SIZE = (640, 480)
FIRST_SEED = 7000  # training knows none from 5000, the model card has those before 7000
SUNFLOWER = FOLDERS["sunflowers"]
OTHER = FLOWERS_CLASSES.index("other")


@pytest.fixture(scope="module")
def flowers():
    return open_model(flowers_spec(), engine="litert")


@pytest.fixture(scope="module")
def imagenet(shared):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_HOME", str(shared / "keras"))
        yield open_model(imagenet_spec(0.75), engine="litert")


def measured(model, bgr, class_index):
    height, width = bgr.shape[:2]
    return model.measure(network_view(BgrImage(bgr), centred_square(width, height)), class_index)


def test_the_bundled_files_are_whole():
    assert read_export(flowers_spec().bundle) is not None


def test_the_engines_and_their_files_agree(flowers):
    from_keras = open_model(flowers_spec(), engine="tensorflow")
    np.testing.assert_allclose(from_keras.head.kernel, flowers.head.kernel, atol=1e-6)
    for seed in range(3):
        one, other = (measured(m, textured(300, 300, seed), 0) for m in (flowers, from_keras))
        np.testing.assert_allclose(one.grid, other.grid, atol=5e-3)
        np.testing.assert_allclose(one.logits, other.logits, atol=5e-3)
        assert one.grid.mean() + flowers.head.bias[0] == pytest.approx(one.logits[0], abs=1e-3)


@pytest.fixture(scope="module")
def int8(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIVECAM_CACHE", str(tmp_path_factory.mktemp("cache")))
        # It comes converted: another conversion would be reported.
        messages: list[str] = []
        model = open_model(
            flowers_spec(), precision="int8", calibration=calibration_of(None), say=messages.append
        )
        assert not any("preparing" in text for text in messages)
        yield model


def compared(exact, int8, pictures):
    """How alike the daisy maps are, how far apart their peaks, how often the classes agree."""
    pairs = [(one, measured(int8, bgr, 0)) for one, bgr in zip(exact, pictures, strict=True)]
    alike = [np.corrcoef(a.grid.ravel(), b.grid.ravel())[0, 1] for a, b in pairs]
    apart = [abs(float(a.grid.max() - b.grid.max())) for a, b in pairs]
    agree = [int(a.logits.argmax()) == int(b.logits.argmax()) for a, b in pairs]
    print(  # noqa: T201
        f"int8, {len(pairs)} pictures: correlation {np.median(alike):.4f}, "
        f"5 % below {np.percentile(alike, 5):.4f}; peaks apart {np.median(apart):.2f}, "
        f"5 % above {np.percentile(apart, 95):.2f}; same class {np.mean(agree):.3f}"
    )
    return np.array(alike), np.array(apart), np.array(agree)


def test_the_files_together_are_small():
    files = [path for path in flowers_spec().bundle.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 6_000_000


def test_int8_says_what_float32_says(flowers_on_views, int8, views):
    alike, apart, agree = compared(flowers_on_views[::2], int8, [bgr for bgr, _ in views[::2]])
    assert np.median(alike) >= 0.99
    assert np.percentile(apart, 95) <= 3.0
    assert agree.mean() >= 0.98


def test_int8_on_photographs_kept_apart(flowers_on_photographs, int8, photographs):
    alike, apart, agree = compared(flowers_on_photographs, int8, [bgr for bgr, _ in photographs])
    assert np.median(alike) >= 0.99
    assert np.percentile(apart, 95) <= 3.0
    assert agree.mean() >= 0.96


def test_other_cannot_be_chosen(flowers):
    assert list(flowers.labels) == list(FLOWERS_CLASSES)
    assert [flowers.labels[i] for i in flowers.class_choices] == list(FLOWERS_CLASSES[:5])


@pytest.fixture(scope="module")
def views():
    """100 random views of five scenes: (picture, where daisies are)."""
    rng = np.random.default_rng(2026)
    seen = []
    for seed in range(FIRST_SEED, FIRST_SEED + 5):
        scene = build_scene(seed, SceneContents())
        for _ in range(20):
            pose = reachable_pose(rng)
            seen.append((render(scene, pose, *SIZE), render_labels(scene, pose, *SIZE)))
    return seen


@pytest.fixture(scope="module")
def flowers_on_views(flowers, views):
    """What the bundled network measures of a daisy there; several tests look at it."""
    return [measured(flowers, bgr, 0) for bgr, _ in views]


@pytest.fixture(scope="module")
def imagenet_on_views(imagenet, views):
    return [measured(imagenet, bgr, DAISY) for bgr, _ in views]


def daisies_in_the_square(labels):
    """Where daisies are in what the network sees, [480, 480]."""
    box = centred_square(*SIZE)
    return box.part_of(labels) == ObjectLabel.DAISY


# The middle of the peak's cell is where the enlarged map is highest. The ImageNet network is not
# ours to train: its peaks lie somewhat above and to the left of the flower.
@pytest.mark.parametrize(
    ("name", "daisy", "least_middle"), [("flowers", 0, 0.95), ("imagenet", DAISY, 0.85)]
)
def test_the_daisy_of_the_scene_is_a_daisy_from_every_side(
    name, daisy, least_middle, views, request
):
    activations = request.getfixturevalue(f"{name}_on_views")
    first = [int(a.logits.argmax()) == daisy for a in activations]
    maps = np.stack([a.grid for a in activations])
    masks = np.stack([daisies_in_the_square(labels) for _, labels in views])
    touched, middle = pointing_game_hits(maps, masks).mean(), peaks_inside(maps, masks).mean()
    print(  # noqa: T201
        f"{name}: top-1 {np.mean(first):.3f}, peak's cell touches the flower {touched:.3f}, "
        f"its middle is on the flower {middle:.3f}"
    )
    assert np.mean(first) >= 0.95
    assert touched >= 0.95
    assert middle >= least_middle


@pytest.fixture(scope="module")
def photographs(shared):
    """All that the training of the bundled weights never saw: (picture, class)."""
    flowers = [file for file in flower_files(shared) if file.split == "test"]
    others = [file for file in other_files(shared) if file.split == "test"][::4]
    return [(cv2.imread(str(file.path)), file.label) for file in [*flowers, *others]]


@pytest.fixture(scope="module")
def flowers_on_photographs(flowers, photographs):
    """What the bundled network measures of a daisy there; several tests look at it."""
    return [measured(flowers, bgr, 0) for bgr, _ in photographs]


def test_flowers_on_photographs_kept_apart(flowers_on_photographs, photographs):
    truth = np.array([index for _, index in photographs])
    assert len(truth) > 250
    assert set(truth) == set(range(len(FLOWERS_CLASSES)))
    logits = np.array([activation.logits for activation in flowers_on_photographs])
    taken_for = logits.argmax(axis=1)
    area_under_curve = roc_auc(softmax(logits)[:, 0], truth == 0)
    confused = float((taken_for[truth == SUNFLOWER] == 0).mean())
    others = truth == OTHER
    accuracy = float((taken_for == truth)[~others].mean())
    print(f"flowers {accuracy:.3f}, AUC {area_under_curve:.4f}, sunflowers {confused:.3f}")  # noqa: T201
    print(f"other things {(taken_for[others] == OTHER).mean():.3f} of {others.sum()}")  # noqa: T201
    assert accuracy >= 0.88
    assert area_under_curve >= 0.995
    assert confused <= 0.02
    assert (taken_for[others] == OTHER).mean() >= 0.94
    assert (taken_for[others] == 0).mean() <= 0.01


def test_real_daisies_peak_near_36_and_other_flowers_below(flowers_on_photographs, photographs):
    peaks = {index: [] for index in range(len(FLOWERS_CLASSES))}
    for activation, (_, index) in zip(flowers_on_photographs, photographs, strict=True):
        peaks[index].append(float(activation.grid.max()))
    assert np.median(peaks[0]) == pytest.approx(36, abs=4)
    assert all(np.median(peaks[index]) < 25 for index in (1, 2, 3, 4))


@pytest.mark.parametrize("damage", [lambda b: b[:50], lambda b: b"no gzip", lambda b: b""])
def test_a_damaged_int8_file_of_the_bundle_is_an_error_like_any_other(
    damage, tmp_path, monkeypatch
):
    monkeypatch.setenv("LIVECAM_CACHE", str(tmp_path / "cache"))
    spec = flowers_spec()
    bundle = tmp_path / "flowers"
    shutil.copytree(spec.bundle, bundle)
    packed = bundle / BUNDLED_INT8_FILE
    packed.write_bytes(damage(packed.read_bytes()))
    with pytest.raises(ModelError, match=r"the model files in .* are damaged: install livecam"):
        open_model(replace(spec, bundle=bundle), precision="int8", calibration=calibration_of(None))
