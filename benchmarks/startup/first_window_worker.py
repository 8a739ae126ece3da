"""How long after `livecam` is typed its window shows a picture of the source.

`python -m benchmarks.first_window ARGUMENTS OF LIVECAM`; prints seconds as JSON: until the window
is there, until it shows the first picture, and until the first one with heat on it.
"""

import json
import os
import subprocess
import sys
import time

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.types import BgrImage
from livecam.core.view import View

BEGAN = "BENCHMARKS_BEGAN_S"
LEAST_CONTRAST = 20.0  # grey levels: more than a status card on its dark ground has


def type_it(arguments: list[str]) -> int:
    """Start this module again, as a program of its own that knows when it was started."""
    command = [sys.executable, "-m", "benchmarks.first_window", *arguments]
    env = os.environ | {BEGAN: str(time.time())}
    return subprocess.run(command, env=env, check=False).returncode


def watch(arguments: list[str], began_s: float) -> int:
    """Run livecam until its tenth frame, with an eye on what its window gets."""
    from livecam.cli.app import main as livecam
    from livecam.sinks.window import Window

    painted: dict[str, float] = {}
    plain_hold, plain_show = Window.show_status, Window.show

    def show_status(window: Window, picture: BgrImage, view: View) -> None:
        plain_hold(window, picture, view)  # it is painted here
        seen("window")
        if picture[::8, ::8].std() > LEAST_CONTRAST:
            seen("picture")

    def show(window: Window, annotated: AnnotatedFrame) -> None:
        plain_show(window, annotated)
        seen("heat")

    def seen(what: str) -> None:
        painted.setdefault(what, time.time() - began_s)

    Window.show_status, Window.show = show_status, show  # type: ignore[method-assign]
    code = livecam([*arguments, "--frames", "10"])
    print(json.dumps(painted))
    return code


if __name__ == "__main__":
    if BEGAN in os.environ:
        sys.exit(watch(sys.argv[1:], float(os.environ.pop(BEGAN))))
    sys.exit(type_it(sys.argv[1:]))
