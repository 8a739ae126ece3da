"""How far a judgement is: a bar on a terminal, and a line where one picture takes long."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from livecam.native.silenced_stderr import stderr_is_terminal

WORDS = "judged"
LONG_S = 10.0
"""Where a picture takes so long, a line says so."""

_TIMED_LOOKS = 3
_SHOWN_EVERY_S = 0.5


class Bar(Protocol):
    """What a judgement needs of a progress bar."""

    def advance(self) -> None:
        """One picture more is done."""

    def describe(self, words: str) -> None:
        """Show other words before the bar."""


class JudgeProgress:
    """Counts the looks of the network at one picture after the other."""

    def __init__(
        self,
        looks: int,
        way_out: str,
        say: Callable[[str], None],
        bar: Bar | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Begin.

        Args:
            looks: of the network at each picture.
            way_out: what is faster.
            say: receives, once, that a picture takes long.
            bar: shows what is done; None where there is no terminal.
            clock: gives seconds.
        """
        self._looks, self._way_out, self._clock = looks, way_out, clock
        self._say, self._bar = say, bar
        self._size_px = (0, 0)
        self._done, self._began_s, self._shown_s = 0, 0.0, 0.0
        self._is_said = False

    def begin(self, width: int, height: int) -> None:
        """A picture of this size in pixels follows."""
        self._size_px, self._done = (width, height), 0
        self._shown_s = self._clock()

    def look(self) -> None:
        """The network looks at the picture once more."""
        now_s = self._clock()
        if not self._done:
            self._began_s = now_s
        elif self._done >= _TIMED_LOOKS and not self._is_said:
            self._say_if_long((now_s - self._began_s) / self._done * self._looks)
        self._done += 1
        if self._bar and now_s - self._shown_s >= _SHOWN_EVERY_S:
            self._shown_s = now_s
            self._bar.describe(f"{WORDS}; look {self._done} of {self._looks} at the next")

    def end(self) -> None:
        """The picture is judged."""
        if self._bar:
            self._bar.describe(WORDS)
            self._bar.advance()

    def _say_if_long(self, seconds: float) -> None:
        if seconds < LONG_S:
            return
        self._is_said = True
        width, height = self._size_px
        self._say(
            f"a picture of {width} x {height} takes about {seconds:.0f} s ({self._looks} looks of "
            f"the network): {self._way_out}"
        )


@contextmanager
def judge_progress(
    total: int | None, looks: int, way_out: str, say: Callable[[str], None]
) -> Iterator[JudgeProgress]:
    """Progress over so many pictures, if known; with a bar where standard error is a terminal."""
    if not stderr_is_terminal():
        yield JudgeProgress(looks, way_out, say)
        return
    from livecam.cli.counting_bar import CountingBar

    with CountingBar(WORDS, total) as bar:
        yield JudgeProgress(looks, way_out, say, bar)
