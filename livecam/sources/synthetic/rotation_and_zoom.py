"""How the scene turns and zooms under the mouse: plain motion, the time handed in."""

from dataclasses import dataclass, field, replace
from math import exp, pi

from livecam.sources.synthetic.projection import Pose

PITCH_RANGE_RAD = (0.20, 1.40)
ZOOM_RANGE = (0.8, 2.5)
_RAD_PER_PX = 0.0075
_ZOOM_PER_STEP = 1.12
_FASTEST_RAD_S = 9.0
# After this time a spin, or the way still to zoom, has fallen to about a third.
_SPIN_FADE_S = 0.30
_ZOOM_EASE_S = 0.12
# A drag's speed is taken as if each movement of the mouse lasted so long.
_DRAG_TIME_S = 1.0 / 30.0
_IDLE_AFTER_S = 2.5
_IDLE_EASE_S = 1.5
_IDLE_TURN_RAD_S = 0.35


@dataclass(frozen=True, slots=True)
class Turntable:
    """Where the scene stands and how it moves.

    Attributes:
        pose: what to draw now.
        yaw_speed_rad_s, pitch_speed_rad_s: the spin that a drag left behind.
        zoom_target: where the zoom is easing to.
        idle_s: time since the last touch of the mouse.
    """

    pose: Pose = field(default_factory=Pose)
    yaw_speed_rad_s: float = 0.0
    pitch_speed_rad_s: float = 0.0
    zoom_target: float = 1.0
    idle_s: float = _IDLE_AFTER_S

    def dragged(self, dx_px: float, dy_px: float) -> "Turntable":
        """The mouse moved with its button down: right turns right, down shows more of the top."""
        yaw_rad, pitch_rad = dx_px * _RAD_PER_PX, dy_px * _RAD_PER_PX
        return replace(
            self,
            pose=_turned(self.pose, yaw_rad, pitch_rad),
            yaw_speed_rad_s=_clamped(yaw_rad / _DRAG_TIME_S, -_FASTEST_RAD_S, _FASTEST_RAD_S),
            pitch_speed_rad_s=_clamped(pitch_rad / _DRAG_TIME_S, -_FASTEST_RAD_S, _FASTEST_RAD_S),
            idle_s=0.0,
        )

    def wheeled(self, steps: float) -> "Turntable":
        """The wheel turned; positive steps zoom in."""
        target = _clamped(self.zoom_target * _ZOOM_PER_STEP**steps, *ZOOM_RANGE)
        return replace(self, zoom_target=target, idle_s=0.0)

    def advanced(self, dt_s: float) -> "Turntable":
        """The state `dt_s` seconds later; many small steps and one large step agree."""
        fade, ease = exp(-dt_s / _SPIN_FADE_S), exp(-dt_s / _ZOOM_EASE_S)
        coasted_s = _SPIN_FADE_S * (1.0 - fade)
        idle_s = self.idle_s + dt_s
        pose = _turned(
            self.pose,
            self.yaw_speed_rad_s * coasted_s + _idle_turn_rad(self.idle_s, idle_s),
            self.pitch_speed_rad_s * coasted_s,
        )
        zoom = self.zoom_target + (self.pose.zoom - self.zoom_target) * ease
        return replace(
            self,
            pose=replace(pose, zoom=zoom),
            yaw_speed_rad_s=self.yaw_speed_rad_s * fade,
            pitch_speed_rad_s=self.pitch_speed_rad_s * fade,
            idle_s=idle_s,
        )


def _clamped(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _turned(pose: Pose, yaw_rad: float, pitch_rad: float) -> Pose:
    """The pose turned further; the yaw stays within one turn, the pitch above the ground."""
    yaw = (pose.yaw_rad + yaw_rad + pi) % (2.0 * pi) - pi
    return replace(
        pose, yaw_rad=yaw, pitch_rad=_clamped(pose.pitch_rad + pitch_rad, *PITCH_RANGE_RAD)
    )


def _idle_turn_rad(from_s: float, to_s: float) -> float:
    """How far the scene turns by itself between two idle times, setting out gently."""
    return _idle_way_rad(to_s) - _idle_way_rad(from_s)


def _idle_way_rad(idle_s: float) -> float:
    """The way since the last touch: none at first, then a smooth start to a steady turn."""
    moving_s = max(idle_s - _IDLE_AFTER_S, 0.0)
    starting_s = min(moving_s, _IDLE_EASE_S)
    return _IDLE_TURN_RAD_S * (moving_s - starting_s + starting_s**2 / (2.0 * _IDLE_EASE_S))
