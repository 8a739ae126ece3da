"""Whose a connection is, for the places that viewers have."""

from starlette.requests import HTTPConnection

from livecam.web.streaming.viewers import Viewer


def viewer_of(request: HTTPConnection) -> Viewer:
    """Who watches over a connection."""
    connection = request.scope["livecam.connection"]
    return Viewer(connection.client_name, connection.transport.abort)
