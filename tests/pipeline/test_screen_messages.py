"""News for the user: the terminal hears all of it, screens only what viewers may see."""

from pathlib import Path

import pytest
from support import FakeClock

from livecam.pipeline.screen_messages import SHOWN_S, ScreenMessages


def test_a_notice_is_shown_for_a_while_and_told_at_once():
    clock, told = FakeClock(), []
    screen_messages = ScreenMessages(told.append, clock)
    screen_messages.post("saved a.png")
    assert (told, screen_messages.current()) == (["saved a.png"], "saved a.png")
    clock.sleep(SHOWN_S)
    assert screen_messages.current() == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("saved {home}/My Videos/a b.png", "saved a b.png"),
        ("the folder {home}/My Videos cannot be made", "the folder My Videos cannot be made"),
        ("recorded {home}/y.mp4 (3 frames)", "recorded y.mp4 (3 frames)"),
        ("rtsp://garden/one is lost: 2 frames/s", "rtsp://garden/one is lost: 2 frames/s"),
    ],
)
def test_folders_of_this_machine_are_told_and_not_shown(text, shown):
    told, home = [], Path("/home/anna")
    hidden = [home / "My Videos", home / "films" / "x.mp4"]
    screen_messages = ScreenMessages(told.append, FakeClock(), hidden=hidden)
    screen_messages.post(text.format(home=home))
    assert told == [text.format(home=home)]
    assert screen_messages.current() == shown


def test_the_folder_that_a_relative_one_stands_for_is_not_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    screen_messages = ScreenMessages(clock=FakeClock(), hidden=[Path()])
    screen_messages.post(f"the recording {tmp_path}/x.mp4 was closed: {tmp_path} is full")
    assert str(tmp_path.parent) not in screen_messages.current()
