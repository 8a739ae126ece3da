"""`python -m livecam` is the same as `livecam`."""

import gc
import os
import sys
import threading
from contextlib import suppress

from livecam.cli.stop_signals import Stopped, answer_stop_signals, ignore_stop_signals

# The names in sources/live/clock_and_threads.py, pipeline/background_task.py and judging_task.py,
# cli/stderr_queue.py, sinks/stats_log.py, sinks/picture_files.py, sinks/snapshots.py,
# sinks/recording/call_thread.py and finisher.py, sinks/notify/delivery.py and mqtt_client.py,
# sinks/day_records/day_records.py; importing them here would take time.
_MAY_HANG = frozenset(
    {
        "livecam-reader",
        "livecam-opening",
        "livecam-judge",
        "livecam-codec",
        "livecam-finish",
        "livecam-stats",
        "livecam-pictures",
        "livecam-snapshots",
        "livecam-messages",
        "livecam-notify",
        "livecam-days",
        "paho-mqtt-client-",
    }
)


def main() -> int:
    """Run the command line; gives the exit code, also of a signal while modules are imported."""
    # NumPy multiplies nothing large here; its threads only compete with ours, and on busy machines
    # have been seen to wait for each other for minutes. Read when NumPy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # what modules bring is never garbage: looking for some took 5 % of the start
    try:
        if "watch" in sys.argv:
            _hold_hangup_of_watch()
        answer_stop_signals()
        from livecam.cli.app import main as run_commands

        gc.freeze()
        gc.enable()
        code = run_commands()
    except Stopped as signal_error:
        code = signal_error.exit_code
    finally:
        ignore_stop_signals()
        # A traceback must be visible, even if native code is still silenced in another thread.
        native_stderr = sys.modules.get("livecam.native.silenced_stderr")
        if native_stderr is not None:
            native_stderr.restore_stderr()
        _discard_closed_streams()
    _exit_if_threads_hang(code)
    return code


def _hold_hangup_of_watch() -> None:
    """Keep SIGHUP, which asks `livecam watch` to read its settings again, from ending it."""
    from livecam.cli.held_hangup import hold_hangup, names_watch

    if names_watch(sys.argv[1:]):
        hold_hangup()


def _discard_closed_streams() -> None:
    """Keep Python from exiting with code 120 because a terminal or pipe is gone by now."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except OSError:
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _exit_if_threads_hang(code: int) -> None:
    """Exit at once if a thread still hangs: in a driver, an encoder, a model's loading, a write.

    Everything has been closed by now. Such a thread must not return while Python finalises: some
    native code would abort the process.
    """
    if any(thread.name in _MAY_HANG for thread in threading.enumerate()):
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
