"""TensorFlow Lite classifiers: the tensor before the pooling made the output of the file."""

import zipfile

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from models.formats.small_networks import gradient_map, log_probabilities, network, pictures
from models.formats.tflite_files import CELLS, CHANNELS, write_classifier

from livecam.assembly.open_model import open_model
from livecam.core.types import RgbImage
from livecam.errors import ModelError, SettingsError
from livecam.models.catalogue import spec_of
from livecam.models.int8_quantisation import Calibration
from livecam.models.network_options import NetworkOptions
from livecam.native.tensorflow import import_tensorflow


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tflite")
    kinds = ("float", "uint8", "int8")
    return {kind: write_classifier(folder / f"{kind}.tflite", kind) for kind in kinds}


def said_by(path, rgb):
    """What the whole file says: probabilities."""
    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    entry, output = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    given = rgb[np.newaxis]
    if entry["dtype"] == np.float32:
        given = given.astype(np.float32) / 127.5 - 1
    elif entry["dtype"] == np.int8:
        given = (given ^ np.uint8(128)).view(np.int8)
    interpreter.set_tensor(entry["index"], given)
    interpreter.invoke()
    found = interpreter.get_tensor(output["index"])[0].astype(np.float64)
    scale, zero = output["quantization"]
    return (found - zero) * scale if scale else found


@pytest.mark.parametrize("kind", ["float", "uint8", "int8"])
def test_the_probabilities_are_those_of_the_whole_file(kind, files, cache):
    model = open_model(spec_of(files[kind]))
    assert model.engine == "LiteRT"
    assert model.input_size.is_fixed
    assert model.description.endswith("float32" if kind == "float" else kind)
    for rgb in pictures():
        output = model.infer(RgbImage(rgb))
        assert output.features.shape == (CELLS, CELLS, CHANNELS)
        assert output.features.dtype == np.float32
        ours = np.exp(log_probabilities(output.logits))
        near = 1e-5 if kind == "float" else 0.05
        np.testing.assert_allclose(ours, said_by(files[kind], rgb), atol=near)
        for index in range(3):
            activation = model.activation(output, index)
            assert activation.grid.mean() + activation.constant == pytest.approx(
                output.logits[index], abs=1e-4
            )


def test_an_average_over_the_whole_map_is_the_same_pooling(files, tmp_path, cache):
    path = write_classifier(tmp_path / "pool.tflite", "float", "AVERAGE_POOL_2D")
    one, other = (open_model(spec_of(file)) for file in (files["float"], path))
    rgb = RgbImage(pictures(1)[0])
    np.testing.assert_allclose(one.infer(rgb).logits, other.infer(rgb).logits, atol=1e-5)


def test_order_and_range_of_the_colours_are_those_asked_for(files, cache):
    rgb = pictures(1)[0]
    usual = open_model(spec_of(files["float"]))
    other = open_model(spec_of(files["float"], options=NetworkOptions(channel_order="bgr")))
    expected = usual.infer(RgbImage(np.ascontiguousarray(rgb[..., ::-1])))
    np.testing.assert_allclose(other.infer(RgbImage(rgb)).logits, expected.logits, atol=1e-5)
    assert "-1 to 1 (not known: assumed" in spec_of(files["float"]).facts["picture"]
    assert "-1.004 to 0.996 (the file says so)" in spec_of(files["uint8"]).facts["picture"]
    unit = NetworkOptions(preprocess="unit")
    scaled = open_model(spec_of(files["float"], options=unit)).infer(RgbImage(rgb))
    assert not np.allclose(scaled.logits, expected.logits, atol=1e-2)


