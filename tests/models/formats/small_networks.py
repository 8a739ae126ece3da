"""Small networks with random weights, as people build them on Keras."""

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from livecam.native.tensorflow import import_keras

SIDE_PX = 32


def base_layers(layers: Any) -> list[Any]:
    """Up to features of 4 x 4 cells for 32 x 32 pixels."""
    return [
        layers.ZeroPadding2D(((0, 1), (0, 1))),
        layers.Conv2D(6, 3, strides=2, activation="relu", name="first"),
        layers.BatchNormalization(),
        layers.DepthwiseConv2D(3, strides=2, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(6.0),
        layers.SeparableConv2D(9, 3, padding="same", activation="swish"),
        layers.MaxPooling2D(2),
    ]


def heads(layers: Any) -> dict[str, list[Any]]:
    """What people put on top, by name."""
    return {
        "one layer": [layers.GlobalAveragePooling2D(), layers.Dense(3, activation="softmax")],
        "relu": [
            layers.GlobalAveragePooling2D(), layers.Dense(8, activation="relu"),
            layers.BatchNormalization(), layers.Dropout(0.3), layers.Dense(3, activation="softmax"),
        ],
        "normalised": [
            layers.GlobalAveragePooling2D(), layers.BatchNormalization(), layers.Dense(8),
            layers.BatchNormalization(), layers.LeakyReLU(), layers.Dense(5), layers.ReLU(6.0),
            layers.Dense(3), layers.Softmax(),
        ],
        "flattened": [
            layers.Flatten(), layers.Dropout(0.5), layers.Dense(7, activation="relu"),
            layers.Dense(3, activation="softmax"),
        ],
        "convolution": [
            layers.GlobalAveragePooling2D(keepdims=True), layers.Conv2D(3, 1), layers.Flatten(),
            layers.Activation("softmax"),
        ],
        "average of all": [
            layers.AveragePooling2D(4), layers.Flatten(), layers.Dense(3, activation="softmax"),
        ],
        "two classes": [layers.GlobalAveragePooling2D(), layers.Dense(1, activation="sigmoid")],
        "logits": [layers.GlobalAveragePooling2D(), layers.Dense(3)],
        "slopes of their own": [
            layers.GlobalAveragePooling2D(), layers.Dense(8), layers.PReLU(),
            layers.Dense(6, activation="hard_sigmoid"), layers.Dense(3, activation="softmax"),
        ],
    }  # fmt: skip


def curved_heads(layers: Any) -> dict[str, list[Any]]:
    """Heads that are not piecewise linear; their last layer gives logits."""
    return {
        "swish": [
            layers.GlobalAveragePooling2D(), layers.Dense(8, activation="swish"),
            layers.BatchNormalization(), layers.Dropout(0.3), layers.Dense(3),
        ],
        "gelu, LayerNormalization": [
            layers.GlobalAveragePooling2D(), layers.Dense(8, activation="gelu"),
            layers.LayerNormalization(epsilon=1e-4), layers.Dense(3),
        ],
        "LayerNormalization first": [
            layers.GlobalAveragePooling2D(), layers.LayerNormalization(scale=False),
            layers.Dense(3),
        ],
        "normalised twice": [
            layers.GlobalAveragePooling2D(), layers.BatchNormalization(),
            layers.LayerNormalization(), layers.Activation("softplus"), layers.Dense(3),
        ],
        "gelu, tanh, sigmoid": [
            layers.GlobalAveragePooling2D(), layers.Dense(8, activation="gelu"),
            layers.Dense(9, activation="tanh"), layers.Dense(7, activation="sigmoid"),
            layers.Dense(3),
        ],
        "elu, selu": [
            layers.GlobalAveragePooling2D(), layers.Dense(8), layers.ELU(0.6),
            layers.Dense(7, activation="selu"), layers.Dense(3),
        ],
        "softsign, mish, relu": [
            layers.GlobalAveragePooling2D(), layers.Dense(8, activation="softsign"),
            layers.Dense(7, activation="mish"), layers.Dense(6, activation="relu"),
            layers.Dense(3),
        ],
        "hard_swish as a convolution": [
            layers.GlobalAveragePooling2D(keepdims=True), layers.Conv2D(8, 1),
            layers.Activation("hard_swish"), layers.Conv2D(3, 1), layers.Flatten(),
        ],
        "flattened, swish": [
            layers.Flatten(), layers.Dense(7, activation="silu"), layers.Dense(3),
        ],
    }  # fmt: skip


HEADS = (
    "one layer", "relu", "normalised", "flattened", "convolution", "average of all",
    "two classes", "logits", "slopes of their own",
)  # fmt: skip
CURVED_HEADS = (
    "swish", "gelu, LayerNormalization", "LayerNormalization first", "normalised twice",
    "gelu, tanh, sigmoid", "elu, selu", "softsign, mish, relu", "hard_swish as a convolution",
    "flattened, swish",
)  # fmt: skip


def network(head: str) -> Any:
    """A network with random weights, also in its normalisations."""
    keras = import_keras()
    keras.utils.set_random_seed(5)
    layers = keras.layers
    x = picture = keras.Input((SIDE_PX, SIDE_PX, 3))
    inner = given = keras.Input((SIDE_PX, SIDE_PX, 3))
    for layer in base_layers(layers):
        inner = layer(inner)
    x = keras.Model(given, inner, name="inner_base")(x / 127.5 - 1.0)
    for layer in (heads(layers) | curved_heads(layers))[head]:
        x = layer(x)
    model = keras.Model(picture, x)
    rng = np.random.default_rng(3)
    model.set_weights([rng.normal(0.3, 0.4, w.shape) ** 2 if w.ndim == 1
                       else rng.normal(0, 0.6, w.shape) for w in model.get_weights()])  # fmt: skip
    return model


def gradient_map(model: Any, rgb: np.ndarray, index: int) -> np.ndarray:
    """The map of a class as TensorFlow's tape has it: gradients meaned over the places.

    Source: Selvaraju et al., "Grad-CAM" (2017), without its ReLU, times the number of places.

    Args:
        model: a network whose last layer gives logits.
        rgb: uint8 [side, side, 3].
        index: of the class.
    """
    from livecam.native.tensorflow import import_keras, import_tensorflow

    keras, tf = import_keras(), import_tensorflow()
    names = [layer.name for layer in model.layers]
    behind = model.layers[names.index("inner_base") + 1 :]
    given = rgb[np.newaxis].astype(np.float32) / 127.5 - 1
    features = model.get_layer("inner_base")(given, training=False)
    with tf.GradientTape() as tape:
        tape.watch(features)
        x = features
        for layer in behind:
            x = layer(x, training=False) if layer.name.startswith(("batch", "drop")) else layer(x)
        logit = tf.reshape(x, [-1])[index]
    gradients = tape.gradient(logit, features).numpy()[0].astype(np.float64)
    if isinstance(behind[0], keras.layers.Flatten):
        weights = gradients * gradients.shape[0] * gradients.shape[1]
    else:
        weights = gradients.sum((0, 1))
    return (features.numpy()[0] * weights).sum(-1)


def pictures(count: int = 5, side_px: int = SIDE_PX) -> np.ndarray:
    """uint8 RGB [count, side, side, 3]."""
    return np.random.default_rng(1).integers(0, 256, (count, side_px, side_px, 3), np.uint8)


def log_probabilities(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """The logarithm of the softmax, float64."""
    shifted = logits.astype(np.float64) / temperature
    shifted = shifted - shifted.max()
    return shifted - np.log(np.exp(shifted).sum())


def write_keras_2(path: Path) -> dict[str, np.ndarray]:
    """A file as Teachable Machine exports it for Keras: a Sequential of Sequentials.

    Returns:
        Its weights by name.
    """
    rng = np.random.default_rng(2)
    weights = {
        "Conv1/kernel": rng.normal(0, 0.4, (3, 3, 3, 6)),
        "expanded_conv_depthwise/depthwise_kernel": rng.normal(0, 0.4, (3, 3, 6, 1)),
        "dense_Dense1/kernel": rng.normal(0, 1, (6, 8)),
        "dense_Dense1/bias": rng.normal(0, 1, 8),
        "dense_Dense2/kernel": rng.normal(0, 1, (8, 3)),
    }
    weights = {name: array.astype(np.float32) for name, array in weights.items()}
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.2.4-tf"
        file.attrs["model_config"] = json.dumps(keras_2_document())
        groups = file.create_group("model_weights")
        for group_name, part in (("features", ("Conv1", "expanded")), ("classes", ("dense",))):
            group, names = groups.create_group(group_name), []
            for name, array in weights.items():
                if name.startswith(part):
                    group[f"{name}:0"] = array
                    names.append(f"{name}:0".encode())
            group.attrs["weight_names"] = names
    return weights


def keras_2_document() -> dict[str, Any]:
    """Its structure, as Keras 2.2 writes it."""
    convolution = {"strides": [2, 2], "padding": "same", "kernel_size": [3, 3], "use_bias": False,
                   "dilation_rate": [1, 1], "data_format": "channels_last"}  # fmt: skip
    layers = [
        _layer("InputLayer", "input_1", batch_input_shape=[None, SIDE_PX, SIDE_PX, 3]),
        _layer("Conv2D", "Conv1", "input_1", filters=6, activation="linear", **convolution),
        _layer("ReLU", "Conv1_relu", "Conv1", max_value=6, negative_slope=0.0, threshold=0.0),
        _layer("DepthwiseConv2D", "expanded_conv_depthwise", "Conv1_relu", depth_multiplier=1,
               groups=1, activation="linear", **convolution),
        _layer("ReLU", "out_relu", "expanded_conv_depthwise", max_value=6),
    ]  # fmt: skip
    model = {
        "class_name": "Model",
        "config": {
            "name": "model1", "layers": layers,
            "input_layers": [["input_1", 0, 0]], "output_layers": [["out_relu", 0, 0]],
        },
    }  # fmt: skip
    pooling = _layer("GlobalAveragePooling2D", "pooling")
    classes = [
        _layer("Dense", "dense_Dense1", units=8, activation="relu", use_bias=True),
        _layer("Dense", "dense_Dense2", units=3, activation="softmax", use_bias=False),
    ]
    return _sequential(
        "whole", [_sequential("features", [model, pooling]), _sequential("classes", classes)]
    )


def _sequential(name: str, layers: list[Any]) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"name": name, "layers": layers}}


def _layer(kind: str, name: str, *inputs: str, **config: Any) -> dict[str, Any]:
    nodes = [[[given, 0, 0, {}] for given in inputs]] if inputs else []
    return {
        "class_name": kind, "name": name, "config": {"name": name, **config},
        "inbound_nodes": nodes,
    }  # fmt: skip


def keras_2_logits(weights: dict[str, np.ndarray], rgb: np.ndarray) -> np.ndarray:
    """What the file's network says, computed by TensorFlow's own functions."""
    from livecam.native.tensorflow import import_tensorflow

    nn = import_tensorflow().nn
    x = rgb[np.newaxis].astype(np.float32) / 127 - 1  # as Teachable Machine's page does
    x = nn.relu6(nn.conv2d(x, weights["Conv1/kernel"], [1, 2, 2, 1], "SAME"))
    kernel = weights["expanded_conv_depthwise/depthwise_kernel"]
    x = nn.relu6(nn.depthwise_conv2d(x, kernel, [1, 2, 2, 1], "SAME")).numpy()[0].mean((0, 1))
    x = np.maximum(x @ weights["dense_Dense1/kernel"] + weights["dense_Dense1/bias"], 0)
    return x @ weights["dense_Dense2/kernel"]
