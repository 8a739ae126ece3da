"""The error responses of the routes, for the API's description."""

from typing import Any

from livecam.web.api.response_messages import ErrorMessage

Responses = dict[int | str, dict[str, Any]]

ERRORS: Responses = {
    status: {"model": ErrorMessage, "description": description}
    for status, description in {
        400: "The body cannot be read.",
        401: "The token is missing or wrong.",
        403: "The request comes from another site.",
        413: "The body is too large.",
        421: "The Host header does not name this server.",
        422: "A value is invalid.",
        429: "Too many requests.",
        503: "The run has not begun, no picture yet, or too many viewers or pending commands.",
    }.items()
}
