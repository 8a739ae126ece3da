"""Both engines against independent truths: Keras's uncut model, TensorFlow.js, and each other."""

import json
import sys

import cv2
import numpy as np
import pytest

from support import textured

from training.settings import IMAGENET_WEIGHTS, TFJS_REFERENCE

from livecam.assembly.open_model import open_model
from livecam.engines.selection import engine_for_machine
from livecam.errors import SettingsError
from livecam.core.crop import centred_square, network_view
from livecam.models.catalogue import flowers_spec, imagenet_spec
from livecam.core.softmax import softmax
from livecam.core.window_logits import window_of
from livecam.engines.tensorflow import TensorFlowEngine
from livecam.models.surgery import build_feature_model
from livecam.native.tensorflow import import_keras
from livecam.core.types import RgbImage

ENGINES = ("litert", "tensorflow")
CLASSES = (985, 309, 0, 999)


def squares(count: int) -> list[RgbImage]:
    """Smooth colourful pictures."""
    return [RgbImage(textured(224, 224, 50 + seed)) for seed in range(count)]


@pytest.fixture(scope="module", params=ENGINES)
def toy(request, toy_weights):
    """Random weights of alpha 0.25 in each engine: the whole way without ../shared."""
    return open_model(imagenet_spec(0.25, toy_weights), engine=request.param)


@pytest.fixture(scope="module")
def toy_keras(toy_weights):
    """The uncut Keras model of the same weights."""
    model = import_keras().applications.MobileNet(alpha=0.25, weights=None)
    model.load_weights(toy_weights)
    return model


@pytest.fixture(scope="module", params=ENGINES)
def real(request, shared):
    """The real ImageNet weights of alpha 0.75 in each engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_HOME", str(shared / "keras"))
        yield open_model(imagenet_spec(0.75), engine=request.param)


@pytest.fixture(scope="module")
def real_keras(shared):
    """The uncut Keras model, as Keras itself loads it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_HOME", str(shared / "keras"))
        model = import_keras().applications.MobileNet(alpha=0.75, weights=None)
        model.load_weights(shared / IMAGENET_WEIGHTS)
    return model


def check_against_keras(model, keras_model):
    """Mean + bias == logit, and probabilities as the uncut model gives them."""
    for rgb in squares(3):
        expected = keras_model(rgb[np.newaxis].astype(np.float32) * (2 / 255) - 1).numpy()[0]
        for index in CLASSES:
            activation = model.measure(rgb, index)
            assert activation.grid.shape == (7, 7)
            assert activation.grid.dtype == activation.logits.dtype == np.float32
            bias = model.head.bias[index]
            assert activation.grid.mean() + bias == pytest.approx(
                activation.logits[index], abs=2e-4
            )
        powers = np.exp(activation.logits - activation.logits.max())
        np.testing.assert_allclose(powers / powers.sum(), expected, atol=1e-4)


def test_mean_plus_bias_is_the_logit_and_all_is_as_keras_says(toy, toy_keras):
    check_against_keras(toy, toy_keras)


def test_the_same_with_the_real_weights(real, real_keras):
    check_against_keras(real, real_keras)


def test_the_grids_are_those_of_tensorflow_js(real, shared):
    folder = shared / TFJS_REFERENCE
    golden = json.loads((folder / "golden.json").read_text())
    assert len(golden) == 8
    for name, truth in golden.items():
        bgr = cv2.imread(str(folder / name))
        grid = real.measure(network_view(bgr, centred_square(224, 224)), 985).grid
        np.testing.assert_allclose(grid, truth["grid"], atol=2e-3)
        assert grid.max() == pytest.approx(truth["max"], abs=2e-3)
        assert grid.mean() == pytest.approx(truth["mean"], abs=2e-3)


def test_the_engines_agree(toy_weights):
    spec = imagenet_spec(0.25, toy_weights)
    one, other = (open_model(spec, engine=name) for name in ENGINES)
    for rgb in squares(3):
        a, b = one.measure(rgb, 985), other.measure(rgb, 985)
        np.testing.assert_allclose(a.grid, b.grid, atol=2e-3)
        np.testing.assert_allclose(a.logits, b.logits, atol=2e-3)


SIZES = [(448, 448), (384, 224), (224, 320)]


@pytest.fixture(scope="module")
def keras_at_sizes(toy_weights):
    """Pictures of several sizes, and what Keras's uncut model of each size says of them."""
    found = []
    for width, height in SIZES:
        rgb = RgbImage(textured(width, height, width))
        keras_model = import_keras().applications.MobileNet(
            input_shape=(height, width, 3), alpha=0.25, weights=None
        )
        keras_model.load_weights(toy_weights)
        said = keras_model(rgb[np.newaxis].astype(np.float32) * (2 / 255) - 1).numpy()[0]
        found.append((rgb, said))
    return found


