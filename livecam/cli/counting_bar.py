"""A bar on a terminal for work on pictures or frames: how many are done, and the time left."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self, TypeVar

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from livecam.cli.console import shown, stderr_console
from livecam.native.silenced_stderr import stderr_is_terminal

Item = TypeVar("Item")

REDRAW_S = 0.1


class CountingBar:
    """Counts on standard error, a terminal; one that is gone is no error."""

    def __init__(
        self,
        words: str,
        total: int | None,
        *columns: ProgressColumn,
        has_time_left: bool = True,
        **fields: Any,
    ) -> None:
        """Draw nothing yet.

        Args:
            words: before the bar.
            total: so many there will be; None where that is not known.
            columns: shown between count and time left.
            has_time_left: whether the bar reckons that itself, after the columns.
            fields: what these show first.
        """
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            *columns,
            *([TimeRemainingColumn()] if has_time_left else []),
            console=stderr_console(),
            redirect_stderr=False,  # the console writes there itself
            auto_refresh=False,
        )
        self._task = self._progress.add_task(shown(words), total=total, **fields)

    def __enter__(self) -> Self:
        """Start drawing."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; the bar stays on the terminal."""
        with suppress(OSError):
            self._progress.stop()

    def describe(self, words: str) -> None:
        """Show other words before the bar."""
        with suppress(OSError):
            self._progress.update(self._task, description=shown(words), refresh=True)

    def advance(self, *, is_drawn: bool = True, **fields: Any) -> None:
        """One more is done; `fields` are what the columns show."""
        with suppress(OSError):
            self._progress.update(self._task, advance=1, refresh=is_drawn, **fields)

    def count(self, done: int, total: int, **fields: Any) -> None:
        """So many of so many are done; `fields` are what the columns show."""
        with suppress(OSError):
            self._progress.update(self._task, completed=done, total=total, refresh=True, **fields)


@contextmanager
def counted_on_terminal(
    words: str, items: Iterable[Item], count: Callable[[], int | None]
) -> Iterator[Iterator[Item]]:
    """The items; where standard error is a terminal, a bar there shows how many are done.

    Args:
        words: what is done with each, before the bar.
        items: one after the other.
        count: how many there will be, None where that is not known; asked only for a bar.
    """
    if not stderr_is_terminal():
        yield iter(items)
        return

    def each() -> Iterator[Item]:
        for item in items:
            yield item
            bar.advance()

    with CountingBar(words, count()) as bar:
        yield each()


@contextmanager
def counting_on_terminal(words: str, total: int) -> Iterator[Callable[[], None]]:
    """What is called after each of so many steps; where standard error is a terminal, a bar counts.

    It is drawn ten times a second at most: steps may be very short.
    """
    if not stderr_is_terminal() or total < 2:
        yield lambda: None
        return
    drawn_s = time.monotonic()

    def advance() -> None:
        nonlocal drawn_s
        now_s = time.monotonic()
        is_drawn = now_s - drawn_s >= REDRAW_S
        drawn_s = now_s if is_drawn else drawn_s
        bar.advance(is_drawn=is_drawn)

    with CountingBar(words, total) as bar:
        yield advance
