"""Which families of keras.applications have an exact map, which an approximate one.

The figures: benchmarks/quality.
"""

import json

import pytest

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

APPROXIMATE = {
    "MobileNetV3Small": "hard_swish",
    "ConvNeXtTiny": "LayerNormalization",
}
"""Those whose map is that of the gradient, with what is not piecewise linear."""


def graph_of(name):
    keras = import_keras()
    model = getattr(keras.applications, name)(weights=None, classes=4)
    return read_graph(json.loads(model.to_json()))


def unknown_layers(graph, head):
    """What is said against the layers up to the features."""
    refusals = (refusal_of(of, is_keras_2=False) for of in layers_before(graph, head.features))
    return [refusal for refusal in refusals if refusal]


@pytest.mark.parametrize("name", EXACT)
def test_these_are_exact(name):
    graph = graph_of(name)
    head = cut(graph)
    assert head.features == EXACT[name]
    assert head.classes == 4
    assert not head.approximate_because
    assert not unknown_layers(graph, head)


@pytest.mark.parametrize("name", APPROXIMATE)
def test_these_are_approximate(name):
    graph = graph_of(name)
    head = cut(graph)
    assert head.classes == 4
    reason = f"{APPROXIMATE[name]} after the pooling is not piecewise linear"
    assert head.approximate_because == reason
    assert not unknown_layers(graph, head)
    assert graph.layers[head.features].kind in ("Activation", "Add")