def test_any_size_is_as_keras_says_and_the_first_one_stays_as_it_was(toy, keras_at_sizes):
    """Keras's uncut model of that size averages over all cells, as the network's own logits do."""
    usual = squares(1)[0]
    before = toy.infer(usual)
    for rgb, expected in keras_at_sizes:
        height, width = rgb.shape[:2]
        output = toy.infer(rgb)
        assert output.features.shape[:2] == (height // 32, width // 32)
        np.testing.assert_allclose(softmax(output.logits), expected, atol=1e-4)
    after = toy.infer(usual)
    assert (after.features == before.features).all()
    assert (after.logits == before.logits).all()


def test_mean_over_the_window_plus_bias_is_the_logit_at_any_size(toy):
    for width, height in SIZES:
        activation = toy.measure(RgbImage(textured(width, height, 7)), 985)
        mean = window_of(activation.grid, activation.window).mean()
        assert mean + toy.head.bias[985] == pytest.approx(activation.logits[985], abs=2e-4)


def test_tensorflow_traces_once_whatever_the_frames_and_classes(toy_weights):
    model = open_model(imagenet_spec(0.25, toy_weights), engine="tensorflow")
    for index, rgb in enumerate(squares(12)):
        model.measure(rgb, 100 * (index % 5))
    model.measure(RgbImage(textured(448, 288)), 0)
    assert model.runtime.trace_count == 1
    assert model.runtime._call.experimental_get_tracing_count() == 1


def test_with_xla_the_graph_serves_until_a_new_size_is_compiled(toy_weights):
    spec = imagenet_spec(0.25, toy_weights)
    network = build_feature_model(spec, toy_weights).infer
    engine = TensorFlowEngine(network, with_xla=True)
    rgb = RgbImage(textured(320, 224))
    features = engine.infer(rgb)
    assert engine._compilation.is_over(120)
    assert rgb.shape in engine._compiled
    compiled = engine.infer(rgb)
    np.testing.assert_allclose(compiled, features, atol=2e-3)
    assert engine.trace_count == 1


def test_changing_the_class_converts_nothing(toy_weights, cache, monkeypatch):
    model = open_model(imagenet_spec(0.25, toy_weights), engine="litert")

    def never(*_args, **_more):
        raise AssertionError

    monkeypatch.setattr("livecam.models.export_cache.write_export", never)
    grids = [model.measure(squares(1)[0], index).grid for index in (0, 1, 985)]
    assert not np.allclose(grids[0], grids[1])


def test_frames_do_not_leak_into_each_other(toy):
    first, second = squares(2)
    before = toy.measure(first, 985)
    kept = before.grid.copy(), before.logits.copy()
    toy.measure(second, 985)
    assert (before.grid == kept[0]).all()
    assert (before.logits == kept[1]).all()
    np.testing.assert_array_equal(toy.measure(first, 985).logits, kept[1])


def test_the_variables_are_frozen_into_the_graph(toy_weights):
    from livecam.models.surgery import build_feature_model
    from livecam.native.tensorflow import freeze_variables

    graph = freeze_variables(
        build_feature_model(imagenet_spec(0.25, toy_weights), toy_weights).infer
    )
    assert not graph.captured_inputs
    assert [tensor.dtype.name for tensor in graph.inputs] == ["uint8"]


def test_float16_gives_the_same_map_to_its_own_precision(toy_weights):
    from livecam.engines.tensorflow import TensorFlowEngine
    from livecam.models.surgery import build_feature_model

    spec = imagenet_spec(0.25, toy_weights)
    exact = TensorFlowEngine(build_feature_model(spec, toy_weights).infer)
    in_float16 = build_feature_model(spec, toy_weights, float16=True)
    half = TensorFlowEngine(in_float16.infer, float16=True)
    features, rough = exact.infer(squares(1)[0]), half.infer(squares(1)[0])
    assert rough.dtype == np.float32
    assert np.corrcoef(rough.ravel(), features.ravel())[0, 1] > 0.95
    assert not np.array_equal(rough, features)


def test_float16_is_refused_where_there_is_no_gpu_engine(toy_weights):
    with pytest.raises(SettingsError, match="float16"):
        open_model(imagenet_spec(0.25, toy_weights), engine="litert", precision="float16")


def test_auto_takes_litert_where_there_is_no_gpu_and_says_so(toy_weights, monkeypatch):
    monkeypatch.setattr("livecam.engines.selection.gpu_may_exist", lambda: False)
    messages = []
    open_model(imagenet_spec(0.25, toy_weights), engine="auto", say=messages.append)
    assert "LiteRT" in messages[-1]
    assert "no GPU" in messages[-1]


@pytest.mark.parametrize(("gpus", "name"), [([], "litert"), (["GPU:0"], "tensorflow")])
def test_auto_asks_tensorflow_where_there_may_be_a_gpu(gpus, name, monkeypatch):
    from livecam.native.tensorflow import import_tensorflow

    config = import_tensorflow().config
    monkeypatch.setattr("livecam.engines.selection.gpu_may_exist", lambda: True)
    monkeypatch.setattr(config, "list_physical_devices", lambda _: gpus)
    monkeypatch.setattr(config.experimental, "set_memory_growth", lambda *_: None)
    assert engine_for_machine("auto")[0] == name


def test_auto_does_without_a_tensorflow_that_cannot_be_imported(monkeypatch):
    monkeypatch.setattr("livecam.engines.selection.gpu_may_exist", lambda: True)
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    assert engine_for_machine("auto")[0] == "litert"


@pytest.mark.parametrize("wish", [{"engine": "onnx"}, {"precision": "fp16"}])
def test_engines_and_precisions_that_there_are_not_are_refused(wish):
    with pytest.raises(SettingsError, match="there is no engine"):
        open_model(flowers_spec(), **wish)
