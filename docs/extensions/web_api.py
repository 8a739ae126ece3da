"""The routes of the web page, from the description that a running server gives."""

import json
import re
import subprocess
import sys
import tempfile
import urllib.request
from typing import Any

from markdown import sentence, table


def _description() -> dict[str, Any]:
    """The OpenAPI document of a server that is started for it.

    Raises:
        RuntimeError: it printed no address.
    """
    command = [sys.executable, "-m", "livecam", "serve", "daisy", "--model", "flowers"]
    command += ["--port", "0", "--no-window", "--no-token"]
    said = []
    with (
        tempfile.TemporaryDirectory() as folder,
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


def routes() -> str:
    """A table of all routes, by tag."""
    description = _description()
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
