"""An event that goes on: its line in the list, its clip, its figures, its strongest picture."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.class_figures import ClassFigures
from livecam.core.conditions.expression import OTHER
from livecam.core.disk_errors import is_file_limit
from livecam.core.watching.event_rules import Ended, Started
from livecam.core.watching.watch_event import FileKind, WatchEvent, event_file, event_id
from livecam.core.watching.watch_plan import WatchRule
from livecam.core.watching.watched_source import EventClip, Look
from livecam.errors import SinkError
from livecam.pipeline.watching.event_figures import EventFigures
from livecam.pipeline.watching.event_tools import EventTools
from livecam.pipeline.watching.look_figures import LookFigures
from livecam.pipeline.watching.looker import LookedAt

UPDATE_EVERY_S = 2.0
"""The picture of an event is replaced by a stronger one no more often than this."""

LATE_S = 10.0
"""A clip whose last pictures do not come is closed so long after its end."""


class RunningEvent:
    """From its start until its clip is closed.

    Attributes:
        event: its present state, as the list has it or will have it.
    """

    def __init__(
        self,
        tools: EventTools,
        rule: WatchRule,
        started: Started,
        looks: Sequence[LookedAt],
        past: Iterable[LookFigures],
    ) -> None:
        """Begin; whatever cannot be written is said, and the event goes on without it.

        Args:
            tools: see there.
            rule: whose event it is.
            started: what the rule said.
            looks: those from the start to the present one; at least that.
            past: the figures of all looks that are known, also of those.
        """
        self._tools, self._rule = tools, rule
        self._best: LookedAt | None = None
        self._told_best: LookedAt | None = None
        self._updated_s = tools.clock()
        self._ended_s: float | None = None
        self._jpeg: bytes | None = None
        self._clip: EventClip | None = None
        self._has_lost_clip = False
        self._failures: dict[FileKind, SinkError] = {}
        self._is_cut = False
        self._class_name = _class_of(rule, looks)
        self._begin_s = started.start_s - tools.plan.before_s
        self.event = self._first_state(started, looks[-1].look)
        self._append()  # first of all: from here on the event is not lost
        self._written = EventFigures(
            tools.store, self.event.event, self._class_name, self._begin_s, tools.say
        )
        self._begin_clip()
        self._written.add_past(past, looks[0].look.time_s)
        for looked in looks:
            self._note(looked)
        self._update()
        tools.listener.started(self.event, self._jpeg)
        tools.say(f"{self.event.event}: begins: {self._words()}")

    @property
    def failure(self) -> SinkError | None:
        """Why a file of it is missing or not complete; None while that is not so."""
        return next(iter(self._failures.values()), self._written.failure)

    @property
    def is_over(self) -> bool:
        """Whether it has ended; its clip may still be being written."""
        return self._ended_s is not None

    def add(self, looked: LookedAt, looks: int, *, is_still: bool = False) -> None:
        """Take one more look, also after its end while the clip goes on.

        Args:
            looked: the look.
            looks: how many there are so far.
            is_still: it shows what the one before showed: its figures are known.
        """
        if not self.is_over:
            self.event = replace(self.event, looks=looks)
        if not is_still:
            self._note(looked, may_be_best=not self.is_over)
        is_due = self._tools.clock() - self._updated_s >= UPDATE_EVERY_S
        if is_due and self._best is not self._told_best:
            self._update()
            self._tools.listener.updated(self.event, self._jpeg)

    def has_lost_clip(self) -> bool:
        """Whether its clip broke off, or was never begun; to be asked at every look: it is said."""
        clip = self._clip
        if not self._has_lost_clip and clip is not None and clip.failure is not None:
            self._lose_clip("the clip is not complete", clip.failure)
        return self._has_lost_clip

    def end(self, ended: Ended, *, is_cut: bool) -> None:
        """It is over; its clip goes on for as long as the plan says.

        Args:
            ended: what the rule said.
            is_cut: whether it was not ended in order: the source was lost, or watching stopped.
        """
        plan, clip = self._tools.plan, self._clip
        self._ended_s, self._is_cut = self._tools.clock(), is_cut
        lasted_s = ended.end_s - ended.start_s
        end = self.event.start + timedelta(seconds=lasted_s)
        self.event = replace(self.event, end=end, end_s=ended.end_s, looks=ended.looks)
        if clip is not None:
            clip.end(ended.end_s + plan.after_s)
        self._update()
        self._tools.listener.ended(self._final(), self._jpeg)

    def close_when_finished(self) -> WatchEvent | None:
        """Close the clip once its last picture is there; gives the finished event then."""
        if self._ended_s is None:
            return None
        late_s = self._ended_s + self._tools.plan.after_s + LATE_S
        clip = self._clip
        if clip is None or clip.is_finished or self._tools.clock() > late_s:
            return self.close()
        return None

    def close(self) -> WatchEvent:
        """Close the clip now and write the last line; the event is finished."""
        files = dict(self.event.files)
        if self._clip is not None:
            try:
                result = self._clip.close()
            except SinkError as error:
                if not self._has_lost_clip:
                    self._lose_clip("the clip is not complete", error)
                self._is_cut = True
            else:
                self._is_cut |= result.is_cut
                self._set_begin(result.begin_s)
                if not result.frames:
                    files.pop("clean", None)
        self.event = replace(self._final(), files=files)
        self._append()
        length = "" if self.event.duration_s is None else f" after {self.event.duration_s:.1f} s"
        how = "cut" if self.event.state == "cut" else "ended"
        self._tools.say(f"{self.event.event}: {how}{length}")
        return self.event

    def _first_state(self, started: Started, now: Look) -> WatchEvent:
        """The event as it is told first; `now` is the present look."""
        start = now.at - timedelta(seconds=now.time_s - started.start_s)
        camera = self._tools.plan.name
        return WatchEvent(
            event=event_id(start, self._class_name, camera, self._tools.store.ids),
            class_name=self._class_name,
            state="open",
            start=start,
            start_s=started.start_s,
            begin_s=self._begin_s,
            looks=started.looks,
            why=_why(self._rule, started),
            source=self._tools.source.title,
            camera=camera,
        )

    def _final(self) -> WatchEvent:
        return replace(self.event, state="cut" if self._is_cut else "ended")

    def _words(self) -> str:
        best = self.event.strongest
        shown = "" if best is None else f" {100 * best.probability:.0f} %"
        return f"{self._class_name}{shown}, {self.event.why}"

    def _begin_clip(self) -> None:
        tools, path = self._tools, None
        try:
            path = tools.store.clip_path(self.event.event)
            self._clip = tools.source.begin_clip(self._begin_s, path)
        except SinkError as error:
            if path is not None and path.is_file():  # the disk took a part of what was before
                self._have("clean")
                self._lose_clip("the clip is not complete", error)
            else:
                self._lose_clip("there is no clip of it", error)
            return
        self._set_begin(self._clip.begin_s)
        self._have("clean")

    def _lose_clip(self, problem: str, error: SinkError) -> None:
        self._has_lost_clip = True
        if not is_file_limit(error):  # after that the next event goes on at once
            self._failures["clean"] = error
        self._tools.say(f"{self.event.event}: {problem}: {error}")

    def _set_begin(self, begin_s: float) -> None:
        """The clip begins there: the place of the strongest picture in it follows."""
        self.event = replace(self.event, begin_s=begin_s)
        self._written.begin_at(begin_s)
        best = self.event.strongest
        if best is not None:
            moved = replace(best, into_s=max(0.0, best.into_s + self._begin_s - begin_s))
            self.event = replace(self.event, strongest=moved)
        self._begin_s = begin_s

    def _note(self, looked: LookedAt, *, may_be_best: bool = True) -> None:
        """Write the figures of a look, and see whether it is the strongest."""
        best = self._best
        if may_be_best and (best is None or self._strength(looked) > self._strength(best)):
            self._best = looked
            into_s = max(0.0, looked.look.time_s - self._begin_s)
            strongest = self._tools.looker.strongest(looked, self._figures(looked), into_s)
            self.event = replace(self.event, strongest=strongest)
        self._written.add(looked.written)
        self._have("figures")

    def _update(self) -> None:
        """Write the strongest picture and the event's line."""
        if self._best is not None and self._best is not self._told_best:
            picture = self._annotated(self._best).picture
            try:
                self._jpeg = self._tools.store.save_thumbnail(self.event.event, picture)
            except SinkError as error:
                self._failures["thumbnail"] = error
                self._tools.say(f"{self.event.event}: its picture was not saved: {error}")
            else:
                self._failures.pop("thumbnail", None)
                self._have("thumbnail")
        self._told_best, self._updated_s = self._best, self._tools.clock()
        self._append()

    def _append(self) -> None:
        try:
            self._tools.store.append(self.event)
        except SinkError as error:
            self._tools.say(f"{self.event.event}: {error}")

    def _have(self, kind: FileKind) -> None:
        files = {**self.event.files, kind: event_file(self.event.event, kind)}
        self.event = replace(self.event, files=files)

    def _annotated(self, looked: LookedAt) -> AnnotatedFrame:
        return self._tools.looker.annotated(looked, self._figures(looked).class_index)

    def _figures(self, looked: LookedAt) -> ClassFigures:
        """Of the event's class; of the first one where the event is that none is seen."""
        classes = looked.classes
        return (
            classes[self._class_name]
            if self._class_name in classes
            else next(iter(classes.values()))
        )

    def _strength(self, looked: LookedAt) -> tuple[float, float]:
        figures = self._figures(looked)
        return figures.probability, figures.logit


def _why(rule: WatchRule, started: Started) -> str:
    if started.of == 1:
        return rule.text
    return f"{rule.text} in {started.held} of the last {started.of} looks"


def _class_of(rule: WatchRule, looks: Sequence[LookedAt]) -> str:
    """The most probable of the rule's classes when it began; "other" of a rule without any."""

    def highest(name: str) -> float:
        return max(looked.classes[name].probability for looked in looks)

    return max(rule.class_names, key=highest, default=OTHER)
