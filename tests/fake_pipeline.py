"""A pipeline of fakes for the loop, and the view that it begins with."""

from support import Collector, FakeClock, FakeModel

from livecam.pipeline.pipeline import Pipeline
from livecam.pipeline.notifications import Notifications
from livecam.core.timing import Pacer
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
        "notifications": Notifications(clock=clock),
        "sleep": clock.sleep,
        "clock": clock,
    }
    return Pipeline(**(parts | more))


def keys(*pressed):
    return [KeyPress(key) for key in pressed]
