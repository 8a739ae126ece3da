"""A camera that is not attached at the start, in simulated time: waited for where wanted."""

import pytest
from sources.live.simulated_camera import SimulatedCamera, SimulatedTime, picture_number
from support import FakeClock

from livecam.core.types import Frame
from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings, ServeSettings, Settings
from livecam.sources.camera import camera_source, listing
from livecam.sources.camera.camera_source import CameraConnector
from livecam.sources.camera.listing import CameraDevice
from livecam.sources.live.connection import SourceAbsentError
from livecam.sources.open_source import create_source

MISSING = "there is no /dev/video0 here; no camera is attached: plug it in"


@pytest.fixture
def camera(monkeypatch):
    """A simulated camera; this machine is not asked what keeps it from opening."""
    time = SimulatedTime()
    monkeypatch.setattr(camera_source, "cause_of", lambda _: MISSING)
    monkeypatch.setattr(camera_source, "advice_for", lambda *_, **__: f"{MISSING}. Try a clip")
    monkeypatch.setattr(camera_source, "is_forbidden", lambda _: False)
    yield SimulatedCamera(time)
    time.end()


def opened_after_s(camera, source):
    """When the source opened, and what was said of the wait for it."""
    told = []
    source.on_progress(told.append)
    with source:
        opened_s = camera.time.now_s - camera.started_s
        items = iter(source)
        frames = [item for item in (next(items) for _ in range(5)) if isinstance(item, Frame)]
    assert frames[0].index == 0
    assert frames[0].time_s == 0.0
    assert picture_number(frames[0].bgr) / camera.rate == pytest.approx(opened_s, abs=0.2)
    return opened_s, {waiting.reason for waiting in told if waiting.next_try_s is not None}


def test_it_is_waited_for_and_used_when_it_appears(camera):
    camera.behaviour = lambda now_s: "gone" if now_s < 20.0 else "ok"
    opened_s, reasons = opened_after_s(camera, camera.source(waits=True))
    assert camera.opened_at_s == pytest.approx([0, 0.5, 1.5, 3.5, 7.5, 12.5, 17.5, 22.5], abs=0.5)
    assert opened_s == pytest.approx(22.5, abs=1.0)
    assert reasons == {f"camera 0 does not open ({MISSING})"}
    assert camera.released == camera.opened


def test_where_nobody_waits_it_is_an_error_at_once(camera):
    camera.behaviour = lambda now_s: "gone" if now_s < 20.0 else "ok"
    with pytest.raises(SourceError, match="camera 0 did not open: there is no /dev/video0 here"):
        camera.source().__enter__()
    assert camera.time.now_s - camera.started_s < 0.2


def test_it_is_given_up_with_cause_and_way_out_said_once(camera):
    camera.behaviour = lambda _: "gone"
    with pytest.raises(SourceError) as caught:
        camera.source(waits=True, give_up=12.0).__enter__()
    assert str(caught.value) == f"camera 0 did not open in 12 s: {MISSING}. Try a clip."
    assert caught.value.exit_code == 3
    assert camera.time.now_s - camera.started_s == pytest.approx(12.0, abs=0.6)


def test_who_gives_it_no_second_is_told_as_ever(camera):
    camera.behaviour = lambda _: "gone"
    with pytest.raises(SourceError, match="camera 0 did not open: "):
        camera.source(waits=True, give_up=0.0).__enter__()
    assert camera.opened == 1


@pytest.mark.parametrize("at_first", ["fails", "raises", "blocks"])
def test_one_that_has_just_appeared_may_need_another_try(camera, at_first):
    """A camera that was plugged in gives its first pictures only after a while."""

    def behaviour(now_s):
        return "gone" if now_s < 3.0 else at_first if now_s < 9.0 else "ok"

    camera.behaviour = behaviour
    opened_s, _ = opened_after_s(camera, camera.source(waits=True))
    assert 9.0 <= opened_s < 30.0


def test_of_one_that_gives_no_picture_from_the_start_nothing_is_hidden(camera):
    camera.behaviour = lambda now_s: "fails" if now_s > 0.01 else "ok"
    with pytest.raises(SourceError, match="camera 0 opened, but gives no picture"):
        camera.source(waits=True).__enter__()


def connector(forbidden, monkeypatch):
    """Of a camera that never opens; `forbidden` says at each try whether the file is not ours."""
    tries = iter(forbidden)
    monkeypatch.setattr(camera_source, "is_forbidden", lambda _: next(tries))
    closed = type("Closed", (), {"isOpened": lambda _: False, "release": lambda _: None})
    return CameraConnector("0", CameraSettings(), lambda *_: closed(), FakeClock())


def test_what_is_forbidden_is_not_waited_for(monkeypatch):
    with pytest.raises(SourceError) as caught:
        connector([True], monkeypatch)()
    assert not isinstance(caught.value, SourceAbsentError)


def test_the_moment_before_the_system_permits_a_new_camera_ends_nothing(monkeypatch):
    """Linux makes the device file first; its group and mode follow some milliseconds later."""
    connect = connector([False, True, True], monkeypatch)
    for _ in range(2):
        with pytest.raises(SourceAbsentError):
            connect()
    with pytest.raises(SourceError) as caught:
        connect()
    assert not isinstance(caught.value, SourceAbsentError)


@pytest.mark.parametrize(
    ("settings", "waits"),
    [
        (Settings(), False),
        (Settings(camera=CameraSettings(give_up=60.0)), True),
        (Settings(serve=ServeSettings(serve=True)), True),
    ],
)
def test_a_page_and_a_limit_wait_for_a_camera(settings, waits):
    assert settings.waits_for_camera is waits


def attached(monkeypatch, *cameras):
    monkeypatch.setattr(listing, "list_cameras", lambda **_: (list(cameras), ""))


def test_a_name_is_waited_for_where_a_limit_is_given(monkeypatch):
    attached(monkeypatch)
    source = create_source("logi", requested=CameraSettings(give_up=60.0), waits_for_camera=True)
    connect = source._connector
    with pytest.raises(SourceAbsentError) as caught:
        connect()
    assert caught.value.reason == (
        "no camera has 'logi' in its name, and none is attached: plug it in"
    )
    attached(monkeypatch, CameraDevice(200, 0, "Built-in", "/dev/video0", ""))
    with pytest.raises(SourceAbsentError, match="but there is Built-in: plug it in"):
        connect()
    attached(monkeypatch, CameraDevice(204, 4, "Logitech C920", "/dev/video4", ""))
    with pytest.raises(SourceError):  # there is no such device on this machine
        connect()
    assert source.title == "logi"
    assert connect.device == "/dev/video4"


@pytest.mark.parametrize(
    ("name", "give_up"), [("logi", None), ("missing.mp4", 60.0), ("missing.MKV", 60.0)]
)
def test_what_may_be_mistyped_is_told_at_once(name, give_up, monkeypatch):
    attached(monkeypatch)
    with pytest.raises(SourceError, match="there is no file, folder or camera"):
        create_source(name, requested=CameraSettings(give_up=give_up), waits_for_camera=True)
