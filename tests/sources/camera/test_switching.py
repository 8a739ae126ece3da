"""A camera source that is switched to another of the attached cameras."""

from types import SimpleNamespace

import numpy as np
import pytest
from sources.live.simulated_camera import SimulatedCamera, SimulatedTime, consume, during

from livecam.core.protocols import HasCameras
from livecam.sources.camera import listing
from livecam.sources.camera.camera_source import create_camera_source


@pytest.fixture
def time():
    simulated = SimulatedTime()
    yield simulated
    simulated.end()


@pytest.fixture
def attached(monkeypatch):
    """Cameras 0 and 2, and 1, which records no pictures."""
    found = [
        SimpleNamespace(index=n, backend=200, name=name, path=f"/dev/video{n}", vid=1, pid=n)
        for n, name in ((0, "Built-in"), (1, "Metadata"), (2, "Microscope"))
    ]
    modes = {"/dev/video1": []}
    monkeypatch.setattr(listing, "_enumerate_cameras", lambda *_: found)
    monkeypatch.setattr(listing, "query_modes", modes.get)
    return found


def two_cameras(time, **second):
    first, other = SimulatedCamera(time), SimulatedCamera(time, size=(96, 32), **second)
    by_device = {0: first, "/dev/video2": other, "/dev/video0": first}
    source = create_camera_source(
        "0",
        open_driver=lambda device, backend: by_device[device].open(device, backend),
        system=time.clock_and_threads,
    )
    return source, first, other


def names(source):
    return [(c.number, c.name, c.is_shown) for c in source.cameras()]


def test_the_other_camera_is_shown_and_the_first_is_released(time, attached):
    source, first, _ = two_cameras(time)
    assert isinstance(source, HasCameras)
    with source:
        items = iter(source)
        before = consume(items, first, 1.0)
        assert names(source) == [(0, "Built-in", True), (2, "Microscope", False)]
        assert source.switch_camera(2)
        assert source.title == "Microscope"
        assert names(source) == [(0, "Built-in", False), (2, "Microscope", True)]
        after = consume(items, first, 3.0)
        assert first.released == 1
    assert {frame.bgr.shape[:2] for _, frame in before.frames} == {(48, 64)}
    assert {frame.bgr.shape[:2] for _, frame in after.frames} == {(32, 96)}
    times = [frame.time_s for _, frame in before.frames + after.frames]
    assert np.diff(times).min() > 0  # a recording goes on with them
    assert after.frames[0][0] < 1.5
    assert not after.lost


def test_what_is_shown_or_not_listed_changes_nothing(time, attached):
    source, first, _ = two_cameras(time)
    with source:
        items = iter(source)
        consume(items, first, 0.5)
        assert not source.switch_camera(2)  # nobody has asked which there are
        source.cameras()
        assert not source.switch_camera(0)
        assert not source.switch_camera(1)
        assert not source.switch_camera(7)
        assert source.title == "camera 0"
    assert first.opened == 1


def test_one_that_does_not_open_can_be_left_again(time, attached):
    source, first, _ = two_cameras(time, behaviour=lambda _: "gone")
    with source:
        items = iter(source)
        consume(items, first, 0.5)
        source.cameras()
        source.switch_camera(2)
        lost = consume(items, first, 3.0)
        assert lost.lost[-1][1].reason == "Microscope does not open"
        assert not lost.frames
        source.cameras()
        assert source.switch_camera(0)
        back = consume(items, first, 5.0)
    assert not back.lost
    assert back.frames


def test_a_lost_camera_is_left_for_one_that_works(time, attached):
    source, first, other = two_cameras(time)
    first.behaviour = during(0.5, 60.0, "gone")
    with source:
        items = iter(source)
        assert consume(items, first, 4.0).lost
        source.cameras()
        source.switch_camera(2)
        after = consume(items, first, 6.0)
    assert not after.lost
    assert {frame.bgr.shape[:2] for _, frame in after.frames} == {(32, 96)}
    assert other.released == 1
