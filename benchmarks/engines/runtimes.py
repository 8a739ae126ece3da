"""One network in one runtime, in a process of its own: `python -m benchmarks.peer NAME FOLDER`.

Says what it is on a line of JSON, then answers each number on stdin with that many times in
seconds. A peer that waits takes no core from the one that is measured.
"""

import importlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.make import CLASS_INDEX, Scratch

Call = Callable[[np.ndarray], Any]
JS_PACKAGES = "@tensorflow/tfjs @tensorflow/tfjs-backend-wasm"


class Missing(Exception):
    """This peer cannot be had here."""


def normalised(rgb: np.ndarray) -> np.ndarray:
    """float32 [1, 224, 224, 3] from -1 to 1."""
    return rgb[np.newaxis].astype(np.float32) * np.float32(2 / 255) - np.float32(1.0)


def livecam(precision: str) -> Callable[[Scratch], Call]:
    def make(place: Scratch) -> Call:
        from benchmarks.make import opened

        model = opened(place, precision)
        return lambda rgb: model.measure(rgb, CLASS_INDEX).grid

    return make


def bare_litert(precision: str) -> Callable[[Scratch], Call]:
    """The interpreter's `invoke` and nothing else."""

    def make(place: Scratch) -> Call:
        from benchmarks.make import opened

        model = opened(place, precision)
        model.measure(np.zeros((224, 224, 3), np.uint8), CLASS_INDEX)
        interpreter = model.runtime._interpreter
        return lambda _: interpreter.invoke()

    return make


def keras_model(place: Scratch) -> tuple[Any, Any, Any]:
    """A two-headed Keras model, its class's column, and TensorFlow."""
    from livecam.native.tensorflow import import_keras, import_tensorflow

    tf, keras = import_tensorflow(), import_keras()
    full = keras.applications.MobileNet(alpha=1.0, weights=None)
    full.load_weights(str(place.weights))
    outputs = [full.get_layer(n).output for n in ("conv_pw_13_relu", "conv_preds")]
    column = np.asarray(full.get_layer("conv_preds").get_weights()[0][0, 0, :, CLASS_INDEX])
    return keras.Model(full.inputs[0], outputs), column, tf


def keras_predict(place: Scratch) -> Call:
    model, column, _ = keras_model(place)
    return lambda rgb: model.predict(normalised(rgb), verbose=0)[0][0] @ column


def keras_eager(place: Scratch) -> Call:
    model, column, _ = keras_model(place)
    return lambda rgb: model(normalised(rgb), training=False)[0].numpy()[0] @ column


def tf_function(place: Scratch) -> Call:
    model, column, tf = keras_model(place)
    call = tf.function(lambda x: model(x, training=False))
    return lambda rgb: call(tf.constant(normalised(rgb)))[0].numpy()[0] @ column


def onnx_runtime(place: Scratch) -> Call:
    runtime = needed("onnxruntime")
    session = runtime.InferenceSession(str(place.onnx), providers=["CPUExecutionProvider"])
    column = onnx_column(place)

    def call(rgb: np.ndarray) -> Any:
        return across(session.run(None, {"picture": channels_first(rgb)})[0], column)

    return call


def openvino(precision: str) -> Callable[[Scratch], Call]:
    def make(place: Scratch) -> Call:
        ov = needed("openvino")
        core = ov.Core()
        hints = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": precision}
        if precision not in (
            "f32",
            *map(str.lower, core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")),
        ):
            raise Missing(f"this processor has no {precision}")
        request = core.compile_model(str(place.onnx), "CPU", hints).create_infer_request()
        column = onnx_column(place)

        def call(rgb: np.ndarray) -> Any:
            request.infer({"picture": channels_first(rgb)})
            return across(request.get_tensor("features").data, column)

        return call

    return make


def opencv_dnn(place: Scratch) -> Call:
    import cv2

    net, column = cv2.dnn.readNetFromONNX(str(place.onnx)), onnx_column(place)

    def call(rgb: np.ndarray) -> Any:
        net.setInput(channels_first(rgb))
        features, _ = net.forward(["features", "logits"])
        return across(features, column)

    return call


def tensorflow_js(place: Scratch) -> Call:
    node = shutil.which("node")
    if node is None:
        raise Missing("there is no node")
    script = Path(__file__).with_name("peer.js")
    process = subprocess.Popen(
        [node, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=place.folder,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        process.kill()
        raise Missing(f"its packages are not installed: npm install {JS_PACKAGES}")
    stdin, stdout = process.stdin, process.stdout

    def call(_: np.ndarray) -> Any:
        stdin.write("1\n")
        stdin.flush()
        return stdout.readline()

    return call


def needed(package: str) -> Any:
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise Missing(f"{package} is not installed: pip install '.[bench]'") from error


def onnx_column(place: Scratch) -> np.ndarray:
    onnx = needed("onnx")
    model = onnx.load(str(place.onnx))
    (columns,) = [t for t in model.graph.initializer if t.name == "columns"]
    return np.ascontiguousarray(onnx.numpy_helper.to_array(columns)[:, CLASS_INDEX])


def channels_first(rgb: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(normalised(rgb).transpose(0, 3, 1, 2))


def across(features: np.ndarray, column: np.ndarray) -> np.ndarray:
    """The map [7, 7] of features [1, C, 7, 7]."""
    return np.tensordot(column, features[0], axes=1)


PEERS: dict[str, Callable[[Scratch], Call]] = {
    "livecam float32": livecam("float32"),
    "livecam int8": livecam("int8"),
    "LiteRT invoke float32": bare_litert("float32"),
    "LiteRT invoke int8": bare_litert("int8"),
    "ONNX Runtime": onnx_runtime,
    "OpenVINO float32": openvino("f32"),
    "OpenVINO bfloat16": openvino("bf16"),
    "OpenCV dnn": opencv_dnn,
    "tf.function": tf_function,
    "Keras eager call": keras_eager,
    "Keras predict": keras_predict,
    "TensorFlow.js (WebAssembly)": tensorflow_js,
}


def main(name: str, folder: str) -> None:
    """Serve until stdin ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # libraries print to stdout, too
    rgb = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    try:
        call = PEERS[name](Scratch(Path(folder)))
        shape = np.shape(call(rgb))
    except Missing as missing:
        answers.write(json.dumps({"missing": str(missing)}) + "\n")
        return
    answers.write(json.dumps({"ready": name, "shape": shape}) + "\n")
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            began_s = time.perf_counter()
            call(rgb)
            times.append(time.perf_counter() - began_s)
        answers.write(json.dumps(times) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
