"""A display for programs that open a window: the user's own, or a virtual one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def display_environment() -> Iterator[dict[str, str]]:
    """Variables that name a display: the user's, else one of Xvfb; {} where there is neither."""
    if "DISPLAY" in os.environ or sys.platform != "linux":
        yield {k: v for k, v in os.environ.items() if k in ("DISPLAY", "WAYLAND_DISPLAY")}
        return
    if shutil.which("Xvfb") is None:
        yield {}
        return
    xvfb = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert xvfb.stdout is not None
        yield {"DISPLAY": f":{xvfb.stdout.readline().strip()}"}  # printed when it is ready
    finally:
        xvfb.terminate()
        xvfb.wait(10)
