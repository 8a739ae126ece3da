"""POST /api/login: exchanges the token of the printed link for a session cookie."""

from typing import Any

from fastapi import APIRouter, HTTPException, Response, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from livecam.web.api.request_context import RequestContext
from livecam.web.api.request_messages import LoginRequest
from livecam.web.api.routes.error_responses import ERRORS
from livecam.web.server.access_policy import (
    secrets_match,
    session_cookie_name,
    session_cookie_value,
)

SESSION_MAX_AGE_S = 30 * 24 * 3600


def login_route(context: RequestContext) -> APIRouter:
    """The one route that takes the token itself."""
    router = APIRouter(responses=ERRORS, tags=["state"])

    @router.post("/login", status_code=204, response_class=Response)
    async def login(given: LoginRequest) -> Response:
        """Exchange the token of the link for a cookie that scripts cannot read."""
        response = Response(status_code=204)
        if context.token is None:
            return response
        if not secrets_match(given.token, context.token):
            raise HTTPException(401, "the token is wrong: open the link that livecam printed.")
        response.set_cookie(
            session_cookie_name(context.port),
            session_cookie_value(context.token),
            max_age=SESSION_MAX_AGE_S,
            httponly=True,
            samesite="strict",
        )
        return response

    return router


def security_schemes(context: RequestContext) -> list[Any]:
    """How clients send the token, for the API's description; the middleware checks it."""
    if context.token is None:
        return []
    name = session_cookie_name(context.port)
    bearer = HTTPBearer(auto_error=False, description="The token of the printed link.")
    cookie = APIKeyCookie(name=name, auto_error=False, description="Set by /api/login.")
    return [Security(bearer), Security(cookie)]
