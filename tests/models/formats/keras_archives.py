"""`.keras` files without weights: layers as the format writes them, to be changed."""

import json
import zipfile


def keras_3_layer(kind, name, inputs=(), **config):
    """A layer as a `.keras` file has it."""
    tensors = [
        {"class_name": "__keras_tensor__", "config": {"keras_history": [given, 0, 0]}}
        for given in inputs
    ]
    nodes = [{"args": tensors, "kwargs": {}}] if tensors else []
    return {"module": "keras.layers", "class_name": kind, "name": name,
            "config": {"name": name, **config}, "inbound_nodes": nodes}  # fmt: skip


def write_archive(path, layers, inputs=None, outputs=None):
    """A `.keras` file without any weights in it."""
    config = {
        "class_name": "Functional", "module": "keras.src.models.functional",
        "config": {
            "name": "net", "layers": layers,
            "input_layers": inputs or [[layers[0]["name"], 0, 0]],
            "output_layers": outputs or [[layers[-1]["name"], 0, 0]],
        },
    }  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", b"")
    return path


PICTURE = keras_3_layer("InputLayer", "picture", batch_shape=[None, 32, 32, 3])
CONVOLUTION = keras_3_layer("Conv2D", "conv", ["picture"], filters=4, kernel_size=[3, 3])
POOLING = keras_3_layer("GlobalAveragePooling2D", "pool", ["conv"])
CLASSES = keras_3_layer("Dense", "classes", ["pool"], units=3, activation="softmax")
WHOLE = [PICTURE, CONVOLUTION, POOLING, CLASSES]


def changed(layer, **config):
    return {**layer, "config": {**layer["config"], **config}}
