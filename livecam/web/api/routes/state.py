"""GET /api/overview, state, activation, history, classes: what a client can read."""

from typing import Annotated

from fastapi import APIRouter, Query

from livecam.web.api.request_context import RequestContext
from livecam.web.api.response_messages import (
    ActivationMap,
    ClassEntry,
    HistoryPoint,
    Overview,
    State,
)
from livecam.web.api.routes.error_responses import ERRORS
from livecam.web.api.state_json import activation_of, overview_of

MAX_SEARCH_LENGTH = 100
MAX_CLASSES = 1000


def state_routes(context: RequestContext) -> APIRouter:
    """What the run is and how it is."""
    router = APIRouter(responses=ERRORS, tags=["state"])

    @router.get("/overview")
    async def overview() -> Overview:
        """Source, model, keys: what does not change."""
        return overview_of(context.run_info)

    @router.get("/state")
    async def state() -> State:
        """Figures, settings, recording: what changes."""
        return context.state()

    @router.get("/activation")
    async def activation() -> ActivationMap:
        """The map of the newest frame as numbers."""
        return activation_of(context.latest_frame())

    @router.get("/history")
    async def history() -> list[HistoryPoint]:
        """Maximum and probability of the last five minutes, oldest first."""
        return [
            HistoryPoint(age_s=age_s, max=maximum, probability=probability)
            for age_s, maximum, probability in context.hub.chart_points()
        ]

    return router


def class_routes(context: RequestContext) -> APIRouter:
    """The classes of the model."""
    router = APIRouter(responses=ERRORS, tags=["state"])
    labels = context.run_info.labels

    @router.get("/classes")
    async def classes(
        search: Annotated[
            str, Query(max_length=MAX_SEARCH_LENGTH, description="words, or an index")
        ] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_CLASSES)] = MAX_CLASSES,
    ) -> list[ClassEntry]:
        """The classes that can be chosen; with `search` those that match, best first."""
        found = labels.search(search)[:limit]
        return [ClassEntry(index=index, names=list(labels.names[index])) for index in found]

    return router
