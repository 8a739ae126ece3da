"""The FastAPI application of watched sources and their events, behind the access middleware."""

from livecam.web.api.base_application import base_application
from livecam.web.api.routes.login import login_route, logins_route, security_schemes
from livecam.web.api.routes.metrics import metrics_route
from livecam.web.api.routes.static_files import static_files, static_routes
from livecam.web.server.middleware import AccessMiddleware, AccessRules
from livecam.web.watching.day_routes import day_routes
from livecam.web.watching.event_routes import event_routes
from livecam.web.watching.watch_context import WatchContext
from livecam.web.watching.watch_metrics import WatchCollector
from livecam.web.watching.watch_routes import watch_health_route, watch_routes

_SUMMARY = "Watched cameras, and the events that they gave."


def build_watch_application(context: WatchContext, rules: AccessRules) -> AccessMiddleware:
    """Everything that answers requests."""
    app, middleware = base_application(_SUMMARY, context.broadcast, rules)
    schemes = security_schemes(context.sessions)
    for routes in (watch_routes, event_routes, day_routes):
        app.include_router(routes(context), prefix="/api", dependencies=schemes)
    app.include_router(logins_route(context.sessions), prefix="/api", dependencies=schemes)
    app.include_router(login_route(context.sessions), prefix="/api")
    collector = WatchCollector(context, middleware.refused)
    app.include_router(metrics_route(collector), dependencies=schemes)
    app.include_router(watch_health_route(context))
    app.include_router(static_routes(static_files(), "events.html"))
    return middleware
