"""Commands for events: run without a shell, ended at their limit with all that they started."""

import json
import os
import sys

import psutil
import pytest
from sinks.notify.receivers import Waits, event_of
from support import eventually

from livecam.core.notifying.back_off import BackOff
from livecam.core.notifying.command_line import EventCommand
from livecam.core.notifying.notification import Notification
from livecam.core.watching.watch_event import event_record
from livecam.sinks.notify.command import CommandRunner
from livecam.sinks.notify.delivery import Delivery, DeliveryLimits, NotDeliveredError, RefusedError
from livecam.sinks.notify.moment_listener import MomentListener

MOMENT = Notification("end", event_record(event_of(state="ended")))


def python(code, *arguments):
    return EventCommand((sys.executable, "-c", code, *arguments))


def test_a_command_gets_its_words_and_the_event_on_its_input(tmp_path):
    code = """
import json, pathlib, sys
pathlib.Path(sys.argv[1]).write_text(json.dumps([sys.argv[2:], json.load(sys.stdin)]))
"""
    output = tmp_path / "got.json"
    command = python(code, str(output), "{class} at {start}", "{clean}", "$HOME; {why}")
    CommandRunner(command, tmp_path, limit_s=120).send(MOMENT)
    words, event = json.loads(output.read_text())
    assert words == [
        "daisy at 2026-07-01T06:12:03.500+02:00",
        f"{tmp_path}/2026-07-01/20260701-061203.500-daisy.mp4",
        "$HOME; daisy > 0.8",
    ]
    assert event == {"moment": "end", **MOMENT.record}


def test_a_command_that_does_not_read_is_fine(tmp_path):
    CommandRunner(python("pass"), tmp_path, limit_s=120).send(MOMENT)


@pytest.mark.parametrize(
    ("code", "why"), [("raise SystemExit(3)", "exit code 3"), ("import os; os.abort()", "signal 6")]
)
@pytest.mark.skipif(os.name == "nt", reason="signals as Linux and macOS have them")
def test_a_command_that_fails_is_tried_again(tmp_path, code, why):
    with pytest.raises(NotDeliveredError, match=why):
        CommandRunner(python(code), tmp_path, limit_s=120).send(MOMENT)


def test_a_program_that_is_not_there_is_not_tried_again(tmp_path):
    with pytest.raises(RefusedError, match="no-such-program"):
        CommandRunner(EventCommand(("no-such-program",)), tmp_path, limit_s=120).send(MOMENT)


def test_a_command_that_hangs_is_ended_with_its_children(tmp_path):
    """Neither reads its input; the child would outlive a command that is ended alone."""
    numbers = tmp_path / "numbers"
    code = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
pathlib.Path(sys.argv[1]).write_text("%d %d\\n" % (os.getpid(), child.pid))
time.sleep(1000)
"""
    limits_s = iter([1.0, 5.0, 25.0, 100.0])  # enough for one on a slow machine, at last

    def both():
        """The numbers of both, unless they were not told in time."""
        limit_s = next(limits_s)
        with pytest.raises(NotDeliveredError, match=f"not done after {limit_s:g} s, and ended"):
            CommandRunner(python(code, str(numbers)), tmp_path, limit_s=limit_s).send(MOMENT)
        text = numbers.read_text() if numbers.exists() else ""
        return [int(word) for word in text.split()] if text.endswith("\n") else []

    for number in eventually(both):
        eventually(lambda number=number: is_gone(number))


def is_gone(number):
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_command_is_run_once_an_event_and_three_times_where_it_fails(tmp_path):
    code = """
import json, pathlib, sys
event = json.load(sys.stdin)["event"]
with open(sys.argv[1], "a") as file:
    file.write(event + "\\n")
raise SystemExit("-061203" in event)
"""
    log, said, waits = tmp_path / "log", [], Waits()
    runner = CommandRunner(python(code, str(log)), tmp_path, limit_s=120)
    limits = DeliveryLimits(back_off=BackOff(tries=3))
    delivery = Delivery(runner.send, "--on-end", said.append, limits=limits, clock=waits.clock)
    listener = MomentListener(delivery, ("end",), ends_when_finished=True)
    for number in range(3):
        listener.started(event_of(number), None)
        listener.ended(event_of(number, state="ended"), None)
        assert listener.delivery.waiting <= number
        listener.finished(event_of(number, state="ended"))
    eventually(lambda: listener.delivery.waiting == 0)
    listener.close()
    assert log.read_text().split() == [event_of(number).event for number in (0, 0, 0, 1, 2)]
    assert said[1] == "--on-end did not take a message: exit code 1; given up."
    assert waits.waits_s == [1, 2]
