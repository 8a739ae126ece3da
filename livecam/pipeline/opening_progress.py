"""What is shown and said of what is waited for while source and model open; keys meanwhile."""

from collections.abc import Callable
from typing import TypeVar

from livecam.core.protocols import Screen
from livecam.core.types import BgrImage, Waiting
from livecam.core.view import View
from livecam.errors import LeftError
from livecam.pipeline.background_task import BackgroundTask
from livecam.pipeline.screen_messages import RECORDING_AT_FIRST

Result = TypeVar("Result")
SLICE_S = 0.03
SILENT_S = 2.0
"""An opening that takes longer is reported in a line where there is no window to show it."""


class OpeningProgress:
    """Shows how far the opening is and handles keys meanwhile."""

    def __init__(
        self,
        screen: Screen | None,
        view: View,
        say: Callable[[str], None] = lambda _: None,
        tell: Callable[[Waiting], None] = lambda _: None,
    ) -> None:
        """Without a screen, `say` receives a line about what takes long; `tell` gets everything."""
        self._screen, self._view, self._say, self._tell = screen, view, say, tell
        self._reported: set[str] = set()
        self._shown: tuple[object, ...] | None = None

    @property
    def view(self) -> View:
        """The view as keys have changed it meanwhile."""
        return self._view

    @property
    def has_told(self) -> bool:
        """Whether a line was said about what takes long, or is waited for."""
        return bool(self._reported)

    def on_progress(self, waiting: Waiting) -> None:
        """Show what is being opened and handle the keys.

        Raises:
            LeftError: the user asked to quit.
        """
        self._tell(waiting)
        if self._screen is None:
            self._report(waiting)
            return
        view = self._view
        wanted = (waiting.reason, int(waiting.waited_s), waiting.doing, view)
        if wanted != self._shown:
            from livecam.core.status_card import status_card_of

            self._shown = wanted
            notice = RECORDING_AT_FIRST if view.recording else ""
            self._screen.show_status(status_card_of(None, waiting, view=view, notice=notice), view)
        self._handle_events(self._screen)

    def run_task(
        self, make: Callable[[], Result], what: str, preview: Callable[[], BgrImage | None]
    ) -> Result:
        """Run a task in a thread of its own; the window meanwhile shows the newest picture.

        Args:
            make: the task; what it raises is raised here.
            what: its name, for the user.
            preview: the newest picture of the source; None where there is none yet.

        Raises:
            LeftError: the user asked to quit; the task is left behind.
        """
        self._tell(Waiting(0.0, what))
        if self._screen is None:
            return make()
        task = BackgroundTask(make)
        shown: tuple[BgrImage | None, View] = (None, self._view)
        self._shown = None
        while not task.is_over(SLICE_S):
            picture = preview()
            if picture is None:
                self.on_progress(Waiting(0.0, what))
                continue
            if picture is not shown[0] or self._view != shown[1]:
                from livecam.core.status_card import preview_of

                shown = picture, self._view
                notice = f"{what}; {RECORDING_AT_FIRST}" if self._view.recording else what
                self._screen.show_status(preview_of(picture, notice, self._view), self._view)
            self._handle_events(self._screen)
        return task.result()

    def _report(self, waiting: Waiting) -> None:
        """Say once what takes long, and at once what did not open and is waited for."""
        failed = waiting.next_try_s is not None or bool(waiting.doing)
        if waiting.reason in self._reported or not (failed or waiting.waited_s >= SILENT_S):
            return
        self._reported.add(waiting.reason)
        self._say(f"{waiting.reason}; waiting for it" if failed else f"{waiting.reason} ...")

    def _handle_events(self, screen: Screen) -> None:
        for event in screen.events(0.0):
            from livecam.core import key_bindings

            self._view = key_bindings.after_event(self._view, event)
        if self._view.leaving:
            raise LeftError("ended before the first frame")
