"""Lists the modes of a camera on Linux through V4L2: pixel formats, sizes and rates.

The one maintained library for this, linuxpy, is under the GPL; three ioctl requests do it.
"""

import errno
import os
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

_CAPTURE = 1  # V4L2_BUF_TYPE_VIDEO_CAPTURE
_DISCRETE = 1  # of both sizes and intervals
_MAX_ENTRIES = 500  # for a driver that never ends its list

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
Enumerate = Callable[[int, Callable[[int], bytes]], Iterator[bytearray]]
"""Takes a request, and what makes its structure for an index; gives the answers."""


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


def query_modes(path: str) -> list[Mode] | None:
    """Every mode of the camera at a path like "/dev/video0"; None where it cannot be asked."""
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
    answers = partial(_answers, device, ioctl)
    for answer in answers(ENUM_FORMATS, lambda i: _FORMAT.pack(i, _CAPTURE, 0, b"", *[0] * 5)):
        pixel_format = _FORMAT.unpack(answer)[4]
        for width, height in _sizes(answers, pixel_format):
            rates = sorted(_rates(answers, pixel_format, width, height), reverse=True)
            name = pixel_format.to_bytes(4, "little").decode("ascii", "replace").strip()
            yield Mode(name, width, height, tuple(rates))


def _sizes(answers: Enumerate, pixel_format: int) -> Iterator[tuple[int, int]]:
    for answer in answers(ENUM_SIZES, lambda i: _SIZE.pack(i, pixel_format, *[0] * 9)):
        _, _, kind, *numbers = _SIZE.unpack(answer)
        if kind == _DISCRETE:
            yield numbers[0], numbers[1]
        else:  # a range of sizes: the smallest and the largest are enough
            yield numbers[0], numbers[3]
            yield numbers[1], numbers[4]
            return


def _rates(answers: Enumerate, pixel_format: int, width: int, height: int) -> Iterator[float]:
    def structure(index: int) -> bytes:
        return _INTERVAL.pack(index, pixel_format, width, height, *[0] * 9)

    for answer in answers(ENUM_INTERVALS, structure):
        _, _, _, _, kind, *numbers = _INTERVAL.unpack(answer)
        pairs = [(numbers[0], numbers[1])]
        if kind != _DISCRETE:  # from the shortest interval to the longest
            pairs.append((numbers[2], numbers[3]))
        for numerator, denominator in pairs:
            if numerator and denominator:
                yield round(denominator / numerator, 3)
        if kind != _DISCRETE:
            return


def _answers(
    device: int, ioctl: Ioctl, request: int, structure: Callable[[int], bytes]
) -> Iterator[bytearray]:
    """The answers to one request with index 0, 1, ... until there are no more."""
    with suppress(OSError):
        for index in range(_MAX_ENTRIES):
            buffer = bytearray(structure(index))
            try:
                ioctl(device, request, buffer)
            except InterruptedError:
                ioctl(device, request, buffer)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
                return
            yield buffer
