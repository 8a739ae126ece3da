"""Rotation and zoom of the daisy scene by the mouse, and its slow rotation when left alone."""

from dataclasses import dataclass, field, replace
from math import exp, pi

from livecam.sources.synthetic.projection import Pose

PITCH_RANGE_RAD = (0.20, 1.40)
ZOOM_RANGE = (0.8, 2.5)
_RAD_PER_PX = 0.0075
_ZOOM_PER_STEP = 1.12
_MAX_STEPS = 50.0  # more than there is between the limits of the zoom
_MAX_SPIN_RAD_S = 9.0
# Time constants of exponential decay: of the spin, and of the distance to the zoom target.
_SPIN_DECAY_S = 0.30
_ZOOM_DECAY_S = 0.12
# The speed of a drag is computed as if each movement of the mouse lasted so long.
_DRAG_TIME_S = 1.0 / 30.0
_IDLE_AFTER_S = 2.5
_IDLE_ACCELERATION_S = 1.5
_IDLE_SPEED_RAD_S = 0.35


@dataclass(frozen=True, slots=True)
class OrbitState:
    """The pose of the scene and how it changes; each method gives a new state.

    Attributes:
        pose: what to render now.
        yaw_speed_rad_s, pitch_speed_rad_s: the rotation that goes on after a drag.
        zoom_target: what the zoom approaches.
        idle_s: time since the last input of the mouse.
    """

    pose: Pose = field(default_factory=Pose)
    yaw_speed_rad_s: float = 0.0
    pitch_speed_rad_s: float = 0.0
    zoom_target: float = 1.0
    idle_s: float = _IDLE_AFTER_S

    def after_drag(self, dx_px: float, dy_px: float) -> "OrbitState":
        """The mouse moved with its button down: right turns right, down shows more of the top."""
        yaw_rad, pitch_rad = dx_px * _RAD_PER_PX, dy_px * _RAD_PER_PX
        return replace(
            self,
            pose=_rotate(self.pose, yaw_rad, pitch_rad),
            yaw_speed_rad_s=_clamp(yaw_rad / _DRAG_TIME_S, -_MAX_SPIN_RAD_S, _MAX_SPIN_RAD_S),
            pitch_speed_rad_s=_clamp(pitch_rad / _DRAG_TIME_S, -_MAX_SPIN_RAD_S, _MAX_SPIN_RAD_S),
            idle_s=0.0,
        )

    def after_wheel(self, steps: float) -> "OrbitState":
        """The wheel turned; positive steps zoom in."""
        target = _clamp(
            self.zoom_target * _ZOOM_PER_STEP ** _clamp(steps, -_MAX_STEPS, _MAX_STEPS), *ZOOM_RANGE
        )
        return replace(self, zoom_target=target, idle_s=0.0)

    def after_time(self, dt_s: float) -> "OrbitState":
        """The state `dt_s` seconds later; many small steps and one large step agree."""
        spin_left, zoom_left = exp(-dt_s / _SPIN_DECAY_S), exp(-dt_s / _ZOOM_DECAY_S)
        effective_s = _SPIN_DECAY_S * (1.0 - spin_left)
        idle_s = self.idle_s + dt_s
        pose = _rotate(
            self.pose,
            self.yaw_speed_rad_s * effective_s + _idle_rotation_rad(self.idle_s, idle_s),
            self.pitch_speed_rad_s * effective_s,
        )
        zoom = self.zoom_target + (self.pose.zoom - self.zoom_target) * zoom_left
        return replace(
            self,
            pose=replace(pose, zoom=zoom),
            yaw_speed_rad_s=self.yaw_speed_rad_s * spin_left,
            pitch_speed_rad_s=self.pitch_speed_rad_s * spin_left,
            idle_s=idle_s,
        )


def _clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _rotate(pose: Pose, yaw_rad: float, pitch_rad: float) -> Pose:
    """The pose rotated further; yaw wraps within one turn, pitch is limited to its range."""
    yaw = (pose.yaw_rad + yaw_rad + pi) % (2.0 * pi) - pi
    return replace(
        pose, yaw_rad=yaw, pitch_rad=_clamp(pose.pitch_rad + pitch_rad, *PITCH_RANGE_RAD)
    )


def _idle_rotation_rad(from_s: float, to_s: float) -> float:
    """The angle that the scene rotates by itself between two idle times."""
    return _idle_angle_rad(to_s) - _idle_angle_rad(from_s)


def _idle_angle_rad(idle_s: float) -> float:
    """The angle since the last input: none at first, then accelerating to a steady rotation."""
    moving_s = max(idle_s - _IDLE_AFTER_S, 0.0)
    accelerating_s = min(moving_s, _IDLE_ACCELERATION_S)
    return _IDLE_SPEED_RAD_S * (
        moving_s - accelerating_s + accelerating_s**2 / (2.0 * _IDLE_ACCELERATION_S)
    )
