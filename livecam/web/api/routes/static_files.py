"""GET / and /static/NAME: the page's own files, read once and served from memory."""

import hashlib
import mimetypes
from collections.abc import Mapping
from importlib import resources

from fastapi import APIRouter, HTTPException, Request, Response

DIALOGS = "dialogs.html"
"""The part of a page that all of them have: the questions for a token and before a deletion."""

_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def static_files() -> dict[str, bytes]:
    """The files by name, each page with its dialogs; no request reaches the file system."""
    folder = resources.files("livecam.web").joinpath("static")
    files = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    dialogs, here = files.pop(DIALOGS), f"<!-- {DIALOGS} -->\n".encode()
    return {name: content.replace(here, dialogs) for name, content in files.items()}


def static_routes(files: Mapping[str, bytes], page_name: str) -> APIRouter:
    """The page and its files; browsers ask each time whether they have changed.

    Args:
        files: by name.
        page_name: which of them is the page.
    """
    router = APIRouter(include_in_schema=False)
    tags = {name: f'"{hashlib.sha256(data).hexdigest()[:16]}"' for name, data in files.items()}

    def response(name: str, request: Request) -> Response:
        if name not in files:
            raise HTTPException(404, "there is no such file.")
        headers = {"etag": tags[name], "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == tags[name]:
            return Response(status_code=304, headers=headers)
        return Response(files[name], headers=headers, media_type=_media_type(name))

    @router.get("/")
    async def page(request: Request) -> Response:
        return response(page_name, request)

    @router.get("/static/{name}")
    async def static(name: str, request: Request) -> Response:
        return response(name, request)

    return router


def _media_type(name: str) -> str | None:
    suffix = "." + name.rpartition(".")[2]
    return _MEDIA_TYPES.get(suffix) or mimetypes.guess_type(name)[0]
