"""GET, PATCH and DELETE /api/events: the events, their counts, their files; keep and delete."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import FileResponse

from livecam.core.watching.event_list import HOURS, EventFilter
from livecam.core.watching.watch_event import FileKind
from livecam.errors import SinkError
from livecam.web.api.opened_file_response import OpenedFileResponse
from livecam.web.api.response_messages import ErrorMessage
from livecam.web.api.routes.route_responses import ERRORS, Responses, file_responses
from livecam.web.watching.watch_context import WatchContext
from livecam.web.watching.watch_json import counts_message, event_message
from livecam.web.watching.watch_messages import (
    EventCountsMessage,
    EventMessage,
    EventPage,
    KeepCommand,
)

MAX_EVENTS = 200
USUAL_EVENTS = 60
MEDIA_TYPES: Mapping[FileKind, str] = {
    "clean": "video/mp4",
    "annotated": "video/mp4",
    "figures": "application/jsonl",
    "thumbnail": "image/jpeg",
}
THUMBNAIL_AGE_S = 86_400
"""A browser may keep a picture so long: its address names the frame that it shows."""

_NONE = "there is no such event."
_MISSING: Responses = {404: {"model": ErrorMessage, "description": "There is no such event."}}
_FILE = file_responses(MEDIA_TYPES.values(), "There is no such event or file.")
_CHANGED: Responses = {
    **_MISSING,
    409: {"model": ErrorMessage, "description": "It goes on, or may not be changed."},
}
EventId = Annotated[str, Path(max_length=300, description="id of an event")]
_Name = Query(max_length=300)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The filter as a request gives it."""

    day: Annotated[str, Query(pattern=r"^(\d{4}-\d\d-\d\d)?$", description="2026-07-01")] = ""
    hour: Annotated[int | None, Query(ge=0, lt=HOURS, description="of that day")] = None
    class_: Annotated[str, Query(alias="class", max_length=300)] = ""
    camera: Annotated[str | None, _Name] = None
    kept: Annotated[bool, Query(description="only those that are kept")] = False

    @property
    def filter(self) -> EventFilter:
        return EventFilter(self.day, self.hour, self.class_, self.camera, self.kept)


Wanted = Annotated[_Wanted, Depends()]


def event_routes(context: WatchContext) -> APIRouter:
    """The events. Not in the thread of the requests: files are looked at."""
    router = APIRouter(responses=ERRORS, tags=["events"])
    store = context.events

    @router.get("/events")
    def events(
        wanted: Wanted,
        after: Annotated[str, Query(max_length=300, description="id of the last known one")] = "",
        before: Annotated[str, Query(max_length=300, description="the same, for newer ones")] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_EVENTS)] = USUAL_EVENTS,
    ) -> EventPage:
        """Events, newest first; with `after` the older ones, with `before` the next newer ones."""
        if before:
            found = store.newer_events(wanted.filter, before, limit + 1)
            shown = found[-limit:]
        else:
            found = store.events(wanted.filter, after, limit + 1)
            shown = found[:limit]
        messages = [event_message(e, is_kept=store.is_kept(e.event)) for e in shown]
        return EventPage(events=messages, more=len(found) > limit)

    @router.get("/event-counts")
    def counts(wanted: Wanted) -> EventCountsMessage:
        """How many events there are, by day and hour, class and camera."""
        return counts_message(store.counts(wanted.filter))

    @router.get("/events/{event}", responses=_MISSING)
    def event(event: EventId) -> EventMessage:
        """One event."""
        return _message_of(context, event)

    router.include_router(_change_routes(context))
    router.include_router(_event_file_route(context))
    return router


def _change_routes(context: WatchContext) -> APIRouter:
    router = APIRouter()
    store = context.events

    @router.patch("/events/{event}", responses=_CHANGED)
    def keep(event: EventId, command: KeepCommand) -> EventMessage:
        """Keep an event, whatever rules delete, or no longer."""
        try:
            store.mark_kept(event, is_kept=command.kept)
        except SinkError as error:
            raise HTTPException(409, str(error)) from error
        return _message_of(context, event)

    @router.delete("/events/{event}", status_code=204, responses=_CHANGED)
    def delete(event: EventId) -> None:
        """Delete an event and its files; one that goes on cannot be deleted."""
        try:
            is_there = store.delete(event)
        except SinkError as error:
            raise HTTPException(409, str(error)) from error
        if not is_there:
            raise HTTPException(404, _NONE)

    return router


def _event_file_route(context: WatchContext) -> APIRouter:
    router = APIRouter()

    @router.get("/events/{event}/{kind}", response_class=FileResponse, responses=_FILE)
    def file(event: EventId, kind: FileKind, request: Request) -> Any:
        """A file of an event; supports ranges, `?download` makes the browser save it."""
        path = context.events.file(event, kind)
        try:
            if path is not None:
                is_download = "download" in request.query_params
                answer = OpenedFileResponse(path, MEDIA_TYPES[kind], is_download=is_download)
                if kind == "thumbnail":
                    answer.headers["cache-control"] = f"private, max-age={THUMBNAIL_AGE_S}"
                return answer
        except FileNotFoundError:  # deleted or replaced meanwhile
            pass
        raise HTTPException(404, "the event has no such file.")

    return router


def _message_of(context: WatchContext, event: str) -> EventMessage:
    found = context.events.find(event)
    if found is None:
        raise HTTPException(404, _NONE)
    return event_message(found, is_kept=context.events.is_kept(event))
