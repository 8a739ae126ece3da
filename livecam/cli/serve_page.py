"""Serves a page of what is there already, until the program is stopped."""

import time
from contextlib import AbstractContextManager

from livecam.cli.stop_signals import Stopped, StopSignals

POLL_S = 0.1


def serve_until_stopped(page: AbstractContextManager[object]) -> int:
    """Open a page and keep it open until a signal comes; gives the exit code.

    Raises:
        LivecamError: it cannot be opened.
    """
    with StopSignals() as signals:
        try:
            with page:
                while not signals.stop_asked():
                    time.sleep(POLL_S)
        except Stopped:
            pass
    return signals.exit_code or 0
