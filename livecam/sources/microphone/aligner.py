"""Puts a sound card's samples onto the program's clock: its own runs a little fast or slow."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np

from livecam.core.live_sound import SoundSamples
from livecam.core.sample_clock import SampleClock
from livecam.sources.microphone.device import CapturedSound

_RESAMPLING = "async=1000:min_comp=0.0005:comp_duration=2:min_hard_comp=0.1:flags=res"
"""FFmpeg's resampler follows the time stamps: it stretches or shortens by some samples a second,
which nobody hears, where it is off by half a millisecond. With async=1 it would only fill gaps.
Without `flags=res` it would begin to resample with the first correction, and jump by its delay."""


class SoundAligner:
    """Resamples what one opened device gives; see LiveSound for the indices."""

    def __init__(self, rate: int, channels: int, out_rate: int, out_channels: int) -> None:
        """Start before the first block.

        Args:
            rate: of the device, in samples per second.
            channels: of the device.
            out_rate: what the program keeps.
            out_channels: what the program keeps, 1 or 2.
        """
        self._rate, self._layout = rate, _layout(channels)
        self._out_rate, self._out_layout = out_rate, _layout(out_channels)
        self._clock: SampleClock | None = None
        self._graph: Any = None
        self._index: int | None = None

    def add(self, captured: CapturedSound) -> Iterator[tuple[int, SoundSamples]]:
        """What is ready after a block: the index of its first sample, and the samples."""
        clock = self._clock
        if clock is None or clock.is_off or captured.is_after_loss:
            yield from self._flush()
            self._clock = clock = SampleClock(self._rate, captured.began_s)
            self._graph, self._index = self._new_graph(), None
        began_s = clock.add(len(captured.samples), captured.began_s)
        interleaved = np.ascontiguousarray(captured.samples).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(interleaved, format="s16", layout=self._layout)
        frame.sample_rate, frame.time_base = self._rate, Fraction(1, self._rate)
        frame.pts = round(began_s * self._rate)
        self._graph.push(frame)
        yield from self._ready()

    def _flush(self) -> Iterator[tuple[int, SoundSamples]]:
        if self._graph is not None:
            self._graph.push(None)
            yield from self._ready()

    def _ready(self) -> Iterator[tuple[int, SoundSamples]]:
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            if self._index is None:
                self._index = frame.pts
            channels = len(frame.layout.channels)
            yield self._index, SoundSamples(frame.to_ndarray().reshape(-1, channels))
            self._index += frame.samples

    def _new_graph(self) -> Any:
        graph = av.filter.Graph()
        begin = graph.add_abuffer(
            format="s16",
            sample_rate=self._rate,
            layout=self._layout,
            time_base=Fraction(1, self._rate),
        )
        resampler = graph.add("aresample", f"{self._out_rate}:{_RESAMPLING}")
        wanted = f"sample_fmts=s16:channel_layouts={self._out_layout}"
        format_filter, end = graph.add("aformat", wanted), graph.add("abuffersink")
        begin.link_to(resampler)
        resampler.link_to(format_filter)
        format_filter.link_to(end)
        graph.configure()
        return graph


def _layout(channels: int) -> str:
    return "mono" if channels == 1 else "stereo"
