"""The responses of the routes beside their messages, for the API's description."""

from collections.abc import Iterable
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


def file_responses(media_types: Iterable[str], missing: str) -> Responses:
    """Those of a file that a Range header may ask for a part of; see OpenedFileResponse.

    Args:
        media_types: what the file may be.
        missing: what is said where there is none.
    """
    unknown_part = "The Range header asks for a part that does not exist."
    return {
        200: {"description": "The whole file.", "content": {name: {} for name in media_types}},
        206: {"description": "The part that a Range header asked for."},
        404: {"model": ErrorMessage, "description": missing},
        416: {"model": ErrorMessage, "description": unknown_part},
    }
