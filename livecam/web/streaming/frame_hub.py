"""Passes the newest frame from the processing loop to the web server, and commands back.

The loop and the server run in two threads; neither waits for the other here.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from livecam.core.annotated_frame import AnnotatedFrame, RecorderState
from livecam.core.events import Drag, Event, Wheel
from livecam.core.status_card import StatusCard
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.web.streaming.chart_history import ChartHistory, ChartPoint

MAX_PENDING_EVENTS = 256


class TooManyEventsError(Exception):
    """More events are pending than the loop has processed."""


@dataclass(frozen=True, slots=True, eq=False)
class LatestFrame:
    """The newest annotated frame, and the state of the run when it was shown.

    Attributes:
        number: counts pictures, from 1.
        annotated: the frame with its map and figures.
        shown_s: the hub's clock when the frame arrived.
        recorder: the recorder's state.
        notice: the message that was current, "" for none.
        card: the status card of a lost source that the picture is; None for a frame.
    """

    number: int
    annotated: AnnotatedFrame
    shown_s: float
    recorder: RecorderState
    notice: str
    card: StatusCard | None = None

    @property
    def waiting(self) -> bool:
        """Whether the picture is the status card of a lost source."""
        return self.card is not None

    @property
    def picture_for_guests(self) -> BgrImage:
        """The annotated picture; of a lost source without the words, which may have its address."""
        return self.annotated.painted if self.waiting else self.annotated.picture


class FrameHub:
    """Takes annotated frames from the loop and hands it the events of the page."""

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
        # Numbers of the last event that was submitted, delivered to the loop, applied by it.
        self._submitted = self._delivered = self._applied = 0
        self._lock = threading.Condition()
        self._notify: Callable[[], None] = lambda: None
        self._polled_s: float | None = None
        self.history = ChartHistory()
        self.newest: LatestFrame | None = None
        self.frames = 0

    def begin_run(self, recorder_state: Callable[[], RecorderState]) -> None:
        """The run begins: what shows the recorder's state is known now."""
        self._recorder_state = recorder_state

    def show(self, annotated: AnnotatedFrame) -> None:
        """Take one annotated frame and notify the server."""
        before, now_s = self.newest, self._clock()
        self.newest = LatestFrame(
            before.number + 1 if before else 1,
            annotated,
            now_s,
            self._recorder_state(),
            self._notice(),
        )
        if before is None or before.annotated.frame is not annotated.frame:
            self.frames += 1
            stats = annotated.stats
            self.history.add(now_s, stats.maximum, stats.probability, stats.class_name)
        self._notify()

    def show_status(self, card: StatusCard, view: View) -> None:
        """Show a status card; the figures stay those of the last frame, and their age grows."""
        before = self.newest
        if before is None:
            return
        annotated = replace(
            before.annotated, painted=card.ground, drawing=lambda _: card.draw, view=view
        )
        self.newest = LatestFrame(
            before.number + 1,
            annotated,
            before.shown_s,
            self._recorder_state(),
            self._notice(),
            card,
        )
        self._notify()

    def events(self, wait_s: float) -> Sequence[Event]:
        """The events since the last call; waits at most `wait_s` seconds for the first one."""
        self._polled_s = self._clock()
        with self._lock:
            # A loop that polls again has applied the events it got, and has shown the result.
            if self._applied != self._delivered:
                self._applied = self._delivered
                self._notify()
            if not self._events and wait_s > 0:
                self._lock.wait(wait_s)
            events = list(self._events)
            self._events.clear()
            self._delivered += len(events)
            return events

    def submit(self, event: Event) -> int:
        """Queue an event for the loop; returns its number, for `is_applied`.

        Raises:
            TooManyEventsError: the queue is full; nothing was changed.
        """
        with self._lock:
            if not self._is_joined(event):
                if len(self._events) >= MAX_PENDING_EVENTS:
                    raise TooManyEventsError
                self._events.append(event)
                self._submitted += 1
            self._lock.notify_all()
            return self._submitted

    def _is_joined(self, event: Event) -> bool:
        """Add a movement of the pointer to one of its kind, where no other event is between."""
        for index in range(len(self._events) - 1, -1, -1):
            before = self._events[index]
            if not isinstance(before, Drag | Wheel):
                return False
            if (joined := _joined(before, event)) is not None:
                self._events[index] = joined
                return True
        return False

    def close(self) -> None:
        """The loop has ended: events that it received count as applied (quit)."""
        with self._lock:
            self._applied = self._delivered
        self._notify()

    def is_applied(self, event_number: int) -> bool:
        """Whether the newest annotated frame was made after that event."""
        return self._applied >= event_number

    def age_s(self) -> float | None:
        """Seconds since the newest annotated frame; None before the first."""
        newest = self.newest
        return None if newest is None else self._clock() - newest.shown_s

    def since_poll_s(self) -> float | None:
        """Seconds since the loop last called `events`; None before the first call."""
        return None if self._polled_s is None else self._clock() - self._polled_s

    def chart_points(self) -> list[ChartPoint]:
        """Maximum and probability of the last minutes, oldest first; times are ages."""
        return self.history.points(self._clock())

    def on_change(self, notify: Callable[[], None]) -> None:
        """Call `notify` in the loop's thread for every new picture and every applied event."""
        self._notify = notify


def _joined(before: Event, event: Event) -> Event | None:
    """Two movements of the pointer as one; None where they are not of one kind."""
    match before, event:
        case Drag(), Drag():
            return Drag(before.dx_px + event.dx_px, before.dy_px + event.dy_px)
        case Wheel(), Wheel():
            return Wheel(before.steps + event.steps)
    return None
