"""Which cameras are attached, and the one that a user names."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from livecam.cli import run
from livecam.cli.app import main
from livecam.cli.other_cameras import other_cameras_line
from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings
from livecam.sources.camera import camera_source
from livecam.sources.camera import listing
from livecam.sources.source_argument import parse_source_argument
from livecam.sources.open_source import create_source

LISTED = [
    SimpleNamespace(
        index=2, backend=200, name="Logitech BRIO", path="/dev/video2", vid=0x46D, pid=0x85E
    ),
    SimpleNamespace(
        index=0, backend=200, name="Integrated Camera", path="/dev/video0", vid=0, pid=0
    ),
    SimpleNamespace(index=2, backend=1800, name="Logitech BRIO", path="/dev/video2", vid=1, pid=1),
    SimpleNamespace(index=4, backend=200, name=None, path=None, vid=None, pid=None),
    SimpleNamespace(index=5, backend=200, name="Logitech C270", path="/dev/video5", vid=1, pid=2),
]


@pytest.fixture
def attached(monkeypatch):
    monkeypatch.setattr(listing, "_enumerate_cameras", lambda *_: LISTED)
    return listing.list_cameras()[0]


def test_each_camera_is_listed_once_in_the_order_of_its_number(attached):
    assert [(c.number, c.name, c.path, c.usb_id) for c in attached] == [
        (0, "Integrated Camera", "/dev/video0", ""),
        (2, "Logitech BRIO", "/dev/video2", "046d:085e"),
        (4, "camera 4", "", ""),
        (5, "Logitech C270", "/dev/video5", "0001:0002"),
    ]


def test_a_part_of_the_name_in_any_case_is_enough(attached):
    assert listing.find_camera_by_name("brio", attached).number == 2
    assert listing.find_camera_by_name("webcam", attached) is None


def test_two_that_match_are_listed_by_number(attached):
    with pytest.raises(SourceError, match=r"2 \(Logitech BRIO\), 5 \(Logitech C270\)"):
        listing.find_camera_by_name("LOGI", attached)


def test_source_may_be_a_cameras_name(attached, monkeypatch):
    devices = []

    def refused(device, _):
        devices.append(device)
        raise SourceError

    monkeypatch.setitem(camera_source.create_camera_source.__kwdefaults__, "open_driver", refused)
    assert parse_source_argument("brio").kind == "camera name"
    source = create_source("brio")
    assert source.title == "Logitech BRIO"
    with pytest.raises(SourceError):
        source.__enter__()
    assert devices == ["/dev/video2"]


def test_a_name_that_no_camera_has_is_an_unknown_source(attached):
    with pytest.raises(SourceError, match="no file, folder or camera 'webcam'"):
        create_source("webcam")


def test_devices_as_json_and_as_a_table(attached, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "livecam.toml").write_text("alpha = 0.5\n")  # settings do not get in the way
    assert main(["devices", "--json"]) == 0
    assert [c["number"] for c in json.loads(capsys.readouterr().out)] == [0, 2, 4, 5]
    assert main(["devices"]) == 0
    shown = capsys.readouterr().out
    assert "Logitech C270" in shown
    assert "livecam 5" in shown
    assert main(["models"]) == 0


def test_without_a_source_the_other_cameras_are_named_with_their_commands(attached):
    assert other_cameras_line(attached[:2], "livecam serve") == (
        "camera 0 is Integrated Camera; for another one: livecam serve 2 (Logitech BRIO)"
    )
    assert other_cameras_line(attached[:1], "livecam") == ""
    assert other_cameras_line(attached[1:2], "livecam") == (
        "there is no camera 0; for another one: livecam 2 (Logitech BRIO)"
    )
    no_pictures = [attached[0], replace(attached[1], modes=[])]
    assert other_cameras_line(no_pictures, "livecam") == ""


@pytest.mark.parametrize("words", [[], ["run"], ["--no-window"]])
def test_the_line_is_said_before_the_camera_is_opened(words, attached, monkeypatch, capsys):
    monkeypatch.setattr(run, "run_source", lambda *_: 0)
    assert main(words) == 0
    assert "livecam 2 (Logitech BRIO)" in capsys.readouterr().err
    assert main([*words, "2"]) == 0
    assert "BRIO" not in capsys.readouterr().err


def test_without_a_camera_the_way_out_is_named(monkeypatch, capsys):
    monkeypatch.setattr(listing, "_enumerate_cameras", lambda *_: [])
    assert main(["devices", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["devices"]) == 0
    assert "livecam demo" in capsys.readouterr().err


def test_a_library_that_fails_to_list_cameras_stops_nobody(monkeypatch, capsys):
    def broken(*_):
        raise ImportError("no module named AVFoundation")

    monkeypatch.setattr(listing, "_enumerate_cameras", broken)
    assert main(["devices"]) == 0
    assert "cannot be listed here (ImportError: no module named AVFoundation)" in (
        capsys.readouterr().err
    )
    assert main(["devices", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    with pytest.raises(SourceError, match="give its number"):
        create_source("logitech")
    assert create_source("0").title == "camera 0"


def test_names_may_hold_what_looks_like_markup(monkeypatch, capsys):
    odd = SimpleNamespace(index=0, backend=0, name="Cam [/red] [b]X", path="", vid=0, pid=0)
    monkeypatch.setattr(listing, "_enumerate_cameras", lambda *_: [odd])
    assert main(["devices"]) == 0
    assert "Cam [/red] [b]X" in capsys.readouterr().out


def moved(number, path=""):
    return SimpleNamespace(index=number, backend=700, name="BRIO", path=path, vid=0, pid=0)


class Drivers:
    """Opens nothing; keeps what it was asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, device, backend):
        self.asked.append((device, backend))
        return SimpleNamespace(isOpened=lambda: False, release=lambda: None)


