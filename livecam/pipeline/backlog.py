"""What the sinks have still to write of a source that loses no frame: the loop waits for it."""

from livecam.core.protocols import BackgroundSink
from livecam.pipeline.pipeline import Pipeline


class Backlog:
    """The queues of the sinks that write beside the loop; always empty for a live source."""

    def __init__(self, pipeline: Pipeline) -> None:
        sinks = [] if pipeline.source.is_live else pipeline.sinks
        self._sinks = [sink for sink in sinks if isinstance(sink, BackgroundSink)]

    def is_full(self) -> bool:
        """Whether the next frame would be dropped by one of them."""
        return any(sink.is_full() for sink in self._sinks)

    def is_empty(self) -> bool:
        """Whether everything has been written, or cannot be."""
        return all(sink.is_idle() for sink in self._sinks)
