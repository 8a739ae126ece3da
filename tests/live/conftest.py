"""Worlds that end with their test."""

import pytest
from live.simulated_camera import SimulatedTime, World


@pytest.fixture
def world():
    """A scripted camera in simulated time; `world.behaviour` may be changed before opening."""
    time = SimulatedTime()
    yield World(time)
    time.end()
