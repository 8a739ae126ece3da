"""Which microphone a name means, and when its sound sounded, by what PortAudio says."""

from types import SimpleNamespace

import numpy as np
import pytest
from support import FakeClock

from livecam.errors import SourceError
from livecam.sources.microphone.device import MicrophoneInfo
from livecam.sources.microphone.portaudio import (
    InputLatency,
    PortAudioOpener,
    choose_microphone,
    list_microphones,
)

BUILT_IN = MicrophoneInfo(1, "Built-in microphone", "ALSA", 2, 48_000, is_default=True)
YETI = MicrophoneInfo(4, "Yeti Stereo", "ALSA", 2, 44_100, is_default=False)
YETI_AGAIN = MicrophoneInfo(9, "Yeti Stereo", "JACK", 2, 44_100, is_default=False)
YETI_X = MicrophoneInfo(5, "Yeti Stereo X", "ALSA", 2, 44_100, is_default=False)


@pytest.mark.parametrize(
    ("name", "number"), [("", 1), ("yeti", 4), ("built", 1), ("9", 9), ("STEREO", 4)]
)
def test_a_microphone_is_chosen_by_number_or_part_of_its_name(name, number):
    assert choose_microphone(name, [BUILT_IN, YETI_AGAIN, YETI]).number == number


def test_a_whole_name_beats_one_that_begins_with_it():
    assert choose_microphone("yeti stereo", [YETI_X, YETI]) == YETI


@pytest.mark.parametrize(
    ("name", "listed", "words"),
    [
        ("", [], "no microphone was found"),
        ("", [YETI], "name one of 4"),
        ("blue", [BUILT_IN], r"no microphone is called 'blue': there is 1 \(Built-in microphone\)"),
        ("3", [BUILT_IN], "no microphone is called '3'"),
        ("stereo", [YETI, YETI_X], r"give one by number: 4 \(Yeti Stereo\), 5 \(Yeti Stereo X\)"),
    ],
)
def test_a_name_that_means_none_or_several_is_answered_with_those_there_are(name, listed, words):
    with pytest.raises(SourceError, match=words):
        choose_microphone(name, listed)


class PortAudioError(Exception):
    """As that of sounddevice."""


class FakeStream:
    """An InputStream that gives what a test says."""

    active, latency = True, 0.2

    def __init__(self, *, callback, **asked):
        self.callback, self.asked = callback, asked

    def start(self):
        pass

    def give(self, count, age_s, *, overflow=False):
        times = SimpleNamespace(currentTime=9e8, inputBufferAdcTime=9e8 - age_s)
        status = SimpleNamespace(input_overflow=overflow)
        self.callback(np.zeros((count, 2), np.int16), count, times, status)

    def abort(self):
        pass

    close = abort


class FakeLibrary:
    """As much of sounddevice as is used; its list of devices is made when it is initialised."""

    PortAudioError, InputStream = PortAudioError, FakeStream

    def __init__(self, *names):
        self.attached = list(names)
        self._initialize()

    def _initialize(self):
        self.seen = list(self.attached)

    def _terminate(self):
        self.seen = []

    def query_hostapis(self):
        return [{"name": "ALSA"}]

    def query_devices(self, kind=None):
        devices = [
            {
                "index": number, "name": name, "hostapi": 0,
                "max_input_channels": 0 if name == "speaker" else 32,
                "default_samplerate": 44100.0,
            }
            for number, name in enumerate(self.seen)
        ]  # fmt: skip
        if kind is None:
            return devices
        found = [device for device in devices if device["max_input_channels"]]
        if not found:
            raise PortAudioError("Error querying device -1")
        return found[0]


def test_what_cannot_be_recorded_from_is_not_listed():
    listed = list_microphones(FakeLibrary("speaker", "yeti", "webcam"))
    assert [(one.number, one.name, one.is_default) for one in listed] == [
        (1, "yeti", True),
        (2, "webcam", False),
    ]
    assert list_microphones(FakeLibrary("speaker")) == []


def opener(monkeypatch, library, name, clock=FakeClock):
    monkeypatch.setattr("livecam.sources.microphone.portaudio.import_sounddevice", lambda: library)
    return PortAudioOpener(name, clock)


def test_after_a_loss_the_same_one_is_found_under_its_new_number(monkeypatch):
    library = FakeLibrary("webcam", "yeti")
    open_device = opener(monkeypatch, library, "yet")
    assert open_device().title == "yeti"
    library.attached = ["webcam"]
    with pytest.raises(SourceError, match="yeti is not attached"):
        open_device()
    library.attached = ["speaker", "yeti", "yeti two", "webcam"]
    assert open_device().title == "yeti"


def test_a_block_sounded_before_it_was_noticed(monkeypatch):
    clock = FakeClock(500.0)
    device = opener(monkeypatch, FakeLibrary("yeti"), "", clock)()
    blocks = []
    device.start(blocks.append)
    for _ in range(100):
        clock.sleep(0.05)
        device._stream.give(2205, 0.05 + 0.012)
    device._stream.give(2205, 0.05 + 0.012, overflow=True)
    assert device.channels == 2
    assert blocks[-1].began_s == pytest.approx(clock.now_s - 0.062)
    assert [block.is_after_loss for block in blocks[-2:]] == [False, True]


def test_delays_that_are_not_there_are_not_believed():
    """As ALSA's plugin of PulseAudio reports them while blocks come evenly."""
    latency = InputLatency()
    found = [latency.add(0.45 if n < 30 else 0.02 + 0.1 * (n % 3), 0.05 * n) for n in range(400)]
    assert found[:30] == [0.0] * 30
    assert found[100:] == pytest.approx([0.02] * 300)


@pytest.mark.parametrize("said_s", [-0.3, 0.0, 1.7e9])
def test_a_time_of_no_use_counts_as_no_delay(said_s):
    latency = InputLatency()
    assert [latency.add(said_s, 0.05 * n) for n in range(100)] == [0.0] * 100
