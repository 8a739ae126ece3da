"""Where the loop's thread and the server's meet; the page's side of protocols.Screen."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from livecam.core.annotated_frame import AnnotatedFrame, RecorderState
from livecam.core.events import Drag, Event
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.web.streaming.history import History, Point

MOST_EVENTS = 256


class OverloadedError(Exception):
    """More was asked for than the loop obeys."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """The newest annotated frame with what else was true then.

    Attributes:
        number: counts annotated frames, from 1.
        annotated: the frame and all that became of it.
        shown_s: the hub's clock when it came.
        recorder: how the recorder was doing.
        notice: the news of that moment, "" for none.
        waiting: whether the picture is the status card of a source that is waited for.
    """

    number: int
    annotated: AnnotatedFrame
    shown_s: float
    recorder: RecorderState
    notice: str
    waiting: bool = False


class Hub:
    """Takes annotated frames from the loop and gives it events; neither thread waits."""

    def __init__(
        self,
        *,
        recorder_state: Callable[[], RecorderState] = RecorderState,
        notice: Callable[[], str] = lambda: "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` in seconds."""
        self._recorder_state, self._notice, self._clock = recorder_state, notice, clock
        self._events: deque[Event] = deque()
        self._asked = self._handed = self._obeyed = 0
        self._lock = threading.Condition()
        self._tell: Callable[[], None] = lambda: None
        self._heard_s: float | None = None
        self.history = History()
        self.newest: Sight | None = None
        self.frames = 0

    def show(self, annotated: AnnotatedFrame) -> None:
        """Take one annotated frame; whoever looks is told."""
        before, now_s = self.newest, self._clock()
        self.newest = Sight(
            before.number + 1 if before else 1,
            annotated,
            now_s,
            self._recorder_state(),
            self._notice(),
        )
        if before is None or before.annotated.frame is not annotated.frame:
            self.frames += 1
            self.history.add(now_s, annotated.stats.maximum, annotated.stats.probability)
        self._tell()

    def show_status(self, picture: BgrImage, view: View) -> None:
        """Show a status card; the figures stay those of the last frame, and grow old."""
        before = self.newest
        if before is None:
            return
        annotated = replace(before.annotated, picture=picture, view=view)
        self.newest = Sight(
            before.number + 1,
            annotated,
            before.shown_s,
            self._recorder_state(),
            self._notice(),
            True,
        )
        self._tell()

    def events(self, wait_s: float) -> Sequence[Event]:
        """What was asked for since the last call; waits at most so long for the first."""
        self._heard_s = self._clock()
        with self._lock:
            # Who comes back has obeyed what was handed out, and has shown the result.
            if self._obeyed != self._handed:
                self._obeyed = self._handed
                self._tell()
            if not self._events and wait_s > 0:
                self._lock.wait(wait_s)
            events = list(self._events)
            self._events.clear()
            self._handed += len(events)
            return events

    def ask(self, event: Event) -> int:
        """Put an event before the loop; gives a ticket for `is_obeyed`.

        Raises:
            OverloadedError: too many are waiting; nothing was changed.
        """
        with self._lock:
            before = self._events[-1] if self._events else None
            if isinstance(event, Drag) and isinstance(before, Drag):
                self._events.pop()
                event = Drag(before.dx_px + event.dx_px, before.dy_px + event.dy_px)
                self._asked -= 1
            if len(self._events) >= MOST_EVENTS:
                raise OverloadedError
            self._events.append(event)
            self._asked += 1
            self._lock.notify_all()
            return self._asked

    def end(self) -> None:
        """The loop has ended: what was handed out is as obeyed as it ever will be (quit)."""
        with self._lock:
            self._obeyed = self._handed
        self._tell()

    def is_obeyed(self, ticket: int) -> bool:
        """Whether the newest annotated frame was made after that event."""
        return self._obeyed >= ticket

    def age_s(self) -> float | None:
        """Seconds since the newest annotated frame; None before the first."""
        newest = self.newest
        return None if newest is None else self._clock() - newest.shown_s

    def silent_s(self) -> float | None:
        """Seconds since the loop last came to hear; None before that."""
        return None if self._heard_s is None else self._clock() - self._heard_s

    def recent(self) -> list[Point]:
        """Maximum and probability of the last minutes, oldest first; times are ages."""
        return self.history.points(self._clock())

    def on_news(self, tell: Callable[[], None]) -> None:
        """Call `tell` after every annotated frame, in the loop's thread."""
        self._tell = tell
