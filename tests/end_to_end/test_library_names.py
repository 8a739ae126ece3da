"""The names of the library: listed without imports, seen by type checkers, shown shortly."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support import fresh_python

import livecam

ROOT = Path(__file__).resolve().parents[2]
CALLS = {"annotate", "draw", "measure", "open_model", "open_source", "errors", "Measurement"}


EACH_ALONE = """
import sys
for name in {names}:
    for loaded in [module for module in sys.modules if module.partition(".")[0] == "livecam"]:
        del sys.modules[loaded]
    import livecam
    getattr(livecam, name)
"""
"""Each name is the first one of a livecam that was not imported yet; others' packages may be."""


def test_all_of_it_is_listed_without_being_imported():
    run = fresh_python("import sys, livecam; print(*dir(livecam)); print(*sys.modules)", cwd=ROOT)
    listed, loaded = (set(line.split()) for line in run.stdout.splitlines())
    assert listed >= CALLS
    assert not {"numpy", "cv2", "livecam.api"} & loaded
    fresh_python(EACH_ALONE.format(names=sorted(CALLS)), cwd=ROOT)
    assert fresh_python("from livecam import *; print(draw)", cwd=ROOT).stdout


def test_type_checkers_see_the_calls(tmp_path):
    pytest.importorskip("mypy")
    (tmp_path / "use.py").write_text(
        "import livecam, numpy as np\n"
        "model = livecam.open_model()\n"
        "picture = np.zeros((9, 9, 3), np.uint8)\n"
        "reveal_type(livecam.measure(model, picture).probability)\n"
        "reveal_type(livecam.measure(model, [picture]))\n"
        "livecam.draw(3, 4)\n",
        "utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "use.py"],
        cwd=tmp_path, text=True, env=os.environ | {"MYPYPATH": str(ROOT)},
        capture_output=True, check=False,
    )  # fmt: skip
    assert 'use.py:4: note: Revealed type is "float"' in run.stdout.replace("builtins.", "")
    assert "livecam.core.measurement.Measurement]" in run.stdout
    assert "use.py:6: error" in run.stdout


def test_representations_are_short_and_hold_no_arrays(model, bgr):
    (annotated,) = livecam.annotate(bgr, model)
    measured = livecam.measure(model, bgr)
    network_output = model.infer(np.zeros((224, 224, 3), np.uint8))
    values = [annotated, annotated.frame, annotated.activation, annotated.stats, annotated.view]
    values += [measured, measured.figures, network_output, model, model.head, model.spec]
    for value in values:
        assert len(repr(value)) < 500, value
        assert "\n" not in repr(value)
        assert "array(" not in repr(value)
    assert "daisy" in repr(measured)
    assert "float32[7, 7]" in repr(annotated.activation)
