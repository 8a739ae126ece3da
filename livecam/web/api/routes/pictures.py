"""GET /api/frame.jpg and stream.mjpg, and the WebSocket /api/live."""

from functools import partial
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response, WebSocket

from livecam.web.api.live_socket import LiveSocket
from livecam.web.api.request_context import RequestContext
from livecam.web.api.routes.route_responses import ERRORS, Responses
from livecam.web.api.viewer_of import is_guest, viewer_of
from livecam.web.streaming.mjpeg_response import MjpegResponse

JPEG: Responses = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
_STREAM: Responses = {
    200: {"content": {"multipart/x-mixed-replace": {"schema": {"type": "string"}}}}
}


def picture_routes(context: RequestContext) -> APIRouter:
    """The picture once, the picture as a stream, and the figures as a stream."""
    router = APIRouter(responses=ERRORS, tags=["picture"])
    broadcast, of_guest = context.broadcast, partial(is_guest, sessions=context.sessions)

    @router.get("/frame.jpg", response_class=Response, responses=JPEG)
    async def frame(request: Request) -> Response:
        """The newest annotated picture in full size."""
        newest = context.latest_frame()
        jpeg = await broadcast.full_size_jpeg(newest, for_guests=of_guest(request))
        return Response(jpeg, media_type="image/jpeg")

    @router.get("/stream.mjpg", response_class=Response, responses=_STREAM)
    async def stream(request: Request, *, ahead: bool = False, plain: bool = False) -> Any:
        """The live picture, without end; a slow viewer gets fewer pictures, never old ones.

        It is annotated as recordings are; `plain` leaves out the square and the figures.
        Each part has its Content-Length. With `ahead` each header is sent with the picture before
        it, without a length: so Chromium shows every picture at once.
        """
        viewer = viewer_of(request)
        if not broadcast.viewers.picture_places.admits(viewer.client):
            raise HTTPException(503, "too many viewers: try again later.")
        annotated = broadcast.for_guests if of_guest(request) else broadcast.annotated
        pictures = broadcast.painted if plain else annotated
        return MjpegResponse(pictures, viewer, headers_ahead=ahead)

    @router.websocket("/live")
    async def live(socket: WebSocket) -> None:
        viewer = viewer_of(socket)
        has_begun = context.run_start.run_info is not None
        if not has_begun or not broadcast.viewers.figure_places.admits(viewer.client):
            await socket.close(1013)
            return
        await LiveSocket(socket, context, viewer, is_guest=of_guest(socket)).run()

    return router
