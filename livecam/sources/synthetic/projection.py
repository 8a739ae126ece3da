"""The camera of the 3D scene: poses, perspective projection, and the viewport of the rasteriser."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from livecam.sources.synthetic.vectors import Floats

NEAR, FAR = 0.3, 40.0
# What the camera looks at, a little below the flower's middle, and its distance at zoom 1.
TARGET_XYZ = (0.0, -0.04, 0.0)
DISTANCE = 7.0
# Half of the shorter picture side, in daisy radii, at zoom 1.
HALF_SIDE = 1.30
# The flower stands above the middle of the picture by this much of half the shorter side, which
# leaves room for the stem.
RAISED = 0.15


@dataclass(frozen=True, slots=True)
class Pose:
    """How the scene is turned: to the right by yaw, tipped towards the camera by pitch.

    Attributes:
        yaw_rad: rotation about the vertical axis.
        pitch_rad: elevation of the camera above the horizon; pi/2 looks straight down.
        zoom: size of the flower, 1 fits it comfortably into the picture.
    """

    yaw_rad: float = 0.0
    pitch_rad: float = 0.6
    zoom: float = 1.0


@dataclass(frozen=True, slots=True)
class Viewport:
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
    """A pinhole camera: `world_to_camera` is float64 [4, 4], z pointing backward.

    Attributes:
        focal_px: focal length.
        distance: from the camera to the target, in daisy radii.
    """

    world_to_camera: npt.NDArray[np.float64]
    focal_px: float
    distance: float
    width_px: int
    height_px: int

    def to_camera_axes(self, points_xyz: Floats) -> Floats:
        """Points [N, 3] in camera axes [N, 3]: right, up, backward."""
        rotation, translation = self.world_to_camera[:3, :3], self.world_to_camera[:3, 3]
        return (points_xyz @ rotation.T.astype(np.float32) + translation).astype(np.float32)

    def project(self, points_xyz: Floats) -> tuple[Floats, Floats]:
        """Where points [N, 3] appear, [N, 2] as x, y in pixels, and their depths [N] > 0."""
        points = self.to_camera_axes(points_xyz)
        depth = np.maximum(-points[:, 2], NEAR)
        centre = np.array([self.width_px / 2.0, self.height_px / 2.0])
        offset = points[:, :2] * np.array([1.0, -1.0]) * (self.focal_px / depth)[:, None]
        return (centre + offset).astype(np.float32), depth.astype(np.float32)

    @property
    def position_xyz(self) -> Floats:
        """Of the camera in the world, float32 [3]."""
        rotation, translation = self.world_to_camera[:3, :3], self.world_to_camera[:3, 3]
        return np.asarray(-rotation.T @ translation, np.float32)

    def shares_in_picture(self, centres_xyz: Floats, radii: Floats) -> Floats:
        """Upper bound of the share of each sphere [N] that lies in the picture, 0..1."""
        points, depth = self.project(centres_xyz)
        radius_px = (self.focal_px * radii / np.maximum(depth - radii, NEAR))[:, None]
        size_px = np.array([self.width_px, self.height_px], np.float32)
        inside_px = np.minimum(points + radius_px, size_px) - np.maximum(points - radius_px, 0.0)
        return np.asarray(np.clip(inside_px / (2.0 * radius_px), 0.0, 1.0).min(axis=1))

    def viewport_matrix(self, viewport: Viewport) -> tuple[npt.NDArray[np.float64], float]:
        """The matrix [4, 4] and the vertical field of view that render just this viewport.

        The rasteriser knows only centred pictures; a shear moves the viewport's centre there.
        """
        rows, columns = viewport.buffer_shape
        focal = self.focal_px * viewport.scale
        shear = np.eye(4)
        middle_x = (self.width_px / 2.0 - viewport.left_px) * viewport.scale
        middle_y = (self.height_px / 2.0 - viewport.top_px) * viewport.scale
        shear[0, 2] = (columns / 2.0 - middle_x) / focal
        shear[1, 2] = (middle_y - rows / 2.0) / focal
        return shear @ self.world_to_camera, float(2.0 * np.arctan(rows / 2.0 / focal))


def make_camera(pose: Pose, width_px: int, height_px: int) -> Camera:
    """The camera of a pose; the flower fits into the largest centred square of the picture."""
    sideways, upwards = -pose.yaw_rad, pose.pitch_rad
    backward = np.array(
        [np.sin(sideways) * np.cos(upwards), np.sin(upwards), np.cos(sideways) * np.cos(upwards)]
    )
    right = np.array([np.cos(sideways), 0.0, -np.sin(sideways)])
    # Half of a zoom is a nearer camera, half a longer focal length: a moderate perspective.
    distance = DISTANCE / np.sqrt(pose.zoom)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right, np.cross(backward, right), backward])
    matrix[:3, 3] = -matrix[:3, :3] @ (np.array(TARGET_XYZ) + backward * distance)
    matrix[1, 3] += RAISED * HALF_SIDE / pose.zoom
    focal_px = min(width_px, height_px) / 2.0 * distance / (HALF_SIDE / pose.zoom)
    return Camera(matrix, float(focal_px), float(distance), width_px, height_px)
