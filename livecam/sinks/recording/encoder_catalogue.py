"""FFmpeg's encoders for each codec, in the order in which they are tried, and their options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from livecam.errors import SettingsError

QUALITIES = ("small", "good", "best")
QualityValues = tuple[str, str, str]
"""Values of an encoder's quality option for each of QUALITIES."""

_LAMBDA = 118  # FF_QP2LAMBDA: a global_quality of this value is a -q:v of 1


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """One encoder of FFmpeg, and its options for constant quality with little delay.

    Attributes:
        name: FFmpeg's name of the encoder.
        quality_option: the option that sets the quality.
        quality_values: its values for small, good and best.
        options: all other options that never change.
        pixel_format: FFmpeg's name of the pixel format that it takes.
        is_hardware: whether it may be listed and yet not work on this machine.
    """

    name: str
    quality_option: str
    quality_values: QualityValues
    options: Mapping[str, str] = field(default_factory=dict)
    pixel_format: str = "yuv420p"
    is_hardware: bool = True


@dataclass(frozen=True, slots=True)
class EncoderRequest:
    """What an encoder is wanted for.

    Attributes:
        codec: a key of ENCODERS.
        quality: one of QUALITIES.
        rate: nominal frames per second of the source, None where unknown.
        live: no frame may wait in the encoder, because a killed program would lose it.
        is_steady: frames come exactly at this rate; else one waits until the next one says how long
            it lasts.
    """

    codec: str = "h264"
    quality: str = "good"
    rate: float | None = None
    live: bool = True
    is_steady: bool = False


def _nvenc(codec: str, values: QualityValues) -> EncoderSpec:
    options = {"preset": "p4", "tune": "ll", "rc": "vbr", "b": "0", "delay": "0"}
    return EncoderSpec(f"{codec}_nvenc", "cq", values, {**options, "forced-idr": "1"})


def _qsv(codec: str, values: QualityValues) -> EncoderSpec:
    options = {"preset": "faster", "async_depth": "1", "forced_idr": "1"}
    return EncoderSpec(f"{codec}_qsv", "global_quality", values, options, "nv12")


def _videotoolbox(codec: str) -> tuple[EncoderSpec, EncoderSpec]:
    """Apple's, with constant quality, which only Apple Silicon has, else with a bit rate.

    Source: FFmpeg's videotoolboxenc.c; its command line turns -q:v into the same two options.
    """
    name, small, good, best = f"{codec}_videotoolbox", 45, 65, 80  # of 100
    values = (str(small * _LAMBDA), str(good * _LAMBDA), str(best * _LAMBDA))
    by_quality = {"realtime": "1", "flags": "+qscale"}
    return (
        EncoderSpec(name, "global_quality", values, by_quality, "nv12"),
        EncoderSpec(name, "b", ("3M", "8M", "20M"), {"realtime": "1"}, "nv12"),
    )


_FAST_X265 = {"preset": "ultrafast"}

ENCODERS: Mapping[str, Sequence[EncoderSpec]] = {
    "h264": (
        _nvenc("h264", ("32", "24", "18")),
        _qsv("h264", ("30", "23", "17")),
        *_videotoolbox("h264"),
        EncoderSpec("libx264", "crf", ("27", "20", "15"), {}, is_hardware=False),
    ),
    "hevc": (
        _nvenc("hevc", ("34", "27", "20")),
        _qsv("hevc", ("32", "25", "19")),
        *_videotoolbox("hevc"),
        EncoderSpec("libx265", "crf", ("30", "23", "18"), _FAST_X265, is_hardware=False),
    ),
    "av1": (
        _nvenc("av1", ("40", "32", "24")),
        _qsv("av1", ("38", "30", "22")),
        EncoderSpec("libsvtav1", "crf", ("42", "32", "22"), {}, is_hardware=False),
    ),
    "ffv1": (EncoderSpec("ffv1", "level", ("3", "3", "3"), {}, "bgr0", is_hardware=False),),
}


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """Which pictures the encoder of a codec takes that runs everywhere, in pixels.

    Hardware takes less; where it refuses, the next encoder is tried.

    Attributes:
        smallest: either side at least.
        widest: width at most.
        highest: height at most.
        long: where a side is longer than this,
        beside_long: the other one is at least this.
    """

    smallest: int
    widest: int
    highest: int
    long: int
    beside_long: int


