"""The application behind the gate: API, page, metrics, health."""

import hashlib
import mimetypes
from collections.abc import Mapping
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.exceptions import HTTPException as AnyHTTPException

from livecam import __version__
from livecam.web.api.messages import Refusal, TokenGiven
from livecam.web.api.metrics import CONTENT_TYPE, Metrics
from livecam.web.api.request_context import Room
from livecam.web.api.routes import (
    REFUSALS,
    file_routes,
    order_routes,
    picture_routes,
    state_routes,
)
from livecam.web.server import access_policy
from livecam.web.server.middleware import Gate, Rules

STALE_S = 10.0
SESSION_LASTS_S = 30 * 24 * 3600
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def build_application(room: Room, rules: Rules) -> Gate:
    """Everything that answers requests."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> Any:
        room.broadcast.start()
        yield
        await room.broadcast.close()

    app = FastAPI(
        title="livecam",
        version=__version__,
        summary="The live picture, its class activation map, and the keys.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # they would load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    gate = Gate(app, rules)
    means = _described_means(room) if room.token is not None else []
    for routes in (state_routes, picture_routes, order_routes, file_routes):
        app.include_router(routes(room), prefix="/api", dependencies=means)
    app.include_router(_login_route(room), prefix="/api")
    metrics = Metrics(room.hub, room.broadcast, gate.refused)
    app.include_router(_metrics_route(metrics), dependencies=means)
    app.include_router(_health_route(room))
    app.include_router(_page_routes(static_files()))
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(AnyHTTPException, _on_refused)
    return gate


def _described_means(room: Room) -> list[Any]:
    """How the token may come: for the API's description, the gate has judged it before."""
    bearer = HTTPBearer(auto_error=False, description="The token of the printed link.")
    name = access_policy.session_name(room.port)
    cookie = APIKeyCookie(name=name, auto_error=False, description="What /api/login gives.")
    return [Security(bearer), Security(cookie)]


def static_files() -> dict[str, bytes]:
    """The page's own files, read once: no request reaches the file system."""
    folder = resources.files("livecam.web").joinpath("static")
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def _login_route(room: Room) -> APIRouter:
    router = APIRouter(responses=REFUSALS, tags=["state"])

    @router.post("/login", status_code=204, response_class=Response)
    async def login(given: TokenGiven) -> Response:
        """Change the token of the link for a cookie that scripts cannot read."""
        if room.token is None:
            return Response(status_code=204)
        if not access_policy.same_secret(given.token, room.token):
            raise HTTPException(401, "this is not the token: open the link that livecam printed.")
        response = Response(status_code=204)
        response.set_cookie(
            access_policy.session_name(room.port),
            access_policy.session_of(room.token),
            max_age=SESSION_LASTS_S,
            httponly=True,
            samesite="strict",
        )
        return response

    return router


def _health_route(room: Room) -> APIRouter:
    router = APIRouter(tags=["machines"])

    @router.get("/healthz", responses={503: {"model": Refusal}, 421: REFUSALS[421]})
    async def health() -> dict[str, str]:
        """Whether the program is at work: a held or a still picture is no fault."""
        newest, silent_s = room.hub.newest, room.hub.silent_s()
        if newest is None or silent_s is None or silent_s > STALE_S:
            raise HTTPException(503, "no frames are flowing.")
        if newest.waiting and (room.hub.age_s() or 0.0) > STALE_S:
            raise HTTPException(503, "the source is lost and waited for.")
        return {"status": "ok"}

    return router


def _metrics_route(metrics: Metrics) -> APIRouter:
    router = APIRouter(tags=["machines"])

    @router.get("/metrics", response_class=Response, responses=REFUSALS)
    async def prometheus() -> Response:
        """Figures for Prometheus."""
        return Response(metrics.text(), headers={"content-type": CONTENT_TYPE})

    return router


def _page_routes(files: Mapping[str, bytes]) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    tags = {name: f'"{hashlib.sha256(data).hexdigest()[:16]}"' for name, data in files.items()}

    def answer(name: str, request: Request) -> Response:
        if name not in files:
            raise HTTPException(404, "there is nothing here.")
        headers = {"etag": tags[name], "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == tags[name]:
            return Response(status_code=304, headers=headers)
        suffix = "." + name.rpartition(".")[2]
        kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0]
        return Response(files[name], headers=headers, media_type=kind)

    @router.get("/")
    async def page(request: Request) -> Response:
        return answer("index.html", request)

    @router.get("/static/{name}")
    async def static(name: str, request: Request) -> Response:
        return answer(name, request)

    return router


async def _on_invalid(_: Request, error: Exception) -> JSONResponse:
    """One sentence instead of a tree."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  (registered for it)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in {"body", "query"})
    words = f"{place}: {first['msg']}" if place else str(first["msg"])
    return JSONResponse({"detail": words[:500]}, 422)


async def _on_refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AnyHTTPException)  # noqa: S101  (registered for it)
    return JSONResponse({"detail": str(error.detail)}, error.status_code, headers=error.headers)
