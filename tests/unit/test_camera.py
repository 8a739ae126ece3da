"""The camera, behind a scripted driver: no hardware is needed to know what it does."""

import sys

import cv2
import numpy as np
import pytest
from support import FakeClock

from livecam.errors import SourceError, SourceLostError
from livecam.sources import camera as camera_module
from livecam.sources.camera import Camera

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="/dev/video is Linux's")


class Script:
    """A driver that plays a list of answers, then fails for ever; what it is asked is kept."""

    def __init__(self, answers=(), *, opened=True, rate=30.0):
        self.answers, self.opened, self.rate = list(answers), opened, rate
        self.device, self.reads, self.releases = None, 0, 0

    def __call__(self, device):
        self.device = device
        return self

    def isOpened(self):  # noqa: N802  (OpenCV's name)
        return self.opened

    def read(self):
        self.reads += 1
        answer = self.answers.pop(0) if self.answers else (False, None)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def get(self, prop):
        return self.rate if prop == cv2.CAP_PROP_FPS else 0.0

    def release(self):
        self.releases += 1


def good(value=90):
    return True, np.full((6, 8, 3), value, np.uint8)


BAD = (False, None)


def ticking(step_s=0.04):
    clock = FakeClock(now_s=1000.0)

    def tick():
        clock.sleep(step_s)
        return clock()

    return tick


def frames_until_lost(script, clock=None):
    seen = []
    camera = Camera("0", driver=script, clock=clock or ticking())
    with camera, pytest.raises(SourceLostError) as caught:
        seen.extend(camera)
    return seen, str(caught.value)


def test_a_number_is_handed_on_as_a_number_and_a_path_as_a_path():
    for text, device, title in (
        ("2", 2, "camera 2"),
        ("/dev/video2", "/dev/video2", "/dev/video2"),
    ):
        script = Script()
        with Camera(text, driver=script) as camera:
            assert (script.device, camera.title) == (device, title)


def test_times_are_those_at_which_frames_arrived():
    seen, _ = frames_until_lost(Script([good()] * 4), ticking(0.05))
    assert [f.time_s for f in seen] == pytest.approx([0.0, 0.05, 0.10, 0.15])


def test_a_clock_that_stands_still_keeps_times_strictly_increasing():
    seen, _ = frames_until_lost(Script([good()] * 50), lambda: 5.0)
    times_s = [f.time_s for f in seen]
    assert times_s[0] == 0.0
    assert np.all(np.diff(times_s) > 0)
    assert times_s[-1] < 0.001


def test_a_clock_that_goes_back_keeps_times_strictly_increasing():
    moments = iter([10.0, 10.5, 9.0, 10.4, 11.0])
    seen, _ = frames_until_lost(Script([good()] * 5), lambda: next(moments))
    times_s = [f.time_s for f in seen]
    assert np.all(np.diff(times_s) > 0)
    assert times_s[-1] == pytest.approx(1.0)


def test_single_failed_reads_are_skipped_without_a_gap():
    error = cv2.error("the JPEG of this frame is damaged")
    empty = (True, np.empty((0, 0, 3), np.uint8))
    answers = [BAD, good(1), BAD, BAD, good(2), error, good(3), (True, None), empty, good(4)]
    seen, _ = frames_until_lost(Script(answers))
    assert [(f.index, int(f.bgr[0, 0, 0])) for f in seen] == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_failures_count_as_lost_only_in_a_row():
    almost = [BAD] * (Camera.FAILED_READS - 1)
    seen, _ = frames_until_lost(Script([*almost, good(), *almost, good(), *almost, good()]))
    assert len(seen) == 3


def test_a_camera_that_dies_in_the_middle_is_lost_after_its_last_frame():
    script = Script([good()] * 7)
    seen, message = frames_until_lost(script)
    assert len(seen) == 7
    assert script.reads == 7 + Camera.FAILED_READS
    assert "camera 0 gives no more frames (after 7)" in message
    assert "unplugged" in message


def test_a_camera_that_never_gives_a_frame_is_lost_as_well():
    seen, message = frames_until_lost(Script())
    assert seen == []
    assert "camera 0" in message


@pytest.mark.parametrize("shape", [(6, 8), (6, 8, 1)])
def test_grey_frames_become_three_equal_channels(shape):
    grey = np.arange(48, dtype=np.uint8).reshape(shape)
    seen, _ = frames_until_lost(Script([(True, grey)]))
    assert seen[0].bgr.shape == (6, 8, 3)
    assert all(np.array_equal(seen[0].bgr[:, :, c], grey.reshape(6, 8)) for c in range(3))


def test_frames_that_lie_scattered_in_memory_are_gathered():
    wide = np.arange(6 * 16 * 3, dtype=np.uint8).reshape(6, 16, 3)
    seen, _ = frames_until_lost(Script([(True, wide[:, ::2])]))
    assert seen[0].bgr.flags.c_contiguous
    assert np.array_equal(seen[0].bgr, wide[:, ::2])


@pytest.mark.parametrize(("claimed", "rate"), [(25.0, 25.0), (0.0, None), (-1.0, None)])
def test_the_rate_is_what_the_camera_claims_or_unknown(claimed, rate):
    with Camera("0", driver=Script(rate=claimed)) as camera:
        assert camera.rate == rate


def test_the_camera_is_let_go_once_on_leaving_even_after_an_error():
    script = Script([good()])
    camera = Camera("0", driver=script)
    with pytest.raises(KeyError), camera:
        raise KeyError
    camera.__exit__(None, None, None)
    assert script.releases == 1


def test_a_driver_without_a_camera_is_let_go_at_once():
    script = Script(opened=False)
    with pytest.raises(SourceError):
        Camera("0", driver=script).__enter__()
    assert script.releases == 1


@linux_only
@pytest.mark.parametrize("device", ["63", "/dev/video63"])
def test_a_missing_device_is_named_and_a_way_out_shown(device):
    with pytest.raises(SourceError, match=r"there is no /dev/video63 here.*livecam daisy"):
        Camera(device, driver=Script(opened=False)).__enter__()


@linux_only
def test_a_missing_permission_is_told_with_the_command_that_gives_it(tmp_path, monkeypatch):
    device = tmp_path / "video0"
    device.touch()
    monkeypatch.setattr(camera_module.os, "access", lambda *_: False)
    with pytest.raises(SourceError, match=r"no permission for .*usermod -aG video") as caught:
        Camera(str(device), driver=Script(opened=False)).__enter__()
    assert str(device) in str(caught.value)


@linux_only
def test_a_device_that_is_there_and_allowed_may_be_busy(tmp_path):
    device = tmp_path / "video0"
    device.touch()
    with pytest.raises(SourceError, match="is another program using it"):
        Camera(str(device), driver=Script(opened=False)).__enter__()


def test_on_a_mac_the_privacy_settings_are_named(monkeypatch):
    monkeypatch.setattr(camera_module.sys, "platform", "darwin")
    with pytest.raises(SourceError, match="System Settings, Privacy"):
        Camera("0", driver=Script(opened=False)).__enter__()


@linux_only
def test_the_real_driver_says_nothing_on_standard_error(capfd):
    with pytest.raises(SourceError):
        Camera("63").__enter__()
    assert capfd.readouterr().err == ""
