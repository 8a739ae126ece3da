"""A rig of fakes for the loop, and the view that it begins with."""

from support import Collector, FakeClock, FakeModel

from livecam.pipeline.loop import Rig
from livecam.pipeline.notifications import Notices
from livecam.core.timing import Pacer
from livecam.core.protocols import KeyPress
from livecam.pipeline.run_summary import Limits
from livecam.core.types import View

VIEW = View(class_index=1, class_cycle=(1, 2))


def rig_of(source, *, screen=None, **more):
    clock = screen.clock if screen else FakeClock()
    parts = {
        "source": source,
        "model": FakeModel(),
        "sinks": [Collector()],
        "album": Collector(),
        "screens": [screen] if screen else [],
        "pacer": Pacer(real_time=screen is not None),
        "limits": Limits(),
        "notices": Notices(clock=clock),
        "sleep": clock.sleep,
        "clock": clock,
    }
    return Rig(**(parts | more))


def keys(*pressed):
    return [KeyPress(key) for key in pressed]
