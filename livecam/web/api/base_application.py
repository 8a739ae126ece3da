"""What every page's application has: its description, errors in one sentence, the middleware."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from livecam import __version__
from livecam.core.printable_text import printable
from livecam.web.server.head_requests import HeadRequests
from livecam.web.server.middleware import AccessMiddleware, AccessRules

MAX_DETAIL_LENGTH = 500


class Followed(Protocol):
    """What is followed as long as the server runs."""

    def start(self) -> None:
        """Begin, inside of the event loop."""

    async def close(self) -> None:
        """End it."""


def base_application(
    summary: str, followed: Followed, rules: AccessRules
) -> tuple[FastAPI, AccessMiddleware]:
    """An application without routes, and what checks its requests before they reach it.

    Args:
        summary: for its description.
        followed: started and ended with the server.
        rules: who may do what.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        followed.start()
        yield
        await followed.close()

    app = FastAPI(
        title="livecam",
        version=__version__,
        summary=summary,
        openapi_url="/api/openapi.json",
        docs_url=None,  # they would load scripts from other sites
        redoc_url=None,
        lifespan=lifespan,
    )
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    return app, AccessMiddleware(HeadRequests(app), rules)


async def _on_invalid_request(_: Request, error: Exception) -> JSONResponse:
    """One sentence instead of FastAPI's list of errors."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  (registered for it)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in {"body", "query"})
    detail = f"{place}: {first['msg']}" if place else str(first["msg"])
    return JSONResponse({"detail": printable(detail, MAX_DETAIL_LENGTH)}, 422)


async def _on_http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for it)
    return JSONResponse(
        {"detail": printable(str(error.detail))}, error.status_code, headers=error.headers
    )
