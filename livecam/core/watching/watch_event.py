"""One event of `livecam watch`, as a line of `events.jsonl` says it."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from livecam.core.format_version import later_format
from livecam.core.printable_text import printable
from livecam.errors import LaterFormatError

EventState = Literal["open", "ended", "cut", "deleted"]
FileKind = Literal["clean", "annotated", "figures", "thumbnail"]

STATES: Final[tuple[EventState, ...]] = ("open", "ended", "cut", "deleted")
FILE_KINDS: Final[tuple[FileKind, ...]] = ("clean", "annotated", "figures", "thumbnail")
ENDINGS: Final[Mapping[FileKind, str]] = {
    "clean": ".mp4",
    "annotated": "-map.mp4",
    "figures": ".jsonl",
    "thumbnail": ".jpg",
}
"""What the names of an event's files end in, after its id."""

EVENT_FORMAT = 1
"""Version of the lines. One of a later version says so in "format"; those without are of this."""

KEEP_SUFFIX = ".keep"
"""An empty file beside an event's files that marks it as kept."""

_ID = re.compile(r"(\d{4})(\d\d)(\d\d)-\d{6}\.\d{3}-[^/\\:\s]+")
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Strongest:
    """The picture of an event in which its condition's class was most probable.

    Attributes:
        at: wall-clock time.
        into_s: seconds from the first picture of the event's clip.
        probability, max, mean, logit: of the event's class.
        seen: the most probable class; "other" where none is seen.
        centre: x and y of the evidence in pixels of the picture; None where there is none.
        box: x, y, width, height of the evidence in pixels of the picture; None without a centre.
        frame_size: width and height of the picture.
    """

    at: datetime
    into_s: float
    probability: float
    max: float
    mean: float
    logit: float
    seen: str
    centre: tuple[float, float] | None
    box: tuple[float, float, float, float] | None
    frame_size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class WatchEvent:
    """An event.

    Attributes:
        event: its id, also what the names of its files begin with: time, camera, class.
        class_name: of the condition; of several the most probable one at the start.
        state: "open" while it goes on; "cut" where it was not ended in order.
        start: wall-clock time of the first look that held.
        end: of the last one; None while it goes on.
        start_s, end_s: the same on the source's clock; `end_s` is None while it goes on.
        looks: how many pictures were looked at from start to end.
        strongest: its strongest picture so far; None where nothing is known of it.
        files: paths relative to the events folder, with /; only of files that are there.
        why: the condition, and how often it held.
        source: the source without credentials.
        camera: its name in the settings; "" where it has none.
        begin_s: of the first picture of its clip on the source's clock: times in its figures count
            from there. None in a list of before, whose figures have times on the source's clock.
        is_told: whether nobody is to be told of its end any more: `livecam serve`, which tells
            nobody, leaves that to the next `livecam watch`.
    """

    event: str
    class_name: str
    state: EventState
    start: datetime
    start_s: float
    end: datetime | None = None
    end_s: float | None = None
    looks: int = 0
    strongest: Strongest | None = None
    files: Mapping[FileKind, str] = field(default_factory=dict)
    why: str = ""
    source: str = ""
    camera: str = ""
    begin_s: float | None = None
    is_told: bool = True

    @property
    def is_over(self) -> bool:
        """Whether it goes on no longer."""
        return self.state != "open"

    @property
    def duration_s(self) -> float | None:
        """From start to end in seconds; None while it goes on."""
        return None if self.end_s is None else self.end_s - self.start_s


def event_id(start: datetime, class_name: str, camera: str, taken: Container[str]) -> str:
    """A new id: local time to the millisecond, the camera where it has a name, the class.

    Args:
        start: when the event began, in local time.
        class_name: of the event.
        camera: its name in the settings, or "".
        taken: ids that are there already.
    """
    time = f"{start:%Y%m%d-%H%M%S}.{start.microsecond // 1000:03d}"
    stem = "-".join([time, *map(_as_name, filter(None, (camera, class_name or "event")))])
    number, found = 2, stem
    while found in taken:
        found, number = f"{stem}_{number}", number + 1
    return found


def is_event_id(text: str) -> bool:
    """Whether a text may be an id: no path to elsewhere among others."""
    return _ID.fullmatch(text) is not None


