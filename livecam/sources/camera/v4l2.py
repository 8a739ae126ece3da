"""The modes of a camera on Linux: formats, sizes and rates, asked of V4L2.

The one kept library for this, linuxpy, is under the GPL; three questions to the kernel do it.
"""

import errno
import os
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

_CAPTURE = 1  # V4L2_BUF_TYPE_VIDEO_CAPTURE
_DISCRETE = 1  # of both sizes and intervals
_LONGEST_LIST = 500  # a driver that never says "no more"

# linux/videodev2.h: the layout of the structures, and the requests with their sizes in them.
_FORMAT = struct.Struct("=3I32s5I")
_SIZE = struct.Struct("=3I6I2I")
_INTERVAL = struct.Struct("=5I6I2I")


def _request(number: int, size: int) -> int:
    """_IOWR('V', number, size) of asm-generic/ioctl.h."""
    return 0xC0000000 | size << 16 | ord("V") << 8 | number


ENUM_FORMATS = _request(2, _FORMAT.size)
ENUM_SIZES = _request(74, _SIZE.size)
ENUM_INTERVALS = _request(75, _INTERVAL.size)

Ioctl = Callable[[int, int, bytearray], object]


@dataclass(frozen=True, slots=True)
class Mode:
    """One size in one format.

    Attributes:
        fourcc: the format, like "MJPG".
        width: pixels.
        height: pixels.
        rates: frames per second, fastest first; () where the camera does not say.
    """

    fourcc: str
    width: int
    height: int
    rates: tuple[float, ...]


def modes_of(path: str) -> list[Mode] | None:
    """Every mode of the camera at a path like "/dev/video0"; None where nobody can say."""
    if sys.platform != "linux" or not path.startswith("/dev/"):
        return None
    from fcntl import ioctl

    try:
        device = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        return list(read_modes(device, ioctl))
    finally:
        os.close(device)


def read_modes(device: int, ioctl: Ioctl) -> Iterator[Mode]:
    """The modes behind a file descriptor."""
    for number in _each(device, ENUM_FORMATS, lambda i: _FORMAT.pack(i, _CAPTURE, 0, b"", *[0] * 5),
                        ioctl):  # fmt: skip
        pixel_format = _FORMAT.unpack(number)[4]
        for width, height in _sizes(device, pixel_format, ioctl):
            rates = sorted(_rates(device, pixel_format, width, height, ioctl), reverse=True)
            name = pixel_format.to_bytes(4, "little").decode("ascii", "replace").strip()
            yield Mode(name, width, height, tuple(rates))


def _sizes(device: int, pixel_format: int, ioctl: Ioctl) -> Iterator[tuple[int, int]]:
    for answer in _each(device, ENUM_SIZES, lambda i: _SIZE.pack(i, pixel_format, *[0] * 9), ioctl):
        _, _, kind, *numbers = _SIZE.unpack(answer)
        if kind == _DISCRETE:
            yield numbers[0], numbers[1]
        else:  # any size in steps: the smallest and the largest say enough
            yield numbers[0], numbers[3]
            yield numbers[1], numbers[4]
            return


def _rates(
    device: int, pixel_format: int, width: int, height: int, ioctl: Ioctl
) -> Iterator[float]:
    for answer in _each(
        device,
        ENUM_INTERVALS,
        lambda i: _INTERVAL.pack(i, pixel_format, width, height, *[0] * 9),
        ioctl,
    ):
        _, _, _, _, kind, *numbers = _INTERVAL.unpack(answer)
        pairs = [(numbers[0], numbers[1])]
        if kind != _DISCRETE:  # from the shortest interval to the longest
            pairs.append((numbers[2], numbers[3]))
        for numerator, denominator in pairs:
            if numerator and denominator:
                yield round(denominator / numerator, 3)
        if kind != _DISCRETE:
            return


def _each(
    device: int, request: int, asked: Callable[[int], bytes], ioctl: Ioctl
) -> Iterator[bytearray]:
    """The answers to one question with index 0, 1, ... until there are no more."""
    with suppress(OSError):
        for index in range(_LONGEST_LIST):
            buffer = bytearray(asked(index))
            try:
                ioctl(device, request, buffer)
            except InterruptedError:
                ioctl(device, request, buffer)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
                return
            yield buffer
