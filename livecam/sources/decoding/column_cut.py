"""Cuts columns out of decoded frames before their colours are converted: those alone then are.

FFmpeg's conversion gives them the very colours that the whole frame would, where the rest keeps
its alignment and the chroma its place; what is not sure of that is not cut.
"""

from dataclasses import dataclass
from fractions import Fraction

from av.filter import Graph
from av.video.frame import VideoFrame

_FORMATS = frozenset({"yuv420p", "yuvj420p", "yuv420p10le"})
"""What cameras and phones record. Of each one tests/ compares cut frames with whole ones."""

_ALIGNED_PX = 64
"""Processors convert so many pixels at a time at most; what is left over they round otherwise."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a picture: from `begin` up to, but not including, `end`."""

    begin: int
    end: int


class ColumnCut:
    """Cuts the frames of one stream. Nothing is copied."""

    def __init__(self) -> None:
        """FFmpeg's filter is set up with the first frame and kept."""
        self._key: tuple[str, int, int, Columns] | None = None
        self._graph: Graph | None = None

    def cut(self, frame: VideoFrame, wanted: Columns) -> tuple[VideoFrame, int]:
        """A frame with these columns at least, and which column of the given frame is its first."""
        columns = Columns(
            wanted.begin // _ALIGNED_PX * _ALIGNED_PX,
            min(frame.width, -(-wanted.end // _ALIGNED_PX) * _ALIGNED_PX),
        )
        # Of an odd width FFmpeg spreads the chroma over all of it.
        is_even = frame.width % 2 == 0 and frame.format.name in _FORMATS
        if not is_even or columns == Columns(0, frame.width):
            return frame, 0
        graph = self._graph_for(frame, columns)
        graph.push(frame)
        part = graph.pull()
        if not isinstance(part, VideoFrame):
            raise TypeError("FFmpeg's crop filter gave no picture")
        part.colorspace, part.color_range = frame.colorspace, frame.color_range
        return part, columns.begin

    def _graph_for(self, frame: VideoFrame, columns: Columns) -> Graph:
        key = frame.format.name, frame.width, frame.height, columns
        if self._graph is None or key != self._key:
            self._key, self._graph = key, _crop_graph(frame, columns)
        return self._graph


def _crop_graph(frame: VideoFrame, columns: Columns) -> Graph:
    graph = Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=Fraction(1)
    )
    size = f"{columns.end - columns.begin}:{frame.height}:{columns.begin}:0"
    crop, sink = graph.add("crop", f"{size}:exact=1"), graph.add("buffersink")
    graph.link_nodes(source, crop, sink).configure()
    return graph
