"""A pipeline of fakes for the loop, and the view that it begins with."""

from support import WAIT_S, Collector, FakeClock, FakeModel

from livecam.pipeline.pipeline import Pipeline
from livecam.pipeline.screen_messages import ScreenMessages
from livecam.core.playback_pacing import Pacer
from livecam.core.events import KeyPress
from livecam.pipeline.run_limits import RunLimits
from livecam.core.view import View

VIEW = View(class_index=1, class_cycle=(1, 2))


def pipeline_of(source, *, screen=None, **more):
    clock = screen.clock if screen else FakeClock()
    parts = {
        "source": source,
        "model": FakeModel(),
        "sinks": [Collector()],
        "snapshot_writer": Collector(),
        "screens": [screen] if screen else [],
        "pacer": Pacer(real_time=screen is not None),
        "limits": RunLimits(),
        "screen_messages": ScreenMessages(clock=clock),
        "sleep": clock.sleep,
        "clock": clock,
    }
    return Pipeline(**(parts | more))


def keys(*pressed):
    return [KeyPress(key) for key in pressed]


class Slowly:
    """A recorder whose encoder takes each frame first: in simulated time it would drop some."""

    def __init__(self, recorder):
        self.recorder = recorder

    def show(self, annotated):
        self.recorder.show(annotated)
        thread = self.recorder._thread
        with thread._changed:
            thread._changed.wait_for(lambda: not thread._queue, timeout=WAIT_S)

    def wait_until_not_full(self, *_):
        return True


class SlowSink:
    """A BackgroundSink whose reader takes one frame in so many seconds of the clock."""

    def __init__(self, clock, every_s, most=5):
        self.clock, self.every_s, self.most = clock, every_s, most
        self.shown, self.lost, self.began_s = 0, 0, clock()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def waiting(self):
        return self.shown - min(self.shown, int((self.clock() - self.began_s) / self.every_s))

    def show(self, annotated):
        if self.is_full():
            self.lost += 1
        else:
            self.shown += 1

    def is_full(self):
        return self.waiting() >= self.most

    def is_idle(self):
        return self.waiting() == 0

    def dropped(self):
        return self.lost
