"""Fixtures for every suite."""

import os
from pathlib import Path

import cv2  # noqa: F401  (before av, see livecam/sources/__init__.py)
import pytest
from support import SHARED


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real weights, photographs and clips; skips where it is missing."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is missing: real weights, photographs and clips lie there")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory):
    """A cache of our own, kept over the whole session so that every model is converted once."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIVECAM_CACHE", str(folder))
        for name in [n for n in os.environ if n.startswith("LIVECAM_") and n != "LIVECAM_CACHE"]:
            patch.delenv(name)
        yield folder


@pytest.fixture(scope="session")
def toy_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights of MobileNet 0.25 in Keras's own format: the whole way without ../shared.

    Scaled so that activations differ from place to place and class to class.
    """
    from livecam.models.surgery import import_keras

    keras = import_keras()
    keras.utils.set_random_seed(7)
    model = keras.applications.MobileNet(alpha=0.25, weights=None)
    for layer in model.layers:
        if layer.name.endswith("_bn"):  # untrained, signals die out on the way down
            layer.gamma.assign(layer.gamma * 2.0)
    path = tmp_path_factory.mktemp("weights") / "toy.weights.h5"
    model.save_weights(path)
    return path


@pytest.fixture(scope="session")
def real_env(shared: Path) -> dict[str, str]:
    """Environment in which `--alpha 0.75` means the real ImageNet weights."""
    return {"KERAS_HOME": str(shared / "keras")}
