"""GET /api/judged.jpg: the frame that the key e has judged."""

import asyncio

from fastapi import APIRouter, HTTPException, Response

from livecam.web.api.request_context import RequestContext
from livecam.web.api.response_messages import ErrorMessage
from livecam.web.api.routes.pictures import JPEG
from livecam.web.api.routes.route_responses import ERRORS, Responses
from livecam.web.streaming.jpeg import encode_jpeg

_NOT_JUDGED: Responses = {404: {"model": ErrorMessage, "description": "No frame is judged."}}


def judgement_routes(context: RequestContext) -> APIRouter:
    """The picture of the judged frame; its curves are in the state."""
    router = APIRouter(responses=ERRORS, tags=["picture"])

    @router.get("/judged.jpg", response_class=Response, responses=JPEG | _NOT_JUDGED)
    async def judged() -> Response:
        """What the network saw of the frame that is judged, with its map; 404 where none is."""
        judgement = context.latest_frame().annotated.status.judgement
        if judgement is None:
            raise HTTPException(404, "no frame is judged: press e first.")
        jpeg = await asyncio.to_thread(encode_jpeg, judgement.picture)
        return Response(jpeg, media_type="image/jpeg")

    return router
