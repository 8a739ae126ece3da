"""GET /api/cameras, POST /api/camera: the attached cameras, and which of them is shown."""

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool

from livecam.core.events import SwitchCamera
from livecam.core.types import CameraChoice
from livecam.web.api.request_context import RequestContext
from livecam.web.api.request_messages import CameraCommand
from livecam.web.api.response_messages import CameraEntry, ErrorMessage
from livecam.web.api.routes.commands import NO_FRAMES, apply
from livecam.web.api.routes.route_responses import ERRORS, Responses

_NO_CHOICE: Responses = {
    403: {"model": ErrorMessage, "description": "From another site, or there is no token."},
    409: {"model": ErrorMessage, "description": "The source is no camera."},
}


def camera_routes(context: RequestContext) -> APIRouter:
    """The choice of a camera, where the source is one.

    Only for viewers who proved the token: what else a machine can see is for its owner to show.
    """
    router = APIRouter(responses=ERRORS | _NO_CHOICE, tags=["commands"])

    async def attached() -> list[CameraChoice]:
        list_cameras = context.run_info.cameras
        if list_cameras is None:
            raise HTTPException(409, "the source is no camera: start livecam with one.")
        if not context.sessions.is_token_needed:
            raise HTTPException(
                403, "with --no-token the camera stays: start livecam without it, or another one."
            )
        return await run_in_threadpool(list_cameras)  # the system is asked: that may take long

    @router.get("/cameras")
    async def cameras() -> list[CameraEntry]:
        """The attached cameras, by number."""
        return _entries(await attached())

    @router.post("/camera", responses=NO_FRAMES)
    async def camera(command: CameraCommand) -> list[CameraEntry]:
        """Show another camera; a recording goes on with its pictures. Answers with the cameras."""
        choices = await attached()
        if command.number not in {choice.number for choice in choices}:
            there = ", ".join(f"{c.number} ({c.name})" for c in choices) or "none"
            raise HTTPException(422, f"there is no camera {command.number}; attached: {there}.")
        await apply(context, SwitchCamera(command.number))
        return _entries(await attached())

    return router


def _entries(choices: list[CameraChoice]) -> list[CameraEntry]:
    return [CameraEntry(number=c.number, name=c.name, shown=c.is_shown) for c in choices]
