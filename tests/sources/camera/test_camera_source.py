"""A camera behind a simulated driver: what is requested of it, and what of its answers is used."""

import sys

import cv2
import numpy as np
import pytest
from support import FakeClock

from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings
from livecam.sources.camera.capture_format import fourcc_text
from livecam.sources.camera.connection import CameraConnection
from livecam.sources.camera.camera_source import CameraConnector, create_camera_source, camera_title

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="/dev/video is Linux's")

MJPG = float(cv2.VideoWriter.fourcc(*"MJPG"))
YUYV = float(cv2.VideoWriter.fourcc(*"YUYV"))


class FakeDriver:
    """A driver that plays a list of answers; what it is asked for is kept, in order."""

    def __init__(self, answers=(), *, opened=True, gives=None, backend="V4L2"):
        self.answers, self.opened, self.backend = list(answers), opened, backend
        self.gives = gives or {}
        self.device, self.releases, self.asked = None, 0, []

    def __call__(self, device, backend):
        self.device = (device, backend)
        return self

    def isOpened(self):  # noqa: N802  (OpenCV's name)
        return self.opened

    def read(self):
        answer = self.answers.pop(0) if self.answers else (False, None)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def get(self, prop):
        return self.gives.get(prop, 0.0)

    def set(self, prop, value):
        self.asked.append((prop, value))
        return True

    def getBackendName(self):  # noqa: N802
        return self.backend

    def release(self):
        self.releases += 1


def good(width=8, height=6):
    return True, np.full((height, width, 3), 90, np.uint8)


def connection_to(driver, clock=lambda: 50.0, **asked):
    return CameraConnection(driver, CameraSettings(**asked), clock)


def test_a_number_is_handed_on_as_a_number_and_a_path_as_a_path():
    """With a path OpenCV by itself tries FFmpeg first, which takes neither size nor rate."""
    path = "/dev/video2"
    for text, device in (("2", (2, cv2.CAP_ANY)), (path, (path, cv2.CAP_V4L2))):
        driver = FakeDriver()
        CameraConnector(text, CameraSettings(), driver, FakeClock())()
        assert driver.device == device
    assert camera_title("2") == "camera 2"
    assert camera_title("/dev/video2") == "/dev/video2"
    assert camera_title("/dev/video2", "Logitech") == "Logitech"


@pytest.mark.parametrize(
    "backend", ["any", "v4l2", "gstreamer", "msmf", "dshow", "avfoundation", "ffmpeg"]
)
def test_every_back_end_of_the_settings_exists_in_opencv(backend):
    driver = FakeDriver()
    CameraConnector("0", CameraSettings(backend=backend), driver, FakeClock())()
    assert driver.device == (0, getattr(cv2, f"CAP_{backend.upper()}"))


def test_nothing_is_asked_where_nothing_was_named():
    driver = FakeDriver()
    connection_to(driver)
    assert driver.asked == []


def test_the_format_comes_first_then_the_size_then_the_rate():
    driver = FakeDriver()
    connection_to(driver, size="1280x720", rate=30.0, fourcc="yuyv")
    assert driver.asked == [
        (cv2.CAP_PROP_FOURCC, YUYV),
        (cv2.CAP_PROP_FRAME_WIDTH, 1280.0),
        (cv2.CAP_PROP_FRAME_HEIGHT, 720.0),
        (cv2.CAP_PROP_FPS, 30.0),
    ]


@pytest.mark.parametrize(
    ("asked", "helps"),
    [
        ({"size": "1280x720"}, True),
        ({"rate": 60.0}, True),
        ({"size": "640x480"}, False),
        ({"size": "640x480", "rate": 30.0}, False),
        ({"size": "1920x1080", "fourcc": "YUYV"}, False),
    ],
)
def test_compressed_pictures_are_asked_for_where_that_helps(asked, helps):
    driver = FakeDriver([good()])
    CameraConnector("0", CameraSettings(**asked), driver, FakeClock())()
    assert ((cv2.CAP_PROP_FOURCC, MJPG) in driver.asked) == helps


def test_the_picture_that_tells_that_compression_works_is_not_lost():
    driver = FakeDriver([good(32), good(64)])
    connection = CameraConnector("0", CameraSettings(rate=60.0), driver, FakeClock())()
    assert [connection.read().convert().shape[1] for _ in range(2)] == [32, 64]
    assert driver.releases == 0


def test_a_camera_that_promises_compressed_pictures_and_gives_none_is_asked_for_plain_ones():
    silent, plain = FakeDriver(), FakeDriver([good()])
    drivers = iter([silent, plain])
    asked = CameraSettings(size="1280x720")
    connection = CameraConnector("0", asked, lambda *_: next(drivers), FakeClock())()
    assert connection.read() is not None
    assert silent.releases == 1
    assert (cv2.CAP_PROP_FOURCC, MJPG) not in plain.asked
    assert (cv2.CAP_PROP_FRAME_WIDTH, 1280.0) in plain.asked
    assert connection.negotiated.endswith("no picture with MJPG")


class Slow(FakeDriver):
    """Each failed read takes as long as V4L2 waits."""

    def __init__(self, clock, seconds):
        super().__init__()
        self.clock, self.seconds, self.reads = clock, seconds, 0

    def read(self):
        self.reads += 1
        self.clock.sleep(self.seconds)
        return False, None


def test_reads_that_take_long_are_not_tried_three_times():
    clock = FakeClock()
    slow = Slow(clock, 2.0)
    drivers = iter([slow, FakeDriver([good()])])
    CameraConnector("0", CameraSettings(rate=60.0), lambda *_: next(drivers), clock)()
    assert slow.reads == 1


