"""What a user is advised to do where a camera does not open."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from support import FakeClock

from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings
from livecam.sources.camera import advice
from livecam.sources.camera.advice import advice_for
from livecam.sources.camera.camera_source import CameraConnector

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="/dev/video is Linux's")


def hold_open(machine, device):
    """A device, and a process named cheese that has it open."""
    (machine / device).touch()
    process = machine / "proc/4711"
    (process / "fd").mkdir(parents=True)
    (process / "comm").write_text("cheese\n")
    (process / "fd/7").symlink_to(machine / device)


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
    hold_open(machine, "dev/video0")
    assert "cheese (process 4711) is using it" in advice_for("0", root=machine)


@linux_only
def test_who_uses_a_camera_that_was_given_by_a_lasting_name_is_named(machine):
    hold_open(machine, "dev/video0")
    (machine / "dev/v4l").mkdir()
    (machine / "dev/v4l/usb-x").symlink_to(machine / "dev/video0")
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
            assert any(f"(process {other.pid})" in user for user in advice.processes_using(held))
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
    missing = SimpleNamespace(isOpened=lambda: False, release=lambda: None)
    with pytest.raises(SourceError, match=words) as caught:
        CameraConnector("0", CameraSettings(), lambda *_: missing, FakeClock())()
    assert "livecam demo" in str(caught.value)
