"""The encoders: which there are, which of them works here, and pictures into packets."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av
import numpy as np

from livecam.core.formatting import reason_of
from livecam.core.types import BgrImage
from livecam.errors import SinkError
from livecam.sinks.recording.pixel_format import tag_colours, video_frame
from livecam.sinks.recording.thread_priority import ordinary_priority

FIRST_GROUP_S = 0.25
GROUP_S = 1.0
GLOBAL_HEADER = 1 << 22  # AV_CODEC_FLAGGLOBAL_HEADER
_FRAME_DURATION = 1 << 8  # AV_CODEC_FLAG_FRAME_DURATION
_LAMBDA = 118  # FF_QP2LAMBDA: a global_quality of so much is a -q:v of 1
_PROBE_SIDE_PX = 256  # smaller is refused by some hardware for its size alone

Levels = tuple[str, str, str]  # of quality: small, good, best
QUALITIES = ("small", "good", "best")


@dataclass(frozen=True, slots=True)
class Choice:
    """One encoder of FFmpeg, and how it is asked for constant quality with little delay.

    Attributes:
        name: what FFmpeg calls it.
        knob: the option that sets the quality.
        levels: its values for small, good and best.
        options: everything else.
        pixel_format: what it takes.
        in_hardware: whether it has to be tried before it is believed.
    """

    name: str
    knob: str
    levels: Levels
    options: Mapping[str, str] = field(default_factory=dict)
    pixel_format: str = "yuv420p"
    in_hardware: bool = True


def _nvenc(codec: str, levels: Levels) -> Choice:
    options = {"preset": "p4", "tune": "ll", "rc": "vbr", "b": "0", "delay": "0"}
    return Choice(f"{codec}_nvenc", "cq", levels, {**options, "forced-idr": "1"})


def _qsv(codec: str, levels: Levels) -> Choice:
    options = {"preset": "faster", "async_depth": "1", "forced_idr": "1"}
    return Choice(f"{codec}_qsv", "global_quality", levels, options, "nv12")


def _toolbox(codec: str) -> tuple[Choice, Choice]:
    """Apple's, by quality, which only Apple Silicon knows, else by bits a second.

    Source: FFmpeg's videotoolboxenc.c; its command line turns -q:v into the same two options.
    """
    name, small, good, best = f"{codec}_videotoolbox", 45, 65, 80  # of 100
    levels = (str(small * _LAMBDA), str(good * _LAMBDA), str(best * _LAMBDA))
    by_quality = {"realtime": "1", "flags": "+qscale"}
    return (
        Choice(name, "global_quality", levels, by_quality, "nv12"),
        Choice(name, "b", ("3M", "8M", "20M"), {"realtime": "1"}, "nv12"),
    )


CHOICES: Mapping[str, Sequence[Choice]] = {
    "h264": (
        _nvenc("h264", ("32", "24", "18")),
        _qsv("h264", ("30", "23", "17")),
        *_toolbox("h264"),
        Choice("libx264", "crf", ("27", "20", "15"), {}, in_hardware=False),
    ),
    "hevc": (
        _nvenc("hevc", ("34", "27", "20")),
        _qsv("hevc", ("32", "25", "19")),
        *_toolbox("hevc"),
        Choice("libx265", "crf", ("30", "23", "18"), {"preset": "ultrafast"}, in_hardware=False),
    ),
    "av1": (
        _nvenc("av1", ("40", "32", "24")),
        _qsv("av1", ("38", "30", "22")),
        Choice("libsvtav1", "crf", ("42", "32", "22"), {"preset": "11"}, in_hardware=False),
    ),
    "ffv1": (Choice("ffv1", "level", ("3", "3", "3"), {}, "bgr0", in_hardware=False),),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for, and what the source is like.

    Attributes:
        codec: a key of CHOICES.
        quality: one of QUALITIES.
        rate: nominal frames per second, None where unknown.
        live: no frame may wait in the encoder, because a killed program would lose it.
    """

    codec: str = "h264"
    quality: str = "good"
    rate: float | None = None
    live: bool = True


class Nowhere:
    """A file that keeps nothing: packets are taken from the encoder, not from here."""

    def write(self, data: bytes) -> int:
        """Forget them."""
        return len(data)


