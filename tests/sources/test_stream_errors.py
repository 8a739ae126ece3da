"""Which senders are waited for, and in which words it is told why one did not open."""

import errno

import pytest

import av
from livecam.sources.live.connection import SourceAbsentError
from livecam.sources.stream_errors import not_opened

RTSP, HTTP = "rtsp://anna:s3cret@127.0.0.1/live", "http://anna:s3cret@127.0.0.1/live.mjpg"


def failed(number, text=""):
    return OSError(number, text)


@pytest.mark.parametrize(
    ("address", "error", "reason"),
    [
        (RTSP, failed(errno.ECONNREFUSED, "Connection refused"), "connection refused"),
        (RTSP, failed(errno.EHOSTUNREACH, "No route to host"), "no route to host"),
        (HTTP, failed(errno.ENETUNREACH, "Network is unreachable"), "network is unreachable"),
        (RTSP, failed(errno.EIO, "Input/output error"), "the connection broke"),
        ("rtsp://no-such-camera.invalid/x", failed(errno.EIO), "its name is not found"),
        (RTSP, av.error.ExitError(1, "Exit"), "no answer for 10 s"),
        (HTTP, av.error.HTTPServerError(1, "Server returned 503"), "server returned 503"),
        (RTSP, av.error.HTTPNotFoundError(1, "Server returned 404"), "server returned 404"),
        ("http://h/live.m3u8", av.error.HTTPNotFoundError(1, "404"), "404"),
    ],
)
def test_a_camera_that_may_come_yet_is_waited_for(address, error, reason):
    told = not_opened(address, error, 10.0)
    assert isinstance(told, SourceAbsentError)
    assert told.reason == reason
    assert f"did not open ({reason}): check the address" in str(told)
    assert "s3cret" not in str(told)


@pytest.mark.parametrize(
    ("address", "error"),
    [
        (RTSP, av.error.HTTPUnauthorizedError(1, "401")),
        (RTSP, av.error.HTTPForbiddenError(1, "403")),
        (HTTP, av.error.HTTPNotFoundError(1, "404")),
        (HTTP, av.error.InvalidDataError(1, "Invalid data")),
        (HTTP, ValueError("it has no video")),
        ("http://anna:s3cret@127.0.0.1:port/x", failed(errno.EIO)),
        ("rtsp://anna:s3#cret@127.0.0.1/x", failed(errno.EIO)),
        ("http://[::1/x", failed(errno.EIO)),
    ],
)
def test_what_will_not_be_right_later_ends_at_once(address, error):
    assert not isinstance(not_opened(address, error, 10.0), SourceAbsentError)
