"""Signal loss: what is shown, said and recorded while a live source gives no frames."""

from collections.abc import Sequence
from dataclasses import replace

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.hud import clock_text
from livecam.core.protocols import Screen, Sink
from livecam.core.status_card import draw_status_card
from livecam.core.types import Waiting
from livecam.core.view import View
from livecam.pipeline.notifications import Notifications


class SignalLoss:
    """Shows the status card of a source that is lost, and hands it to the recorder."""

    def __init__(
        self,
        screens: Sequence[Screen],
        recorder: Sink | None,
        notifications: Notifications,
        *,
        gap: bool,
    ) -> None:
        """`gap`: a recording leaves out the time of a loss; else it shows the status card."""
        self._screens, self._recorder, self._notifications = screens, recorder, notifications
        self._shown: tuple[object, ...] = ()
        self.gap = gap
        self.is_on = False

    def show(
        self, waiting: Waiting, view: View, last: AnnotatedFrame | None, recording_s: float | None
    ) -> None:
        """Say what is waited for; drawn again only when something has changed."""
        if not self.is_on:
            self._notifications.post(f"{waiting.reason}; waiting for it")
            self.is_on = True
        wanted = (waiting.reason, int(waiting.waited_s), waiting.doing, view)
        if wanted == self._shown:
            return
        self._shown = wanted
        picture = draw_status_card(
            last.frame.bgr if last else None,
            waiting,
            mirror=view.mirror,
            corner=f"REC {clock_text(recording_s)}" if recording_s is not None else "",
        )
        for screen in self._screens:
            screen.show_status(picture, view)
        # With a gap nothing is recorded, but the recorder has to learn of a recording's end.
        if last is not None and self._recorder is not None and not (self.gap and view.recording):
            frame = replace(last.frame, time_s=max(waiting.time_s, last.frame.time_s))
            self._recorder.show(
                replace(last, frame=frame, picture=picture, view=view, waiting_for=waiting.reason)
            )

    def end(self, title: str, away_s: float, *, is_still: bool = False) -> None:
        """It is back, or gives the same picture as before (`is_still`)."""
        if is_still:
            self._notifications.post(
                f"{title} was opened again, still the same picture: a still scene?"
            )
        else:
            self._notifications.post(f"{title} is back after {away_s:.1f} s")
        self.is_on, self._shown = False, ()
