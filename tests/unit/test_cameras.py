"""Which cameras are attached, and the one that a person names."""

import json
from types import SimpleNamespace

import pytest

from livecam.cli.app import main
from livecam.errors import SourceError
from livecam.sources import camera, cameras
from livecam.sources.address import parse_address
from livecam.sources.opening import source_for

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
    monkeypatch.setattr(cameras, "_system_cameras", lambda: LISTED)
    return cameras.attached_cameras()


def test_each_camera_is_listed_once_in_the_order_of_its_number(attached):
    assert [(c.number, c.name, c.path, c.usb_id) for c in attached] == [
        (0, "Integrated Camera", "/dev/video0", ""),
        (2, "Logitech BRIO", "/dev/video2", "046d:085e"),
        (4, "camera 4", "", ""),
        (5, "Logitech C270", "/dev/video5", "0001:0002"),
    ]


def test_a_part_of_the_name_in_any_case_is_enough(attached):
    assert cameras.camera_named("brio", attached).number == 2
    assert cameras.camera_named("webcam", attached) is None


def test_two_that_match_are_listed_by_number(attached):
    with pytest.raises(SourceError, match=r"2 \(Logitech BRIO\), 5 \(Logitech C270\)"):
        cameras.camera_named("LOGI", attached)


def test_source_may_be_a_cameras_name(attached, monkeypatch):
    devices = []

    def refused(device, *_):
        devices.append(device)
        raise SourceError

    monkeypatch.setattr(camera, "_opened", refused)
    assert parse_address("brio").kind == "camera name"
    source = source_for("brio")
    assert source.title == "Logitech BRIO"
    with pytest.raises(SourceError):
        source.__enter__()
    assert devices == ["/dev/video2"]


def test_a_name_that_no_camera_has_is_an_unknown_source(attached):
    with pytest.raises(SourceError, match="no file, folder or camera 'webcam'"):
        source_for("webcam")


def test_devices_as_json_and_as_a_table(attached, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "livecam.toml").write_text("alpha = 0.5\n")  # settings do not get in the way
    assert main(["devices", "--json"]) == 0
    assert [c["number"] for c in json.loads(capsys.readouterr().out)] == [0, 2, 4, 5]
    assert main(["devices"]) == 0
    assert "Logitech C270" in capsys.readouterr().out
    assert main(["models"]) == 0


def test_without_a_camera_the_way_out_is_named(monkeypatch, capsys):
    monkeypatch.setattr(cameras, "_system_cameras", list)
    assert main(["devices", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["devices"]) == 0
    assert "livecam demo" in capsys.readouterr().err
