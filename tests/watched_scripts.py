"""A watched source that plays a script, and one who notes what is told of events."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from support import FakeClock, picture

from livecam.core.watching.watched_source import EventClipResult, Look
from livecam.errors import SinkError, SourceLostError

BEGAN = datetime(2026, 7, 1, 6, 0, tzinfo=timezone(timedelta(hours=2)))


@dataclass
class ScriptClip:
    """Notes what it was told; its file is a line of text."""

    source: "ScriptSource"
    path: Path
    begin_s: float
    until_s: float | None = None
    failure: SinkError | None = None
    closed: int = 0

    def end(self, until_s):
        self.until_s = until_s

    @property
    def is_finished(self):
        if self.failure is not None:
            return True
        return self.until_s is not None and self.source.time_s >= self.until_s

    def close(self):
        self.closed += 1
        if self.failure is not None:
            raise self.failure
        until_s = self.source.time_s if self.until_s is None else self.until_s
        end_s = min(until_s, self.source.time_s)
        frames = round((end_s - self.begin_s) * 10)
        is_cut = self.until_s is None  # one that was to end is not, as in sources/watched/
        begin_s = max(self.begin_s, self.source.first_key_s)
        return EventClipResult(self.path, begin_s, end_s, frames, is_cut)


@dataclass
class ScriptSource:
    """Gives one look for each letter.

    # is green, 1 to 9 less so, . dark, s still, _ nothing, x lost for a moment.

    The clock goes on by `every_s` with each letter. After the script it is over, or lost (`error`).
    """

    script: str
    clock: FakeClock
    every_s: float = 0.5
    title: str = "script"
    rate: float | None = 10.0
    error: SourceLostError | None = None
    clip_error: SinkError | None = None
    time_s: float = 0.0
    number: int = 0
    closed: int = 0
    waiting_for: str = ""
    first_key_s: float = 0.0
    clips: list = field(default_factory=list)

    @property
    def is_over(self):
        return self.number >= len(self.script) and self.error is None

    def open(self):
        pass

    def next_look(self):
        if self.number >= len(self.script):
            if self.error is not None:
                raise self.error
            return None
        letter = self.script[self.number]
        self.time_s = self.number * self.every_s
        self.number += 1
        self.clock.now_s = max(self.clock.now_s, self.time_s)
        self.waiting_for = "the camera is away" if letter == "x" else ""
        if letter in "_x":
            return None
        bgr = picture(64, 64, 0).copy()
        bgr[:, :, 1] = 25 * int(letter) if letter.isdecimal() else 255 * (letter == "#")
        at = BEGAN + timedelta(seconds=self.time_s)
        return Look(bgr, self.time_s, at, is_still=letter == "s")

    def begin_clip(self, from_s, path):
        if self.clip_error is not None:
            raise self.clip_error
        path.write_text("clip\n")
        self.clips.append(ScriptClip(self, path, max(0.0, from_s)))
        return self.clips[-1]

    def close(self):
        self.closed += 1


@dataclass
class NotingListener:
    """Notes every call."""

    told: list = field(default_factory=list)
    looks: list = field(default_factory=list)
    done: list = field(default_factory=list)
    closed: int = 0

    def started(self, event, picture_jpeg):
        self.told.append(("started", event, picture_jpeg))

    def updated(self, event, picture_jpeg):
        self.told.append(("updated", event, picture_jpeg))

    def ended(self, event, picture_jpeg):
        self.told.append(("ended", event, picture_jpeg))

    def finished(self, event):
        self.done.append(event)

    def looked(self, camera, class_name, probability, at):
        self.looks.append((camera, class_name, probability, at))

    def close(self):
        self.closed += 1

    @property
    def words(self):
        return [word for word, _, _ in self.told]
