"""The FastAPI application: puts the routes together, behind the access middleware."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from livecam import __version__
from livecam.core.printable_text import printable
from livecam.web.api.request_context import RequestContext
from livecam.web.api.routes.cameras import camera_routes
from livecam.web.api.routes.classes import class_routes
from livecam.web.api.routes.commands import command_routes, input_routes
from livecam.web.api.routes.files import file_routes
from livecam.web.api.routes.health import health_route
from livecam.web.api.routes.judgement import judgement_routes
from livecam.web.api.routes.login import login_route, logins_route, security_schemes
from livecam.web.api.routes.metrics import metrics_route
from livecam.web.api.routes.pictures import picture_routes
from livecam.web.api.routes.state import state_routes
from livecam.web.api.routes.static_files import static_files, static_routes
from livecam.web.server.head_requests import HeadRequests
from livecam.web.server.middleware import AccessMiddleware, AccessRules

MAX_DETAIL_LENGTH = 500
_API_ROUTES = (
    state_routes, class_routes, picture_routes, judgement_routes, command_routes, input_routes,
    file_routes, camera_routes, logins_route,
)  # fmt: skip


def build_application(context: RequestContext, rules: AccessRules) -> AccessMiddleware:
    """Everything that answers requests."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        context.broadcast.start()
        yield
        await context.broadcast.close()

    app = FastAPI(
        title="livecam",
        version=__version__,
        summary="The live picture, its class activation map, and the keys.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # they would load scripts from other sites
        redoc_url=None,
        lifespan=lifespan,
    )
    middleware = AccessMiddleware(HeadRequests(app), rules)
    schemes = security_schemes(context)
    for routes in _API_ROUTES:
        app.include_router(routes(context), prefix="/api", dependencies=schemes)
    app.include_router(login_route(context), prefix="/api")
    app.include_router(metrics_route(context, middleware.refused), dependencies=schemes)
    app.include_router(health_route(context))
    app.include_router(static_routes(static_files()))
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    return middleware


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
