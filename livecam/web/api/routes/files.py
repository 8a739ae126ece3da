"""GET and DELETE /api/recordings/ID: the list of output files, their download, their deletion."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import TypeAdapter

from livecam.errors import SinkError
from livecam.web.api.opened_file_response import OpenedFileResponse
from livecam.web.api.request_context import RequestContext
from livecam.web.api.response_messages import ErrorMessage, OutputFileEntry
from livecam.web.api.routes.route_responses import ERRORS, Responses, file_responses
from livecam.web.api.state_json import output_file_entry

MAX_FILES = 200
_ENTRIES = TypeAdapter(list[OutputFileEntry])
_FILE = file_responses(("video/mp4", "image/png"), "There is no such file.")
_DELETED: Responses = {
    404: {"model": ErrorMessage, "description": "There is no such file."},
    409: {"model": ErrorMessage, "description": "The file is in use, or may not be deleted."},
}


def file_routes(context: RequestContext) -> APIRouter:
    """Recordings and snapshots, by id."""
    router = APIRouter(responses=ERRORS, tags=["files"])
    files = context.output_files

    @router.get("/recordings", response_model=list[OutputFileEntry])
    def recordings(
        after: Annotated[str, Query(max_length=40, description="id of the last known one")] = "",
        limit: Annotated[int, Query(ge=1, le=MAX_FILES)] = MAX_FILES,
    ) -> Response:
        """The finished recordings and snapshots, newest first; with `after` the older ones."""
        entries = [output_file_entry(item) for item in files.items(after, limit)]
        return Response(_ENTRIES.dump_json(entries), media_type="application/json")

    @router.get("/recordings/{wanted}", response_class=FileResponse, responses=_FILE)
    def recording(wanted: str, request: Request) -> FileResponse:
        """One file; supports ranges, `?download` makes the browser save it."""
        item = files.find(wanted)
        try:
            if item is not None:
                is_download = "download" in request.query_params
                return OpenedFileResponse(item.path, item.media_type, is_download=is_download)
        except FileNotFoundError:  # deleted or replaced meanwhile
            pass
        raise HTTPException(404, "there is no such recording.")

    @router.delete("/recordings/{wanted}", status_code=204, responses=_DELETED)
    def delete(wanted: str) -> None:
        """Delete a file; what is still being written cannot be deleted."""
        try:
            is_there = files.delete(wanted)
        except SinkError as error:
            raise HTTPException(409, str(error)) from error
        if not is_there:
            raise HTTPException(404, "there is no such recording.")

    return router