def test_names_packed_into_the_file_are_found(files, tmp_path):
    path = tmp_path / "named.tflite"
    path.write_bytes(files["float"].read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("labels.txt", "stone\npaper\nscissors\n")
    assert spec_of(path).labels.first_names == ("stone", "paper", "scissors")


def test_what_such_a_file_cannot_do_is_said(files):
    spec = spec_of(files["uint8"])
    with pytest.raises(ModelError, match="is for LiteRT"):
        open_model(spec, engine="tensorflow")
    with pytest.raises(SettingsError, match="keeps its own precision"):
        open_model(spec, precision="int8", calibration=Calibration("none", list))
    with pytest.raises(SettingsError, match="says itself"):
        spec_of(files["uint8"], options=NetworkOptions(preprocess="tf"))


@pytest.mark.parametrize("size", [12, 400, 1500])
def test_a_file_that_is_cut_off_is_one_line(size, files, tmp_path):
    path = tmp_path / "cut.tflite"
    path.write_bytes(files["float"].read_bytes()[:size])
    with pytest.raises(ModelError, match=r"cannot be used") as caught:
        spec_of(path)
    assert "\n" not in str(caught.value)


def test_a_network_without_pooling_is_refused(tmp_path):
    path = write_classifier(tmp_path / "flat.tflite", "float", "")
    with pytest.raises(ModelError, match="is of several places"):
        spec_of(path)


def converted(head, path):
    """A network of Keras, and its file as people make it: without preprocessing."""
    keras_model = network(head)
    path.write_bytes(
        import_tensorflow().lite.TFLiteConverter.from_keras_model(keras_model).convert()
    )
    return keras_model, spec_of(path, options=NetworkOptions(preprocess="none"))


@pytest.mark.parametrize("head", ["swish", "gelu, tanh, sigmoid", "hard_swish as a convolution"])
def test_a_converted_head_that_is_not_piecewise_linear_has_the_map_of_the_gradient(
    head, tmp_path, cache
):
    keras_model, spec = converted(head, tmp_path / "net.tflite")
    assert spec.facts["map"].startswith("approximate, the gradient's: ")
    model = open_model(spec)
    for rgb in pictures(2):
        output = model.infer(RgbImage(rgb))
        said = keras_model.predict(rgb[np.newaxis].astype(np.float32), verbose=0)[0]
        np.testing.assert_allclose(output.logits, said, atol=1e-4)
        for index in range(3):
            activation = model.activation(output, index)
            assert activation.is_approximate
            tape = gradient_map(keras_model, rgb, index)
            np.testing.assert_allclose(activation.grid, tape, rtol=1e-3, atol=1e-3)


def test_a_converted_head_with_slopes_of_its_own_is_exact(tmp_path, cache):
    keras_model, spec = converted("slopes of their own", tmp_path / "net.tflite")
    assert spec.facts["map"] == "exact"
    model, rgb = open_model(spec), pictures(1)[0]
    ours = np.exp(log_probabilities(model.infer(RgbImage(rgb)).logits))
    said = keras_model.predict(rgb[np.newaxis].astype(np.float32), verbose=0)[0]
    np.testing.assert_allclose(ours, said, atol=1e-5)


def test_a_converted_layer_normalisation_is_refused_in_one_line(tmp_path):
    with pytest.raises(ModelError, match="several paths lead to its classes") as caught:
        converted("gelu, LayerNormalization", tmp_path / "net.tflite")
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 6


@pytest.mark.parametrize(("activation", "kind"), [("RELU_N1_TO_1", "exact"), ("TANH", "approx")])
def test_other_activations_behind_the_pooling(activation, kind, tmp_path, cache):
    path = write_classifier(tmp_path / "net.tflite", "float", activation=activation)
    model = open_model(spec_of(path))
    assert model.spec.facts["map"].startswith(kind)
    for rgb in pictures():
        output = model.infer(RgbImage(rgb))
        ours = np.exp(log_probabilities(output.logits))
        np.testing.assert_allclose(ours, said_by(path, rgb), atol=1e-5)
        activation_map = model.activation(output, 1)
        assert activation_map.grid.mean() + activation_map.constant == pytest.approx(
            output.logits[1], abs=1e-4
        )
