"""Handling of a signal loss: when the status card is shown, what is posted and recorded."""

from dataclasses import replace

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.types import Waiting
from livecam.core.view import View
from livecam.pipeline.pipeline import Pipeline


class SignalLoss:
    """Shows the status card of a source that is lost, and hands it to the recorder."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Begin with a source that is there.

        `gap`: a recording leaves out the time of a loss; else it shows the status card.
        """
        self._screens, self._recorder = pipeline.screens, pipeline.recorder
        self._messages, self._now = pipeline.screen_messages, pipeline.now
        self._shown: tuple[object, ...] = ()
        self.gap = pipeline.losses_are_cut
        self.is_on = False

    def show(
        self, waiting: Waiting, view: View, last: AnnotatedFrame | None, recording_s: float | None
    ) -> None:
        """Say what is waited for; drawn again only when something has changed."""
        told = f"{waiting.reason}; waiting for it"
        if not self.is_on:
            self._messages.post(told)
            self.is_on = True
        notice = self._messages.current()
        notice = "" if notice == told else notice  # the card says that, and for longer
        wanted = (waiting.reason, int(waiting.waited_s), waiting.doing, view, notice)
        if wanted == self._shown:
            return
        self._shown = wanted
        from livecam.core.status_card import status_card_of  # late: most runs lose nothing

        card = status_card_of(
            last.frame.bgr if last else None,
            waiting,
            view=view,
            notice=notice,
            recording_s=recording_s,
        )
        for screen in self._screens:
            screen.show_status(card, view)
        # With a gap nothing is recorded, but the recorder has to learn of a recording's end.
        if last is not None and self._recorder is not None and not (self.gap and view.recording):
            now_s = last.frame.time_s if self.gap else max(waiting.time_s, last.frame.time_s)
            frame = replace(last.frame, time_s=now_s)
            self._recorder.show(
                replace(
                    last,
                    frame=frame,
                    painted=card.ground,
                    drawing=lambda _: card.draw,
                    view=view,
                    status=replace(last.status, at=self._now()),
                    waiting_for=waiting.reason,
                )
            )

    def end(self, title: str, away_s: float, *, is_still: bool = False) -> None:
        """It is back, or gives the same picture as before (`is_still`)."""
        if is_still:
            self._messages.post(f"{title} was opened again, still the same picture: a still scene?")
        else:
            self._messages.post(f"{title} is back after {away_s:.1f} s")
        self.is_on, self._shown = False, ()
