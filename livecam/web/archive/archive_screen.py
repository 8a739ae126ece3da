"""The page of an archive: its application, and the web server in a thread of its own."""

from typing import Self

from livecam.core.archive.archive_search import ArchiveSearch
from livecam.web.api.base_application import base_application
from livecam.web.api.routes.login import login_route, logins_route, security_schemes
from livecam.web.api.routes.static_files import static_files, static_routes
from livecam.web.archive.archive_routes import archive_health_route, archive_routes
from livecam.web.archive.one_at_a_time import OneAtATime
from livecam.web.server.listener import Listener
from livecam.web.server.middleware import AccessMiddleware, AccessRules
from livecam.web.server.page_server import PageServer, Say
from livecam.web.server.sessions import Sessions

_SUMMARY = "An archive of clips, and the moments that conditions find in it."


class NoStreams:
    """Nothing is sent without end, and nothing is followed."""

    def start(self) -> None:
        """Nothing to do."""

    async def close(self) -> None:
        """Nothing to do."""


def build_archive_application(
    archive: ArchiveSearch, sessions: Sessions, rules: AccessRules
) -> AccessMiddleware:
    """Everything that answers requests."""
    app, middleware = base_application(_SUMMARY, NoStreams(), rules)
    schemes = security_schemes(sessions)
    routes = archive_routes(OneAtATime(archive), sessions)
    app.include_router(routes, prefix="/api", dependencies=schemes)
    app.include_router(logins_route(sessions), prefix="/api", dependencies=schemes)
    app.include_router(login_route(sessions), prefix="/api")
    app.include_router(archive_health_route())
    app.include_router(static_routes(static_files(), "archive.html"))
    return middleware


class ArchiveScreen:
    """Shows an archive in browsers, from its entering on."""

    def __init__(
        self, listener: Listener, archive: ArchiveSearch, *, say: Say, show_link: Say
    ) -> None:
        """The server starts on entering.

        Args:
            listener: where to serve.
            archive: searched.
            say: is called with the page's address, and with errors.
            show_link: is called with a link that telephones in the network may open.
        """
        sessions = Sessions(listener.token, listener.port)
        rules = AccessRules(listener.host_names, sessions)
        application = build_archive_application(archive, sessions, rules)
        self._server = PageServer(listener, application, NoStreams(), say=say, show_link=show_link)

    def __enter__(self) -> Self:
        """Start the server."""
        self._server.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self._server.close()
