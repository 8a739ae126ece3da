"""The viewer's place and the perspective picture that is seen from there."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.mesh import Floats

NEAR, FAR = 0.3, 40.0
# What the viewer looks at, a little below the flower's middle, and how far away one is at zoom 1.
TARGET_XYZ = (0.0, -0.04, 0.0)
DISTANCE = 7.0
# Half of the shorter picture side, in daisy radii, at zoom 1.
HALF_SIDE = 1.30
# The flower stands above the middle of the picture by this much of half the shorter side, which
# leaves room for the stem.
RAISED = 0.15


@dataclass(frozen=True, slots=True)
class Pose:
    """How the scene is held: turned to the right by yaw, tipped towards the viewer by pitch.

    Attributes:
        yaw_rad: turn about the upright axis.
        pitch_rad: height of the viewer above the horizon; pi/2 looks straight down.
        zoom: size of the flower, 1 fits it comfortably into the picture.
    """

    yaw_rad: float = 0.0
    pitch_rad: float = 0.6
    zoom: float = 1.0


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of the picture that is rasterised on its own, `scale` times finer."""

    left_px: int
    top_px: int
    width_px: int
    height_px: int
    scale: float = 1.0

    @property
    def buffer_shape(self) -> tuple[int, int]:
        """Rows and columns of the rasteriser's buffers."""
        return round(self.height_px * self.scale), round(self.width_px * self.scale)


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """A pinhole camera: `world_to_camera` is float64 [4, 4], z pointing at the viewer.

    Attributes:
        focal_px: focal length.
        distance: from the viewer to the target, in daisy radii.
    """

    world_to_camera: npt.NDArray[np.float64]
    focal_px: float
    distance: float
    width_px: int
    height_px: int

    def seen(self, points_xyz: Floats) -> Floats:
        """Points [N, 3] in camera axes [N, 3]: right, up, towards the viewer."""
        turn, shift = self.world_to_camera[:3, :3], self.world_to_camera[:3, 3]
        return (points_xyz @ turn.T.astype(np.float32) + shift).astype(np.float32)

    def pixels(self, points_xyz: Floats) -> tuple[Floats, Floats]:
        """Where points [N, 3] appear, [N, 2] as x, y in pixels, and their depths [N] > 0."""
        seen = self.seen(points_xyz)
        depth = np.maximum(-seen[:, 2], NEAR)
        centre = np.array([self.width_px / 2.0, self.height_px / 2.0])
        offset = seen[:, :2] * np.array([1.0, -1.0]) * (self.focal_px / depth)[:, None]
        return (centre + offset).astype(np.float32), depth.astype(np.float32)

    @property
    def place_xyz(self) -> Floats:
        """Where the viewer is, float32 [3]."""
        turn, shift = self.world_to_camera[:3, :3], self.world_to_camera[:3, 3]
        return np.asarray(-turn.T @ shift, np.float32)

    def shares(self, centres_xyz: Floats, radii: Floats) -> Floats:
        """How much of each ball [N] lies within the picture, at the most: 0 is nothing, 1 all."""
        points, depth = self.pixels(centres_xyz)
        reach_px = (self.focal_px * radii / np.maximum(depth - radii, NEAR))[:, None]
        size_px = np.array([self.width_px, self.height_px], np.float32)
        inside_px = np.minimum(points + reach_px, size_px) - np.maximum(points - reach_px, 0.0)
        return np.asarray(np.clip(inside_px / (2.0 * reach_px), 0.0, 1.0).min(axis=1))

    def window_view(self, window: Window) -> tuple[npt.NDArray[np.float64], float]:
        """The matrix [4, 4] and the vertical field of view that draw just this window.

        The rasteriser knows only centred pictures; a shear moves the window's middle there.
        """
        rows, columns = window.buffer_shape
        focal = self.focal_px * window.scale
        shear = np.eye(4)
        middle_x = (self.width_px / 2.0 - window.left_px) * window.scale
        middle_y = (self.height_px / 2.0 - window.top_px) * window.scale
        shear[0, 2] = (columns / 2.0 - middle_x) / focal
        shear[1, 2] = (middle_y - rows / 2.0) / focal
        return shear @ self.world_to_camera, float(2.0 * np.arctan(rows / 2.0 / focal))


def camera_at(pose: Pose, width_px: int, height_px: int) -> Camera:
    """The camera of a pose; the flower fits into the largest centred square of the picture."""
    sideways, upwards = -pose.yaw_rad, pose.pitch_rad
    backward = np.array(
        [np.sin(sideways) * np.cos(upwards), np.sin(upwards), np.cos(sideways) * np.cos(upwards)]
    )
    right = np.array([np.cos(sideways), 0.0, -np.sin(sideways)])
    # Going half the way nearer and half by a longer lens keeps the perspective pleasant.
    distance = DISTANCE / np.sqrt(pose.zoom)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right, np.cross(backward, right), backward])
    matrix[:3, 3] = -matrix[:3, :3] @ (np.array(TARGET_XYZ) + backward * distance)
    matrix[1, 3] += RAISED * HALF_SIDE / pose.zoom
    focal_px = min(width_px, height_px) / 2.0 * distance / (HALF_SIDE / pose.zoom)
    return Camera(matrix, float(focal_px), float(distance), width_px, height_px)
