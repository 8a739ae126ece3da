"""Which families of keras.applications have an exact map; the figures: benchmarks/quality."""

import json

import pytest

from livecam.models.formats.head_folding import NoMapError
from livecam.models.formats.head_layers import cut
from livecam.models.formats.keras_config import read_graph
from livecam.models.formats.keras_layers import layers_before, refusal_of
from livecam.native.tensorflow import import_keras

EXACT = {
    "MobileNet": "conv_pw_13_relu",
    "MobileNetV2": "out_relu",
    "EfficientNetB0": "top_activation",
    "DenseNet121": "relu",
    "ResNet50": "conv5_block3_out",
}
"""Smallest of each kind, and the layer whose output is the features."""

REFUSED = {"MobileNetV3Small": "not piecewise linear", "ConvNeXtTiny": "LayerNormalization"}


def graph_of(name):
    keras = import_keras()
    model = getattr(keras.applications, name)(weights=None, classes=4)
    return read_graph(json.loads(model.to_json()))


@pytest.mark.parametrize("name", EXACT)
def test_these_are_exact(name):
    graph = graph_of(name)
    head = cut(graph)
    assert head.features == EXACT[name]
    assert head.classes == 4
    layers = layers_before(graph, head.features)
    assert [refusal_of(layer, is_keras_2=False) for layer in layers] == [""] * len(layers)


@pytest.mark.parametrize("name", REFUSED)
def test_these_are_refused(name):
    with pytest.raises(NoMapError, match=REFUSED[name]):
        cut(graph_of(name))
