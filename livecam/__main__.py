"""`python -m livecam` is the same as `livecam`."""

import os
import sys
import threading
from contextlib import suppress

# The names of sources/live/clock_and_threads.py and work.py; importing those would take time.
_MAY_HANG = frozenset({"livecam-reader", "livecam-opening"})


def main() -> int:
    """Run the command line; Ctrl-C while Python is still importing ends quietly, too."""
    # NumPy multiplies nothing large here; its threads only get into the way of ours, and on busy
    # machines have been seen to wait for each other for minutes. Read when NumPy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from livecam.cli.app import main as run_commands

        code = run_commands()
    except KeyboardInterrupt:
        code = 130
    finally:
        # Whatever still hangs in native code, a traceback must be seen.
        quiet = sys.modules.get("livecam.native.stderr")
        if quiet is not None:
            quiet.let_stderr_go()
        _drop_dead_streams()
    _leave_hanging_threads(code)
    return code


def _drop_dead_streams() -> None:
    """Keep Python from ending with code 120 because a terminal or pipe is gone by now."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _leave_hanging_threads(code: int) -> None:
    """Leave at once where a thread still hangs in native code: a driver, or the loading of a model.

    Everything has been closed by now. Such a thread must not come back while Python takes itself
    apart: that ends some native code with an abort.
    """
    if any(thread.name in _MAY_HANG for thread in threading.enumerate()):
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
