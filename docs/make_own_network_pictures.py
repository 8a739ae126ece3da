"""Makes the picture of docs/own_network.md anew: `python docs/make_own_network_pictures.py`.

The network is a file of Keras as people have it, of the built-in flowers: behind the pooling twelve
units with ReLU, then the classes. `relu(x) - relu(-x)` is x, so that nothing had to be trained.
"""

import sys
import tempfile
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

import livecam
from livecam.models.catalogue import flowers_spec
from livecam.native.tensorflow import import_keras

FOLDER = Path(__file__).with_name("pictures")
FRAME = 40  # the flower looks at us


def write_network(path: Path) -> None:
    """An `.h5` file, and its names of classes beside it."""
    keras, spec = import_keras(), flowers_spec()
    built = spec.build(spec.weights_path())
    full, head = built.keras_model, built.head
    base = keras.Model(full.input, full.get_layer("conv_pw_13_relu").output, name="base")
    classes = head.bias.size
    model = keras.Sequential([
        base,
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(2 * classes, activation="relu"),
        keras.layers.Dense(classes, activation="softmax", use_bias=False),
    ])  # fmt: skip
    model.build((None, 224, 224, 3))
    model.layers[2].set_weights([np.hstack([head.kernel, -head.kernel]),
                                 np.hstack([head.bias, -head.bias])])  # fmt: skip
    model.layers[3].set_weights([np.vstack([np.eye(classes), -np.eye(classes)])])
    model.save(path)
    names = [f"{number} {name}" for number, name in enumerate(spec.labels.first_names)]
    path.with_name("labels.txt").write_text("\n".join(names) + "\n", "utf-8")


def main() -> int:
    """Write own_network.jpg."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "keras_model.h5"
        write_network(path)
        model = livecam.open_model(path)
        with livecam.open_source("daisy") as source:
            frame = next(islice(iter(source), FRAME, None))
        heat = livecam.HeatSettings(act_max=36.0)
        pictures = []
        for class_name in ("daisy", "other"):
            measured = livecam.measure(model, frame, class_name)
            print(class_name, measured.grid.max(), measured.top)
            pictures.append(livecam.draw(frame, measured, heat=heat))
    gap = np.full((pictures[0].shape[0], 12, 3), 255, np.uint8)
    drawn = np.hstack([pictures[0], gap, pictures[1]])
    cv2.imwrite(str(FOLDER / "own_network.jpg"), drawn, [cv2.IMWRITE_JPEG_QUALITY, 85])
    return 0


if __name__ == "__main__":
    sys.exit(main())
