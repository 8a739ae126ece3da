"""The features that "other" is filled from: of one network's weights, and of no others."""

import numpy as np
import pytest

from livecam.models import other_things as module
from livecam.models.catalogue import flowers_spec, imagenet_spec
from livecam.models.other_things import as_roots, from_roots, other_things
from livecam.models.weights import file_digest

WEIGHTS_075 = "4fdd7d1a6dbd42743f49b2a65302f2157e439176a0e959e49ca060dc01dec165"


@pytest.mark.parametrize("name", ["imagenet", "flowers"])
def test_the_program_brings_some_for_both_networks_that_classes_are_taught_on(name):
    if name == "imagenet":
        features = other_things(imagenet_spec(0.75), WEIGHTS_075, 768)
    else:
        spec = flowers_spec()
        features = other_things(spec, file_digest(spec.weights_path()), 512)
    assert features.shape[0] > 300
    assert features.dtype == np.float32
    assert 0 <= features.min() < features.max() <= 6


def test_features_of_other_weights_are_not_taken():
    assert other_things(imagenet_spec(0.75), "0" * 64, 768).shape == (0, 768)


@pytest.mark.parametrize("spec", [imagenet_spec(1.0), flowers_spec()])
def test_other_networks_and_weights_have_none(spec):
    assert other_things(spec, WEIGHTS_075, 512).shape == (0, 512)


def test_bytes_keep_the_features():
    features = np.random.default_rng(0).random((20, 30)).astype(np.float32) ** 2
    assert np.abs(from_roots(as_roots(features)) - features).max() < 0.012


def test_a_model_of_a_path_reads_no_file_beside_the_package(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "OTHER_THINGS_FOLDER", tmp_path / "inner")
    (tmp_path / "inner").mkdir()
    np.savez(tmp_path / "x_0.75.npz", roots=as_roots(np.ones((1, 768))), weights=WEIGHTS_075)
    spec = imagenet_spec(0.75)
    object.__setattr__(spec, "name", "../x")
    assert other_things(spec, WEIGHTS_075, 768).shape == (0, 768)
