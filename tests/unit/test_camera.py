"""The camera, behind a scripted driver: what it is asked for, what is believed, what is advised."""

import subprocess
import sys

import cv2
import numpy as np
import pytest
from support import FakeClock

from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings
from livecam.sources.camera import advice
from livecam.sources.camera.driver import (
    CameraLink,
    CameraOpener,
    camera,
    camera_title,
    fourcc_text,
)
from livecam.sources.camera.advice import advice_for

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="/dev/video is Linux's")

MJPG = float(cv2.VideoWriter.fourcc(*"MJPG"))
YUYV = float(cv2.VideoWriter.fourcc(*"YUYV"))


class Script:
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


def link_of(script, clock=lambda: 50.0, **asked):
    return CameraLink(script, CameraSettings(**asked), clock)


def test_a_number_is_handed_on_as_a_number_and_a_path_as_a_path():
    """With a path OpenCV by itself tries FFmpeg first, which takes neither size nor rate."""
    path = "/dev/video2"
    for text, device in (("2", (2, cv2.CAP_ANY)), (path, (path, cv2.CAP_V4L2))):
        script = Script()
        CameraOpener(text, CameraSettings(), script, FakeClock())()
        assert script.device == device
    assert camera_title("2") == "camera 2"
    assert camera_title("/dev/video2") == "/dev/video2"
    assert camera_title("/dev/video2", "Logitech") == "Logitech"


@pytest.mark.parametrize(
    "backend", ["any", "v4l2", "gstreamer", "msmf", "dshow", "avfoundation", "ffmpeg"]
)
def test_every_back_end_of_the_settings_exists_in_opencv(backend):
    script = Script()
    CameraOpener("0", CameraSettings(backend=backend), script, FakeClock())()
    assert script.device == (0, getattr(cv2, f"CAP_{backend.upper()}"))


def test_nothing_is_asked_where_nothing_was_named():
    script = Script()
    link_of(script)
    assert script.asked == []


