"""Programs that tests start: ended with the test, and what they say."""

import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from support import WAIT_S

_SETPRIV = shutil.which("setpriv")  # Linux has it, in util-linux
ENDS_WITH_THE_TESTS = [_SETPRIV, "--pdeathsig", "KILL"] if _SETPRIV else []
"""Before a command: the kernel ends the program with the thread that started it."""


@contextmanager
def started(command: Sequence[object], **given: Any) -> Iterator["subprocess.Popen[Any]"]:
    """A program that runs as long as the block at most, whether a test fails in it or is ended.

    `given` is for Popen. Its number is that of the program itself.
    """
    program = subprocess.Popen([*ENDS_WITH_THE_TESTS, *map(str, command)], **given)
    try:
        yield program
    finally:
        if program.poll() is None:
            program.kill()
        with suppress(OSError):  # what was to be written into its standard input
            program.__exit__(None, None, None)  # closes the pipes and waits


def rest_of(program):
    """What a program still prints (stdout, stderr) until it ends, some of its lines being read.

    `communicate` would miss what Python has read ahead and buffered. Only for little stderr.
    """
    too_long = threading.Timer(WAIT_S, program.kill)
    too_long.start()
    rest, talk = program.stdout.read(), program.stderr.read()
    too_long.cancel()
    program.stdout.close()
    program.stderr.close()
    program.wait(60)
    return rest, talk


def one_line(run, code):
    """The last line of standard error, which must be short and without a traceback."""
    assert run.returncode == code, run.stderr
    assert "Traceback" not in run.stderr
    lines = run.stderr.strip().splitlines()
    assert all(line.startswith("livecam: ") for line in lines), run.stderr
    return lines[-1]
