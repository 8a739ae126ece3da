"""The microphone of a run: its sound at the right time, also after it was lost."""

import numpy as np
import pytest
from sources.live.simulated_camera import SimulatedTime
from sources.microphone.fake_microphone import FakeMicrophone, clicks_s

from livecam.errors import SourceError
from livecam.sources.microphone.microphone import Microphone


@pytest.fixture
def time():
    """Simulated time, which ends with the test."""
    simulated = SimulatedTime()
    yield simulated
    simulated.end()


def opened(time, fake, notes=None, **more):
    notify = (notes if notes is not None else []).append
    return Microphone(fake, notify=notify, system=time.clock_and_threads, **more)


def heard_clicks(microphone, begin_s, end_s):
    rate = microphone.rate
    samples = microphone.read(round(begin_s * rate), round(end_s * rate))
    return clicks_s(samples, begin_s, rate)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("rate", "kept"), [(8_000, 8_000), (44_100, 44_100), (96_000, 48_000)])
def test_sound_is_kept_by_the_time_at_which_it_sounded(time, rate, kept, channels):
    with opened(time, FakeMicrophone(time, rate=rate, channels=channels)) as microphone:
        time.sleep(5.0)
        assert (microphone.rate, microphone.channels) == (kept, channels)
        assert microphone.known_until_s == pytest.approx(time.now_s, abs=0.12)
        found = heard_clicks(microphone, 101.5, 104.5)
        assert found == pytest.approx([102.0, 103.0, 104.0], abs=0.002)
        assert microphone.level < 0.6


def test_only_the_newest_sound_is_kept(time):
    with opened(time, FakeMicrophone(time), keep_s=2.0) as microphone:
        time.sleep(6.0)
        assert not microphone.read(101 * 8_000, 103 * 8_000).any()
        assert microphone.read(105 * 8_000, 106 * 8_000 - 1_000).all()


def test_a_card_that_runs_fast_stays_in_step(time):
    with opened(time, FakeMicrophone(time, ppm=500.0)) as microphone:
        time.sleep(120.5)
        found = heard_clicks(microphone, 210.5, 220.0)
        assert found == pytest.approx(np.arange(211.0, 220.0), abs=0.003)


def test_a_microphone_that_falls_silent_is_opened_again(time):
    fake, notes = FakeMicrophone(time), []
    with opened(time, fake, notes) as microphone:
        time.sleep(3.0)
        fake.is_dead = True
        time.sleep(4.0)
        assert microphone.known_until_s == pytest.approx(time.now_s, abs=0.1)
        assert len(notes) == 1
        assert "silence is recorded until it is back" in notes[0]
        fake.is_dead = False
        time.sleep(4.25)
        assert len(notes) == 2
        assert "is back after" in notes[1]
        assert not microphone.read(round(103.5 * 8_000), round(106.5 * 8_000)).any()
        newest_s = int(time.now_s)
        found = heard_clicks(microphone, newest_s - 0.5, newest_s + 0.1)
        assert found == pytest.approx([newest_s], abs=0.002)
    assert fake.closings == fake.openings


def test_one_that_is_unplugged_is_taken_again_when_it_comes_back(time):
    fake, notes = FakeMicrophone(time), []
    with opened(time, fake, notes) as microphone:
        time.sleep(2.0)
        fake.is_dead = fake.is_absent = True
        time.sleep(60.0)
        assert len(notes) == 1
        fake.is_dead = fake.is_absent = False
        time.sleep(5.0)
        assert len(notes) == 2
        assert heard_clicks(microphone, time.now_s - 1.5, time.now_s - 0.2).size


def test_one_whose_driver_raises_an_error_is_opened_again(time):
    fake, notes = FakeMicrophone(time), []
    with opened(time, fake, notes) as microphone:
        time.sleep(2.0)
        fake.is_broken = True
        time.sleep(10.0)
        assert microphone.known_until_s == pytest.approx(time.now_s, abs=0.12)
        fake.is_broken = False
        time.sleep(5.0)
        assert heard_clicks(microphone, time.now_s - 1.5, time.now_s - 0.2).size
    assert "silence is recorded until it is back" in notes[0]


def test_lost_blocks_are_silence_and_said_once(time):
    fake, notes = FakeMicrophone(time), []
    with opened(time, fake, notes) as microphone:
        for _ in range(3):
            time.sleep(2.0)
            fake.is_dead = True
            time.sleep(0.5)
            fake.is_dead, fake.is_after_loss = False, True
        time.sleep(1.6)
        assert len(notes) == 1
        assert "too busy" in notes[0]
        assert heard_clicks(microphone, 107.5, 108.5) == pytest.approx([108.0], abs=0.002)


def test_one_that_gives_nothing_but_zeros_is_said_once(time):
    fake, notes = FakeMicrophone(time), []
    fake.is_muted = True
    with opened(time, fake, notes):
        time.sleep(30.0)
    assert len(notes) == 1
    assert "switched off, or not allowed" in notes[0]


def test_one_that_does_not_open_says_why(time):
    fake = FakeMicrophone(time)
    fake.is_absent = True
    with pytest.raises(SourceError, match="not attached"), opened(time, fake):
        pass


@pytest.mark.parametrize("fault", ["hangs", "is_dead"])
def test_a_driver_that_hangs_is_not_waited_for_long(time, fault):
    fake = FakeMicrophone(time)
    setattr(fake, fault, True)
    with pytest.raises(SourceError, match="does not answer"), opened(time, fake):
        pass
    assert time.now_s < 108.0
