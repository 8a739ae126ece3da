"""`python -m livecam` is the same as `livecam`."""

import os
import sys
from contextlib import suppress


def main() -> int:
    """Run the command line; Ctrl-C while Python is still importing ends quietly, too."""
    # NumPy multiplies nothing large here; its threads only get into the way of ours, and on busy
    # machines have been seen to wait for each other for minutes. Read when NumPy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from livecam.cli.app import main as run_commands

        return run_commands()
    except KeyboardInterrupt:
        return 130
    finally:
        _drop_dead_streams()


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


if __name__ == "__main__":
    sys.exit(main())
