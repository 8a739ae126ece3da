"""Programs that tests start end with them."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from programs import ENDS_WITH_THE_TESTS, started
from support import eventually, program_env

SLEEPER = [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(600)"]
TESTS = """
import subprocess, sys, time
from programs import started
with started(sys.argv[1:], stdout=subprocess.PIPE) as program:
    program.stdout.readline()
    print(program.pid, flush=True)
    time.sleep(600)
"""


def is_over(number):
    return not psutil.pid_exists(number) or psutil.Process(number).status() == "zombie"


def test_a_program_ends_with_a_test_that_fails():
    with (  # noqa: PT012
        pytest.raises(ZeroDivisionError),
        started(SLEEPER, stdout=subprocess.PIPE) as program,
    ):
        program.stdout.readline()
        1 // 0  # noqa: B018
    assert program.returncode is not None


@pytest.mark.skipif(not ENDS_WITH_THE_TESTS, reason="the program setpriv is Linux's")
def test_a_program_ends_with_the_tests_however_they_end():
    env = program_env({"PYTHONPATH": f"{Path(__file__).parent}:{Path(__file__).parents[1]}"})
    tests = subprocess.Popen(
        [sys.executable, "-c", TESTS, *SLEEPER], env=env, stdout=subprocess.PIPE, text=True
    )
    number = int(tests.stdout.readline())
    assert not is_over(number)
    tests.kill()
    tests.communicate()
    eventually(lambda: is_over(number))
