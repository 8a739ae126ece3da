"""GET /api/recordings and /api/recordings/ID: the list of output files, and their download."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse

from livecam.web.api.request_context import RequestContext
from livecam.web.api.response_messages import ErrorMessage, OutputFileEntry
from livecam.web.api.routes.error_responses import ERRORS, Responses
from livecam.web.api.state_json import output_file_entry

_FILE: Responses = {
    200: {"description": "The whole file.", "content": {"video/mp4": {}, "image/png": {}}},
    206: {"description": "The part that a Range header asked for."},
    404: {"model": ErrorMessage, "description": "There is no such file."},
    416: {"description": "The Range header asks for a part that does not exist."},
}


def file_routes(context: RequestContext) -> APIRouter:
    """Recordings and snapshots, by id."""
    router = APIRouter(responses=ERRORS, tags=["files"])

    @router.get("/recordings")
    def recordings() -> list[OutputFileEntry]:
        """The finished recordings and snapshots, newest first."""
        return [output_file_entry(item) for item in context.output_files.items()]

    @router.get("/recordings/{wanted}", response_class=FileResponse, responses=_FILE)
    def recording(wanted: str, request: Request) -> FileResponse:
        """One file; supports ranges, `?download` makes the browser save it."""
        item = context.output_files.find(wanted)
        if item is None:
            raise HTTPException(404, "there is no such recording.")
        return FileResponse(
            item.path,
            media_type=item.media_type,
            filename=item.path.name,
            content_disposition_type="attachment"
            if "download" in request.query_params
            else "inline",
        )

    return router
