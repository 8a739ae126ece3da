"""The TensorFlow engine: one `tf.function` with constant weights, compiled by XLA on a GPU."""

from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.core.types import NETWORK_SIDE_PX, RgbImage
from livecam.native.stderr import silenced_native_stderr
from livecam.native.tensorflow import NetworkFunction, freeze_variables, import_tensorflow


class TensorFlowEngine:
    """Runs the network function that models/surgery.py builds."""

    name = "TensorFlow"

    def __init__(self, network: NetworkFunction, *, float16: bool = False) -> None:
        """Trace once, freeze the variables, and run once.

        Args:
            network: the function to run, not yet traced.
            float16: whether it computes in float16; only named in `details`.

        Raises:
            ModelError: TensorFlow cannot be imported.
        """
        tf = import_tensorflow()
        self._tf = tf
        self._precision = "float16" if float16 else "float32"
        self._on_gpu = bool(tf.config.list_physical_devices("GPU"))
        self.trace_count = 0
        shape = [NETWORK_SIDE_PX, NETWORK_SIDE_PX, 3]

        def counted(rgb: Any) -> dict[str, Any]:
            self.trace_count += 1
            return network(rgb)

        with silenced_native_stderr():
            graph = freeze_variables(counted)
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
