"""GET /api/overview, state, activation, history: what the run is, and how it is."""

from fastapi import APIRouter, Request

from livecam.web.api.guest_view import activation_for_guests, state_for_guests
from livecam.web.api.request_context import RequestContext
from livecam.web.api.response_messages import (
    ActivationMap,
    HistoryPoint,
    Overview,
    State,
)
from livecam.web.api.routes.route_responses import ERRORS
from livecam.web.api.state_json import activation_of, overview_of
from livecam.web.api.viewer_of import is_guest, may_change


def state_routes(context: RequestContext) -> APIRouter:
    """What does not change during a run, and what does."""
    router = APIRouter(responses=ERRORS, tags=["state"])

    @router.get("/overview")
    async def overview(request: Request) -> Overview:
        """Source, model, keys: what does not change; for guests the keys of their own page."""
        sessions = context.sessions
        return overview_of(
            context.run_info,
            asks_token=sessions.is_token_needed,
            may_change=may_change(request, sessions),
        )

    @router.get("/state")
    async def state(request: Request) -> State:
        """Figures, settings, recording: what changes; for guests without the owner's names."""
        found = context.state()
        return state_for_guests(found) if is_guest(request, context.sessions) else found

    @router.get("/activation")
    async def activation(request: Request) -> ActivationMap:
        """The map of the newest frame as numbers."""
        found = activation_of(context.latest_frame())
        return activation_for_guests(found) if is_guest(request, context.sessions) else found

    @router.get("/history")
    async def history() -> list[HistoryPoint]:
        """Maximum and probability of the last five minutes, oldest first."""
        return [
            HistoryPoint.model_validate(
                {
                    "age_s": point.time_s,
                    "class": point.class_name,
                    "max": point.maximum,
                    "probability": point.probability,
                }
            )
            for point in context.hub.chart_points()
        ]

    return router
