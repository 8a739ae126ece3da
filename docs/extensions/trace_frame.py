"""Runs livecam on the daisy scene and prints which functions its frames pass, as JSON.

A profile function notes every call that receives or returns one of the types that a frame becomes
on its way. So the picture in the documentation shows the program as it is, whatever its names.
"""

import json
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

import livecam
from livecam.cli.app import main
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.types import Activation, Frame, InferenceResult, NetworkOutput

ROOT = Path(livecam.__file__).parent
CARRIERS = (Frame, InferenceResult, NetworkOutput, Activation, AnnotatedFrame)
STEPS: dict[tuple[str, str], dict[str, str]] = {}


def is_carrier(value: Any) -> bool:
    """Whether a value is the frame in one of its forms, or its pixels."""
    return isinstance(value, CARRIERS) or (
        isinstance(value, np.ndarray) and value.ndim == 3 and value.dtype == np.uint8
    )


def note(frame: FrameType, event: str, value: Any) -> None:
    """Remember a call on its way in or out; Python calls this for every function."""
    if event not in {"call", "return"} or not frame.f_code.co_filename.startswith(str(ROOT)):
        return
    code = frame.f_code
    given = [frame.f_locals.get(name) for name in code.co_varnames[: code.co_argcount]]
    if not any(map(is_carrier, [*given, value])):
        return
    module = Path(code.co_filename).relative_to(ROOT).with_suffix("").as_posix()
    key = (module, code.co_qualname)
    if module.startswith("sources/") and code.co_name == "__iter__" and key not in STEPS:
        STEPS.clear()  # before the first frame: warming up, drawing the scene
    if key not in STEPS:
        STEPS[key] = {
            "module": module,
            "function": code.co_qualname,
            "thread": threading.current_thread().name,
        }


def traced() -> list[dict[str, str]]:
    """The functions that the frames of a recorded run pass, in the order of their first calls."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["daisy", "--model", "flowers", "--no-window", "--frames", "4"]
        arguments += ["--record", f"{folder}/a.mp4", "--stats", f"{folder}/a.jsonl"]
        threading.setprofile(note)
        sys.setprofile(note)
        try:
            code = main(arguments)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)  # type: ignore[arg-type]
    assert code == 0, code
    return list(STEPS.values())


if __name__ == "__main__":
    print(json.dumps(traced()))
