"""Without TensorFlow: one line that says what still works, and that does work."""

import subprocess
import sys

import pytest
from support import program_env, records

WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"tensorflow", "keras", "h5py"}:  # they come together
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
from livecam.__main__ import main
sys.exit(main())
"""


def livecam_without_tensorflow(*arguments, cwd, env):
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *map(str, arguments)],
        cwd=cwd, env=program_env(env), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


RUN = ["daisy", "--no-window", "--frames", 1, "--stats", "-"]


@pytest.mark.parametrize("command", [RUN, ["models", "fetch", "imagenet"]])
@pytest.mark.parametrize("cached", [True, False])
def test_imagenet_is_one_line_that_says_what_works(command, cached, tmp_path):
    models = tmp_path / "keras" / "models"
    models.mkdir(parents=True)
    if cached:  # weights that are there, but not converted
        (models / "mobilenet_2_5_224_tf.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(5000))
    env = {"KERAS_HOME": str(models.parent), "LIVECAM_CACHE": str(tmp_path / "cache")}
    run = livecam_without_tensorflow(*command, "--alpha", 0.25, cwd=tmp_path, env=env)
    assert run.returncode == 6
    assert "Traceback" not in run.stderr
    line = run.stderr.splitlines()[-1]
    assert "pip install tensorflow" in line
    assert "--model flowers" in line


def test_flowers_work(tmp_path):
    run = livecam_without_tensorflow(*RUN, "--model", "flowers", cwd=tmp_path, env={})
    assert len(records(run.stdout)) == 1
