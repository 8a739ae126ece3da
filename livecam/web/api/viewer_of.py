"""Whose a connection is, for the places that viewers have."""

from starlette.requests import HTTPConnection

from livecam.web.server.sessions import Sessions
from livecam.web.streaming.viewers import Viewer


def viewer_of(request: HTTPConnection) -> Viewer:
    """Who watches over a connection."""
    connection = request.scope["livecam.connection"]
    return Viewer(connection.client_name, connection.transport.abort)


def may_change(request: HTTPConnection, sessions: Sessions) -> bool:
    """Whether it is no guest's: whoever proved the token may change things, or all may."""
    return request.scope["livecam.connection"].is_known or not sessions.is_token_needed


def is_guest(request: HTTPConnection, sessions: Sessions) -> bool:
    """Whether it is of somebody who may look alone, and learns no names of the owner's."""
    return not may_change(request, sessions)
