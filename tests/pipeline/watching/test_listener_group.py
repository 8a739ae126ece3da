"""Several listeners as one."""

from watched_scripts import BEGAN, NotingListener

from livecam.core.watching.watch_event import WatchEvent
from livecam.pipeline.watching.listener_group import ListenerGroup

EVENT = WatchEvent("20260701-060000.000-daisy", "daisy", "open", BEGAN, 0.0)


class Broken:
    """Fails at whatever it is told."""

    def __getattr__(self, name):
        raise RuntimeError(f"no {name} here")


def test_all_are_told_and_one_that_fails_stops_nobody():
    said, first, last = [], NotingListener(), NotingListener()
    group = ListenerGroup([first, Broken(), last], said.append)
    group.started(EVENT, b"jpeg")
    group.updated(EVENT, b"jpeg")
    group.ended(EVENT, None)
    group.looked("bed", "daisy", 0.5, BEGAN)
    group.close()
    for listener in (first, last):
        assert listener.words == ["started", "updated", "ended"]
        assert listener.looks == [("bed", "daisy", 0.5, BEGAN)]
        assert listener.closed == 1
    assert len(said) == 5
    assert all("Broken failed" in line for line in said)
