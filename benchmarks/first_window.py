"""How long after `livecam` is typed its window shows a picture of the source.

`python -m benchmarks.first_window ARGUMENTS OF LIVECAM`; prints seconds as JSON: until the window
is there, until it shows the first picture, and until the first one with heat on it.
"""

import json
import os
import subprocess
import sys
import time

BEGAN = "BENCHMARKS_BEGAN_S"
LEAST_CONTRAST = 20.0  # grey levels: more than a placard on its dark ground has


def type_it(arguments: list[str]) -> int:
    """Start this module again, as a program of its own that knows when it was started."""
    command = [sys.executable, "-m", "benchmarks.first_window", *arguments]
    env = os.environ | {BEGAN: str(time.time())}
    return subprocess.run(command, env=env, check=False).returncode


def watch(arguments: list[str], began_s: float) -> int:
    """Run livecam until its tenth frame, with an eye on what its window gets."""
    import cv2

    from livecam.cli.app import main as livecam
    from livecam.sinks.window import Window

    given: set[str] = set()
    painted: dict[str, float] = {}
    plain_imshow, plain_show, plain_wait = cv2.imshow, Window.show, cv2.waitKeyEx

    def imshow(title: str, picture: cv2.typing.MatLike) -> None:
        plain_imshow(title, picture)
        given.add("window")
        if picture[::8, ::8].std() > LEAST_CONTRAST:
            given.add("picture")

    def show(window: Window, shot: object) -> None:
        plain_show(window, shot)  # type: ignore[arg-type]
        given.add("heat")

    def wait_key(delay_ms: int) -> int:
        code = plain_wait(delay_ms)  # the window is painted here
        for what in given:
            painted.setdefault(what, time.time() - began_s)
        return code

    cv2.imshow, Window.show, cv2.waitKeyEx = imshow, show, wait_key  # type: ignore[method-assign]
    code = livecam([*arguments, "--frames", "10"])
    print(json.dumps(painted))
    return code


if __name__ == "__main__":
    if BEGAN in os.environ:
        sys.exit(watch(sys.argv[1:], float(os.environ.pop(BEGAN))))
    sys.exit(type_it(sys.argv[1:]))
