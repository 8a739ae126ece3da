"""Makes whole pictures of interlaced frames: what moves has no comb for an edge."""

from collections import deque
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from av.filter import Graph
from av.video.frame import VideoFrame

_SMALLEST_PX = 4
"""FFmpeg's bwdif takes no smaller frames."""

Stamp = TypeVar("Stamp")
"""What belongs to a frame and comes out with it: its time, and when it arrived."""


class Deinterlacer(Generic[Stamp]):
    """Passes on as many frames as come in, in the same order and with the same stamps.

    From the first interlaced frame on each one waits for the next, of which its missing lines
    are made, too. Before that, and so in all other clips, frames pass untouched.
    """

    def __init__(self) -> None:
        """Nothing is set up before an interlaced frame comes."""
        self._graph: Graph | None = None
        self._layout: tuple[str, int, int] | None = None
        self._waiting: deque[Stamp] = deque()

    def passed(self, frame: VideoFrame, stamp: Stamp) -> Iterator[tuple[VideoFrame, Stamp]]:
        """What is complete now that this frame is there."""
        layout = (frame.format.name, frame.width, frame.height)
        if self._graph is not None and layout != self._layout:
            yield from self.rest()
        if self._graph is None:
            if not frame.interlaced_frame or min(layout[1:]) < _SMALLEST_PX:
                yield frame, stamp
                return
            self._graph, self._layout = _graph_for(frame), layout
        self._waiting.append(stamp)
        self._graph.push(frame)
        yield from self._pulled(self._graph)

    def rest(self) -> Iterator[tuple[VideoFrame, Stamp]]:
        """What still waits, after the last frame."""
        graph, self._graph = self._graph, None
        if graph is not None:
            graph.push(None)
            yield from self._pulled(graph)

    def _pulled(self, graph: Graph) -> Iterator[tuple[VideoFrame, Stamp]]:
        while self._waiting:
            try:
                frame: Any = graph.pull()
            except (BlockingIOError, EOFError):  # it waits for the next frame
                return
            yield frame, self._waiting.popleft()


def _graph_for(frame: VideoFrame) -> Graph:
    graph = Graph()
    graph.threads = 1  # the stages after this one make better use of the others
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base
    )
    # A picture for each frame, not for each field: their number and times stay.
    whole = graph.add("bwdif", mode="send_frame", deint="interlaced")
    graph.link_nodes(source, whole, graph.add("buffersink")).configure()
    return graph
