"""The TensorFlow engine: one `tf.function` with constant weights, compiled by XLA on a GPU."""

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.core.types import NETWORK_SIDE_PX, RgbImage
from livecam.native.silenced_stderr import silenced_native_stderr
from livecam.native.tensorflow import NetworkFunction, freeze_variables, import_tensorflow
from livecam.pipeline.background_task import BackgroundTask

Shape = tuple[int, ...]


class TensorFlowEngine:
    """Runs the network function that models/surgery.py builds, at any size, traced once."""

    name = "TensorFlow"

    def __init__(
        self,
        network: NetworkFunction,
        *,
        float16: bool = False,
        with_xla: bool | None = None,
        side_px: int = NETWORK_SIDE_PX,
    ) -> None:
        """Trace once, freeze the variables, and run once.

        Args:
            network: the function to run, not yet traced.
            float16: whether it computes in float16; only named in `details`.
            with_xla: whether XLA compiles it; None for where there is a GPU, as it makes a GPU
                faster and a CPU six times slower.
            side_px: side of the square that it is run on first.

        Raises:
            ModelError: TensorFlow cannot be imported.
        """
        tf = import_tensorflow()
        self._tf = tf
        self._precision = "float16" if float16 else "float32"
        self._on_gpu = bool(tf.config.list_physical_devices("GPU"))
        self._with_xla = self._on_gpu if with_xla is None else with_xla
        self.trace_count = 0

        def counted(rgb: Any) -> dict[str, Any]:
            self.trace_count += 1
            return network(rgb)

        shape = (side_px, side_px, 3)
        self._compiled: dict[Shape, Any] = {}
        self._compilation: BackgroundTask[None] | None = None
        with silenced_native_stderr():
            self._graph = freeze_variables(counted)
            of_any_size = [tf.TensorSpec([1, None, None, 3], tf.uint8)]
            self._call = tf.function(self._graph, input_signature=of_any_size)
            if self._with_xla:
                self._compile(shape)
            self.infer(RgbImage(np.zeros(shape, np.uint8)))

    @property
    def details(self) -> str:
        """Runtime, device and precision."""
        device = "GPU with XLA" if self._on_gpu else "CPU"
        return f"TensorFlow, {device}, {self._precision}"

    def infer(self, rgb: RgbImage) -> npt.NDArray[np.float32]:
        """Features [rows, columns, channels] of uint8 RGB [height, width, 3].

        XLA compiles a new size for seconds, in a thread; until then the graph runs as it is.
        """
        call = self._call
        if self._with_xla:
            call = self._compiled.get(rgb.shape, call)
            if rgb.shape not in self._compiled:
                self._begin_to_compile(rgb.shape)
        (features,) = call(self._tf.constant(rgb[np.newaxis]))
        return np.asarray(features.numpy()[0])

    def _begin_to_compile(self, shape: Shape) -> None:
        """One size at a time; the next call asks again for another one."""
        if self._compilation is not None:
            if not self._compilation.is_over(0.0):
                return
            self._compilation.result()  # raises what went wrong
        self._compilation = BackgroundTask(partial(self._compile, shape))

    def _compile(self, shape: Shape) -> None:
        tf = self._tf
        signature = [tf.TensorSpec((1, *shape), tf.uint8)]
        compiled = tf.function(self._graph, input_signature=signature, jit_compile=True)
        compiled(tf.zeros((1, *shape), tf.uint8))
        self._compiled[shape] = compiled
