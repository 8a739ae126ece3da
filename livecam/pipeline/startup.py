"""While source and model are made ready: what the window shows, and the keys that leave."""

from collections.abc import Callable
from typing import TypeVar

from livecam.core import key_bindings
from livecam.core.protocols import Screen
from livecam.core.status_card import draw_placard, draw_preview
from livecam.core.types import BgrImage, View, Waiting
from livecam.errors import LeftError
from livecam.pipeline.background_task import Work

Made = TypeVar("Made")
SLICE_S = 0.03
SILENT_S = 2.0
"""An opening that takes longer is told where there is no window to show it."""


class Opening:
    """Attends the opening of a source (ports.Attended)."""

    def __init__(
        self, screen: Screen | None, view: View, say: Callable[[str], None] = lambda _: None
    ) -> None:
        """Without a screen there is nobody to hear, and `say` hears what takes long."""
        self._screen, self._view, self._say = screen, view, say
        self._told = ""
        self._shown: tuple[str, int] | None = None

    @property
    def view(self) -> View:
        """What the keys have made of the view meanwhile."""
        return self._view

    def attend(self, waiting: Waiting) -> None:
        """Show what is being opened and hear the keys.

        Raises:
            LeftError: the person has had enough.
        """
        if self._screen is None:
            if waiting.waited_s >= SILENT_S and waiting.reason != self._told:
                self._told = waiting.reason
                self._say(f"{waiting.reason} ...")
            return
        wanted = (waiting.reason, int(waiting.waited_s))
        if wanted != self._shown:
            self._shown = wanted
            self._screen.hold(draw_placard(None, waiting), self._view)
        self._listen(self._screen)

    def during(
        self, make: Callable[[], Made], what: str, glimpse: Callable[[], BgrImage | None]
    ) -> Made:
        """Make something in a thread of its own; the window meanwhile shows the newest picture.

        Args:
            make: the work; what it raises is raised here.
            what: what it is, for the person.
            glimpse: the newest picture of the source; None where there is none yet.

        Raises:
            LeftError: the person has had enough; the work is left to itself.
        """
        if self._screen is None:
            return make()
        work = Work(make)
        shown: BgrImage | None = None
        self._shown = None
        while not work.is_over(SLICE_S):
            picture = glimpse()
            if picture is None:
                self.attend(Waiting(0.0, what))
                continue
            if picture is not shown:
                shown = picture
                drawn = draw_preview(picture, what, mirror=self._view.mirror)
                self._screen.hold(drawn, self._view)
            self._listen(self._screen)
        return work.result()

    def _listen(self, screen: Screen) -> None:
        for event in screen.events(0.0):
            self._view = key_bindings.after_event(self._view, event)
        if self._view.leaving:
            raise LeftError("ended before the first frame")
