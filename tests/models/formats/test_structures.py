"""Which structures of layers have an exact map, which an approximate one, and which none."""

import json

import h5py
import numpy as np
import pytest
from models.formats.small_networks import keras_2_document, write_keras_2

from livecam.cli.app import main
from livecam.errors import ModelError
from livecam.models.catalogue import spec_of
from livecam.models.formats.detection import spec_of_file
from livecam.models.formats.keras_layers import _applied, refusal_of
from livecam.models.formats.layer_graph import Layer, variables_of
from livecam.models.network_options import NetworkOptions


from models.formats.keras_archives import (
    CLASSES,
    CONVOLUTION,
    PICTURE,
    POOLING,
    WHOLE,
    changed,
    keras_3_layer,
    write_archive,
)


def test_a_whole_structure_is_taken(tmp_path):
    spec = spec_of(write_archive(tmp_path / "net.keras", WHOLE))
    assert spec.labels.first_names == ("class 0", "class 1", "class 2")
    assert spec.facts["map"] == "exact"


APPROXIMATE = {
    "swish after the pooling is": [
        keras_3_layer("Dense", "hidden", ["pool"], units=8, activation="swish"),
        keras_3_layer("Dense", "classes", ["hidden"], units=3),
    ],
    "LayerNormalization after the pooling is": [
        keras_3_layer("LayerNormalization", "norm", ["pool"]),
        keras_3_layer("Dense", "classes", ["norm"], units=3),
    ],
    "sigmoid and elu after the pooling are": [
        keras_3_layer("Dense", "hidden", ["pool"], units=8, activation="sigmoid"),
        keras_3_layer("ELU", "bend", ["hidden"]),
        keras_3_layer("Dense", "classes", ["bend"], units=3, activation="softmax"),
        keras_3_layer("Dropout", "drop", ["classes"]),
    ],
}


