"""The engine for CPUs: LiteRT with XNNPACK, float32 or int8; never imports TensorFlow."""

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from livecam.core.types import NETWORK_SIDE_PX, Head, RgbImage
from livecam.errors import ModelError
from livecam.native.stderr import native_stderr_held


def default_threads() -> int:
    """One thread a core, at most four: beyond that MobileNet gains nothing."""
    return min(4, os.cpu_count() or 1)


class LiteRTEngine:
    """Runs an exported file (models/export.py)."""

    name = "LiteRT"

    def __init__(self, model_path: Path, head: Head, threads: int | None = None) -> None:
        """Load the file and run once.

        Args:
            model_path: the LiteRT file.
            head: its class columns: a file in int8 leaves the logits to them.
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
            with native_stderr_held():
                self._interpreter = Interpreter(str(model_path), num_threads=self._threads)
                self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"LiteRT cannot read {model_path} ({error}).") from error
        taken = self._interpreter.get_input_details()[0]
        self._input, self._is_int8 = taken["index"], taken["dtype"] == np.int8
        # Told apart by rank: conversion does not keep the names.
        outputs = {len(o["shape"]): o["index"] for o in self._interpreter.get_output_details()}
        self._features, self._logits = outputs[3], outputs.get(1)
        with native_stderr_held():
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
