"""POST /api/login gives a cookie for the token of the link; DELETE /api/logins ends all logins."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response, Security
from fastapi.security import APIKeyCookie, HTTPBearer

from livecam.web.api.request_messages import LoginRequest
from livecam.web.api.response_messages import LoginsEnded
from livecam.web.api.routes.route_responses import ERRORS
from livecam.web.server.connection import abort_others
from livecam.web.server.sessions import SESSION_MAX_AGE_S, Sessions


def login_route(sessions: Sessions) -> APIRouter:
    """The one route that takes the token itself."""
    router = APIRouter(responses=ERRORS, tags=["logins"])

    @router.post("/login", status_code=204, response_class=Response)
    async def login(given: LoginRequest) -> Response:
        """Exchange the token of the link for a cookie that scripts cannot read."""
        response = Response(status_code=204)
        if not sessions.is_token_needed:
            return response
        if not sessions.is_token(given.token):
            raise HTTPException(401, "the token is wrong: open the link that livecam printed.")
        response.set_cookie(
            sessions.cookie_name,
            sessions.new_cookie(),
            max_age=SESSION_MAX_AGE_S,
            httponly=True,
            samesite="strict",
        )
        return response

    return router


def logins_route(sessions: Sessions) -> APIRouter:
    """The end of all logins."""
    router = APIRouter(responses=ERRORS, tags=["logins"])

    @router.delete("/logins")
    async def end_logins(request: Request) -> LoginsEnded:
        """End all logins, one's own as well, and close their connections."""
        lasts = sessions.end_all()
        if sessions.is_token_needed:  # else nobody has logged in
            abort_others(request.scope["livecam.connection"])
        return LoginsEnded(lasting=lasts)

    return router


def security_schemes(sessions: Sessions) -> list[Any]:
    """How clients send the token, for the API's description; the middleware checks it."""
    if not sessions.is_token_needed:
        return []
    name = sessions.cookie_name
    bearer = HTTPBearer(auto_error=False, description="The token of the printed link.")
    cookie = APIKeyCookie(name=name, auto_error=False, description="Set by /api/login.")
    return [Security(bearer), Security(cookie)]
