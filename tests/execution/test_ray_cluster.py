"""A batch on Ray over two machines, which are processes here; one of them is lost on the way."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest
from support import ROOT, program_env


@pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="Ray is not installed: livecam[ray]"
)
def test_rows_are_those_of_the_process_pool_when_a_machine_is_lost():
    run = subprocess.run(
        [sys.executable, "-m", "end_to_end.archive_soak", "ray", "60"],
        env=program_env({"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}),
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["exit_code"] == 0, run.stderr
    assert found["moments_are_right"]
    assert found["rows_are_equal"]
