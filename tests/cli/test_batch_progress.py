"""The bar of a batch says how long it still takes, once, and as it went in this run."""

import io
import re

from rich.console import Console
from support import FakeClock

from livecam.assembly.batch import BatchReport
from livecam.cli import batch_progress, counting_bar
from livecam.cli.batch_progress import batch_progress as shown_progress


def test_the_bar_has_one_remaining_time_and_leaves_what_was_known_out(monkeypatch):
    drawn, clock = io.StringIO(), FakeClock()
    console = Console(file=drawn, force_terminal=True, width=120, color_system=None)
    monkeypatch.setattr(batch_progress, "stderr_is_terminal", lambda: True)
    monkeypatch.setattr(counting_bar, "stderr_console", lambda: console)
    with shown_progress(lambda _: None, clock) as on_progress:
        clock.now_s += 60.0
        on_progress(BatchReport(sources=100, known=40, tasks=60, done=20, rows=600))
    last = re.sub(r"\x1b\[[0-9?]*[A-Za-z]", "", drawn.getvalue()).splitlines()[-1]
    assert "60/100 10 looks/s 2 min 0 s left" in " ".join(last.split())
    assert not re.search(r"\d:\d\d", last)
