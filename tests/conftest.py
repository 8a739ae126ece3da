"""Fixtures for every suite."""

import os
import signal
import sys
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program does, see livecam/__main__.py
# Containers often set it: each of hundreds of programs would compile all modules of livecam anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import cv2  # noqa: F401  (before av, see livecam/sources/__init__.py)
import built_daisy
import hypothesis
import numpy as np
import pytest
from support import ROOT, SHARED, scene_of, textured

# benchmarks/ and training/ are not installed; at the end of the path they hide nothing that is.
sys.path.append(str(ROOT))

scheduling = partial(getattr(os, "sched_getscheduler", int), 0)
SCHEDULING = scheduling()

# How long an example takes says something about the machine, nothing about the program.
hypothesis.settings.register_profile("livecam", deadline=None)
hypothesis.settings.load_profile("livecam")


@pytest.fixture(scope="session", autouse=True)
def signals_as_in_a_terminal():
    """Under nohup, or in a script's background, programs would inherit that these are ignored."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def the_same_signal_handlers_afterwards():
    """A run that a signal has ended ignores further ones until its process ends, which is ours."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(autouse=True)
def the_same_scheduling_afterwards():
    """Whatever runs ahead of everything else would do so in all later tests and their programs."""
    yield
    assert scheduling() == SCHEDULING, "this test changed how the tests' process is scheduled"


@pytest.fixture(autouse=True)
def no_secrets_of_other_tests():
    """What one run of the program must not print, a later test in this process may."""
    yield
    console = sys.modules.get("livecam.cli.console")
    if console is not None:
        console._secrets.clear()


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


@pytest.fixture(scope="session", autouse=True)
def scenes_are_built_once(tmp_path_factory: pytest.TempPathFactory):
    """The daisy as a source is the same one in all tests of this process; programs may load it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(built_daisy.VARIABLE, str(tmp_path_factory.mktemp("scene") / "daisy.pickle"))
        patch.setattr("livecam.sources.synthetic.source.build_scene", scene_of)
        yield


@pytest.fixture(scope="session")
def toy_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random weights of MobileNet 0.25 in Keras's own format: the whole way without ../shared.

    Activations differ by tens from place to place and class to class, as with real weights.
    """
    from benchmarks.inputs.random_networks import random_mobilenet

    pictures = np.stack([textured(224, 224, seed) for seed in range(8)])
    model = random_mobilenet(0.25, pictures.astype(np.float32) * (2 / 255) - 1)
    head = model.get_layer("conv_preds")
    head.kernel.assign(head.kernel * 10.0)
    head.bias.assign(np.linspace(-1.0, 1.0, 1000))
    path = tmp_path_factory.mktemp("weights") / "toy.weights.h5"
    model.save_weights(path)
    return path


@pytest.fixture(scope="session")
def real_env(shared: Path) -> dict[str, str]:
    """Environment in which `--alpha 0.75` means the real ImageNet weights."""
    return {"KERAS_HOME": str(shared / "keras")}
