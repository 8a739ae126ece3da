"""GET /api/watch, watch-state, watched/N/frame.jpg, the WebSocket /api/live, and /healthz."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response, WebSocket

from livecam.web.api.response_messages import ErrorMessage
from livecam.web.api.routes.pictures import JPEG
from livecam.web.api.routes.route_responses import ERRORS, Responses
from livecam.web.api.viewer_of import viewer_of
from livecam.web.streaming.jpeg import MAX_SIDE_PX
from livecam.web.watching.watch_context import WatchContext
from livecam.web.watching.watch_json import watch_overview_of, watch_state_of
from livecam.web.watching.watch_messages import WatchOverview, WatchStateMessage
from livecam.web.watching.watch_socket import WatchSocket

_PICTURE: Responses = {
    **JPEG,
    404: {"model": ErrorMessage, "description": "There is no such camera."},
}


def watch_routes(context: WatchContext) -> APIRouter:
    """What is watched, and how it is."""
    router = APIRouter(responses=ERRORS, tags=["cameras"])
    broadcast = context.broadcast

    @router.get("/watch")
    async def overview() -> WatchOverview:
        """What does not change."""
        return watch_overview_of(context)

    @router.get("/watch-state")
    async def state() -> WatchStateMessage:
        """The cameras, and how many changes the events had: what the WebSocket sends."""
        return watch_state_of(context)

    @router.get("/watched/{number}/frame.jpg", response_class=Response, responses=_PICTURE)
    async def frame(
        number: Annotated[int, Path(ge=0, description="the place in the list of cameras")],
        side: Annotated[int, Query(ge=64, le=MAX_SIDE_PX, description="largest, pixels")] = 640,
    ) -> Response:
        """The last picture of a camera that was looked at, with its map."""
        cameras = context.hub.cameras
        if number >= len(cameras):
            raise HTTPException(404, "there is no such camera.")
        jpeg = await broadcast.jpeg(cameras[number], side)
        if jpeg is None:
            raise HTTPException(503, "there is no picture yet: wait a moment.")
        return Response(jpeg, media_type="image/jpeg")

    @router.websocket("/live")
    async def live(socket: WebSocket) -> None:
        viewer = viewer_of(socket)
        if not broadcast.viewers.figure_places.admits(viewer.client):
            await socket.close(1013)
            return
        await WatchSocket(socket, context, viewer).run()

    return router


def watch_health_route(context: WatchContext) -> APIRouter:
    """Health of the watching."""
    router = APIRouter(tags=["machines"])

    @router.get("/healthz", responses={503: {"model": ErrorMessage}, 421: ERRORS[421]})
    async def health() -> dict[str, str]:
        """Whether every camera was looked at within the last minute; a still picture is no error.

        Where only events are shown, whether they can be.
        """
        if problem := context.hub.problem():
            raise HTTPException(503, problem)
        return {"status": "ok"}

    return router
