"""The routes of the web page, from the description that a running server gives."""

import json
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from markdown import sentence, table

EVENTS_TAGS = ("cameras", "events")
"""Of what the page of events alone has."""


def _description(*arguments: str, files: Mapping[str, str] = {}) -> dict[str, Any]:
    """The OpenAPI document of a server that is started for it.

    Args:
        arguments: what is served.
        files: by name, that have to lie in its folder.

    Raises:
        RuntimeError: it printed no address.
    """
    command = [sys.executable, "-m", "livecam", "serve", *arguments, "--port", "0", "--no-token"]
    said = []
    with (
        _folder_with(files) as folder,
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder) as server,
    ):
        try:
            for line in server.stderr or ():
                said.append(line)
                if address := re.search(r"http://\S+", line):
                    with urllib.request.urlopen(f"{address[0]}api/openapi.json") as answer:
                        return dict(json.load(answer))
        finally:
            server.terminate()
            server.communicate()
    raise RuntimeError("the server printed no address: " + "".join(said))


@contextmanager
def _folder_with(files: Mapping[str, str]) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).write_text(text, "utf-8")
        yield folder


def routes() -> str:
    """A table of all routes of the page of a run, by tag."""
    return _tables(_description("daisy", "--model", "flowers", "--no-window"))


def events_routes() -> str:
    """Tables of the routes that the page of events alone has."""
    return _tables(_description(".", files={"events.jsonl": ""}), EVENTS_TAGS)


def _tables(description: dict[str, Any], tags: Sequence[str] = ()) -> str:
    """A table for each tag, or for those that are named."""
    by_tag: dict[str, list[list[str]]] = {}
    for path, methods in description["paths"].items():
        for method, route in methods.items():
            tag = route.get("tags", ["other"])[0]
            words = route.get("description") or route.get("summary", "")
            row = [f"`{method.upper()} {path}`", sentence(words), _parameters(route, description)]
            by_tag.setdefault(tag, []).append(row)
    parts = [
        f"## {tag.capitalize()}\n\n" + table(["route", "what it does", "takes"], rows)
        for tag, rows in by_tag.items()
        if not tags or tag in tags
    ]
    return "\n\n".join(parts)


def _parameters(route: dict[str, Any], description: dict[str, Any]) -> str:
    names = [f"`{p['name']}`" for p in route.get("parameters", []) if p["in"] != "cookie"]
    for content in route.get("requestBody", {}).get("content", {}).values():
        reference = content["schema"].get("$ref", "")
        schema = description["components"]["schemas"].get(reference.split("/")[-1], {})
        fields = ", ".join(f"`{name}`" for name in schema.get("properties", {}))
        names.append(f"JSON: {fields}")
    return ", ".join(names)
