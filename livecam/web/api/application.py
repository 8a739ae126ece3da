"""The FastAPI application of a run: puts the routes together, behind the access middleware."""

from livecam.web.api.base_application import base_application
from livecam.web.api.request_context import RequestContext
from livecam.web.api.routes.cameras import camera_routes
from livecam.web.api.routes.classes import class_routes
from livecam.web.api.routes.commands import command_routes, input_routes
from livecam.web.api.routes.files import file_routes
from livecam.web.api.routes.health import health_route
from livecam.web.api.routes.judgement import judgement_routes
from livecam.web.api.routes.login import login_route, logins_route, security_schemes
from livecam.web.api.routes.metrics import RunCollector, metrics_route
from livecam.web.api.routes.pictures import picture_routes
from livecam.web.api.routes.state import state_routes
from livecam.web.api.routes.static_files import static_files, static_routes
from livecam.web.server.middleware import AccessMiddleware, AccessRules

_SUMMARY = "The live picture, its class activation map, and the keys."
_API_ROUTES = (
    state_routes, class_routes, picture_routes, judgement_routes, command_routes, input_routes,
    file_routes, camera_routes,
)  # fmt: skip


def build_application(context: RequestContext, rules: AccessRules) -> AccessMiddleware:
    """Everything that answers requests."""
    app, middleware = base_application(_SUMMARY, context.broadcast, rules)
    schemes = security_schemes(context.sessions)
    for routes in _API_ROUTES:
        app.include_router(routes(context), prefix="/api", dependencies=schemes)
    app.include_router(logins_route(context.sessions), prefix="/api", dependencies=schemes)
    app.include_router(login_route(context.sessions), prefix="/api")
    app.include_router(
        metrics_route(RunCollector(context, middleware.refused)), dependencies=schemes
    )
    app.include_router(health_route(context))
    app.include_router(static_routes(static_files(), "index.html"))
    return middleware
