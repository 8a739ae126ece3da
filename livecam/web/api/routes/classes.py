"""GET /api/classes: the classes of the model, and the search for one."""

from typing import Annotated

from fastapi import APIRouter, Query

from livecam.web.api.request_context import RequestContext
from livecam.web.api.response_messages import ClassEntry
from livecam.web.api.routes.error_responses import ERRORS

MAX_SEARCH_LENGTH = 100
MAX_CLASSES = 1000


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
