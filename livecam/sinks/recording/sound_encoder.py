"""Encodes sound as AAC, its times counted in samples: those of the clip may be coarse."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av

from livecam.sinks.recording.encoder import GLOBAL_HEADER, NullOutput

PlacedPacket = tuple["av.Packet[Any]", float]
"""A packet of sound, and its time in seconds."""

AAC_RATES = (
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
)  # fmt: skip
_USUAL_RATE = 48_000
_TOLERANCE_S = 0.1  # between the times that are given and the count of samples


class SoundEncoder:
    """Encodes decoded frames of sound, each with its time.

    Attributes:
        stream: the encoder's stream, as a template for a muxer.
        left_out: frames for which there was no time left.
    """

    def __init__(self, rate: int, channels: int) -> None:
        """Open an encoder.

        Args:
            rate: of the frames, in samples per second; others are resampled.
            channels: of the frames; more than two are mixed into two.

        Raises:
            av.error.FFmpegError, ValueError: it cannot be encoded.
        """
        self._rate = rate if rate in AAC_RATES else _USUAL_RATE
        self._container = av.open(NullOutput(), "w", format="null")
        self.stream: Any = self._container.add_stream("aac", rate=self._rate)
        context = self.stream.codec_context
        context.flags |= GLOBAL_HEADER
        self._layout = context.layout = "mono" if channels == 1 else "stereo"
        self._container.start_encoding()
        self._format = context.format
        self._resampler = self._new_resampler()
        self._samples = 0
        self._bases: list[tuple[int, float]] = []
        self.left_out = 0

    def encode(self, frame: "av.AudioFrame", at_s: float) -> Iterator[PlacedPacket]:
        """The packets that are ready after a frame that begins at this time.

        Raises:
            av.error.FFmpegError, ValueError: it cannot be encoded.
        """
        ahead_s = self._samples / self._rate + self._bases[-1][1] - at_s if self._bases else 0.0
        if ahead_s > _TOLERANCE_S:
            self.left_out += 1
            return
        if not self._bases or ahead_s < -_TOLERANCE_S:
            self._bases.append((self._samples, at_s - self._samples / self._rate))
        frame.pts = None
        try:
            resampled = self._resampler.resample(frame)
        except ValueError:  # another rate, format or layout than before
            self._resampler = self._new_resampler()
            resampled = self._resampler.resample(frame)
        yield from self._packets(resampled)

    def flush(self) -> Iterator[PlacedPacket]:
        """The last packets."""
        yield from self._packets(self._resampler.resample(None))
        for packet in self.stream.encode(None):
            yield packet, self._time_s(packet)

    def close(self) -> None:
        """Free the encoder."""
        self._container.close()

    def _new_resampler(self) -> "av.AudioResampler":
        return av.AudioResampler(format=self._format, layout=self._layout, rate=self._rate)

    def _packets(self, frames: "list[av.AudioFrame]") -> Iterator[PlacedPacket]:
        for frame in frames:
            frame.pts, frame.time_base = self._samples, Fraction(1, self._rate)
            self._samples += frame.samples
            for packet in self.stream.encode(frame):
                yield packet, self._time_s(packet)

    def _time_s(self, packet: "av.Packet[Any]") -> float:
        """From the count of samples and the newest time that was given before them."""
        sample = packet.pts or 0
        base_s = next((base_s for at, base_s in reversed(self._bases) if at <= sample), None)
        return sample / self._rate + (self._bases[0][1] if base_s is None else base_s)
