"""Converts cameras and events to the messages of the API."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from livecam import __version__
from livecam.core.day_records.day_summary import CameraDay
from livecam.core.printable_text import printable
from livecam.core.watching.event_list import EventCounts, day_of
from livecam.core.watching.watch_event import Strongest, WatchEvent
from livecam.core.watching.watch_state import CameraState
from livecam.web.watching.watch_context import WatchContext
from livecam.web.watching.watch_hub import CameraPicture
from livecam.web.watching.watch_messages import (
    CameraDayMessage,
    CameraMessage,
    DayCount,
    DayMapMessage,
    DayMessage,
    EventCountsMessage,
    EventMessage,
    HourMessage,
    NameCount,
    StrongestMessage,
    TimelapseMessage,
    WatchOverview,
    WatchStateMessage,
)


def watch_overview_of(context: WatchContext) -> WatchOverview:
    """What does not change."""
    return WatchOverview(
        version=__version__,
        title=context.title,
        watching=context.hub.is_watching,
        asks_token=context.sessions.is_token_needed,
    )


def watch_state_of(context: WatchContext) -> WatchStateMessage:
    """What changes."""
    hub = context.hub
    return WatchStateMessage(
        revision=context.events.revision,
        going_on=len(context.events.going_on()),
        problem=hub.problem(),
        cameras=[_camera(one, hub.picture_of(one)) for one in hub.cameras],
    )


def event_message(event: WatchEvent, *, is_kept: bool) -> EventMessage:
    """An event, without paths."""
    return EventMessage.model_validate(
        {
            "event": event.event,
            "class": event.class_name,
            "camera": event.camera,
            "state": event.state,
            "day": day_of(event),
            "start": event.start.isoformat(timespec="milliseconds"),
            "end": None if event.end is None else event.end.isoformat(timespec="milliseconds"),
            "duration_s": None if event.duration_s is None else round(event.duration_s, 3),
            "looks": event.looks,
            "why": event.why,
            "source": event.source,
            "kept": is_kept,
            "strongest": None if event.strongest is None else _strongest(event.strongest),
            "files": {kind: PurePosixPath(name).name for kind, name in event.files.items()},
        }
    )


def counts_message(counts: EventCounts) -> EventCountsMessage:
    """How many events there are."""
    return EventCountsMessage(
        days=[
            DayCount(day=day, events=sum(hours), hours=list(hours))
            for day, hours in counts.days.items()
        ],
        classes=[NameCount(name=name, events=n) for name, n in counts.classes.items()],
        cameras=[NameCount(name=name, events=n) for name, n in counts.cameras.items()],
    )


def day_message(day: str, cameras: Sequence[CameraDay]) -> DayMessage:
    """What was recorded of a day."""
    return DayMessage(day=day, cameras=[_camera_day(one) for one in cameras])


def _camera_day(day: CameraDay) -> CameraDayMessage:
    maps = [file for file in day.files if file.kind == "map"]
    films = [file for file in day.files if file.kind == "timelapse"]
    return CameraDayMessage(
        camera=day.camera,
        hours=[HourMessage.model_validate(row) for row in day.hours],
        maps=[
            DayMapMessage.model_validate(
                {
                    "class": file.class_name,
                    "looks": file.looks,
                    "file": file.name,
                    "version": str(file.version),
                }
            )
            for file in maps
        ],
        timelapses=[TimelapseMessage(file=file.name, version=str(file.version)) for file in films],
    )


def _strongest(of: Strongest) -> StrongestMessage:
    return StrongestMessage(
        at=of.at.isoformat(timespec="milliseconds"),
        into_s=of.into_s,
        probability=of.probability,
        max=of.max,
        mean=of.mean,
        logit=of.logit,
        seen=of.seen,
        centre=None if of.centre is None else list(of.centre),
        box=None if of.box is None else list(of.box),
        frame_size=list(of.frame_size),
    )


def _camera(camera: CameraState, picture: CameraPicture) -> CameraMessage:
    look = camera.last
    height, width = (0, 0) if look is None else look.frame.shape[:2]
    classes = {} if look is None else look.classes
    return CameraMessage(
        name=camera.name,
        title=camera.title,
        conditions=list(camera.conditions),
        number=picture.number,
        at=None if look is None else look.at.isoformat(timespec="milliseconds"),
        seen="" if look is None else look.seen,
        classes={printable(name): round(of.probability, 6) for name, of in classes.items()},
        width=width,
        height=height,
        still=camera.is_still,
        waiting_for=camera.waiting_for,
        going_on=list(camera.open_events),
        events=camera.events,
        over=camera.is_over,
    )
