"""What is shown and said while the model is loaded and the source opened: the window lives."""

from threading import Event

import numpy as np
import pytest
from support import ScriptedScreen

from livecam.errors import LeftError, ModelError
from livecam.pipeline.screen_messages import RECORDING_AT_FIRST
from livecam.pipeline.opening_progress import OpeningProgress
from livecam.core.events import KeyPress
from livecam.core.types import BgrImage, Waiting
from livecam.core.view import View

VIEW = View(class_index=0, class_cycle=(0,))


def picture_of(grey):
    return BgrImage(np.full((120, 160, 3), grey, np.uint8))


def test_the_newest_picture_is_shown_until_the_work_is_done():
    screen, done = ScriptedScreen(), Event()
    pictures = iter([None, picture_of(50), picture_of(200)])

    def preview():
        picture = next(pictures, None)
        if picture is not None and picture[0, 0, 0] == 200:
            done.set()
        return picture

    made = OpeningProgress(screen, VIEW).run_task(
        lambda: done.wait() and "model", "loading", preview
    )
    assert made == "model"
    # The status card, then both pictures as they are: the window writes the line.
    assert [int(held.ground[0, 0, 0]) for held in screen.held[1:3]] == [50, 200]
    assert screen.held[2].notice == "loading"


def test_an_error_of_the_work_is_raised_here():
    def fail():
        raise ModelError("no weights")

    with pytest.raises(ModelError, match="no weights"):
        OpeningProgress(ScriptedScreen(), VIEW).run_task(fail, "loading", lambda: None)


def test_q_leaves_without_waiting_for_the_work():
    never = Event()
    screen = ScriptedScreen([[KeyPress("q")]])
    with pytest.raises(LeftError):
        OpeningProgress(screen, VIEW).run_task(never.wait, "loading", lambda: picture_of(9))
    never.set()


def test_without_a_window_the_work_is_simply_done():
    assert OpeningProgress(None, VIEW).run_task(lambda: 7, "loading", lambda: None) == 7


def test_without_a_window_an_opening_that_takes_long_is_told_once():
    said = []
    opening = OpeningProgress(None, VIEW, said.append)
    for tenths in range(100):
        opening.on_progress(Waiting(0.0, "opening camera 0", tenths / 10))
        assert len(said) == (tenths >= 20)
    assert said == ["opening camera 0 ..."]


def test_without_a_window_a_source_that_is_waited_for_is_told_at_once_and_once_a_reason():
    said = []
    opening = OpeningProgress(None, VIEW, said.append)
    for reason in ("rtsp://eye does not open (a)", "rtsp://eye does not open (b)") * 2:
        opening.on_progress(Waiting(0.0, reason, 0.1, next_try_s=0.5))
        opening.on_progress(Waiting(0.0, reason, 0.6, doing="opening it again"))
    assert said == [f"rtsp://eye does not open ({why}); waiting for it" for why in "ab"]


def test_with_a_window_it_is_shown_and_not_told():
    said = []
    OpeningProgress(ScriptedScreen(), VIEW, said.append).on_progress(
        Waiting(0.0, "opening camera 0", 9.0)
    )
    assert said == []


def test_keys_are_answered_while_a_source_is_waited_for():
    screen = ScriptedScreen([[KeyPress("r")], [KeyPress("h")], [KeyPress("h")], [KeyPress("r")]])
    opening = OpeningProgress(screen, VIEW)
    for _ in range(5):
        opening.on_progress(Waiting(0.0, "opening camera 0"))
    assert [(card.notice, card.shows_help) for card in screen.held] == [
        ("", False),
        (RECORDING_AT_FIRST, False),
        (RECORDING_AT_FIRST, True),
        (RECORDING_AT_FIRST, False),
        ("", False),
    ]


def test_keys_are_answered_while_the_model_is_loaded_before_a_still_picture():
    still, done = picture_of(50), Event()

    class Screen(ScriptedScreen):
        def show_status(self, card, view):
            super().show_status(card, view)
            if card.shows_help:
                done.set()

    screen = Screen([[KeyPress("r")], [], [KeyPress("h")]])
    OpeningProgress(screen, VIEW).run_task(done.wait, "loading", lambda: still)
    assert [card.notice for card in screen.held] == [
        "loading",
        *[f"loading; {RECORDING_AT_FIRST}"] * 2,
    ]
