"""The engine for CPUs: LiteRT with XNNPACK, float32; never imports TensorFlow."""

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from livecam.errors import ModelError
from livecam.quiet import native_stderr_held
from livecam.values import NETWORK_SIDE_PX, RgbImage


def default_threads() -> int:
    """One thread a core, at most four: beyond that MobileNet gains nothing."""
    return min(4, os.cpu_count() or 1)


class LiteRTEngine:
    """Runs an exported file (models/export.py)."""

    name = "LiteRT"

    def __init__(self, model_path: Path, threads: int | None = None) -> None:
        """Load the file and run once.

        Args:
            model_path: the LiteRT file.
            threads: processor threads; None for `default_threads()`.

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
            with native_stderr_held():
                self._interpreter = Interpreter(str(model_path), num_threads=self._threads)
                self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"LiteRT cannot read {model_path} ({error}).") from error
        self._input = self._interpreter.get_input_details()[0]["index"]
        # Told apart by rank: conversion does not keep the names.
        outputs = {len(o["shape"]): o["index"] for o in self._interpreter.get_output_details()}
        self._features, self._logits = outputs[3], outputs[1]
        with native_stderr_held():
            self.infer(RgbImage(np.zeros((NETWORK_SIDE_PX, NETWORK_SIDE_PX, 3), np.uint8)))

    @property
    def details(self) -> str:
        """Runtime, device, threads and precision."""
        return f"LiteRT, CPU, {self._threads} threads, float32"

    def infer(self, rgb: RgbImage) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Features [7, 7, channels] and logits [classes] of uint8 RGB [224, 224, 3]."""
        self._interpreter.set_tensor(self._input, rgb)
        self._interpreter.invoke()
        return (
            self._interpreter.get_tensor(self._features),
            self._interpreter.get_tensor(self._logits),
        )
