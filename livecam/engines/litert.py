"""The LiteRT engine, for CPUs: XNNPACK, float32 or int8; never imports TensorFlow."""

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from livecam.core.types import NETWORK_SIDE_PX, RgbImage
from livecam.errors import ModelError
from livecam.native.silenced_stderr import silenced_native_stderr


def default_threads() -> int:
    """One thread per core, at most four: MobileNet gains nothing from more."""
    return min(4, os.cpu_count() or 1)


class LiteRTEngine:
    """Runs an exported file (models/litert_export.py)."""

    name = "LiteRT"

    def __init__(
        self, model: Path | bytes, threads: int | None = None, side_px: int = NETWORK_SIDE_PX
    ) -> None:
        """Load the file and run once.

        Args:
            model: the LiteRT file, or its content.
            threads: processor threads; None for `default_threads()`.
            side_px: side of the square that it is run on first.

        Raises:
            ModelError: LiteRT is not installed or cannot read the file.
        """
        self._threads = threads or default_threads()
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise ModelError(
                f"LiteRT cannot be imported ({error}): install it with 'pip install "
                "ai-edge-litert' or use --engine tensorflow."
            ) from error
        try:
            with silenced_native_stderr():
                given = (
                    {"model_content": model}
                    if isinstance(model, bytes)
                    else {"model_path": str(model)}
                )
                self._interpreter = Interpreter(**given, num_threads=self._threads)
                input_details = self._interpreter.get_input_details()[0]
                self._input = input_details["index"]
                self._set_shape((side_px, side_px, 3))
        except (ValueError, RuntimeError) as error:
            name = "the network" if isinstance(model, bytes) else model
            raise ModelError(f"LiteRT cannot read {name} ({error}).") from error
        self._is_int8 = input_details["dtype"] == np.int8
        scale, _ = input_details["quantization"]  # of bytes that are cast to float32 it is 0
        self._precision = np.dtype(input_details["dtype"]).name if scale else "float32"
        # Distinguished by their rank: the bundled file has logits, too.
        outputs = {len(o["shape"]): o["index"] for o in self._interpreter.get_output_details()}
        self._features = outputs[4]
        with silenced_native_stderr():
            self.infer(RgbImage(np.zeros((side_px, side_px, 3), np.uint8)))

    @property
    def details(self) -> str:
        """Runtime, device, threads and precision."""
        threads = "1 thread" if self._threads == 1 else f"{self._threads} threads"
        return f"LiteRT, CPU, {threads}, {self._precision}"

    def infer(self, rgb: RgbImage) -> npt.NDArray[np.float32]:
        """Features [rows, columns, channels] of uint8 RGB [height, width, 3].

        Another size than before costs less than one run at that size, and nothing the next time.
        """
        if rgb.shape != self._shape:
            self._set_shape(rgb.shape)
        # Minus 128, in one pass over the bytes.
        values = (rgb ^ np.uint8(128)).view(np.int8) if self._is_int8 else rgb
        self._interpreter.set_tensor(self._input, values[np.newaxis])
        self._interpreter.invoke()
        features: npt.NDArray[np.float32] = self._interpreter.get_tensor(self._features)[0]
        return features

    def _set_shape(self, shape: tuple[int, ...]) -> None:
        """Let the interpreter take this shape: one for all sizes, its weights are packed once."""
        self._interpreter.resize_tensor_input(self._input, (1, *shape))
        self._interpreter.allocate_tensors()
        self._shape = shape
