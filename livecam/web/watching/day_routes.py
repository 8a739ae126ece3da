"""GET /api/days: what was recorded of a day: counts by hour and class, mean maps, time-lapses."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import FileResponse
from pydantic import BeforeValidator

from livecam.web.api.opened_file_response import OpenedFileResponse
from livecam.web.api.response_messages import ErrorMessage
from livecam.web.api.routes.route_responses import ERRORS, Responses
from livecam.web.watching.watch_context import WatchContext
from livecam.web.watching.watch_json import day_message
from livecam.web.watching.watch_messages import DayMessage

_FILE: Responses = {
    200: {"description": "The whole file.", "content": {"image/jpeg": {}, "video/mp4": {}}},
    206: {"description": "The part that a Range header asked for."},
    404: {"model": ErrorMessage, "description": "The day has no such file."},
    416: {
        "model": ErrorMessage,
        "description": "The Range header asks for a part that does not exist.",
    },
}


def _iso_date(text: str) -> date:
    """A day as it is written here; a number would be taken for seconds since 1970 elsewhere."""
    return date.fromisoformat(text)


_Day = Annotated[date, BeforeValidator(_iso_date), Path(description="2026-07-01")]


def day_routes(context: WatchContext) -> APIRouter:
    """The records of days. Not in the thread of the requests: files are read."""
    router = APIRouter(responses=ERRORS, tags=["events"])
    store = context.events

    @router.get("/days/{day}")
    def records(day: _Day) -> DayMessage:
        """What was recorded of a day, of each camera; none for a day without records."""
        return day_message(day.isoformat(), store.day(day))

    @router.get("/days/{day}/{name}", response_class=FileResponse, responses=_FILE)
    def file(day: _Day, name: Annotated[str, Path(max_length=300)], request: Request) -> Any:
        """A map or a time-lapse of a day; supports ranges, `?download` lets the browser save it."""
        path = store.day_file(day, name)
        try:
            if path is not None:
                media_type = "video/mp4" if path.suffix == ".mp4" else "image/jpeg"
                is_download = "download" in request.query_params
                return OpenedFileResponse(path, media_type, is_download=is_download)
        except FileNotFoundError:  # replaced meanwhile, or no regular file
            pass
        raise HTTPException(404, "the day has no such file.")

    return router
