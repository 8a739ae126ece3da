"""Cameras that play scripts, watched with a fake network into a real folder."""

import json
from contextlib import contextmanager

from support import FakeClock, FakeModel
from watched_scripts import NotingListener, ScriptSource

from livecam.core.conditions.parse import parse_condition
from livecam.core.view import View
from livecam.core.watching.event_rules import RuleLimits
from livecam.core.watching.watch_plan import CameraPlan, WatchRule
from livecam.pipeline.watching.camera_watch import CameraWatch
from livecam.pipeline.watching.looker import Looker
from livecam.pipeline.watching.event_tools import EventTools
from livecam.pipeline.watching.watch_loop import WatchLoop
from livecam.sinks.events.event_files import EventFiles
from livecam.sinks.events.event_log import EventLog, read_events

ONE = RuleLimits(k=1, n=1, release_s=1.0)
GREEN = "max(daisy) > 20"


def plan_of(*texts, limits=ONE, name="", **more):
    rules = tuple(WatchRule.of(text, parse_condition(text), limits, 0.0) for text in texts)
    return CameraPlan(name, rules, before_s=1.0, after_s=1.5, **more)


class GreenModel(FakeModel):
    """The greener, the more probable the daisy."""

    def infer(self, rgb):
        output = super().infer(rgb)
        output.logits[:] = 0
        output.logits[1] = rgb[:, :, 1].mean() / 25
        return output


class Garden:
    """Cameras that play scripts, watched with a fake network into a real folder."""

    def __init__(self, folder, log):
        self.folder, self.clock = folder, FakeClock()
        self.store, self.listener = EventFiles(log), NotingListener()
        self.said, self.finished, self.states = [], [], []
        self.sources, self.cameras = [], []
        self.model = GreenModel()

    def add(self, script, plan, **more):
        source = ScriptSource(script, self.clock, **more)
        looker = self.looker()
        tools = EventTools(
            plan, source, looker, self.store, self.listener, self.said.append, self.clock
        )
        self.sources.append(source)
        self.cameras.append(CameraWatch(tools, lambda _, event: self.finished.append(event)))
        return source

    def looker(self):
        return Looker(self.model, View(1, (1,)), (1, 2), "script")

    def run(self, rounds=10_000, limit_s=float("inf"), then=lambda: None):
        left = iter(range(rounds))

        def on_round(state):
            self.states.append(state)
            then()

        loop = WatchLoop(
            self.cameras,
            clock=self.clock,
            wait=self.clock.sleep,
            stop_asked=lambda: next(left, None) is None,
            on_round=on_round,
            is_long_enough=lambda: self.cameras[0].watched_s >= limit_s,
        )
        return loop.run()

    def events(self):
        return list(read_events(self.folder).values())


@contextmanager
def garden_in(folder):
    with EventLog(folder) as log:
        yield Garden(folder, log)


def figures_of(garden, event):
    text = (garden.folder / event.files["figures"]).read_text()
    return [json.loads(line) for line in text.splitlines()]