def test_compressed_pictures_that_never_came_are_not_asked_for_again():
    drivers = [FakeDriver(), FakeDriver([good()]), FakeDriver([good()])]
    left = iter(drivers)
    connector = CameraConnector("0", CameraSettings(rate=60.0), lambda *_: next(left), FakeClock())
    for _ in range(2):
        assert connector().read() is not None
    assert [(cv2.CAP_PROP_FOURCC, MJPG) in s.asked for s in drivers] == [True, False, False]


def test_compressed_pictures_that_came_before_are_asked_for_again():
    drivers = [FakeDriver([good()]), FakeDriver(), FakeDriver(opened=False), FakeDriver([good()])]
    left = iter(drivers)
    connector = CameraConnector("0", CameraSettings(rate=60.0), lambda *_: next(left), FakeClock())
    connector()
    with pytest.raises(SourceError):  # it was unplugged while it was being opened
        connector()
    connector()
    assert (cv2.CAP_PROP_FOURCC, MJPG) in drivers[-1].asked


@pytest.mark.parametrize(
    ("backend", "manual", "auto"), [("V4L2", 1.0, 3.0), ("DSHOW", 0.25, 0.75), ("MSMF", 0.0, 1.0)]
)
def test_exposure_by_hand_and_automatic_in_the_back_ends_own_figures(backend, manual, auto):
    driver = FakeDriver(backend=backend)
    connection_to(driver, exposure=-6.0)
    assert driver.asked == [(cv2.CAP_PROP_AUTO_EXPOSURE, manual), (cv2.CAP_PROP_EXPOSURE, -6.0)]
    driver = FakeDriver(backend=backend)
    connection_to(driver, exposure="auto")
    assert driver.asked == [(cv2.CAP_PROP_AUTO_EXPOSURE, auto)]


def test_the_frame_is_believed_and_not_the_reply():
    claims = {
        cv2.CAP_PROP_FRAME_WIDTH: 1920.0, cv2.CAP_PROP_FRAME_HEIGHT: 1080.0,
        cv2.CAP_PROP_FPS: 15.0, cv2.CAP_PROP_FOURCC: YUYV,
    }  # fmt: skip
    connection = connection_to(
        FakeDriver([good(640, 480)], gives=claims), size="1920x1080", rate=30.0, fourcc="MJPG"
    )
    connection.read()
    assert connection.negotiated == (
        "640x480 instead of 1920x1080, YUYV instead of MJPG, 15 instead of 30 fps reported"
    )


def test_who_got_what_was_asked_for_is_told_so_in_short():
    gives = {cv2.CAP_PROP_FPS: 30.0, cv2.CAP_PROP_FOURCC: MJPG}
    connection = connection_to(
        FakeDriver([good(1280, 720)], gives=gives), size="1280x720", rate=30.0
    )
    connection.read()
    assert connection.negotiated == "1280x720, MJPG, 30 fps reported"


@pytest.mark.parametrize(
    ("claimed", "rate"), [(25.0, 25.0), (0.0, None), (-1.0, None), (90000.0, None)]
)
def test_the_rate_is_what_the_camera_claims_or_unknown(claimed, rate):
    assert connection_to(FakeDriver(gives={cv2.CAP_PROP_FPS: claimed})).rate == rate


@pytest.mark.parametrize(
    ("value", "text"), [(MJPG, "MJPG"), (0.0, ""), (-1.0, ""), (22.0, ""), (2.0**40, "")]
)
def test_formats_that_back_ends_number_their_own_way_are_not_shown(value, text):
    assert fourcc_text(value) == text


@pytest.mark.parametrize(
    "answer",
    [
        (False, None),
        (True, None),
        (True, np.empty((0, 0, 3), np.uint8)),
        cv2.error("the JPEG of this frame is damaged"),
    ],
)
def test_a_failed_read_is_none_in_whatever_way_it_fails(answer):
    assert connection_to(FakeDriver([answer])).read() is None


@pytest.mark.parametrize("shape", [(6, 8), (6, 8, 1)])
def test_grey_frames_become_three_equal_channels(shape):
    grey = np.arange(48, dtype=np.uint8).reshape(shape)
    bgr = connection_to(FakeDriver([(True, grey)])).read().convert()
    assert bgr.shape == (6, 8, 3)
    assert all(np.array_equal(bgr[:, :, c], grey.reshape(6, 8)) for c in range(3))
    assert not bgr.flags.writeable


def test_frames_that_lie_scattered_in_memory_are_gathered():
    wide = np.arange(6 * 16 * 3, dtype=np.uint8).reshape(6, 16, 3)
    bgr = connection_to(FakeDriver([(True, wide[:, ::2])])).read().convert()
    assert bgr.flags.c_contiguous
    assert np.array_equal(bgr, wide[:, ::2])


@pytest.mark.parametrize(
    ("stamp_ms", "stamp_s", "captured_s"),
    [(49_960.0, 49.96, 49.96), (0.0, None, None), (3_000.0, 3.0, None), (60_000.0, 60.0, None)],
)
def test_the_drivers_time_stamp_is_believed_where_its_clock_is_ours(stamp_ms, stamp_s, captured_s):
    driver = FakeDriver([good()], gives={cv2.CAP_PROP_POS_MSEC: stamp_ms})
    captured = connection_to(driver, clock=lambda: 50.0).read()
    assert captured.timestamp_s == stamp_s
    assert captured.captured_s == captured_s


def test_a_driver_without_a_camera_is_released_at_once():
    driver = FakeDriver(opened=False)
    with pytest.raises(SourceError):
        create_camera_source("0", open_driver=driver).__enter__()
    assert driver.releases == 1


@linux_only
def test_the_real_driver_says_nothing_on_standard_error(capfd):
    with pytest.raises(SourceError):
        create_camera_source("63").__enter__()
    assert capfd.readouterr().err == ""
