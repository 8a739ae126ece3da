"""The same network in every runtime: livecam's own, and those that it is compared with.

`python -m benchmarks.engines.runtimes NAME FOLDER` loads one, prints a line of JSON when it is
ready, then answers each number on stdin with that many times in seconds. A runtime that waits for
its turn takes no core from the one that is measured.
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

from benchmarks.inputs.random_networks import CLASS_INDEX, open_random_model
from benchmarks.inputs.scratch_folder import ScratchFolder

Call = Callable[[np.ndarray], Any]
JS_PACKAGES = "@tensorflow/tfjs @tensorflow/tfjs-backend-wasm"


class RuntimeUnavailableError(Exception):
    """This runtime is not installed, or the processor cannot run it."""


def normalised(rgb: np.ndarray) -> np.ndarray:
    """float32 [1, 224, 224, 3] from -1 to 1."""
    return rgb[np.newaxis].astype(np.float32) * np.float32(2 / 255) - np.float32(1.0)


def livecam_measure(precision: str) -> Callable[[ScratchFolder], Call]:
    def make(scratch: ScratchFolder) -> Call:
        model = open_random_model(scratch, precision)
        return lambda rgb: model.measure(rgb, CLASS_INDEX).grid

    return make


def litert_invoke(precision: str) -> Callable[[ScratchFolder], Call]:
    """The interpreter's `invoke` and nothing else."""

    def make(scratch: ScratchFolder) -> Call:
        model = open_random_model(scratch, precision)
        model.measure(np.zeros((224, 224, 3), np.uint8), CLASS_INDEX)
        interpreter = model.runtime._interpreter
        return lambda _: interpreter.invoke()

    return make


def keras_model(scratch: ScratchFolder) -> tuple[Any, Any, Any]:
    """A two-headed Keras model, its class's column, and TensorFlow."""
    from livecam.native.tensorflow import import_keras, import_tensorflow

    tf, keras = import_tensorflow(), import_keras()
    full = keras.applications.MobileNet(alpha=1.0, weights=None)
    full.load_weights(str(scratch.weights))
    outputs = [full.get_layer(n).output for n in ("conv_pw_13_relu", "conv_preds")]
    column = np.asarray(full.get_layer("conv_preds").get_weights()[0][0, 0, :, CLASS_INDEX])
    return keras.Model(full.inputs[0], outputs), column, tf


def keras_predict(scratch: ScratchFolder) -> Call:
    model, column, _ = keras_model(scratch)
    return lambda rgb: model.predict(normalised(rgb), verbose=0)[0][0] @ column


def keras_eager(scratch: ScratchFolder) -> Call:
    model, column, _ = keras_model(scratch)
    return lambda rgb: model(normalised(rgb), training=False)[0].numpy()[0] @ column


def tf_function(scratch: ScratchFolder) -> Call:
    model, column, tf = keras_model(scratch)
    call = tf.function(lambda x: model(x, training=False))
    return lambda rgb: call(tf.constant(normalised(rgb)))[0].numpy()[0] @ column


def onnx_runtime(scratch: ScratchFolder) -> Call:
    runtime = import_or_unavailable("onnxruntime")
    session = runtime.InferenceSession(str(scratch.onnx), providers=["CPUExecutionProvider"])
    column = onnx_column(scratch)

    def call(rgb: np.ndarray) -> Any:
        return map_of(session.run(None, {"picture": channels_first(rgb)})[0], column)

    return call


def openvino(precision: str) -> Callable[[ScratchFolder], Call]:
    def make(scratch: ScratchFolder) -> Call:
        ov = import_or_unavailable("openvino")
        core = ov.Core()
        hints = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": precision}
        if precision not in (
            "f32",
            *map(str.lower, core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")),
        ):
            raise RuntimeUnavailableError(f"this processor has no {precision}")
        request = core.compile_model(str(scratch.onnx), "CPU", hints).create_infer_request()
        column = onnx_column(scratch)

        def call(rgb: np.ndarray) -> Any:
            request.infer({"picture": channels_first(rgb)})
            return map_of(request.get_tensor("features").data, column)

        return call

    return make


def opencv_dnn(scratch: ScratchFolder) -> Call:
    import cv2

    net, column = cv2.dnn.readNetFromONNX(str(scratch.onnx)), onnx_column(scratch)

    def call(rgb: np.ndarray) -> Any:
        net.setInput(channels_first(rgb))
        features, _ = net.forward(["features", "logits"])
        return map_of(features, column)

    return call


def tensorflow_js(scratch: ScratchFolder) -> Call:
    node = shutil.which("node")
    if node is None:
        raise RuntimeUnavailableError("there is no node")
    script = Path(__file__).with_name("tensorflow_js.js")
    process = subprocess.Popen(
        [node, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=scratch.folder,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    if process.stdout.readline().strip() != "ready":
        process.kill()
        raise RuntimeUnavailableError(f"its packages are not installed: npm install {JS_PACKAGES}")
    stdin, stdout = process.stdin, process.stdout

    def call(_: np.ndarray) -> Any:
        stdin.write("1\n")
        stdin.flush()
        return stdout.readline()

    return call


def import_or_unavailable(package: str) -> Any:
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise RuntimeUnavailableError(
            f"{package} is not installed: pip install '.[bench]'"
        ) from error


def onnx_column(scratch: ScratchFolder) -> np.ndarray:
    onnx = import_or_unavailable("onnx")
    model = onnx.load(str(scratch.onnx))
    (columns,) = [t for t in model.graph.initializer if t.name == "columns"]
    return np.ascontiguousarray(onnx.numpy_helper.to_array(columns)[:, CLASS_INDEX])


def channels_first(rgb: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(normalised(rgb).transpose(0, 3, 1, 2))


def map_of(features: np.ndarray, column: np.ndarray) -> np.ndarray:
    """The map [7, 7] of features [1, C, 7, 7]."""
    return np.tensordot(column, features[0], axes=1)


RUNTIMES: dict[str, Callable[[ScratchFolder], Call]] = {
    "livecam float32": livecam_measure("float32"),
    "livecam int8": livecam_measure("int8"),
    "LiteRT invoke float32": litert_invoke("float32"),
    "LiteRT invoke int8": litert_invoke("int8"),
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
        call = RUNTIMES[name](ScratchFolder(Path(folder)))
        shape = np.shape(call(rgb))
    except RuntimeUnavailableError as missing:
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
