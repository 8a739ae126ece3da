"""GET /api/classes: the classes of the model, and the search for one."""

from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import TypeAdapter

from livecam.core.labels import Labels
from livecam.web.api.request_context import RequestContext
from livecam.web.api.response_messages import ClassEntry
from livecam.web.api.routes.route_responses import ERRORS

MAX_SEARCH_LENGTH = 100
MAX_CLASSES = 1000
KEPT_ANSWERS = 32
"""Classes do not change: answers are made once."""

_ENTRIES = TypeAdapter(list[ClassEntry])


def class_routes(context: RequestContext) -> APIRouter:
    """The classes of the model."""
    router = APIRouter(responses=ERRORS, tags=["state"])

    @lru_cache(maxsize=KEPT_ANSWERS)
    def answer(search: str, limit: int) -> bytes:
        labels = context.run_info.labels
        return _ENTRIES.dump_json(
            [entry_of(labels, index) for index in labels.search(search)[:limit]]
        )

    # Not in the thread of the requests: the first search reads the kinds of all classes.
    @router.get("/classes", response_model=list[ClassEntry])
    def classes(
        search: Annotated[
            str, Query(max_length=MAX_SEARCH_LENGTH, description="words, or an index")
        ] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_CLASSES)] = MAX_CLASSES,
    ) -> Response:
        """The classes that can be chosen; with `search` those that match, best first."""
        return Response(answer(search, limit), media_type="application/json")

    return router


def entry_of(labels: Labels, index: int) -> ClassEntry:
    """A class as the page gets it."""
    return ClassEntry(
        index=index,
        name=labels.first_names[index],
        names=list(labels.names[index]),
        kind=labels.kind_of(index),
    )