@pytest.fixture
def drivers(monkeypatch):
    made = Drivers()
    monkeypatch.setitem(camera_source.create_camera_source.__kwdefaults__, "open_driver", made)
    return made


def test_a_named_camera_is_looked_up_anew_each_time_it_is_opened(monkeypatch, drivers):
    """After it was unplugged another one may have its number, or its path."""
    attached = [moved(2, "/dev/video2")]
    monkeypatch.setattr(listing, "_enumerate_cameras", lambda *_: attached)
    source = create_source("brio")
    attached[:] = [moved(5, "/dev/video5")]
    for _ in range(2):
        with pytest.raises(SourceError, match=r"BRIO did not open|/dev/video5"):
            source.__enter__()
    assert [device for device, _ in drivers.asked] == ["/dev/video5"] * 2
    attached.clear()
    with pytest.raises(SourceError, match="BRIO is not attached: plug it in again"):
        source.__enter__()


def test_of_two_with_the_same_name_the_one_in_the_same_place_is_meant():
    one, other = (listing.CameraDevice(n, n, "BRIO", f"usb{n}", "") for n in (0, 1))
    assert listing.find_camera_again(other, [one, other]) is other
    assert listing.find_camera_again(other, [one]) is one
    assert listing.find_camera_again(other, []) is None


@pytest.mark.parametrize(("flag", "device"), [("any", 702), ("dshow", 2)])
def test_with_a_back_end_the_number_is_its_own(flag, device, monkeypatch, drivers):
    registry = Registry([1400, 700])
    monkeypatch.setattr(listing.cv2, "videoio_registry", registry)
    monkeypatch.setattr(listing, "_enumerate_cameras", lambda *_: [moved(2)])
    with pytest.raises(SourceError):
        create_source("brio", requested=CameraSettings(backend=flag)).__enter__()
    assert drivers.asked[0][0] == device


class Registry:
    """OpenCV's list of back ends; the last one is known and not built in."""

    def __init__(self, here):
        self.here = here

    def getCameraBackends(self):  # noqa: N802
        return [*self.here, 1800]

    def hasBackend(self, number):  # noqa: N802
        return number in self.here

    def getBackendName(self, number):  # noqa: N802
        return {1400: "MSMF", 700: "DSHOW", 200: "V4L2", 1800: "GSTREAMER"}[number]


@pytest.mark.parametrize("here", [[1400, 700], [700, 1400]])
def test_back_ends_are_asked_in_the_order_in_which_opencv_tries_them(here, monkeypatch):
    monkeypatch.setattr(listing.cv2, "videoio_registry", Registry(here))
    assert listing.backends_in_order((700, 1800, 1400)) == here


def test_a_back_end_that_opencv_does_not_have_is_refused_and_those_it_has_are_named(
    monkeypatch, capsys
):
    monkeypatch.setattr(listing.cv2, "videoio_registry", Registry([200]))
    for source in ("0", "brio"):
        assert main([source, "--backend", "gstreamer", "--no-window", "--stats", "-"]) == 2
        assert "--backend gstreamer: use one of any, v4l2." in capsys.readouterr().err
    assert listing.backend_number("any") == 0
    assert listing.backend_number("v4l2") == 200
