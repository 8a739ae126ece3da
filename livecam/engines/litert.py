"""The LiteRT engine, for CPUs: XNNPACK, float32 or int8; never imports TensorFlow."""

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from livecam.core.types import NETWORK_SIDE_PX, Head, RgbImage
from livecam.errors import ModelError
from livecam.native.stderr import silenced_native_stderr


def default_threads() -> int:
    """One thread per core, at most four: MobileNet gains nothing from more."""
    return min(4, os.cpu_count() or 1)


class LiteRTEngine:
    """Runs an exported file (models/litert_export.py)."""

    name = "LiteRT"

    def __init__(self, model_path: Path, head: Head, threads: int | None = None) -> None:
        """Load the file and run once.

        Args:
            model_path: the LiteRT file.
            head: its class columns; a file in int8 has no logits, they are computed from these.
            threads: processor threads; None for `default_threads()`.

        Raises:
            ModelError: LiteRT is not installed or cannot read the file.
        """
        self._threads, self._head = threads or default_threads(), head
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise ModelError(
                f"LiteRT cannot be imported ({error}): install it with 'pip install "
                "ai-edge-litert' or use --engine tensorflow."
            ) from error
        try:
            with silenced_native_stderr():
                self._interpreter = Interpreter(str(model_path), num_threads=self._threads)
                self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"LiteRT cannot read {model_path} ({error}).") from error
        input_details = self._interpreter.get_input_details()[0]
        self._input, self._is_int8 = input_details["index"], input_details["dtype"] == np.int8
        # Distinguished by their rank: conversion does not preserve the names.
        outputs = {len(o["shape"]): o["index"] for o in self._interpreter.get_output_details()}
        self._features, self._logits = outputs[3], outputs.get(1)
        with silenced_native_stderr():
            self.infer(RgbImage(np.zeros((NETWORK_SIDE_PX, NETWORK_SIDE_PX, 3), np.uint8)))

    @property
    def details(self) -> str:
        """Runtime, device, threads and precision."""
        precision = "int8" if self._is_int8 else "float32"
        threads = "1 thread" if self._threads == 1 else f"{self._threads} threads"
        return f"LiteRT, CPU, {threads}, {precision}"

    def infer(self, rgb: RgbImage) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Features [7, 7, channels] and logits [classes] of uint8 RGB [224, 224, 3]."""
        # Minus 128, in one pass over the bytes.
        values = (rgb ^ np.uint8(128)).view(np.int8) if self._is_int8 else rgb
        self._interpreter.set_tensor(self._input, values)
        self._interpreter.invoke()
        features = self._interpreter.get_tensor(self._features)
        if self._logits is not None:
            return features, self._interpreter.get_tensor(self._logits)
        return features, features.mean((0, 1)) @ self._head.kernel + self._head.bias
