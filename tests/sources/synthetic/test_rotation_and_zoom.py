"""The daisy's motion: dragging, coasting, zooming, turning by itself, and the clamps."""

from dataclasses import replace
from itertools import pairwise

import pytest

from livecam.sources.synthetic.projection import Pose
from livecam.sources.synthetic.rotation_and_zoom import PITCH_RANGE_RAD, ZOOM_RANGE, OrbitState

TOUCHED = OrbitState(idle_s=0.0)


def test_dragging_right_turns_right_and_down_tips_forward() -> None:
    """Yaw follows x, pitch follows y, at once."""
    start = TOUCHED.pose
    moved = TOUCHED.after_drag(40.0, 20.0).pose
    assert moved.yaw_rad > start.yaw_rad
    assert moved.pitch_rad > start.pitch_rad
    assert TOUCHED.after_drag(-40.0, 0.0).pose.yaw_rad < start.yaw_rad


def test_state_is_a_value() -> None:
    """A drag gives a new state and leaves the old one alone."""
    before = OrbitState()
    before.after_drag(10.0, 10.0).after_wheel(1.0).after_time(0.1)
    assert before == OrbitState()


def test_spin_decays_and_comes_to_rest() -> None:
    """The speed falls with every step, and after two seconds next to nothing is left."""
    state = TOUCHED.after_drag(30.0, 0.0)
    speeds = []
    for _ in range(60):
        state = state.after_time(1.0 / 30.0)
        speeds.append(state.yaw_speed_rad_s)
    assert all(later < earlier for earlier, later in pairwise(speeds))
    assert speeds[-1] < 0.01 * speeds[0]


def test_step_size_does_not_matter() -> None:
    """Thirty steps of 10 ms and one of 300 ms end in the same place."""
    state = TOUCHED.after_drag(12.0, -3.0).after_wheel(2.0)
    small = state
    for _ in range(30):
        small = small.after_time(0.01)
    large = state.after_time(0.3)
    assert small.pose.yaw_rad == pytest.approx(large.pose.yaw_rad, abs=1e-9)
    assert small.pose.pitch_rad == pytest.approx(large.pose.pitch_rad, abs=1e-9)
    assert small.pose.zoom == pytest.approx(large.pose.zoom, abs=1e-9)


def test_wheel_eases_to_its_target() -> None:
    """The zoom does not jump; it approaches the target without passing it."""
    state = TOUCHED.after_wheel(3.0)
    assert state.pose.zoom == TOUCHED.pose.zoom
    zooms = []
    for _ in range(40):
        state = state.after_time(0.02)
        zooms.append(state.pose.zoom)
    assert zooms == sorted(zooms)
    assert zooms[-1] <= state.zoom_target
    assert zooms[-1] == pytest.approx(state.zoom_target, rel=1e-2)


@pytest.mark.parametrize("direction", [-1.0, 1.0])
def test_clamps_hold(direction: float) -> None:
    """However hard one pulls, pitch and zoom stay in their ranges."""
    state = TOUCHED
    for _ in range(50):
        state = (
            state.after_drag(7.0, direction * 500.0).after_wheel(direction * 5.0).after_time(0.05)
        )
        assert PITCH_RANGE_RAD[0] <= state.pose.pitch_rad <= PITCH_RANGE_RAD[1]
        assert ZOOM_RANGE[0] <= state.pose.zoom <= ZOOM_RANGE[1]
    edge = ZOOM_RANGE[1] if direction > 0 else ZOOM_RANGE[0]
    assert state.zoom_target == edge
    assert TOUCHED.after_wheel(direction * 1e6).zoom_target == edge  # no overflow


def test_yaw_stays_small() -> None:
    """A day of turning does not let the angle grow."""
    state = OrbitState()
    for _ in range(100):
        state = state.after_time(60.0)
        assert abs(state.pose.yaw_rad) <= 3.15


def test_left_alone_it_turns_by_itself_and_touched_it_stops() -> None:
    """Untouched from the start it turns; after a touch it waits, then sets out again."""
    assert OrbitState().after_time(1.0).pose.yaw_rad > 0.0
    touched = replace(OrbitState(), pose=Pose()).after_wheel(0.0)
    assert touched.after_time(1.0).pose.yaw_rad == 0.0
    assert touched.after_time(6.0).pose.yaw_rad > 0.2
