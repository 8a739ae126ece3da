"""Selects the engine that fits this machine and the precision that is asked for."""

import importlib.util
import sys
from pathlib import Path
from typing import get_args

from livecam.errors import ModelError, SettingsError
from livecam.settings.model import EngineName, Precision

# What a machine with a GPU that TensorFlow can use has: NVIDIA, WSL, AMD.
_GPU_DEVICES = ("/dev/nvidia0", "/dev/dxg", "/dev/kfd")

ENGINES = get_args(EngineName)
PRECISIONS = get_args(Precision)


def select_engine(engine: str, precision: str) -> tuple[str, str]:
    """The engine to use.

    Args:
        engine: one of ENGINES.
        precision: one of PRECISIONS.

    Returns:
        "tensorflow" or "litert", and the reason in a few words.

    Raises:
        SettingsError: there is no such engine or precision, or the engine does not have it.
    """
    if engine not in ENGINES or precision not in PRECISIONS:
        raise SettingsError(
            f"there is no engine {engine} with {precision}: engines are {', '.join(ENGINES)}, "
            f"precisions {', '.join(PRECISIONS)}."
        )
    name, reason = engine_for_machine(
        "litert" if (engine, precision) == ("auto", "int8") else engine
    )
    if precision == "float16" and name != "tensorflow":
        raise SettingsError(
            "--precision float16 is for TensorFlow on a GPU: use float32 or int8 here."
        )
    if precision == "int8" and name != "litert":
        raise SettingsError("--precision int8 is for LiteRT: leave --engine out, or use float32.")
    return name, reason


def engine_for_machine(wanted: str) -> tuple[str, str]:
    """The engine's name and the reason; `wanted` is one of ENGINES."""
    if wanted != "auto":
        return wanted, "as requested"
    if not gpu_may_exist():
        return "litert", "no GPU for TensorFlow here"
    from livecam.native.tensorflow import import_tensorflow

    try:
        gpus = import_tensorflow().config.list_physical_devices("GPU")
    except ModelError:
        return "litert", "TensorFlow cannot be imported"
    if gpus:
        return "tensorflow", "TensorFlow finds a GPU"
    return "litert", "TensorFlow finds no GPU"


def gpu_may_exist() -> bool:
    """Whether importing TensorFlow to look for a GPU is worth its two seconds."""
    if sys.platform == "darwin":
        return importlib.util.find_spec("tensorflow-plugins") is not None
    # TensorFlow has no GPU support of its own on Windows since 2.11.
    return sys.platform == "linux" and any(Path(device).exists() for device in _GPU_DEVICES)
