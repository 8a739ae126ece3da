"""int8: near to float32 where it matters, cached on its own, refused where it cannot be."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from support import DAISY, textured

from benchmarks.inputs.photographs import photographs

from livecam.sources.calibration_pictures import (
    RENDERED_PICTURES,
    folder_squares,
    rendered_squares,
)
from livecam.assembly.calibration import calibration_of
from livecam.assembly.open_model import open_model
from livecam.errors import ModelError, SettingsError
from livecam.core.crop import centred_square, network_view
from livecam.models import export_cache
from livecam.models.catalogue import flowers_spec, imagenet_spec
from livecam.models.int8_quantisation import Calibration, bias_corrected, folded_layers
from livecam.models.surgery import build_feature_model
from livecam.models.weights import weights_path
from livecam.core.types import RgbImage


@cache
def rendered() -> list[RgbImage]:
    """What int8 is calibrated with by itself; to render it takes many seconds."""
    return rendered_squares()


def views() -> list[RgbImage]:
    """What int8 is calibrated with here and compared on."""
    return rendered()[:32]


FEW = Calibration("a few", lambda: views()[:20])


def correlations(one, other, squares, index=0) -> np.ndarray:
    found = []
    for square in squares:
        grids = [model.measure(square, index).grid.ravel() for model in (one, other)]
        found.append(np.corrcoef(*grids)[0, 1])
    return np.array(found)


@pytest.fixture(scope="module")
def pair(cache):
    """The bundled network in float32 and in int8."""
    exact = open_model(flowers_spec(), engine="litert")
    return exact, open_model(flowers_spec(), precision="int8", calibration=FEW)


def test_the_file_is_int8_throughout_and_says_so(pair):
    exact, small = pair
    details = small.runtime._interpreter.get_tensor_details()
    weights = [d for d in details if len(d["shape"]) == 4 and d["dtype"] == np.float32]
    assert all(np.prod(d["shape"]) <= 7 * 7 * 512 for d in weights)  # the output alone
    assert small.description.endswith("int8")
    assert exact.description.endswith("float32")


def test_no_picture_is_copied_on_the_way_through(pair, toy_weights):
    """Each copy of the input or of the features cost a twentieth of float32, a sixth of int8."""
    toy = open_model(imagenet_spec(0.25, toy_weights), engine="litert")
    for model in (*pair, toy):
        steps = [o["op_name"] for o in model.runtime._interpreter._get_ops_details()]
        assert steps.count("DELEGATE") == 1  # XNNPACK has all of it, in one piece
        copying = {"STRIDED_SLICE", "PAD", "TRANSPOSE", "EXPAND_DIMS", "SQUEEZE"}
        assert copying.isdisjoint(steps)


def test_mean_plus_bias_is_the_logit_in_int8_too(pair):
    _, small = pair
    for seed in range(3):
        activation = small.measure(RgbImage(textured(224, 224, seed)), 0)
        assert activation.grid.dtype == activation.logits.dtype == np.float32
        assert activation.grid.mean() + small.head.bias[0] == pytest.approx(
            activation.logits[0], abs=2e-4
        )


def test_maps_are_near_those_of_float32(pair):
    assert np.median(correlations(*pair, views()[20:])) > 0.97


def test_at_twice_the_detail_maps_are_near_those_of_float32_too(pair):
    larger = [cv2.resize(view, (448, 448), interpolation=cv2.INTER_CUBIC) for view in views()[20:]]
    assert np.median(correlations(*pair, larger)) > 0.97
    assert pair[1].measure(views()[0], 0).grid.shape == (7, 7)


def test_maps_of_photographs_are_near_those_of_float32(shared, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(shared / "keras"))
    exact = open_model(imagenet_spec(0.75), engine="litert")
    calibration = calibration_of(None)
    assert calibration.squares is rendered_squares
    calibration = replace(calibration, squares=rendered)
    small = open_model(imagenet_spec(0.75), precision="int8", calibration=calibration)
    found = correlations(exact, small, photographs(shared, 66), DAISY)
    assert np.median(found) >= 0.98
    assert np.percentile(found, 5) >= 0.94


def test_the_folded_layers_are_the_network():
    """What is quantised is the network of the weights, not another one."""
    from livecam.models.int8_quantisation import _as_input, _batches, _brightened, _convolved
    from livecam.native.tensorflow import import_tensorflow

    tf = import_tensorflow()
    spec = flowers_spec()
    feature_model = build_feature_model(spec, weights_path(spec))
    square = views()[0]
    (x,) = _batches([_as_input(square)])
    layers = folded_layers(feature_model.keras_model)
    for layer in [_brightened(layers[0]), *layers[1:]]:
        x = tf.nn.relu6(_convolved(x, layer, layer.kernel, layer.bias))
    expected = feature_model.infer(tf.constant(square[np.newaxis]))["features"]
    # The padding at the border is 1/255 off: nothing that a map could show.
    assert np.abs(np.asarray(x) - np.asarray(expected)).mean() < 0.01
    assert np.corrcoef(np.ravel(x), np.ravel(expected))[0, 1] > 0.9999
    assert len(bias_corrected(layers, [_as_input(square)])) == 27


def test_the_cache_distinguishes_precisions_and_calibrations(toy_weights, tmp_path):
    spec = imagenet_spec(0.25, toy_weights)
    cv2.imwrite(str(tmp_path / "mine.png"), textured(300, 200))
    kinds = [None, FEW, calibration_of(None), calibration_of(tmp_path)]
    assert len({export_cache.export_key(spec, toy_weights, kind) for kind in kinds}) == len(kinds)


def test_ones_own_pictures_are_used(tmp_path, monkeypatch):
    """Beside all of the rendered ones."""
    monkeypatch.setattr("livecam.assembly.calibration.rendered_squares", rendered)
    bgr = textured(400, 300, 5)
    cv2.imwrite(str(tmp_path / "mine.png"), bgr)
    squares = calibration_of(tmp_path).squares()
    assert (squares[-1] == network_view(bgr, centred_square(400, 300))).all()
    assert len(squares) == RENDERED_PICTURES + 1


def test_a_broken_picture_among_ones_own_is_left_out(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(SettingsError, match="no picture to be read"):
        folder_squares(tmp_path)
    cv2.imwrite(str(tmp_path / "b.png"), textured(300, 200))
    assert len(folder_squares(tmp_path)) == 1


def test_a_folder_without_pictures_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("no picture")
    with pytest.raises(SettingsError, match="--calibration"):
        calibration_of(tmp_path)
    with pytest.raises(SettingsError, match="--calibration"):
        calibration_of(tmp_path / "missing")


def test_int8_is_refused_in_tensorflow(toy_weights):
    spec = imagenet_spec(0.25, toy_weights)
    with pytest.raises(SettingsError, match="int8 is for LiteRT"):
        open_model(spec, engine="tensorflow", precision="int8", calibration=FEW)


def test_weights_that_do_not_fit_are_refused_in_int8_too(toy_weights):
    with pytest.raises(ModelError, match="do not fit"):
        open_model(imagenet_spec(0.5, toy_weights), precision="int8", calibration=FEW)
