"""Vector maths of the 3D scene: unit vectors, rotations, and directions spread over a sphere."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def normalize(vectors_xyz: npt.ArrayLike) -> Floats:
    """Vectors [..., 3] scaled to length 1; a null vector becomes "up"."""
    vectors = np.asarray(vectors_xyz, np.float64)
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    up = np.broadcast_to(np.array([0.0, 1.0, 0.0]), vectors.shape)
    return np.where(lengths > 1e-12, vectors / np.maximum(lengths, 1e-12), up).astype(np.float32)


def rotation_matrix(axis: int, angle_rad: float) -> npt.NDArray[np.float64]:
    """The right-handed rotation matrix [3, 3] about one axis (0 x, 1 y, 2 z)."""
    first, second = (axis + 1) % 3, (axis + 2) % 3
    turn = np.eye(3)
    turn[first, first] = turn[second, second] = np.cos(angle_rad)
    turn[second, first] = np.sin(angle_rad)
    turn[first, second] = -np.sin(angle_rad)
    return turn


def smoothstep(low: float, high: float, x: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """0 up to `low`, 1 from `high` on, a smooth S between."""
    t = np.clip((np.asarray(x, np.float64) - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def sphere_directions(count: int) -> Floats:
    """Unit vectors [count, 3] spread evenly over the sphere (a Fibonacci lattice)."""
    number = np.arange(count) + 0.5
    y = 1.0 - 2.0 * number / count
    angle_rad = np.pi * (3.0 - np.sqrt(5.0)) * number
    flat = np.sqrt(1.0 - y * y)
    return np.stack([flat * np.cos(angle_rad), y, flat * np.sin(angle_rad)], -1).astype(np.float32)


def cone_directions(axis_xyz: npt.ArrayLike, spread_rad: float, count: int) -> Floats:
    """Unit vectors [count, 3] spread evenly over a narrow cone: the disc of a hazy sun."""
    right, up, forward = orthonormal_axes(normalize(axis_xyz))
    number = np.arange(count) + 0.5
    radius = spread_rad * np.sqrt(number / count)[:, None]
    angle_rad = (np.pi * (3.0 - np.sqrt(5.0)) * number)[:, None]
    return normalize(forward + radius * (np.cos(angle_rad) * right + np.sin(angle_rad) * up))


def orthonormal_axes(forward_xyz: Floats) -> tuple[Floats, Floats, Floats]:
    """Three unit vectors at right angles, the last one the given one: right, up, forward."""
    across = np.array([1.0, 0.0, 0.0]) if abs(forward_xyz[1]) > 0.9 else np.array([0.0, 1.0, 0.0])
    right = normalize(np.cross(across, forward_xyz))
    return right, normalize(np.cross(forward_xyz, right)), forward_xyz
