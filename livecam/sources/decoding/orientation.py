"""Which way up a decoded frame belongs: all eight orientations, from its display matrix."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame

_FRAMES_BETWEEN_LOOKS = 100


@dataclass(frozen=True, slots=True)
class Orientation:
    """How the stored picture becomes the upright one: first transposed, then mirrored."""

    is_transposed: bool = False
    mirrors_columns: bool = False
    mirrors_rows: bool = False

    def upright(self, picture: Any) -> Any:
        """The picture, [height, width, channels], turned and mirrored."""
        if self.is_transposed:
            picture = cv2.transpose(picture)
        if self.mirrors_columns or self.mirrors_rows:
            # cv2.flip: 0 mirrors rows, 1 columns, -1 both.
            axes = -1 if self.mirrors_columns and self.mirrors_rows else int(self.mirrors_columns)
            picture = cv2.flip(picture, axes)
        return picture


class OrientationReader:
    """The orientation of one frame after the other.

    The side data of a frame hold it in memory until Python's garbage collection, so they are
    looked at only where the orientation can have changed: `frame.rotation` is cheap, but does
    not tell mirrored pictures.
    """

    def __init__(self) -> None:
        """Nothing is known before the first frame."""
        self._orientation = Orientation()
        self._rotation: int | None = None
        self._frames_since_look = 0

    def of(self, frame: VideoFrame) -> Orientation:
        """The orientation of the next frame."""
        self._frames_since_look += 1
        is_due = frame.key_frame and self._frames_since_look > _FRAMES_BETWEEN_LOOKS
        if frame.rotation != self._rotation or is_due:
            self._rotation = frame.rotation
            self._frames_since_look = 0
            self._orientation = _orientation_of(frame)
        return self._orientation


def _orientation_of(frame: VideoFrame) -> Orientation:
    try:
        side_data: Any = frame.side_data
    except ValueError:  # PyAV does not know all kinds of side data (EXIF)
        return _ROTATIONS[round(frame.rotation / 90) % 4]
    matrix = side_data.get(Type.DISPLAYMATRIX)
    return Orientation() if matrix is None else orientation_of_matrix(np.frombuffer(matrix, "i4"))


def orientation_of_matrix(matrix: Any) -> Orientation:
    """Of FFmpeg's display matrix: nine numbers, of which the first five say where x and y go."""
    right_to_right, right_to_down, _, down_to_right, down_to_down = (int(n) for n in matrix[:5])
    if abs(right_to_right) + abs(down_to_down) >= abs(right_to_down) + abs(down_to_right):
        return Orientation(False, right_to_right < 0, down_to_down < 0)
    return Orientation(True, down_to_right < 0, right_to_down < 0)


_ROTATIONS = (
    Orientation(),
    Orientation(True, False, True),
    Orientation(False, True, True),
    Orientation(True, True, False),
)
"""By quarter turns counter-clockwise."""
