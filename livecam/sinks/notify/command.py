"""Runs a command for an event: without a shell, the event on its standard input, never for long."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from livecam.core.formatting import reason_of
from livecam.core.notifying.command_line import EventCommand
from livecam.core.notifying.notification import Notification
from livecam.sinks.notify.delivery import NotDeliveredError, RefusedError

_LEAVING_S = 5.0  # an ended program is gone at once; unless the system itself hangs


class CommandRunner:
    """Runs one command, once for every event."""

    def __init__(self, command: EventCommand, folder: Path, *, limit_s: float) -> None:
        """Run nothing yet.

        Args:
            command: what is run.
            folder: of the events.
            limit_s: so long the program may take; then it is ended, with all that it started.
        """
        self._command, self._folder, self._limit_s = command, folder, limit_s

    def send(self, notification: Notification) -> None:
        """Run the command, and wait for its end.

        What it prints goes where livecam's own messages go.

        Raises:
            NotDeliveredError: it failed, or took too long.
            RefusedError: there is no such program.
        """
        words = self._command.words_for(notification.record, str(self._folder))
        try:
            program = subprocess.Popen(  # noqa: S603  (the user's own command, word by word)
                words, stdin=subprocess.PIPE, **_outputs(), **_own_group()
            )
        except OSError as error:
            raise RefusedError(f"{self._command.program}: {reason_of(error)}") from None
        text = notification.json_text(has_picture=False) + "\n"
        try:
            program.communicate(text.encode("utf-8"), timeout=self._limit_s)
        except subprocess.TimeoutExpired:
            _end_group(program)
            raise NotDeliveredError(f"not done after {self._limit_s:g} s, and ended") from None
        if program.returncode:
            raise NotDeliveredError(_ending(program.returncode))


def _outputs() -> dict[str, Any]:
    """Both outputs of the program: this one's standard error, where it has one."""
    try:
        descriptor = sys.__stderr__.fileno() if sys.__stderr__ is not None else -1
        os.fstat(descriptor)
    except (OSError, ValueError):
        descriptor = subprocess.DEVNULL
    return {"stdout": descriptor, "stderr": descriptor}


def _own_group() -> dict[str, Any]:
    """The program leads a group of its own, so that it can be ended with all that it started."""
    if os.name == "nt":
        return {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    return {"start_new_session": True}


def _end_group(program: "subprocess.Popen[bytes]") -> None:
    if os.name == "nt":
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(  # noqa: S603
                ["taskkill", "/F", "/T", "/PID", str(program.pid)],  # noqa: S607
                check=False,
                capture_output=True,
                timeout=_LEAVING_S,
            )
    else:
        with suppress(OSError):  # not waited for yet, so that the number is still its own
            os.killpg(program.pid, signal.SIGKILL)
    program.kill()
    if program.stdin is not None:
        with suppress(OSError):
            program.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        program.wait(_LEAVING_S)


def _ending(code: int) -> str:
    return f"exit code {code}" if code > 0 else f"ended by signal {-code}"
