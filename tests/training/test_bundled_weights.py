"""The program's weights read back into torch; torch is installed for the training only."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from livecam.core.types import RgbImage
from livecam.engines.litert import LiteRTEngine
from livecam.models.catalogue import flowers_spec
from livecam.models.litert_export import MODEL_FILE
from training.network.bundled_weights import unpack_bundle
from training.network.mobilenet import load_mobilenet, network_input
from training.output_files import LOCALISED
from training.settings import Settings


def test_the_unpacked_network_has_the_features_of_the_bundled_one(tmp_path):
    unpack_bundle(tmp_path, Settings())
    network = load_mobilenet(tmp_path / LOCALISED, Settings().student.alpha).eval()
    picture = np.random.default_rng(3).integers(0, 256, (224, 224, 3), np.uint8)
    with torch.inference_mode():
        found = network.features(network_input(torch.from_numpy(picture[None])))[0]
    bundle = flowers_spec().bundle
    assert bundle is not None
    expected = LiteRTEngine(bundle / MODEL_FILE, threads=1).infer(RgbImage(picture))
    np.testing.assert_allclose(found.permute(1, 2, 0), expected, atol=2e-3)