def day_folder(event: str) -> str:
    """The folder of an event's files in the events folder, by its id: "2026-07-01".

    Raises:
        ValueError: it is no id.
    """
    found = _ID.fullmatch(event)
    if found is None:
        raise ValueError(f"{event!r} is no id of an event")
    return "-".join(found.groups())


def event_file(event: str, kind: FileKind) -> str:
    """Path of a file of an event relative to the events folder, with /."""
    return f"{day_folder(event)}/{event}{ENDINGS[kind]}"


def event_record(event: WatchEvent) -> dict[str, Any]:
    """The event as a line of `events.jsonl` has it: of JSON's types."""
    strongest = event.strongest
    told = {} if event.is_told else {"told": False}
    return {
        "event": event.event,
        "class": event.class_name,
        "state": event.state,
        "start": _time_text(event.start),
        "end": None if event.end is None else _time_text(event.end),
        "start_s": round(event.start_s, 6),
        "end_s": None if event.end_s is None else round(event.end_s, 6),
        "begin_s": None if event.begin_s is None else round(event.begin_s, 6),
        "looks": event.looks,
        "strongest": None if strongest is None else _strongest_record(strongest),
        "files": dict(event.files),
        "why": event.why,
        "source": event.source,
        "camera": event.camera,
        **told,
    }


def event_of_record(record: Any, of: str = "the list of events") -> WatchEvent:
    """The event of such a record; what it does not know is left out.

    Args:
        record: of JSON's types.
        of: the list, for errors.

    Raises:
        LaterFormatError: a newer livecam wrote it.
        ValueError: it is none; the text says why.
    """
    version = record.get("format") if isinstance(record, dict) else None
    if later := later_format(of, version, EVENT_FORMAT):
        raise LaterFormatError(later)
    try:
        return _event_of(record)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"no event: {type(error).__name__}: {error}") from None


def _event_of(record: Any) -> WatchEvent:
    event, state, end_s = record["event"], record["state"], record["end_s"]
    begin_s = record.get("begin_s")
    if not isinstance(event, str) or not is_event_id(event) or state not in STATES:
        raise ValueError(f"id {event!r}, state {state!r}")
    end, strongest = record["end"], record["strongest"]
    return WatchEvent(
        event=event,
        class_name=str(record["class"]),
        state=state,
        start=_time_of(record["start"]),
        start_s=float(record["start_s"]),
        end=None if end is None else _time_of(end),
        end_s=None if end_s is None else float(end_s),
        begin_s=None if begin_s is None else float(begin_s),
        is_told=bool(record.get("told", True)),
        looks=int(record["looks"]),
        strongest=None if strongest is None else _strongest_of(strongest),
        files={kind: str(record["files"][kind]) for kind in FILE_KINDS if kind in record["files"]},
        why=str(record.get("why", "")),
        source=str(record.get("source", "")),
        camera=str(record.get("camera", "")),
    )


def _strongest_record(of: Strongest) -> dict[str, Any]:
    return {
        "at": _time_text(of.at),
        "into_s": round(of.into_s, 3),
        "probability": round(of.probability, 8),
        "max": round(of.max, 5),
        "mean": round(of.mean, 5),
        "logit": round(of.logit, 5),
        "seen": of.seen,
        "centre": None if of.centre is None else [round(value, 2) for value in of.centre],
        "box": None if of.box is None else [round(value, 2) for value in of.box],
        "frame_size": list(of.frame_size),
    }


def _strongest_of(record: Any) -> Strongest:
    centre, box = record["centre"], record["box"]
    x, y, width, height = box or (0, 0, 0, 0)
    frame_width, frame_height = record["frame_size"]
    return Strongest(
        at=_time_of(record["at"]),
        into_s=float(record["into_s"]),
        probability=float(record["probability"]),
        max=float(record["max"]),
        mean=float(record["mean"]),
        logit=float(record["logit"]),
        seen=str(record["seen"]),
        centre=None if centre is None else (float(centre[0]), float(centre[1])),
        box=None if box is None else (float(x), float(y), float(width), float(height)),
        frame_size=(int(frame_width), int(frame_height)),
    )


def _time_text(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds")


def _time_of(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return time


def _as_name(text: str) -> str:
    """A text as part of a file's name on any system."""
    letters = re.sub(r"[^\w.]+", "_", printable(text)).strip("_.")
    return letters[:_LONGEST_WORD] or "_"
