"""Teaching while pictures are shown: keys, samples, holds, fits, a disk that is full."""

import numpy as np
import pytest
from annotated_frames import annotated_frame_of
from support import FakeClock, picture

from livecam.core.events import Closed, KeyPress
from livecam.errors import SinkError
from livecam.pipeline.live_teaching import LiveTeaching, TeachingScreen, keys_of, square_of
from livecam.pipeline.teacher import Teacher

CHANNELS = 6


def features_of(rgb) -> np.ndarray:
    """Features that say how bright the picture is."""
    bright = rgb.mean() / 255.0
    base = np.linspace(bright, 1 - bright, CHANNELS, dtype=np.float32)
    return np.broadcast_to(base, (7, 7, CHANNELS)).copy()


class Teaching:
    """A teaching whose clock and disk are those of the test."""

    def __init__(self, names=("dark", "bright"), *, things: int = 0, last_hold: int = 0) -> None:
        self.clock, self.saved, self.learnt, self.messages = FakeClock(), [], [], []
        self.is_full = False
        teacher = Teacher(features_of, names, np.full((things, CHANNELS), 0.5, np.float32))
        self.teacher, self.teaching = teacher, LiveTeaching(
            teacher, self.save, self.learnt.append, self.messages.append,
            last_hold=last_hold, clock=self.clock,
        )  # fmt: skip

    def save(self, class_name, bgr, stem) -> str:
        if self.is_full:
            raise SinkError("the disk is full.")
        self.saved.append((class_name, stem, bgr.shape))
        return f"{class_name}/{stem}.png"

    def hold(self, key: str, value: int, frames: int = 1) -> None:
        """Hold a key for so many frames, a tenth of a second each."""
        for _ in range(frames):
            self.teaching.press(KeyPress(key))
            self.frame(value)

    def frame(self, value: int) -> None:
        self.teaching.show(annotated_frame_of(picture(320, 240, value), 0, 0.0))
        self.clock.now_s += 0.1


def test_keys_are_1_to_9_and_0_for_other():
    assert keys_of(["a", "b"]) == {"1": "a", "2": "b", "0": "other"}
    assert len(keys_of([f"c{n}" for n in range(12)])) == 10


def test_a_sample_is_what_the_network_sees_of_the_frame_that_is_shown():
    one = Teaching()
    one.hold("1", 20)
    assert one.saved == [("dark", "hold0001_001", (224, 224, 3))]
    assert one.teacher.counts() == {"dark": 1, "bright": 0, "other": 0}


def test_no_sample_without_a_key():
    one = Teaching()
    one.frame(20)
    assert not one.saved


def test_a_held_key_takes_a_few_samples_a_second():
    one = Teaching()
    one.hold("1", 20, frames=10)  # a second
    assert [stem for _, stem, _ in one.saved] == [f"hold0001_{n:03d}" for n in range(1, 6)]


def test_a_key_that_is_held_again_later_begins_another_moment():
    one = Teaching(last_hold=4)
    one.hold("1", 20)
    one.clock.now_s += 2
    one.hold("1", 20)
    one.clock.now_s += 0.2
    one.hold("2", 230)
    assert [stem for _, stem, _ in one.saved] == ["hold0005_001", "hold0006_001", "hold0007_001"]


def test_the_head_is_learnt_from_the_second_class_on():
    one = Teaching()
    one.hold("1", 20)
    one.teaching.wait()
    assert not one.learnt
    one.hold("2", 230)
    one.teaching.wait()
    pooled = features_of(picture(value=220)).mean((0, 1))
    assert one.learnt[-1].head.logits(pooled).argmax() == 1


def test_samples_that_come_while_it_fits_are_fitted_next():
    one = Teaching(things=3)
    for value in (20, 40, 60, 80):
        one.hold("1", value)
        one.clock.now_s += 1
    one.teaching.wait()
    assert len(one.learnt[-1].held_out) == 4


def test_what_is_taken_is_said():
    one = Teaching()
    one.hold("1", 20)
    one.clock.now_s += 1
    one.hold("0", 128)
    assert one.messages[-1].startswith("hold 1: dark (1), 2: bright (0), 0: other (1)")


def test_a_full_disk_is_said_and_nothing_is_counted():
    one = Teaching()
    one.is_full = True
    one.hold("1", 20)
    assert one.messages == ["the disk is full."]
    assert one.teacher.counts()["dark"] == 0


class FakeScreen:
    def events(self, wait_s):
        return [KeyPress("1"), KeyPress("r"), KeyPress("3"), Closed()]


def test_a_screen_keeps_the_keys_of_classes_for_the_teaching():
    one = Teaching()
    screen = TeachingScreen(FakeScreen(), one.teaching)
    assert screen.events(0.0) == [KeyPress("r"), KeyPress("3"), Closed()]
    one.frame(20)
    assert [class_name for class_name, _, _ in one.saved] == ["dark"]


@pytest.mark.parametrize(("width", "height"), [(320, 240), (240, 320), (100, 100)])
def test_the_square_of_a_frame(width, height):
    assert square_of(picture(width, height)).shape == (224, 224, 3)