def test_the_format_comes_first_then_the_size_then_the_rate():
    script = Script()
    link_of(script, size="1280x720", rate=30.0, fourcc="yuyv")
    assert script.asked == [
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
    script = Script([good()])
    CameraOpener("0", CameraSettings(**asked), script, FakeClock())()
    assert ((cv2.CAP_PROP_FOURCC, MJPG) in script.asked) == helps


def test_the_picture_that_tells_that_compression_works_is_not_lost():
    script = Script([good(32), good(64)])
    link = CameraOpener("0", CameraSettings(rate=60.0), script, FakeClock())()
    assert [link.read().bgr().shape[1] for _ in range(2)] == [32, 64]
    assert script.releases == 0


def test_a_camera_that_promises_compressed_pictures_and_gives_none_is_asked_for_plain_ones():
    silent, plain = Script(), Script([good()])
    scripts = iter([silent, plain])
    asked = CameraSettings(size="1280x720")
    link = CameraOpener("0", asked, lambda *_: next(scripts), FakeClock())()
    assert link.read() is not None
    assert silent.releases == 1
    assert (cv2.CAP_PROP_FOURCC, MJPG) not in plain.asked
    assert (cv2.CAP_PROP_FRAME_WIDTH, 1280.0) in plain.asked
    assert link.told.endswith("MJPG gave nothing")


class Slow(Script):
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
    scripts = iter([slow, Script([good()])])
    CameraOpener("0", CameraSettings(rate=60.0), lambda *_: next(scripts), clock)()
    assert slow.reads == 1


def test_compressed_pictures_that_never_came_are_not_asked_for_again():
    scripts = [Script(), Script([good()]), Script([good()])]
    left = iter(scripts)
    opener = CameraOpener("0", CameraSettings(rate=60.0), lambda *_: next(left), FakeClock())
    for _ in range(2):
        assert opener().read() is not None
    assert [(cv2.CAP_PROP_FOURCC, MJPG) in s.asked for s in scripts] == [True, False, False]


def test_compressed_pictures_that_came_before_are_asked_for_again():
    scripts = [Script([good()]), Script(), Script(opened=False), Script([good()])]
    left = iter(scripts)
    opener = CameraOpener("0", CameraSettings(rate=60.0), lambda *_: next(left), FakeClock())
    opener()
    with pytest.raises(SourceError):  # it was unplugged while it was being opened
        opener()
    opener()
    assert (cv2.CAP_PROP_FOURCC, MJPG) in scripts[-1].asked


@pytest.mark.parametrize(
    ("backend", "manual", "auto"), [("V4L2", 1.0, 3.0), ("DSHOW", 0.25, 0.75), ("MSMF", 0.0, 1.0)]
)
def test_exposure_by_hand_and_automatic_in_the_back_ends_own_figures(backend, manual, auto):
    script = Script(backend=backend)
    link_of(script, exposure=-6.0)
    assert script.asked == [(cv2.CAP_PROP_AUTO_EXPOSURE, manual), (cv2.CAP_PROP_EXPOSURE, -6.0)]
    script = Script(backend=backend)
    link_of(script, exposure="auto")
    assert script.asked == [(cv2.CAP_PROP_AUTO_EXPOSURE, auto)]


def test_the_frame_is_believed_and_not_the_reply():
    claims = {
        cv2.CAP_PROP_FRAME_WIDTH: 1920.0, cv2.CAP_PROP_FRAME_HEIGHT: 1080.0,
        cv2.CAP_PROP_FPS: 15.0, cv2.CAP_PROP_FOURCC: YUYV,
    }  # fmt: skip
    link = link_of(
        Script([good(640, 480)], gives=claims), size="1920x1080", rate=30.0, fourcc="MJPG"
    )
    link.read()
    assert link.told == (
        "640x480 instead of 1920x1080, YUYV instead of MJPG, 15 instead of 30 fps promised"
    )


def test_who_got_what_was_asked_for_is_told_so_in_short():
    gives = {cv2.CAP_PROP_FPS: 30.0, cv2.CAP_PROP_FOURCC: MJPG}
    link = link_of(Script([good(1280, 720)], gives=gives), size="1280x720", rate=30.0)
    link.read()
    assert link.told == "1280x720, MJPG, 30 fps promised"


@pytest.mark.parametrize(
    ("claimed", "rate"), [(25.0, 25.0), (0.0, None), (-1.0, None), (90000.0, None)]
)
def test_the_rate_is_what_the_camera_claims_or_unknown(claimed, rate):
    assert link_of(Script(gives={cv2.CAP_PROP_FPS: claimed})).rate == rate


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
    assert link_of(Script([answer])).read() is None


@pytest.mark.parametrize("shape", [(6, 8), (6, 8, 1)])
def test_grey_frames_become_three_equal_channels(shape):
    grey = np.arange(48, dtype=np.uint8).reshape(shape)
    bgr = link_of(Script([(True, grey)])).read().bgr()
    assert bgr.shape == (6, 8, 3)
    assert all(np.array_equal(bgr[:, :, c], grey.reshape(6, 8)) for c in range(3))
    assert not bgr.flags.writeable


def test_frames_that_lie_scattered_in_memory_are_gathered():
    wide = np.arange(6 * 16 * 3, dtype=np.uint8).reshape(6, 16, 3)
    bgr = link_of(Script([(True, wide[:, ::2])])).read().bgr()
    assert bgr.flags.c_contiguous
    assert np.array_equal(bgr, wide[:, ::2])


@pytest.mark.parametrize(
    ("stamp_ms", "stamp_s", "captured_s"),
    [(49_960.0, 49.96, 49.96), (0.0, None, None), (3_000.0, 3.0, None), (60_000.0, 60.0, None)],
)
def test_the_drivers_time_stamp_is_believed_where_its_clock_is_ours(stamp_ms, stamp_s, captured_s):
    script = Script([good()], gives={cv2.CAP_PROP_POS_MSEC: stamp_ms})
    grab = link_of(script, clock=lambda: 50.0).read()
    assert grab.stamp_s == stamp_s
    assert grab.captured_s == captured_s


def test_a_driver_without_a_camera_is_let_go_at_once():
    script = Script(opened=False)
    with pytest.raises(SourceError):
        camera("0", driver=script).__enter__()
    assert script.releases == 1


@pytest.fixture
def machine(tmp_path):
    """A root folder with nothing attached."""
    (tmp_path / "dev").mkdir()
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/version").write_text("Linux version 6.1 (gcc)")
    return tmp_path


@linux_only
@pytest.mark.parametrize("device", ["63", "/dev/video63"])
def test_where_no_camera_is_attached_a_way_out_is_shown(device, machine):
    advice = advice_for(device, root=machine)
    assert "there is no /dev/video63 here; no camera is attached" in advice
    assert "livecam daisy" in advice
    assert "livecam demo" in advice


@linux_only
def test_other_cameras_that_are_there_are_named(machine):
    (machine / "dev/video2").touch()
    assert "but there is /dev/video2" in advice_for("0", root=machine)


@linux_only
def test_wsl_and_containers_are_recognised(machine):
    (machine / ".dockerenv").touch()
    assert "--device /dev/video0" in advice_for("0", root=machine)
    (machine / "proc/version").write_text("Linux version 5.15.90.1-microsoft-standard-WSL2")
    assert "usbipd" in advice_for("0", root=machine)


@linux_only
def test_a_missing_permission_is_told_with_the_command_that_gives_it(machine, monkeypatch):
    (machine / "dev/video0").touch()
    monkeypatch.setattr(advice.os, "access", lambda *_: False)
    assert "no permission for /dev/video0. Join the group video: sudo usermod" in advice_for(
        "0", root=machine
    )


@linux_only
def test_who_uses_the_camera_is_named(machine):
    (machine / "dev/video0").touch()
    process = machine / "proc/4711"
    (process / "fd").mkdir(parents=True)
    (process / "comm").write_text("cheese\n")
    (process / "fd/7").symlink_to(machine / "dev/video0")
    assert "cheese (process 4711) is using it" in advice_for("0", root=machine)


@linux_only
def test_who_uses_a_camera_that_was_given_by_a_lasting_name_is_named(machine):
    (machine / "dev/video0").touch()
    (machine / "dev/v4l").mkdir()
    (machine / "dev/v4l/usb-x").symlink_to(machine / "dev/video0")
    process = machine / "proc/4711"
    (process / "fd").mkdir(parents=True)
    (process / "comm").write_text("cheese\n")
    (process / "fd/7").symlink_to(machine / "dev/video0")
    assert "cheese (process 4711)" in advice_for("/dev/v4l/usb-x", root=machine)


@linux_only
def test_the_real_process_table_is_read(tmp_path):
    held = tmp_path / "video0"
    held.touch()
    with held.open("rb") as file:
        command = [sys.executable, "-c", "print(flush=True); input()"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, pass_fds=[file.fileno()], **pipes) as other:
            other.stdout.readline()
            assert any(f"(process {other.pid})" in user for user in advice.using(held))
            other.communicate(b"\n")


@linux_only
def test_a_device_that_is_there_and_allowed_may_be_no_camera(machine):
    (machine / "dev/video0").touch()
    assert "is another program using it, or is /dev/video0 no camera" in advice_for(
        "0", root=machine
    )
    assert "unplug it" in advice_for("0", opened=True, root=machine)


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("darwin", "macOS may just have asked for permission: allow it, then start again"),
        ("win32", "desktop apps"),
    ],
)
def test_the_privacy_settings_are_named(platform, words, monkeypatch):
    monkeypatch.setattr(advice.sys, "platform", platform)
    with pytest.raises(SourceError, match=words) as caught:
        CameraOpener("0", CameraSettings(), Script(opened=False), FakeClock())()
    assert "livecam demo" in str(caught.value)


@linux_only
def test_the_real_driver_says_nothing_on_standard_error(capfd):
    with pytest.raises(SourceError):
        camera("63").__enter__()
    assert capfd.readouterr().err == ""