# Found with PyAV 18.1. MP4 has 16 bits for a side. x265 fails above 4222 pixels for sides below
# 32; SVT-AV1 4.1 never answers where one side is below 28 and the other above 64.
SIZE_LIMITS: Mapping[str, SizeLimits] = {
    "h264": SizeLimits(2, 16_384, 16_384, 16_384, 2),
    "hevc": SizeLimits(16, 65_534, 65_534, 4_222, 32),
    "av1": SizeLimits(4, 16_384, 8_704, 64, 28),
    "ffv1": SizeLimits(2, 65_534, 65_534, 65_534, 2),
}

MOST_PIXELS = 1 << 28
"""FFmpeg takes no larger pictures, 128 pixels being added to each side."""


def check_size(codec: str, size_px: tuple[int, int], name: str) -> None:
    """Raise SettingsError where a codec cannot take pictures of this (even) size.

    `name` is the recording's, as far as it is known.
    """
    problem = size_problem(codec, size_px)
    if problem:
        raise SettingsError(f"{name} cannot be recorded: {problem}")


def size_problem(codec: str, size_px: tuple[int, int]) -> str:
    """Why a codec cannot take pictures of this (even) size, and which can; "" where it can."""
    limits, (width, height) = SIZE_LIMITS[codec], size_px
    if _takes(limits, width, height):
        return ""
    others = [name for name in SIZE_LIMITS if _takes(SIZE_LIMITS[name], width, height)]
    way_out = f"try --codec {others[0]}" if others else "make them smaller"
    if others == ["ffv1"]:
        way_out += " and a name that ends in .mkv"
    if width > limits.widest or height > limits.highest:
        bound = f"{limits.widest} x {limits.highest} at most"
    elif min(width, height) < limits.smallest:
        bound = f"{limits.smallest} x {limits.smallest} at least"
    elif (width + 128) * (height + 128) >= MOST_PIXELS:
        bound = f"{MOST_PIXELS // 1_000_000} million pixels at most"
    else:
        bound = f"{limits.beside_long} at least beside a side of more than {limits.long}"
    return f"pictures of {width} x {height} pixels, and {codec} takes {bound}. You could {way_out}."


def _takes(limits: SizeLimits, width: int, height: int) -> bool:
    short, long = sorted((width, height))
    return (
        limits.smallest <= short
        and width <= limits.widest
        and height <= limits.highest
        and (long <= limits.long or short >= limits.beside_long)
        and (width + 128) * (height + 128) < MOST_PIXELS
    )


def options_of(spec: EncoderSpec, request: EncoderRequest) -> dict[str, str]:
    """All options of an encoder for a request, as FFmpeg takes them."""
    quality = spec.quality_values[QUALITIES.index(request.quality)]
    options = {**spec.options, spec.quality_option: quality}
    if spec.name.startswith("h264") or spec.name == "libx264":
        options["profile"] = "high"
    # Look-ahead makes files smaller, and keeps as many frames from the disk: a quarter of a
    # second of a clip may wait there, nothing of a camera.
    lookahead = 0 if request.live else min(10, int((request.rate or 30.0) / 4))
    if spec.name == "libx264":
        # Beside a camera's loop a third less work is worth a file that is an eighth larger.
        options["preset"] = "superfast" if request.live else "veryfast"
        # Slice threads share one picture; frame threads would each hold one back.
        threads = "sync-lookahead=0" if lookahead else "sliced-threads=1:sync-lookahead=0"
        steady = ":force-cfr=1" if request.is_steady else ""
        options["x264-params"] = f"rc-lookahead={lookahead}:scenecut=0:{threads}{steady}"
    elif spec.name == "libx265":
        # With B-frames, x265 4.2 gives recordings of one or two pictures decoding times from memory
        # that was never written to: MP4 has no room for some of them, and refuses the picture.
        fixed = "log-level=none:frame-threads=1:bframes=0"
        options["x265-params"] = f"rc-lookahead={lookahead}:{fixed}"
        # FFmpeg's option: among the parameters of x265 it is unknown, and passed over.
        options["forced-idr"] = "1"
    elif spec.name == "libsvtav1":
        # SVT-AV1 4.1 stands still for ever in about 1 of 400 short recordings (on a busy machine
        # of 2 cores), without its real-time mode and with more than one thread a stage; in this
        # way in none of 5000.
        options["preset"] = "12" if request.live else "11"
        options["svtav1-params"] = "pred-struct=1:lookahead=0:scd=0:rtc=1:lp=1"
    return options
