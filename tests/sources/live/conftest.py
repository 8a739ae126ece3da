"""Simulated cameras that end with their test."""

import pytest
from sources.live.simulated_camera import SimulatedTime, SimulatedCamera


@pytest.fixture
def camera():
    """A simulated camera in simulated time; `camera.behaviour` may be changed before opening."""
    time = SimulatedTime()
    yield SimulatedCamera(time)
    time.end()
