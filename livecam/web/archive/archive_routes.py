"""GET /api/archive, moments, their pictures and clips, and /healthz."""

import mimetypes
from pathlib import PurePath
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.responses import FileResponse

from livecam.core.archive.archive_search import ArchiveSearch, SearchAnswer, SearchText
from livecam.core.archive.found_moment import FoundMoment
from livecam.core.archive.summaries import day_of
from livecam.errors import LivecamError
from livecam.web.api.opened_file_response import OpenedFileResponse
from livecam.web.api.response_messages import ErrorMessage
from livecam.web.api.routes.route_responses import ERRORS, Responses
from livecam.web.archive.archive_messages import (
    ArchiveMessage,
    DayMessage,
    FiguresMessage,
    MomentMessage,
    MomentPage,
    TableMessage,
)
from livecam.web.server.sessions import Sessions

MAX_MOMENTS = 200
USUAL_MOMENTS = 60
LONGEST_CONDITION = 2000
PICTURE_AGE_S = 86_400
"""A browser may keep a picture so long: its address names search and moment."""

_MISSING: Responses = {404: {"model": ErrorMessage, "description": "There is no such moment."}}
_FAILED: Responses = {400: {"model": ErrorMessage, "description": "The search is impossible."}}
SearchId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="id of a search")]
Settings = Annotated[
    str, Query(pattern="^[0-9a-f]*$", max_length=64, description="newest ones if empty")
]
Number = Annotated[int, Path(ge=0, description="of a moment")]


def archive_routes(archive: ArchiveSearch, sessions: Sessions) -> APIRouter:
    """The archive. Not in the thread of the requests: files are read."""
    router = APIRouter(responses=ERRORS, tags=["archive"])

    @router.get("/archive", responses=_FAILED)
    def overview(settings: Settings = "") -> ArchiveMessage:
        """What the archive has of these settings."""
        try:
            known = archive.overview(settings)
        except LivecamError as error:
            raise HTTPException(400, str(error)) from error
        return ArchiveMessage(
            title=known.title,
            classes=list(known.classes),
            made_with=known.made_with,
            parts=known.parts,
            settings=known.settings,
            tables=[TableMessage(settings=t.settings, words=t.words) for t in known.tables],
            asks_token=sessions.is_token_needed,
        )

    @router.get("/moments", responses=_FAILED)
    def moments(
        *,
        find: Annotated[str, Query(max_length=LONGEST_CONDITION, description="daisy > 0.8 for 2s")],
        since: Annotated[str, Query(max_length=40, description="a day or a time")] = "",
        until: Annotated[str, Query(max_length=40, description="likewise")] = "",
        settings: Settings = "",
        first: Annotated[int, Query(ge=0, description="number of the first moment")] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_MOMENTS)] = USUAL_MOMENTS,
    ) -> MomentPage:
        """The moments that a condition finds, by their times."""
        try:
            answer = archive.search(SearchText(find, since, until, settings))
        except LivecamError as error:
            raise HTTPException(400, str(error)) from error
        return _page(archive, answer, first, limit)

    router.include_router(_file_routes(archive))
    return router


def _file_routes(archive: ArchiveSearch) -> APIRouter:
    router = APIRouter(responses=_MISSING)

    @router.get("/moments/{search}/{number}/picture.jpg", response_class=Response)
    def picture(search: SearchId, number: Number) -> Response:
        """The strongest look of a moment with its map."""
        jpeg = archive.thumbnail(search, number)
        if jpeg is None:
            raise HTTPException(404, "the moment has no picture: search again.")
        headers = {"cache-control": f"private, max-age={PICTURE_AGE_S}"}
        return Response(jpeg, media_type="image/jpeg", headers=headers)

    @router.get("/moments/{search}/{number}/clip", response_class=FileResponse)
    def clip(search: SearchId, number: Number, request: Request) -> Any:
        """The whole clip of a moment; supports ranges, `?download` makes the browser save it."""
        path = archive.clip(search, number)
        try:
            if path is not None:
                media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                is_download = "download" in request.query_params
                return OpenedFileResponse(path, media_type, is_download=is_download)
        except FileNotFoundError:  # moved meanwhile, or a link
            pass
        raise HTTPException(404, "the clip is not there any more.")

    return router


def archive_health_route() -> APIRouter:
    """Health of the page."""
    router = APIRouter(tags=["machines"])

    @router.get("/healthz", responses={421: ERRORS[421]})
    async def health() -> dict[str, str]:
        """Whether it answers."""
        return {"status": "ok"}

    return router


def _page(archive: ArchiveSearch, answer: SearchAnswer, first: int, limit: int) -> MomentPage:
    shown = answer.moments[first : first + limit]
    return MomentPage(
        search=answer.id,
        condition=answer.condition,
        count=len(answer.moments),
        seconds=sum(one.duration_s for one in answer.moments),
        days=[DayMessage(day=d, moments=n, seconds=s) for d, n, s in answer.days],
        notices=list(answer.notices),
        moments=[
            _moment(one, first + n, is_there=archive.clip(answer.id, first + n) is not None)
            for n, one in enumerate(shown)
        ],
        more=first + limit < len(answer.moments),
    )


def _moment(moment: FoundMoment, number: int, *, is_there: bool) -> MomentMessage:
    strongest, start = moment.strongest, moment.start
    return MomentMessage(
        number=number,
        clip=PurePath(moment.source.replace("\\", "/")).name,
        day=day_of(moment),
        start=None if start is None else start.astimezone().isoformat(timespec="milliseconds"),
        start_s=moment.start_s,
        end_s=moment.end_s,
        looks=moment.looks,
        strongest_s=strongest.time_s,
        seen=strongest.seen,
        figures=[
            FiguresMessage(
                class_name=name,
                probability=values.probability,
                max=values.max,
                mean=values.mean,
                logit=values.logit,
            )
            for name, values in strongest.classes.items()
        ],
        playable=is_there,
        of_clip=moment.is_of_clip,
    )