class Encoder:
    """Pictures in, packets out. One size, one encoder of FFmpeg."""

    def __init__(
        self, choice: Choice, wish: Wish, size_px: tuple[int, int], tick: Fraction
    ) -> None:
        """Open it.

        Raises:
            av.error.FFmpegError, OSError, ValueError: this encoder does not work here.
        """
        self.choice, self._tick = choice, tick
        self._key_at_s, self._keys = float("-inf"), 0
        # A container that goes nowhere: PyAV makes streams for files from streams only.
        self._container = av.open(Nowhere(), "w", format="null")
        rate = Fraction(min(max(wish.rate or 30.0, 1.0), 1000.0)).limit_denominator(1001)
        # Any: the types know nothing of streams whose codec's name is not written out here.
        self.stream: Any = self._container.add_stream(choice.name, rate=rate)
        stream: Any = self.stream
        context = stream.codec_context
        stream.width, stream.height = size_px
        stream.pix_fmt = choice.pixel_format
        stream.time_base = context.time_base = tick
        context.sample_aspect_ratio = Fraction(1)
        context.gop_size = max(1, round(rate * GROUP_S))
        context.options = _options(choice, wish)
        if choice.pixel_format != "bgr0":
            # No B-frames: a fragmented MP4 would begin with their delay instead of at 0, and a
            # killed program would lose those still waiting in the encoder.
            context.max_b_frames = 0
            tag_colours(context)
        context.flags |= GLOBAL_HEADER | _FRAME_DURATION
        os.environ.setdefault("SVT_LOG", "1")  # SVT-AV1 would tell its settings; errors only
        with ordinary_priority():
            self._container.start_encoding()

    def encode(self, bgr: BgrImage, stamp: int, duration: int) -> "list[av.Packet[Any]]":
        """Packets that are ready after one more picture; stamps in ticks, rising."""
        frame = video_frame(bgr, self.choice.pixel_format)
        frame.time_base, frame.pts, frame.duration = self._tick, stamp, duration
        at_s = float(stamp * self._tick)
        if at_s - self._key_at_s >= (FIRST_GROUP_S if self._keys == 1 else GROUP_S):
            frame.pict_type = av.video.frame.PictureType.I
            self._key_at_s, self._keys = at_s, self._keys + 1
        return list(self.stream.encode(frame))

    def want_key(self) -> None:
        """Let the next picture stand for itself, as the first of a file must."""
        self._key_at_s, self._keys = float("-inf"), 0

    def flush(self) -> "list[av.Packet[Any]]":
        """The packets that the encoder still holds; it takes no pictures afterwards."""
        return list(self.stream.encode(None))

    def close(self) -> None:
        """Let it go."""
        self._container.close()


def _options(choice: Choice, wish: Wish) -> dict[str, str]:
    options = {**choice.options, choice.knob: choice.levels[QUALITIES.index(wish.quality)]}
    if choice.name.startswith("h264") or choice.name == "libx264":
        options["profile"] = "high"
    # A look ahead makes files smaller, and keeps as many frames from the disk: a quarter of a
    # second of a clip may wait there, nothing of a camera.
    ahead = 0 if wish.live else min(10, int((wish.rate or 30.0) / 4))
    if choice.name == "libx264":
        # Beside a camera's loop a third less work is worth a file that is an eighth larger.
        options["preset"] = "superfast" if wish.live else "veryfast"
        # Threads that share a picture, not those that take one each and keep it.
        threads = "sliced-threads=1:sync-lookahead=0" if not ahead else "sync-lookahead=0"
        options["x264-params"] = f"rc-lookahead={ahead}:scenecut=0:{threads}"
    elif choice.name == "libx265":
        quiet = "log-level=none:frame-threads=1:bframes=0:forced-idr=1"
        options["x265-params"] = f"rc-lookahead={ahead}:{quiet}"
    elif choice.name == "libsvtav1":
        options["svtav1-params"] = f"pred-struct=1:lookahead={ahead}:scd=0"
    return options


_works: dict[tuple[str, str], str | None] = {}


def problem_of(choice: Choice) -> str | None:
    """Why an encoder in hardware does not work here, None where it does; tried once."""
    key = choice.name, choice.knob
    if key not in _works:
        _works[key] = _tried(choice)
    return _works[key]


def working_encoders() -> dict[str, str]:
    """For each codec the encoder that would be taken; codecs without one are left out."""
    found = {}
    for codec, choices in CHOICES.items():
        for choice in choices:
            there = choice.name in av.codecs_available
            if there and not (choice.in_hardware and problem_of(choice)):
                found[codec] = choice.name
                break
    return found


def _tried(choice: Choice) -> str | None:
    side = _PROBE_SIDE_PX
    try:
        encoder = Encoder(choice, Wish(), (side, side), Fraction(1, 90_000))
        picture = BgrImage(np.zeros((side, side, 3), np.uint8))
        packets = [p for n in range(4) for p in encoder.encode(picture, n * 3000, 3000)]
        packets += encoder.flush()
        encoder.close()
    except av.codec.codec.UnknownCodecError:
        return "not in this PyAV"
    except (av.error.FFmpegError, OSError, ValueError) as error:
        return reason_of(error)
    return None if packets else "it gives no packets"


def open_encoder(
    wish: Wish,
    size_px: tuple[int, int],
    tick: Fraction,
    report: Callable[[str], None] = lambda _: None,
) -> Encoder:
    """The first encoder of the codec that works; `report` hears which, and why not the others.

    Raises:
        SinkError: none does.
    """
    problems: list[str] = []
    for choice in CHOICES[wish.codec]:
        problem = problem_of(choice) if choice.in_hardware else None
        if problem is None:
            try:
                encoder = Encoder(choice, wish, size_px, tick)
            except (av.error.FFmpegError, OSError, ValueError) as error:
                problem = reason_of(error)
            else:
                report(f"encoder: {choice.name}{_because(problems)}")
                return encoder
        told = f"{choice.name}: {problem}"
        if told not in problems:  # one encoder may be asked in two ways
            problems.append(told)
    raise SinkError(f"no encoder for {wish.codec} works here ({'; '.join(problems)}).")


def _because(problems: Sequence[str]) -> str:
    return f" (not {'; '.join(problems)})" if problems else ""
