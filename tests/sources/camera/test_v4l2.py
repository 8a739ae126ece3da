"""Modes of cameras on Linux, asked of a kernel that a test plays."""

import errno
import struct

import pytest

from livecam.sources.camera import v4l2
from livecam.sources.camera.v4l2 import Mode, query_modes, read_modes

MJPG, YUYV = (int.from_bytes(name, "little") for name in (b"MJPG", b"YUYV"))
FORMATS = [MJPG, YUYV]
SIZES = {MJPG: [(1280, 720), (640, 480)], YUYV: [(640, 480)]}
INTERVALS = {
    (MJPG, 1280, 720): [(1, 30), (1, 15)],
    (MJPG, 640, 480): [(1, 30), (1001, 60000)],
    (YUYV, 640, 480): [],
}


def kernel(device, request, buffer):
    """Answers as a driver does, by the layout of linux/videodev2.h."""
    assert device == 7
    index = struct.unpack_from("=I", buffer)[0]
    try:
        if request == 0xC0405602:  # VIDIOC_ENUM_FMT
            assert struct.unpack_from("=I", buffer, 4)[0] == 1
            struct.pack_into("=I", buffer, 44, FORMATS[index])
        elif request == 0xC02C564A:  # VIDIOC_ENUM_FRAMESIZES
            pixel_format = struct.unpack_from("=I", buffer, 4)[0]
            struct.pack_into("=3I", buffer, 8, 1, *SIZES[pixel_format][index])
        elif request == 0xC034564B:  # VIDIOC_ENUM_FRAMEINTERVALS
            key = struct.unpack_from("=3I", buffer, 4)
            struct.pack_into("=3I", buffer, 16, 1, *INTERVALS[key][index])
        else:
            raise OSError(errno.ENOTTY, "what?")
    except IndexError:
        raise OSError(errno.EINVAL, "no more") from None


def test_formats_sizes_and_rates_fastest_first():
    assert list(read_modes(7, kernel)) == [
        Mode("MJPG", 1280, 720, (30.0, 15.0)),
        Mode("MJPG", 640, 480, (59.94, 30.0)),
        Mode("YUYV", 640, 480, ()),
    ]


def test_sizes_in_steps_are_told_by_the_smallest_and_the_largest():
    def stepwise(device, request, buffer):
        if request == v4l2.ENUM_FORMATS:
            kernel(device, request, buffer)
        elif request == v4l2.ENUM_SIZES:
            struct.pack_into("=7I", buffer, 8, 3, 32, 1920, 2, 24, 1080, 2)
        else:
            struct.pack_into("=7I", buffer, 16, 3, 1, 60, 1, 5, 1, 1)

    modes = list(read_modes(7, stepwise))
    assert modes[:2] == [
        Mode("MJPG", 32, 24, (60.0, 5.0)),
        Mode("MJPG", 1920, 1080, (60.0, 5.0)),
    ]


def test_a_driver_that_knows_no_such_question_has_no_modes():
    def deaf(*_):
        raise OSError(errno.ENOTTY, "inappropriate ioctl")

    assert list(read_modes(7, deaf)) == []


@pytest.mark.parametrize("path", ["/dev/no-such-camera", "", "usb#vid"])
def test_where_nobody_can_say_the_modes_are_unknown(path):
    assert query_modes(path) is None


def test_what_is_no_camera_has_no_modes():
    assert not query_modes("/dev/null")
