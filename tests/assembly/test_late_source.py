"""What is said of a camera that comes late, where no window shows it."""

from contextlib import ExitStack

import pytest

from livecam.assembly.open_source_and_window import open_source_and_window
from livecam.core.types import Waiting
from livecam.core.view import View


class LateSource:
    """Opens after it was waited for as often as it is told."""

    title = "rtsp://eye"

    def __init__(self, waits, negotiated):
        self.waits, self.negotiated = waits, negotiated

    def preview(self):
        return None

    def on_progress(self, callback):
        self.tell = callback

    def __enter__(self):
        for wait in self.waits:
            self.tell(wait)
        return self

    def __exit__(self, *_):
        pass


REFUSED = Waiting(0.0, "rtsp://eye does not open", 3.0, next_try_s=1.0)
SHORT, LONG = (Waiting(0.0, "opening rtsp://eye", waited_s) for waited_s in (0.1, 5.0))


@pytest.mark.parametrize(
    ("waits", "negotiated", "said"),
    [
        ([SHORT], "", []),
        ([SHORT], "640x480", ["rtsp://eye: 640x480"]),
        ([LONG], "", ["opening rtsp://eye ...", "rtsp://eye: pictures come"]),
        ([SHORT, REFUSED, REFUSED], "640x480",
         ["rtsp://eye does not open; waiting for it", "rtsp://eye: pictures come, 640x480"]),
    ],
)  # fmt: skip
def test_that_pictures_come_is_said_where_the_waiting_was(waits, negotiated, said):
    lines = []
    with ExitStack() as stack:
        open_source_and_window(
            LateSource(waits, negotiated), View(0, (0,)), stack, windowed=False, say=lines.append
        )
    assert lines == said
