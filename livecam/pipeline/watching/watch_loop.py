"""The loop of `livecam watch`: each source gets its look by turns, with one network for all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from livecam.core.watching.watch_state import WatchState
from livecam.errors import SinkError, SourceError, SourceLostError
from livecam.pipeline.watching.camera_watch import CameraWatch

WAIT_S = 0.04
"""Between two rounds in which no source had a look."""


@dataclass(frozen=True, slots=True)
class WatchSummary:
    """What became of it.

    Attributes:
        events: how many began.
        lost: the first source that was lost for good; None where none was.
        failure: why files of an event are missing or not complete; None where all are.
    """

    events: int
    lost: SourceLostError | SourceError | None = None
    failure: SinkError | None = None


class WatchLoop:
    """Looks at all sources until they are over or a signal asks to stop."""

    def __init__(
        self,
        cameras: list[CameraWatch],
        *,
        clock: Callable[[], float],
        wait: Callable[[float], object],
        stop_asked: Callable[[], bool],
        on_round: Callable[[WatchState], None],
        is_long_enough: Callable[[], bool] = lambda: False,
        on_stop: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare.

        Args:
            cameras: what is watched; may change between two rounds.
            clock: seconds, monotonic.
            wait: waits for so many seconds.
            stop_asked: asked in each round.
            on_round: is given the state after each round that had a look, and now and then.
            is_long_enough: asked in each round; then it ends as a clip does at its end: events that
                go on are not cut by that, as they are by a signal.
            on_stop: called before what goes on is ended and closed.
        """
        self.cameras = cameras
        self._clock, self._wait, self._stop_asked = clock, wait, stop_asked
        self._on_round, self._is_long_enough = on_round, is_long_enough
        self._on_stop = on_stop
        self._began_s = clock()
        self._present: tuple[CameraWatch, ...] = ()
        self._former_events = 0
        self._failure: SinkError | None = None

    def run(self) -> WatchSummary:
        """Watch until the end; everything that goes on is ended and closed in order."""
        is_cut = True
        try:
            while not self._stop_asked() and not all(one.is_over for one in self.cameras):
                if self._is_long_enough():
                    is_cut = False
                    break
                looked = [camera.step() for camera in [*self.cameras] if not camera.is_over]
                self._on_round(self.state())
                if not any(looked):
                    self._wait(WAIT_S)
        finally:
            self._on_stop()
            for camera in self.cameras:
                camera.stop(is_cut=is_cut)
            self._on_round(self.state())
        lost = next((one.lost for one in self.cameras if one.lost is not None), None)
        return WatchSummary(self.state().events, lost, self._failure)

    def state(self) -> WatchState:
        """How it is going."""
        self._note_former()
        states = tuple(camera.state() for camera in self.cameras)
        return WatchState(self._began_s, states, self._former_events)

    def _note_former(self) -> None:
        """Events of a camera that is watched no more have begun, or failed, all the same."""
        former = [camera for camera in self._present if camera not in self.cameras]
        self._former_events += sum(camera.state().events for camera in former)
        self._failure = self._failure or _failure_of([*former, *self.cameras])
        self._present = tuple(self.cameras)


def _failure_of(cameras: Sequence[CameraWatch]) -> SinkError | None:
    return next((one.failure for one in cameras if one.failure is not None), None)
