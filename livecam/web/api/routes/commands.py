"""PATCH /api/settings, POST /api/recording, snapshot, key, drag, wheel: what a client can do."""

from fastapi import APIRouter, HTTPException

from livecam.core.events import Change, Drag, Event, KeyPress, Wheel
from livecam.core.labels import is_auto
from livecam.errors import SettingsError
from livecam.web.api.request_context import RequestContext
from livecam.web.api.request_messages import (
    DragCommand,
    KeyCommand,
    RecordingCommand,
    SnapshotCommand,
    WheelCommand,
)
from livecam.web.api.response_messages import ErrorMessage, State
from livecam.web.api.routes.route_responses import ERRORS, Responses
from livecam.web.api.settings_change import SettingsChange, view_fields_of
from livecam.web.server.rate_limit import RateLimit, RateLimiter
from livecam.web.streaming.frame_hub import TooManyEventsError

APPLY_TIMEOUT_S = 2.0
"""So long a command waits for the loop to apply it; then the answer is 504."""

MOST_SNAPSHOTS = RateLimit(burst=20, per_s=2)
"""As many as sinks/snapshots.py saves, or fewer."""

NO_FRAMES: Responses = {
    504: {
        "model": ErrorMessage,
        "description": "The source gives no frames; the command is applied with the next one.",
    }
}


def command_routes(context: RequestContext) -> APIRouter:
    """Commands to the run; each answers with the state after it."""
    router = APIRouter(responses=ERRORS | NO_FRAMES, tags=["commands"])
    snapshots = RateLimiter(MOST_SNAPSHOTS)

    @router.patch("/settings")
    async def settings(change: SettingsChange) -> State:  # type: ignore[valid-type]
        """Change settings, within the same limits as on the command line."""
        wanted = change.class_  # type: ignore[attr-defined]
        labels = context.run_info.labels
        try:
            is_named = wanted is not None and not is_auto(str(wanted))
            index = labels.selectable_index_of(str(wanted)) if is_named else None
        except SettingsError as error:
            raise HTTPException(422, str(error)) from error
        return await apply(context, Change(view_fields_of(change, index)))

    @router.post("/recording")
    async def recording(command: RecordingCommand) -> State:
        """Start or stop recording."""
        return await apply(context, Change({"recording": command.recording}))

    @router.post("/snapshot")
    async def snapshot(command: SnapshotCommand) -> State:
        """Save the picture: annotated, or clean with its numbers."""
        if not snapshots.allow("all clients"):  # each is a file
            raise HTTPException(429, "too many snapshots: at most 20, then 2 a second.")
        return await apply(context, KeyPress("S" if command.clean else "s"))

    return router


def input_routes(context: RequestContext) -> APIRouter:
    """Keys and pointer, as in the window; each answers with the state after it."""
    router = APIRouter(responses=ERRORS | NO_FRAMES, tags=["commands"])

    @router.post("/key")
    async def key(command: KeyCommand) -> State:
        """Press a key, as in the window."""
        return await apply(context, KeyPress(command.key))

    @router.post("/drag")
    async def drag(command: DragCommand) -> State:
        """Turn the scene (the daisy)."""
        return await apply(context, Drag(command.dx_px, command.dy_px))

    @router.post("/wheel")
    async def wheel(command: WheelCommand) -> State:
        """Zoom the scene (the daisy)."""
        return await apply(context, Wheel(command.steps))

    return router


async def apply(context: RequestContext, event: Event) -> State:
    """Let the loop apply an event; returns the state after it."""
    context.latest_frame()
    try:
        number = context.hub.submit(event)
    except TooManyEventsError as error:
        raise HTTPException(503, "too many commands are pending: try again.") from error
    if not await context.broadcast.wait_until_applied(number, APPLY_TIMEOUT_S):
        raise HTTPException(
            504, "the source gives no frames: the command is applied with the next one."
        )
    return context.state()
