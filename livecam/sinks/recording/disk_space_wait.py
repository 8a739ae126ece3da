"""A recorder that waits for space on the disk: where somebody watches, the run goes on."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from livecam.core.annotated_frame import AnnotatedFrame, RecorderState
from livecam.errors import SinkError
from livecam.sinks.recording.disk_space import (
    DiskSpaceLowError,
    DiskSpaceMonitor,
    existing_folder,
)
from livecam.sinks.recording.recorder import Recorder

LOOK_INTERVAL_S = 5.0


class DiskSpaceWait:
    """Hands frames to the recorder when the disk has had space once; implements protocols.Sink.

    From then on a full disk ends the recording that --record asked for, and the run.
    """

    def __init__(
        self,
        recorder: Recorder,
        path: Path,
        disk_space: DiskSpaceMonitor,
        notify: Callable[[str], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look at nothing yet.

        Args:
            recorder: not yet entered.
            path: what --record named.
            disk_space: has the reserve that has to be free.
            notify: gets a line where the recording has to wait, and where it begins.
            clock: seconds.
        """
        self._recorder, self._path, self._disk_space = recorder, path, disk_space
        self._notify, self._clock = notify, clock
        self._had_space = self._was_wanted = False
        self._looked_s: float | None = None
        self._problem: str | None = None

    def __enter__(self) -> Self:
        """Enter the recorder."""
        self._recorder.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Finish the file.

        Raises:
            SinkError: that failed, or there was never space; and no other error ended the run.
        """
        self._recorder.__exit__(kind, error, traceback)
        if self._is_waiting and error is None:
            raise SinkError(f"{self._path} was not recorded: {self._problem}")

    def show(self, annotated: AnnotatedFrame) -> None:
        """Record the annotated picture if the view says so and there is space.

        Raises:
            SinkError: as the recorder's.
        """
        wanted = annotated.view.recording
        if wanted and not self._had_space:
            self._look(is_asked=not self._was_wanted)
            if not self._had_space:
                annotated = replace(annotated, view=replace(annotated.view, recording=False))
        self._was_wanted = wanted
        self._recorder.show(annotated)

    def wait_until_not_full(self, annotated: AnnotatedFrame, wait_s: float) -> bool:
        """As the recorder's, whose queue it is."""
        return self._recorder.wait_until_not_full(annotated, wait_s)

    def state(self) -> RecorderState:
        """How the recorder is doing; broken while it waits and is wanted."""
        state = self._recorder.state()
        return replace(state, is_broken=True) if self._is_waiting and self._was_wanted else state

    @property
    def _is_waiting(self) -> bool:
        return self._problem is not None and not self._had_space

    def _look(self, *, is_asked: bool) -> None:
        """Look whether there is space: at a key, and now and then."""
        now_s = self._clock()
        if not is_asked and self._looked_s is not None and now_s - self._looked_s < LOOK_INTERVAL_S:
            return
        self._looked_s = now_s
        try:
            self._disk_space.check(existing_folder(self._path))
        except DiskSpaceLowError as error:
            self._problem = str(error)
            if is_asked:
                self._notify(f"{self._path} is not recorded yet: {error} It begins by itself then.")
            return
        except OSError:  # the recorder will say what is wrong
            pass
        self._had_space = True
        if self._problem is not None:
            self._notify(f"there is room again: {self._path} is recorded from now on")
