"""The engine for GPUs: one `tf.function`, variables frozen into constants, XLA on a GPU only."""

from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.core.types import NETWORK_SIDE_PX, RgbImage
from livecam.models.surgery import OperatedModel
from livecam.native.stderr import native_stderr_held
from livecam.native.tensorflow import frozen, import_tensorflow


class TensorFlowEngine:
    """Runs a model after the surgery (models/surgery.py)."""

    name = "TensorFlow"

    def __init__(self, model: OperatedModel, *, float16: bool = False) -> None:
        """Trace once, freeze, and run once. `float16` is only told to the user here."""
        tf = import_tensorflow()
        self._tf = tf
        self._precision = "float16" if float16 else "float32"
        self._on_gpu = bool(tf.config.list_physical_devices("GPU"))
        self.trace_count = 0
        shape = [NETWORK_SIDE_PX, NETWORK_SIDE_PX, 3]

        def counted(rgb: Any) -> dict[str, Any]:
            self.trace_count += 1
            return model.infer(rgb)

        with native_stderr_held():
            graph = frozen(counted)
            # XLA makes a GPU faster and a CPU six times slower.
            self._call = tf.function(
                graph,
                input_signature=[tf.TensorSpec(shape, tf.uint8)],
                jit_compile=True if self._on_gpu else None,
            )
            self.infer(RgbImage(np.zeros(shape, np.uint8)))

    @property
    def details(self) -> str:
        """Runtime, device and precision."""
        device = "GPU with XLA" if self._on_gpu else "CPU"
        return f"TensorFlow, {device}, {self._precision}"

    def infer(self, rgb: RgbImage) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Features [7, 7, channels] and logits [classes] of uint8 RGB [224, 224, 3]."""
        # The frozen graph gives its outputs in the order of their names.
        features, logits = self._call(self._tf.constant(rgb))
        return np.asarray(features.numpy()), np.asarray(logits.numpy())
