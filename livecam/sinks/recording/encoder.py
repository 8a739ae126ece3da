"""The encoder: pictures in, packets out; and the choice of the first one that works here."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import av
import numpy as np

from livecam.core.formatting import reason_of
from livecam.core.types import BgrImage
from livecam.errors import SinkError
from livecam.pipeline.picture_buffers import PictureBuffers
from livecam.sinks.recording.call_thread import CallThread, SilentError, TimeLimit
from livecam.sinks.recording.encoder_catalogue import (
    ENCODERS,
    EncoderRequest,
    EncoderSpec,
    options_of,
)
from livecam.sinks.recording.pixel_format import tag_colours, video_frame
from livecam.sinks.recording.thread_priority import ordinary_priority
from livecam.sinks.recording.timestamps import seconds_of
from livecam.sinks.recording.watched_encoder import CLIP_LIMIT_S, OPENING_LIMIT_S, WatchedEncoder

KEY_FRAME_INTERVAL_S = 1.0
FIRST_KEY_FRAME_INTERVAL_S = 0.25
GLOBAL_HEADER = 1 << 22  # AV_CODEC_FLAG_GLOBAL_HEADER
_FRAME_DURATION = 1 << 8  # AV_CODEC_FLAG_FRAME_DURATION
_PROBE_SIDE_PX = 256  # smaller is refused by some hardware for its size alone


class NullOutput:
    """A file object that discards everything: packets are taken from the encoder, not from it."""

    def write(self, data: bytes) -> int:
        """Discard the bytes."""
        return len(data)


class Encoder:
    """One encoder of FFmpeg, open for pictures of one size."""

    def __init__(
        self,
        spec: EncoderSpec,
        request: EncoderRequest,
        size_px: tuple[int, int],
        time_base: Fraction,
    ) -> None:
        """Open it.

        Args:
            spec: the encoder.
            request: quality, rate and whether the source is live.
            size_px: width and height, both even.
            time_base: the unit of time stamps, in seconds.

        Raises:
            av.error.FFmpegError, OSError, ValueError: this encoder does not work here.
        """
        self.spec, self._time_base, self._buffers = spec, time_base, PictureBuffers()
        self._key_frame_s, self._key_frames = float("-inf"), 0
        # PyAV makes a file's streams from other streams only: hence a container without a file.
        self._container = av.open(NullOutput(), "w", format="null")
        rate = Fraction(min(max(request.rate or 30.0, 1.0), 1000.0)).limit_denominator(1001)
        # Any: PyAV's types know only streams whose codec's name is a literal.
        self.stream: Any = self._container.add_stream(spec.name, rate=rate)
        stream: Any = self.stream
        context = stream.codec_context
        stream.width, stream.height = size_px
        stream.pix_fmt = spec.pixel_format
        stream.time_base = context.time_base = time_base
        context.sample_aspect_ratio = Fraction(1)
        context.gop_size = max(1, round(rate * KEY_FRAME_INTERVAL_S))
        context.options = options_of(spec, request)
        if spec.pixel_format != "bgr0":
            # No B-frames: a fragmented MP4 would begin with their delay instead of at 0, and a
            # killed program would lose those still waiting in the encoder.
            context.max_b_frames = 0
            tag_colours(context)
        context.flags |= GLOBAL_HEADER | _FRAME_DURATION
        os.environ.setdefault("SVT_LOG", "1")  # SVT-AV1 would print its settings; errors only
        with ordinary_priority():
            self._container.start_encoding()

    def encode(self, bgr: BgrImage, pts: int, duration: int) -> "list[av.Packet[Any]]":
        """Encode one picture and return the packets that are ready.

        Args:
            bgr: uint8 [height, width, 3].
            pts: its time stamp, larger than the one before, in units of the time base.
            duration: how long it lasts, in the same units.
        """
        frame = video_frame(bgr, self.spec.pixel_format, self._buffers)
        frame.time_base, frame.pts, frame.duration = self._time_base, pts, duration
        at_s = seconds_of(pts, self._time_base)
        is_second = self._key_frames == 1
        interval_s = FIRST_KEY_FRAME_INTERVAL_S if is_second else KEY_FRAME_INTERVAL_S
        if at_s - self._key_frame_s >= interval_s:
            frame.pict_type = av.video.frame.PictureType.I
            self._key_frame_s, self._key_frames = at_s, self._key_frames + 1
        return list(self.stream.encode(frame))

    def force_key_frame(self) -> None:
        """Make the next picture a key frame, as the first one of a file must be."""
        self._key_frame_s, self._key_frames = float("-inf"), 0

    def flush(self) -> "Iterator[av.Packet[Any]]":
        """The packets that the encoder still holds, one by one; it takes no pictures afterwards."""
        return self.stream.codec_context.encode_lazy(None)  # type: ignore[no-any-return]

    def close(self) -> None:
        """Free the encoder."""
        self._container.close()


class EncoderUnusableError(Exception):
    """A hardware encoder does not work on this machine."""


def open_encoder(
    request: EncoderRequest,
    size_px: tuple[int, int],
    time_base: Fraction,
    report: Callable[[str], None] = lambda _: None,
    time_limit: TimeLimit = TimeLimit(CLIP_LIMIT_S),  # noqa: B008  (frozen)
) -> WatchedEncoder:
    """The first encoder of the codec that works.

    `report` gets one line: which one it is, and why not those before it. `time_limit` is for its
    calls; for its opening there is a limit of its own.

    Raises:
        SinkError: none works.
    """
    problems: list[str] = []
    opening = replace(time_limit, limit_s=OPENING_LIMIT_S)
    for spec in ENCODERS[request.codec]:
        thread = CallThread()
        try:
            encoder = thread.call(partial(_opened, spec, request, size_px, time_base), opening)
        except SilentError as error:
            problem = _hardware_problems[spec.name, spec.quality_option] = str(error)
        except (EncoderUnusableError, av.error.FFmpegError, OSError, ValueError) as error:
            problem = reason_of(error)
        else:
            report(f"encoder: {spec.name}{_not_those(problems)}")
            return WatchedEncoder(encoder, thread, time_limit)
        thread.close()
        line = f"{spec.name}: {problem}"
        if line not in problems:  # an encoder may be listed with two sets of options
            problems.append(line)
    raise SinkError(f"no encoder for {request.codec} works here ({'; '.join(problems)}).")


def _opened(
    spec: EncoderSpec, request: EncoderRequest, size_px: tuple[int, int], time_base: Fraction
) -> Encoder:
    problem = hardware_problem(spec) if spec.is_hardware else None
    if problem is not None:
        raise EncoderUnusableError(problem)
    return Encoder(spec, request, size_px, time_base)


def _not_those(problems: Sequence[str]) -> str:
    return f" (not {'; '.join(problems)})" if problems else ""


def working_encoders() -> dict[str, str]:
    """For each codec the encoder that `open_encoder` takes; codecs without one are left out."""
    found = {}
    for codec, specs in ENCODERS.items():
        for spec in specs:
            is_listed = spec.name in av.codecs_available
            if is_listed and not (spec.is_hardware and _problem_in_time(spec)):
                found[codec] = spec.name
                break
    return found


def _problem_in_time(spec: EncoderSpec) -> str | None:
    """The same as `hardware_problem`, also where a driver never answers."""
    thread = CallThread()
    try:
        return thread.call(lambda: hardware_problem(spec), TimeLimit(OPENING_LIMIT_S))
    except SilentError as error:
        return str(error)
    finally:
        thread.close()


_hardware_problems: dict[tuple[str, str], str | None] = {}


def hardware_problem(spec: EncoderSpec) -> str | None:
    """Why a hardware encoder does not work here, None where it does; tried once a process."""
    key = spec.name, spec.quality_option
    if key not in _hardware_problems:
        _hardware_problems[key] = _probe(spec)
    return _hardware_problems[key]


def _probe(spec: EncoderSpec) -> str | None:
    """Encode four black pictures; the reason where that fails."""
    side = _PROBE_SIDE_PX
    try:
        encoder = Encoder(spec, EncoderRequest(), (side, side), Fraction(1, 90_000))
        picture = BgrImage(np.zeros((side, side, 3), np.uint8))
        packets = [p for n in range(4) for p in encoder.encode(picture, n * 3000, 3000)]
        packets += encoder.flush()
        encoder.close()
    except av.codec.codec.UnknownCodecError:
        return "not in this PyAV"
    except (av.error.FFmpegError, OSError, ValueError) as error:
        return reason_of(error)
    return None if packets else "it gives no packets"
