"""The routes of the API: what can be asked, and what can be ordered."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response, WebSocket
from fastapi.responses import FileResponse

from livecam.core.events import Change as ChangeEvent
from livecam.core.events import Drag, KeyPress, Wheel
from livecam.errors import SettingsError
from livecam.web.api.messages import (
    ActivationMap,
    Change,
    ClassEntry,
    DragAsked,
    HistoryPoint,
    KeyAsked,
    Overview,
    RecordingAsked,
    Refusal,
    SavedFile,
    SnapshotAsked,
    State,
    WheelAsked,
    fields_of,
)
from livecam.web.api.request_context import Room
from livecam.web.api.state_json import activation_of, overview_of, saved_of
from livecam.web.streaming.streams import MOST_LISTENERS, MOST_LOOKERS, LiveSocket, MjpegStream

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal, "description": words}
    for status, words in {
        400: "The body cannot be read.",
        401: "The token is missing or wrong.",
        403: "Another site's page asks.",
        413: "The body is too large.",
        421: "The Host header names another machine.",
        422: "The request says something impossible.",
        429: "Too many requests.",
        503: "Not now: no picture yet, or too many viewers.",
    }.items()
}
_LATE: dict[int | str, dict[str, Any]] = {
    504: {"model": Refusal, "description": "Taken, but the source gives no frames."}
}
_JPEG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"multipart/x-mixed-replace": {"schema": {"type": "string"}}}}
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole file.", "content": {"video/mp4": {}, "image/png": {}}},
    206: {"description": "The part that a Range header asked for."},
    404: {"model": Refusal, "description": "There is no such file."},
    416: {"description": "The Range header asks for what is not there."},
}


def state_routes(room: Room) -> APIRouter:
    """What can be asked."""
    router = APIRouter(responses=REFUSALS, tags=["state"])

    @router.get("/overview")
    async def overview() -> Overview:
        """Source, model, keys: what does not change."""
        return overview_of(room.about)

    @router.get("/state")
    async def state() -> State:
        """Figures, settings, recording: what changes."""
        return room.state()

    @router.get("/activation")
    async def activation() -> ActivationMap:
        """The map of the newest frame as numbers."""
        return activation_of(room.sight())

    @router.get("/history")
    async def history() -> list[HistoryPoint]:
        """Maximum and probability of the last five minutes, oldest first."""
        return [
            HistoryPoint(age_s=age, max=top, probability=p) for age, top, p in room.hub.recent()
        ]

    @router.get("/classes")
    async def classes(
        search: Annotated[str, Query(max_length=100, description="words, or an index")] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    ) -> list[ClassEntry]:
        """The classes that can be chosen; with `search` those that match, best first."""
        names = room.about.labels.names
        found = room.about.search(search)[:limit]
        return [ClassEntry(index=index, names=list(names[index])) for index in found]

    return router


def picture_routes(room: Room) -> APIRouter:
    """What can be looked at."""
    router = APIRouter(responses=REFUSALS, tags=["picture"])

    @router.get("/frame.jpg", response_class=Response, responses=_JPEG)
    async def frame() -> Response:
        """The newest annotated picture in full size."""
        return Response(await room.broadcast.full_jpeg(room.sight()), media_type="image/jpeg")

    @router.get("/stream.mjpg", response_class=Response, responses=_STREAM)
    async def stream() -> Any:
        """The live picture, without end; each viewer gets the newest one it can take."""
        if room.broadcast.lookers >= MOST_LOOKERS:
            raise HTTPException(503, "too many are looking: try again later.")
        return _Streamed(room)

    @router.websocket("/live")
    async def live(socket: WebSocket) -> None:
        if room.broadcast.listeners >= MOST_LISTENERS:
            await socket.close(1013)
            return
        await LiveSocket(socket, room.broadcast, room.hub).run()

    return router


class _Streamed(Response):
    """Wraps the stream for the framework."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._stream = MjpegStream(room.broadcast)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._stream(scope, receive, send)


def order_routes(room: Room) -> APIRouter:
    """What can be ordered; each answers with the state once it is done."""
    router = APIRouter(responses=REFUSALS | _LATE, tags=["orders"])

    @router.patch("/settings")
    async def settings(change: Change) -> State:  # type: ignore[valid-type]
        """Change settings, within the same limits as on the command line."""
        wanted = change.class_  # type: ignore[attr-defined]
        try:
            index = None if wanted is None else room.about.class_of(str(wanted))
        except SettingsError as error:
            raise HTTPException(422, str(error)) from error
        return await room.obeyed(ChangeEvent(fields_of(change, index)))

    @router.post("/recording")
    async def recording(asked: RecordingAsked) -> State:
        """Start or stop recording."""
        return await room.obeyed(ChangeEvent({"recording": asked.recording}))

    @router.post("/snapshot")
    async def snapshot(asked: SnapshotAsked) -> State:
        """Save the picture: annotated, or clean with its numbers."""
        return await room.obeyed(KeyPress("S" if asked.clean else "s"))

    @router.post("/key")
    async def key(asked: KeyAsked) -> State:
        """Press a key of the table."""
        return await room.obeyed(KeyPress(asked.key))

    @router.post("/drag")
    async def drag(asked: DragAsked) -> State:
        """Turn the scene (the daisy)."""
        return await room.obeyed(Drag(asked.dx_px, asked.dy_px))

    @router.post("/wheel")
    async def wheel(asked: WheelAsked) -> State:
        """Zoom the scene (the daisy)."""
        return await room.obeyed(Wheel(asked.steps))

    return router


def file_routes(room: Room) -> APIRouter:
    """Recordings and snapshots, by id."""
    router = APIRouter(responses=REFUSALS, tags=["files"])

    @router.get("/recordings")
    def recordings() -> list[SavedFile]:
        """The finished ones, newest first."""
        return [saved_of(item) for item in room.recording_index.items()]

    @router.get("/recordings/{wanted}", response_class=FileResponse, responses=_FILE)
    def recording(wanted: str, request: Request) -> FileResponse:
        """One file; ranges can be asked for, `?download` saves it."""
        item = room.recording_index.find(wanted)
        if item is None:
            raise HTTPException(404, "there is no such recording.")
        how = "attachment" if "download" in request.query_params else "inline"
        return FileResponse(
            item.path,
            media_type=item.media_type,
            filename=item.path.name,
            content_disposition_type=how,
        )

    return router
