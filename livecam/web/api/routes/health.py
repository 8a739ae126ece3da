"""GET /healthz: whether frames are processed, for service managers and containers."""

from fastapi import APIRouter, HTTPException

from livecam.web.api.request_context import RequestContext
from livecam.web.api.response_messages import ErrorMessage
from livecam.web.api.routes.route_responses import ERRORS

STALE_S = 10.0


def health_route(context: RequestContext) -> APIRouter:
    """Health of the run."""
    router = APIRouter(tags=["machines"])
    hub, run_start = context.hub, context.run_start

    @router.get("/healthz", responses={503: {"model": ErrorMessage}, 421: ERRORS[421]})
    async def health() -> dict[str, str]:
        """Whether the program processes frames; a paused or a still picture is no error."""
        if run_start.run_info is None:
            raise HTTPException(503, run_start.public_words())
        newest, since_poll_s = hub.newest, hub.since_poll_s()
        if newest is None or since_poll_s is None or since_poll_s > STALE_S:
            raise HTTPException(503, "no frames are processed.")
        if newest.waiting and (hub.age_s() or 0.0) > STALE_S:
            raise HTTPException(503, "the source is lost and being reopened.")
        return {"status": "ok"}

    return router
