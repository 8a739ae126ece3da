"""How long after `livecam` is typed its window shows a picture of the source.

`python -m benchmarks.startup.first_window_worker ARGUMENTS OF LIVECAM`; prints seconds as
JSON: until the window is there, until it shows the first picture, and until the first annotated
frame.
"""

import json
import os
import subprocess
import sys
import time

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.status_card import StatusCard
from livecam.core.view import View

BEGAN = "BENCHMARKS_BEGAN_S"  # environment variable
LEAST_CONTRAST = 20.0  # grey levels: more than a status card on its dark background has


def relaunch(arguments: list[str]) -> int:
    """Start this module again, in a process that knows when it was started."""
    command = [sys.executable, "-m", "benchmarks.startup.first_window_worker", *arguments]
    env = os.environ | {BEGAN: str(time.time())}
    return subprocess.run(command, env=env, check=False).returncode


def run_and_time(arguments: list[str], began_s: float) -> int:
    """Run livecam for ten frames, and note when its window first gets each kind of picture."""
    from livecam.cli.app import main as livecam
    from livecam.sinks.window import Window

    first_s: dict[str, float] = {}
    show_status_of_window, show_of_window = Window.show_status, Window.show

    def show_status(window: Window, card: StatusCard, view: View) -> None:
        show_status_of_window(window, card, view)  # it is painted here
        note("window")
        if card.ground[::8, ::8].std() > LEAST_CONTRAST:
            note("picture")

    def show(window: Window, annotated: AnnotatedFrame) -> None:
        show_of_window(window, annotated)
        note("picture")  # where the network is ready before the source has given one
        note("annotated frame")

    def note(what: str) -> None:
        first_s.setdefault(what, time.time() - began_s)

    Window.show_status, Window.show = show_status, show  # type: ignore[method-assign]
    code = livecam([*arguments, "--frames", "10"])
    print(json.dumps(first_s))
    return code


if __name__ == "__main__":
    if BEGAN in os.environ:
        sys.exit(run_and_time(sys.argv[1:], float(os.environ.pop(BEGAN))))
    sys.exit(relaunch(sys.argv[1:]))