@pytest.mark.parametrize("reason", APPROXIMATE)
def test_a_map_of_the_gradient_is_called_approximate_and_the_reason_given(reason, tmp_path, capsys):
    layers = [PICTURE, CONVOLUTION, POOLING, *APPROXIMATE[reason]]
    path = write_archive(tmp_path / "net.keras", layers)
    assert main(["models", str(path)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("map ")]
    assert line == f"map       approximate, the gradient's: {reason} not piecewise linear"


REFUSED = {
    "code": (
        [PICTURE, keras_3_layer("Lambda", "trick", ["picture"], function="rm -rf"),
         changed(CONVOLUTION), POOLING, CLASSES],
        "",
    ),
    "a Lambda on the way": (
        [PICTURE, keras_3_layer("Lambda", "trick", ["picture"]),
         keras_3_layer("Conv2D", "conv", ["trick"], filters=4, kernel_size=[3, 3]), POOLING,
         CLASSES],
        "Python code (Lambda), which is never run",
    ),
    "a layer of one's own": (
        [PICTURE, keras_3_layer("MyLayer", "conv", ["picture"]), POOLING, CLASSES],
        "is a MyLayer, which is not known here",
    ),
    "no pooling": ([PICTURE, CONVOLUTION], "in pooling|no pooling"),
    "the maximum": (
        [PICTURE, CONVOLUTION, keras_3_layer("GlobalMaxPooling2D", "pool", ["conv"]), CLASSES],
        "pools by the maximum",
    ),
    "an activation of one's own after the pooling": (
        [PICTURE, CONVOLUTION, POOLING,
         keras_3_layer("Dense", "hidden", ["pool"], units=8, activation="wiggle"),
         keras_3_layer("Dense", "classes", ["hidden"], units=3)],
        "its activation wiggle after the pooling is not known here",
    ),
    "a normalisation over another axis": (
        [PICTURE, CONVOLUTION, changed(POOLING, keepdims=True),
         keras_3_layer("LayerNormalization", "norm", ["pool"], axis=[1]),
         keras_3_layer("Flatten", "flat", ["norm"]),
         keras_3_layer("Dense", "classes", ["flat"], units=3)],
        "is over another axis",
    ),
    "a threshold after the pooling": (
        [PICTURE, CONVOLUTION, POOLING, keras_3_layer("ReLU", "bend", ["pool"], threshold=0.5),
         keras_3_layer("Dense", "classes", ["bend"], units=3)],
        "has a threshold",
    ),
    "two paths after the pooling": (
        [PICTURE, CONVOLUTION, POOLING,
         keras_3_layer("Dense", "gate", ["pool"], units=4, activation="sigmoid"),
         keras_3_layer("Multiply", "gated", ["pool", "gate"]),
         keras_3_layer("Dense", "classes", ["gated"], units=3)],
        "several paths lead to its classes, joined by Multiply",
    ),
    "attention after the features": (
        [PICTURE, CONVOLUTION, keras_3_layer("Reshape", "tokens", ["conv"], target_shape=[900, 4]),
         keras_3_layer("MultiHeadAttention", "attention", ["tokens", "tokens"]),
         keras_3_layer("GlobalAveragePooling1D", "pool", ["attention"]),
         keras_3_layer("Dense", "classes", ["pool"], units=3)],
        "GlobalAveragePooling1D before its classes is no pooling",
    ),
    "no sums of classes at its end": (
        [PICTURE, CONVOLUTION, POOLING, changed(CLASSES, activation="tanh")],
        "it ends in tanh, not in the sums or probabilities of classes",
    ),
    "several labels at once": (
        [PICTURE, CONVOLUTION, POOLING, changed(CLASSES, activation="sigmoid")],
        "its 3 classes do not exclude each other (sigmoid), so none is named",
    ),
    "a softmax in the middle": (
        [PICTURE, CONVOLUTION, POOLING,
         keras_3_layer("Dense", "hidden", ["pool"], units=8, activation="softmax"),
         keras_3_layer("Dense", "classes", ["hidden"], units=3)],
        "layers follow its softmax",
    ),
    "no picture": (
        [changed(PICTURE, batch_shape=[None, 128]), CONVOLUTION, POOLING, CLASSES],
        "not a picture of three colours",
    ),
    "no square": (
        [changed(PICTURE, batch_shape=[None, 32, 64, 3]), CONVOLUTION, POOLING, CLASSES],
        "64 x 32 pixels, not a square",
    ),
    "the channels first": (
        [PICTURE, changed(CONVOLUTION, data_format="channels_first"), POOLING, CLASSES],
        "channels first",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name, (_, words) in REFUSED.items() if words])
def test_what_has_no_map_is_said_in_one_line(name, tmp_path):
    layers, words = REFUSED[name]
    path = write_archive(tmp_path / "net.keras", layers)
    with pytest.raises(ModelError, match=r"cannot be used") as caught:
        spec_of(path)
    assert any(part in str(caught.value) for part in words.split("|")), caught.value
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 6


def test_several_inputs_and_outputs_are_refused(tmp_path):
    other = keras_3_layer("InputLayer", "other", batch_shape=[None, 32, 32, 3])
    two = [["picture", 0, 0], ["other", 0, 0]]
    path = write_archive(tmp_path / "in.keras", [PICTURE, other, *WHOLE[1:]], inputs=two)
    with pytest.raises(ModelError, match="2 inputs"):
        spec_of(path)
    path = write_archive(tmp_path / "out.keras", WHOLE, outputs=[["classes", 0, 0], ["pool", 0, 0]])
    with pytest.raises(ModelError, match="2 outputs"):
        spec_of(path)


def test_a_layer_that_is_used_twice_is_refused(tmp_path):
    document = keras_2_document()
    model = document["config"]["layers"][0]["config"]["layers"][0]
    model["config"]["layers"][1]["inbound_nodes"] *= 2
    path = tmp_path / "net.h5"
    write_keras_2(path)
    with h5py.File(path, "r+") as file:
        file.attrs["model_config"] = json.dumps(document)
    with pytest.raises(ModelError, match="is used 2 times"):
        spec_of(path)


@pytest.mark.parametrize(("told", "names"), [(None, ("mean", "variance")), ([1.0, 2.0, 3.0], ())])
def test_a_normalisation_has_weights_where_it_was_not_told(told, names):
    layer = Layer(("norm",), "Normalization", {"axis": -1, "mean": told})
    assert variables_of(layer) == names


def test_a_layer_that_keras_itself_calls_custom_is_known():
    layer = Layer(("mixed",), "CustomScaleLayer", {"scale": 0.17}, ("one", "other"))
    assert refusal_of(layer, is_keras_2=False) == ""
    applied = _applied(None, layer, [np.ones(2), np.full(2, 100.0)], {})
    assert applied == pytest.approx([18.0, 18.0])


def test_a_structure_that_makes_no_sense_is_one_error(tmp_path):
    for topology in (5, "model", {"model_config": {"config": {"layers": [{"config": 3}]}}}):
        (tmp_path / "model.json").write_text(json.dumps({"modelTopology": topology}))
        with pytest.raises(ModelError, match="cannot be used"):
            spec_of_file(tmp_path, NetworkOptions())
