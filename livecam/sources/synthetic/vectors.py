"""Directions to look along: spread over the sphere, or over a narrow cone."""

import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.mesh import Floats, unit


def sphere_directions(count: int) -> Floats:
    """Unit vectors [count, 3] spread evenly over the sphere (a Fibonacci lattice)."""
    number = np.arange(count) + 0.5
    y = 1.0 - 2.0 * number / count
    angle_rad = np.pi * (3.0 - np.sqrt(5.0)) * number
    flat = np.sqrt(1.0 - y * y)
    return np.stack([flat * np.cos(angle_rad), y, flat * np.sin(angle_rad)], -1).astype(np.float32)


def cone_directions(axis_xyz: npt.ArrayLike, spread_rad: float, count: int) -> Floats:
    """Unit vectors [count, 3] spread evenly over a narrow cone: the disc of a hazy sun."""
    right, up, forward = axes_along(unit(axis_xyz))
    number = np.arange(count) + 0.5
    radius = spread_rad * np.sqrt(number / count)[:, None]
    angle_rad = (np.pi * (3.0 - np.sqrt(5.0)) * number)[:, None]
    return unit(forward + radius * (np.cos(angle_rad) * right + np.sin(angle_rad) * up))


def axes_along(forward_xyz: Floats) -> tuple[Floats, Floats, Floats]:
    """Three unit vectors at right angles, the last one the given one: right, up, forward."""
    across = np.array([1.0, 0.0, 0.0]) if abs(forward_xyz[1]) > 0.9 else np.array([0.0, 1.0, 0.0])
    right = unit(np.cross(across, forward_xyz))
    return right, unit(np.cross(forward_xyz, right)), forward_xyz
