"""Teaching while pictures are shown: a key that is held takes samples, and the map follows."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.crop import centred_square, network_view
from livecam.core.events import Event, KeyPress
from livecam.core.protocols import Screen
from livecam.core.status_card import StatusCard
from livecam.core.teaching.fit import TaughtHead
from livecam.core.teaching.held_out import class_figures, share_right
from livecam.core.teaching.report import short_progress
from livecam.core.teaching.samples import OTHER, key_sample_stem
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.errors import SinkError
from livecam.pipeline.background_task import BackgroundTask
from livecam.pipeline.teacher import Teacher

OTHER_KEY = "0"
LEAST_BETWEEN_S = 0.15
"""A key that is held takes so many samples at most: pictures that follow each other are alike."""


HOLD_ENDS_S = 1.0
"""After so long without a sample the next one is of another moment."""


def keys_of(class_names: Sequence[str]) -> dict[str, str]:
    """The class of each key: 1 to 9 in their order, and 0 for "other"."""
    keys = {str(number): name for number, name in enumerate(class_names[:9], 1)}
    return keys | {OTHER_KEY: OTHER}


class LiveTeaching:
    """Takes samples of the frame that is shown, and fits the head again; implements protocols.Sink.

    The network looks at a sample in the thread of the loop, a few milliseconds; the fit is made in
    a thread of its own, one at a time, each with all samples that are there when it begins.
    """

    def __init__(
        self,
        teacher: Teacher,
        save: Callable[[str, BgrImage, str], str],
        learn: Callable[[TaughtHead], None],
        show_message: Callable[[str], None],
        *,
        last_hold: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin.

        Args:
            teacher: with the samples of earlier runs.
            save: writes a sample of a class to the disk, under this stem, and gives its name; may
                raise SinkError.
            learn: gets every new head.
            show_message: shows one line on the screen.
            last_hold: how often keys were held in earlier runs.
            clock: monotonic seconds.
        """
        self._teacher, self._save, self._learn = teacher, save, learn
        self._show_message, self._clock = show_message, clock
        self._keys: Mapping[str, str] = keys_of(teacher.class_names)
        self._asked, self._held = "", ""
        self._hold, self._in_hold = last_hold, 0
        self._taken_s = -LEAST_BETWEEN_S
        self._fit: BackgroundTask[tuple[TaughtHead, Any]] | None = None
        self._is_behind = False
        self._share: float | None = None

    def press(self, event: Event) -> bool:
        """Take a sample of the next frame where this is the key of a class; whether it is one."""
        if not isinstance(event, KeyPress) or event.key not in self._keys:
            return False
        self._asked = self._keys[event.key]
        return True

    def show(self, annotated: AnnotatedFrame) -> None:
        """Take a sample of this frame if one was asked for; learn what has been fitted."""
        self._finish_fit()
        class_name, self._asked = self._asked, ""
        is_too_soon = self._clock() - self._taken_s < LEAST_BETWEEN_S
        if not class_name or (class_name == self._held and is_too_soon):
            return
        self._count(class_name)
        bgr = square_of(annotated.frame.bgr)
        try:
            name = self._save(class_name, bgr, key_sample_stem(self._hold, self._in_hold))
        except SinkError as error:
            self._show_message(str(error))
            return
        self._teacher.take(name, class_name, bgr)
        self._is_behind = True
        self._begin_fit()
        self.show_progress()

    def _count(self, class_name: str) -> None:
        """One sample more of this hold of the key, or the first of the next one."""
        now_s = self._clock()
        if class_name != self._held or now_s - self._taken_s > HOLD_ENDS_S:
            self._held, self._hold, self._in_hold = class_name, self._hold + 1, 0
        self._taken_s, self._in_hold = now_s, self._in_hold + 1

    def show_progress(self) -> None:
        """Say which key has how many samples, and what they are worth."""
        self._show_message(short_progress(self._teacher.counts(), self._share))

    def wait(self) -> None:
        """Wait for the fit that runs, and learn it."""
        while self._fit is not None:
            self._fit.is_over(1.0)
            self._finish_fit()

    def _begin_fit(self) -> None:
        if self._fit is None and self._is_behind and self._teacher.can_fit():
            self._is_behind = False
            self._fit = BackgroundTask(self._teacher.fit)

    def _finish_fit(self) -> None:
        if self._fit is None or not self._fit.is_over(0.0):
            return
        taught, samples = self._fit.result()
        self._fit = None
        self._share = share_right(class_figures(taught, samples))
        self._learn(taught)
        self._begin_fit()


class TeachingScreen:
    """A screen whose keys of classes go to the teaching; implements protocols.Screen."""

    def __init__(self, screen: Screen, teaching: LiveTeaching) -> None:
        self._screen, self._teaching = screen, teaching

    def show(self, annotated: AnnotatedFrame) -> None:
        """Show a frame."""
        self._screen.show(annotated)

    def show_status(self, card: StatusCard, view: View) -> None:
        """Show what belongs to no frame."""
        self._screen.show_status(card, view)

    def events(self, wait_s: float) -> Sequence[Event]:
        """What happened, without the keys of classes."""
        return [event for event in self._screen.events(wait_s) if not self._teaching.press(event)]


def square_of(bgr: BgrImage) -> BgrImage:
    """What the network sees of a frame, as a picture: uint8 BGR [224, 224, 3]."""
    height, width = bgr.shape[:2]
    rgb = network_view(bgr, centred_square(width, height))
    return BgrImage(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8))
