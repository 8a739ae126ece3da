"""How far a batch is: a bar on a terminal, a line a minute elsewhere; and the report at the end."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.progress import TextColumn

from livecam.assembly.batch import BatchReport
from livecam.cli.counting_bar import CountingBar
from livecam.core.formatting import counted, duration_text
from livecam.native.silenced_stderr import stderr_is_terminal

LINE_EVERY_S = 60.0
_NAMED = 20

Say = Callable[[str], None]
Clock = Callable[[], float]


@contextmanager
def batch_progress(
    say: Say, clock: Clock = time.monotonic
) -> Iterator[Callable[[BatchReport], None]]:
    """What shows a report while the batch goes on.

    Args:
        say: receives the lines where there is no terminal.
        clock: seconds, monotonic.
    """
    rates = _Rates(clock)
    if not stderr_is_terminal():
        yield _Lines(say, rates, clock).show
        return
    columns = TextColumn("{task.fields[rate]}"), TextColumn("{task.fields[left]}")
    # What was known before took no time: only ours leaves it out.
    with CountingBar("measured", None, *columns, has_time_left=False, rate="", left="") as bar:

        def show(report: BatchReport) -> None:
            left_s = rates.left_s(report)
            left = "" if left_s is None else f"{duration_text(left_s)} left"
            total = rates.total(report)
            bar.count(report.known + report.done, total, rate=rates.words(report), left=left)

        yield show


class _Rates:
    """How fast it goes, from the beginning on."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._began_s = clock, clock()

    def total(self, report: BatchReport) -> int:
        """Clips, pictures and segments in all, as far as is known."""
        return max(report.sources, report.known + report.tasks)

    def words(self, report: BatchReport) -> str:
        """Looks a second."""
        elapsed_s = self._clock() - self._began_s
        return f"{report.rows / elapsed_s:.0f} looks/s" if elapsed_s > 0 and report.rows else ""

    def left_s(self, report: BatchReport) -> float | None:
        """Seconds until the end, as it went so far."""
        if not report.done:
            return None
        left = self.total(report) - report.known - report.done
        return (self._clock() - self._began_s) / report.done * max(0, left)


class _Lines:
    """A line now and then, for logs."""

    def __init__(self, say: Say, rates: _Rates, clock: Clock) -> None:
        self._say, self._rates, self._clock = say, rates, clock
        self._said_s = clock()

    def show(self, report: BatchReport) -> None:
        """Say how far it is, once a minute."""
        now_s = self._clock()
        if now_s - self._said_s < LINE_EVERY_S:
            return
        self._said_s, left_s = now_s, self._rates.left_s(report)
        parts = [
            f"{report.known + report.done} of {self._rates.total(report)} measured",
            self._rates.words(report),
            "" if left_s is None else f"{duration_text(left_s)} left",
        ]
        self._say(", ".join(filter(None, parts)))


def report_lines(report: BatchReport) -> Iterator[str]:
    """What was done, and what could not be, for the user."""
    if report.sources == 1 and report.failed and not report.rows:
        yield from _named(report.failed)
        return
    parts = [
        f"{counted(report.rows, 'look')} measured in {counted(report.parts, 'part')}",
        f"{report.known} of {report.sources} known before" if report.known else "",
        f"{report.changed} had changed" if report.changed else "",
        f"{counted(report.broken, 'part')} measured again: missing or cut off in the archive"
        if report.broken
        else "",
        f"{counted(report.retries, 'part')} begun again: a worker was lost"
        if report.retries
        else "",
        "" if report.is_whole else "stopped: the next run goes on from here",
    ]
    yield "; ".join(filter(None, parts))
    yield from _problems("could be measured in part only", report.damaged)
    yield from _problems("could not be measured", report.failed)


def _named(problems: Mapping[str, str]) -> Iterator[str]:
    for name, problem in problems.items():
        yield problem if name in problem else f"{name}: {problem}"


def _problems(what: str, problems: Mapping[str, str]) -> Iterator[str]:
    if not problems:
        return
    yield f"{len(problems)} {what}:"
    for line in _named(dict(list(problems.items())[:_NAMED])):
        yield f"  {line}"
    if len(problems) > _NAMED:
        yield f"  and {len(problems) - _NAMED} more; the manifest of the archive names them all"
