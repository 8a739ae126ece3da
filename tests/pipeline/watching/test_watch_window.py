"""The window of tiles: what is shown, enlarged and left."""

from dataclasses import dataclass, field, replace

import pytest
from support import FakeClock, picture
from watched_scripts import BEGAN

from livecam.core.events import Click, Closed, KeyPress
from livecam.core.watching.watch_state import CameraState, LookState, WatchState
from livecam.pipeline.watching.watch_window import WatchWindow


@dataclass
class NotingScreen:
    """Notes what is shown; gives the events that are in its list."""

    shown: list = field(default_factory=list)
    happened: list = field(default_factory=list)

    def events(self, wait_s):
        assert wait_s == 0.0
        happened, self.happened = self.happened, []
        return happened

    def show_status(self, card, view):
        self.shown.append((card.picture, view))


def state_of(*shades):
    looks = [LookState(picture(64, 36, shade), BEGAN, 0.0, "daisy", {}) for shade in shades]
    return WatchState(0.0, tuple(CameraState("", "x", last=look) for look in looks))


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def screen():
    return NotingScreen()


@pytest.fixture
def window(screen, clock):
    return WatchWindow(screen, lambda look: look.frame, clock)


def after(window, screen, clock, state, *events):
    """The picture that is shown after these events."""
    screen.happened = list(events)
    clock.sleep(1.0)
    window.show(state)
    return screen.shown[-1][0]


def test_it_is_drawn_ten_times_a_second_at_most(window, screen, clock):
    for _ in range(50):
        window.show(state_of(10, 20))
        clock.sleep(0.02)
    assert 9 <= len(screen.shown) <= 11


def test_a_click_enlarges_a_tile_and_the_next_one_shows_all(window, screen, clock):
    state = state_of(10, 200)
    both = after(window, screen, clock, state)
    assert both.shape[1] == 2 * 640
    one = after(window, screen, clock, state, Click(0.75, 0.5))
    assert one.shape == (36, 64, 3)
    assert one[5, 5, 0] == 200
    assert after(window, screen, clock, state, Click(0.1, 0.1)).shape == both.shape


def test_digits_enlarge_too_and_escape_goes_back_before_it_leaves(window, screen, clock):
    state = state_of(10, 200)
    assert after(window, screen, clock, state, KeyPress("2"))[5, 5, 0] == 200
    assert after(window, screen, clock, state, KeyPress("9"))[5, 5, 0] == 200  # there is none
    assert after(window, screen, clock, state, KeyPress("\x1b")).shape[1] == 1280
    assert not window.is_left
    after(window, screen, clock, state, KeyPress("\x1b"))
    assert window.is_left


@pytest.mark.parametrize("event", [KeyPress("q"), Closed()])
def test_it_is_left(window, screen, clock, event):
    after(window, screen, clock, state_of(10), event)
    assert window.is_left


def test_f_fills_the_screen(window, screen, clock):
    after(window, screen, clock, state_of(10), KeyPress("f"))
    assert screen.shown[-1][1].fullscreen


def test_a_camera_that_goes_while_it_is_enlarged_leaves_the_others(window, screen, clock):
    after(window, screen, clock, state_of(10, 20), KeyPress("2"))
    assert after(window, screen, clock, state_of(10)).shape == (36, 64, 3)


def test_each_look_is_drawn_once(screen, clock):
    drawn = []
    window = WatchWindow(screen, lambda look: drawn.append(look) or look.frame, clock)
    state = state_of(10, 20)
    for _ in range(3):
        after(window, screen, clock, state)
    assert len(drawn) == 2
    first = state.cameras[0]
    newer = replace(state, cameras=(first, state_of(30).cameras[0]))
    after(window, screen, clock, newer)
    assert len(drawn) == 3
