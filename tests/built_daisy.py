"""The built-in daisy for programs under test: built once by the tests, loaded by each program."""

import os
import pickle
from dataclasses import replace
from pathlib import Path

from support import scene_of

from livecam.sources.synthetic.scene import SceneContents

VARIABLE = "BUILT_DAISY"
"""Of the environment: the file, one for all programs of this process (conftest.py)."""

_LOADED = f"""
import os, pickle
from pathlib import Path
from livecam.sources.synthetic import source
from livecam.sources.synthetic.scene import SceneContents, build_scene
def loaded_or_built(seed, contents):
    if (seed, contents) != (0, SceneContents()):
        return build_scene(seed, contents)
    return pickle.loads(Path(os.environ["{VARIABLE}"]).read_bytes())
source.build_scene = loaded_or_built
"""


def with_built_daisy() -> str:
    """Lines of Python that a program runs first: its daisy is there at once.

    To build it, and what may be visible of it, takes two seconds of processor.
    """
    path = Path(os.environ[VARIABLE])
    if not path.exists():
        scene = scene_of(0, SceneContents())
        # Every direction is computed, so what computes one is not asked for; it cannot be saved.
        seen = replace(scene.visibility.compute_all(), compute=None)
        path.write_bytes(pickle.dumps(replace(scene, visibility=seen)))
    return _LOADED
