"""One source that is watched: its looks go through the rules, and events come of them."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from livecam.core.conditions.evaluate import holds
from livecam.core.day_records.day_look import DayLook
from livecam.core.types import BgrImage
from livecam.core.watching.event_rules import Change, Ended, EventRules, Started
from livecam.core.watching.watch_event import WatchEvent
from livecam.core.watching.watch_plan import CameraPlan, WatchRule
from livecam.core.watching.watch_state import CameraState, LookState
from livecam.core.watching.watched_source import Look
from livecam.errors import SinkError, SourceError, SourceLostError
from livecam.pipeline.watching.event_tools import EventTools
from livecam.pipeline.watching.look_figures import LookFigures
from livecam.pipeline.watching.looker import LookedAt, Looker
from livecam.pipeline.watching.running_event import RunningEvent

SILENCE_S = 5.0
"""A source that gives no pictures for so long is taken to show nothing any more."""

MOST_FIGURES = 4_000
"""Of so many looks before an event the figures are kept: 5 s of each picture, 30 minutes of two a
second; about 20 MB."""
NEXT_CLIP_S = 10.0
"""The disk that broke off a clip is asked this often whether it takes another one."""


class CameraWatch:
    """Watches one source.

    Attributes:
        lost: why the source was lost for good, or could not be read; None while it was not.
        failure: why files of a finished event are missing or not complete; None while all are.
        is_over: whether it is watched no longer.
    """

    def __init__(
        self, tools: EventTools, on_finished: Callable[[CameraPlan, WatchEvent], None]
    ) -> None:
        """Prepare.

        Args:
            tools: the source, which is open, and what events are made with.
            on_finished: is given each event whose clip is closed, and how its source is watched.
        """
        self._tools, self._on_finished = tools, on_finished
        self._watches = [_RuleWatch(rule) for rule in tools.plan.rules]
        self._closing: list[RunningEvent] = []
        self._last: LookedAt | None = None
        self._past: deque[LookFigures] = deque(maxlen=MOST_FIGURES)
        self._looked_s: float | None = None
        self._time_s: float | None = None  # of the last look, on the source's clock
        self._waiting_for = ""
        self._is_still, self._events = False, 0
        self._room_asked_s = -NEXT_CLIP_S
        self.lost: SourceLostError | SourceError | None = None
        self.failure: SinkError | None = None
        self.is_over = False

    @property
    def plan(self) -> CameraPlan:
        """How it is watched."""
        return self._tools.plan

    @property
    def title(self) -> str:
        """Of the source."""
        return self._tools.source.title

    @property
    def watched_s(self) -> float:
        """Time of the last look on the source's clock; 0 before the first."""
        return self._time_s or 0.0

    def step(self) -> bool:
        """Take the next look, where there is one; says whether there was."""
        look = None
        try:
            look = self._tools.source.next_look()
        except (SourceLostError, SourceError) as error:
            self.lost = error
            self._tools.say(f"{self._named()}{error}")
            self.stop(is_cut=True)
        self._say_waiting()
        if look is not None:
            self._take(look)
        elif not self.is_over:
            self._without_look()
        self._close_finished()
        return look is not None

    def stop(self, *, is_cut: bool) -> None:
        """End what goes on, and close the source.

        Args:
            is_cut: whether events that go on are cut by that: not where a clip is at its end.
        """
        if self.is_over:
            return
        self.is_over = True
        for watch in self._watches:
            for change in watch.rules.stop():
                self._apply(watch, change, [], is_cut=is_cut)
        for running in self._closing:
            self._finish(running, running.close())
        self._closing.clear()
        self._tools.source.close()

    def change(self, plan: CameraPlan, looker: Looker) -> None:
        """Watch by other rules from now on; events that go on do so where their rule stays."""
        kept = {watch.rule: watch for watch in self._watches}
        if plan.class_names != self.plan.class_names:
            self._past.clear()  # it has no figures of new classes
        self._tools = replace(self._tools, plan=plan, looker=looker)
        self._last = None  # nor has it
        before, self._watches = self._watches, []
        for rule in plan.rules:
            self._watches.append(kept.get(rule) or _RuleWatch(rule))
        for watch in before:
            if watch not in self._watches:
                for change in watch.rules.stop():
                    self._apply(watch, change, [], is_cut=True)

    def state(self) -> CameraState:
        """How it is doing."""
        last = self._last
        running = (watch.running for watch in self._watches)
        return CameraState(
            name=self.plan.name,
            title=self._tools.source.title,
            conditions=tuple(watch.rule.text for watch in self._watches),
            waiting_for=self._waiting_for,
            last=None if last is None else self._look_state(last),
            is_still=self._is_still,
            looked_s=self._looked_s,
            open_events=tuple(one.event.event for one in running if one is not None),
            events=self._events,
            is_over=self.is_over,
        )

    def _look_state(self, last: LookedAt) -> LookState:
        looked_s = 0.0 if self._looked_s is None else self._looked_s
        look = last.look
        return LookState(look.frame, look.at, looked_s, last.figures.seen, last.classes)

    def _take(self, look: Look) -> None:
        """Look at a picture; one that stands still says what it said before."""
        self._is_still = look.is_still and self._last is not None
        if self._last is not None and self._is_still:
            looked = self._last.standing_still(look)
        else:
            looked = self._tools.looker.look_at(look)
        self._last, self._looked_s = looked, self._tools.clock()
        self._time_s = look.time_s
        self._keep_figures(looked.written)
        for watch in self._watches:
            changes = watch.look(looked)
            for change in changes:
                self._apply(watch, change, watch.looks_since(change))
            if watch.running is not None and not any(isinstance(c, Started) for c in changes):
                watch.running.add(looked, watch.rules.looks, is_still=self._is_still)
                self._split(watch, looked)
        if not self._is_still:
            for running in self._closing:
                running.add(looked, 0)
        self._tell_figures(looked)
        self._show(looked)

    def _keep_figures(self, written: LookFigures) -> None:
        """Keep them for as long as the clip of an event may begin before them."""
        self._past.append(written)
        while self._past[0].time_s < written.time_s - self.plan.held_s:
            self._past.popleft()

    def _split(self, watch: "_RuleWatch", looked: LookedAt) -> None:
        """An event whose clip broke off is cut, once the disk takes that of the next one."""
        now_s = self._tools.clock()
        is_due = now_s - self._room_asked_s >= NEXT_CLIP_S
        if watch.running is None or not watch.running.has_lost_clip() or not is_due:
            return
        self._room_asked_s = now_s
        if self._tools.store.has_room():
            for change in watch.rules.split(looked.look.time_s):
                self._apply(watch, change, [], is_cut=True)

    def _tell_figures(self, looked: LookedAt) -> None:
        for name, figures in looked.classes.items():
            self._tools.listener.looked(self.plan.name, name, figures.probability, looked.look.at)

    def _show(self, looked: LookedAt) -> None:
        """Show the look to those who keep the records of the day."""
        figures, tools, look = tuple(looked.classes.values()), self._tools, looked.look

        def annotated() -> BgrImage:
            return tools.looker.annotated(looked, figures[0].class_index).picture

        tools.on_look(DayLook(self.plan.name, look.at, look.frame, figures, annotated))

    def _without_look(self) -> None:
        """Time goes on also where no pictures come; a clip at its end is over."""
        source = self._tools.source
        if source.is_over:
            self.stop(is_cut=False)
            return
        if self._time_s is None or self._looked_s is None or not source.waiting_for:
            return
        quiet_s = self._tools.clock() - self._looked_s
        if quiet_s < SILENCE_S:
            return
        for watch in self._watches:
            for change in watch.rules.pass_time(self._time_s + quiet_s):
                self._apply(watch, change, [], is_cut=True)

    def _apply(
        self, watch: "_RuleWatch", change: Change, looks: list[LookedAt], *, is_cut: bool = False
    ) -> None:
        if isinstance(change, Started):
            watch.running = RunningEvent(self._tools, watch.rule, change, looks, self._past)
            self._events += 1
        elif watch.running is not None:
            ended, watch.running = watch.running, None
            ended.end(change, is_cut=is_cut)
            self._closing.append(ended)

    def _finish(self, running: RunningEvent, event: WatchEvent) -> None:
        """Its clip is closed."""
        self.failure = self.failure or running.failure
        self._on_finished(self.plan, event)
        self._tools.listener.finished(event)

    def _close_finished(self) -> None:
        for running in list(self._closing):
            finished = running.close_when_finished()
            if finished is not None:
                self._closing.remove(running)
                self._finish(running, finished)

    def _say_waiting(self) -> None:
        now = self._tools.source.waiting_for
        if self.is_over or now == self._waiting_for:
            return
        before, self._waiting_for = self._waiting_for, now
        if now:
            self._tools.say(f"{self._named()}{now}; waiting for it")
        elif before:
            self._tools.say(f"{self._named()}pictures come")

    def _named(self) -> str:
        return f"{self.plan.name}: " if self.plan.name else ""


class _RuleWatch:
    """A rule, the looks that it may begin with, and the event that goes on."""

    def __init__(self, rule: WatchRule) -> None:
        self.rule, self.rules = rule, EventRules(rule.limits)
        self.running: RunningEvent | None = None
        self._recent: deque[LookedAt] = deque(maxlen=rule.limits.n)

    def look(self, looked: LookedAt) -> tuple[Change, ...]:
        """What comes of a look."""
        self._recent.append(looked)
        return self.rules.look(
            looked.look.time_s,
            holds=holds(self.rule.expression, looked.figures),
            still_holds=holds(self.rule.easier, looked.figures),
        )

    def looks_since(self, change: Change) -> list[LookedAt]:
        """Those of the last looks that belong to what has begun; at least the present one."""
        if isinstance(change, Ended):
            return []
        since = [one for one in self._recent if one.look.time_s >= change.start_s]
        return since or [self._recent[-1]]
