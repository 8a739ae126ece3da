"""Which way up a decoded frame belongs: all eight orientations, from its display matrix."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
from av.filter import Graph
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame

_UNKNOWN_KINDS_LIMIT = 8


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

    The side data of a frame, once looked at, hold it in memory until Python's garbage collection
    (PyAV 18.1), so only those of the first frame are, and where `frame.rotation` changes: that
    is cheap, but does not tell mirrored pictures.
    """

    def __init__(self) -> None:
        """Nothing is known before the first frame."""
        self._orientation = Orientation()
        self._rotation: int | None = None

    def of(self, frame: VideoFrame) -> Orientation:
        """The orientation of the next frame."""
        if frame.rotation != self._rotation:
            self._rotation = frame.rotation
            self._orientation = _orientation_of(frame)
        return self._orientation


def _orientation_of(frame: VideoFrame) -> Orientation:
    side_data = _side_data_of(frame)
    if side_data is None:
        return _ROTATIONS[round(frame.rotation / 90) % 4]
    matrix = side_data.get(Type.DISPLAYMATRIX)
    return Orientation() if matrix is None else orientation_of_matrix(np.frombuffer(matrix, "i4"))


def _side_data_of(frame: VideoFrame) -> Any:
    """All side data that PyAV knows; None where it cannot get at them.

    PyAV 18.1 raises for all of them where it does not know one kind ("31 is not a valid Type",
    which is EXIF), so those kinds are taken away first.
    """
    for _ in range(_UNKNOWN_KINDS_LIMIT):
        try:
            return frame.side_data
        except ValueError as error:
            number = re.match(r"\d+ ", str(error))
            if number is None:
                break
            frame = _without_side_data(frame, number[0].strip())
    return None


def _without_side_data(frame: VideoFrame, kind: str) -> Any:
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1)
    )
    removal = graph.add("sidedata", mode="delete", type=kind)
    graph.link_nodes(source, removal, graph.add("buffersink")).configure()
    graph.push(frame)
    return graph.pull()


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
