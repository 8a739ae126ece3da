"""The page of events in this process, with a client; and states of cameras made by hand."""

import http.client
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from events_folder import FIRST
from support import textured

from livecam.assembly.open_watch_page import watch_page_of
from livecam.core.class_figures import ClassFigures
from livecam.core.types import BgrImage
from livecam.core.watching.watch_state import CameraState, LookState, WatchState
from livecam.settings.schema import ServeSettings


@dataclass
class WatchPage:
    """A page that answers."""

    screen: Any
    folder: Path
    said: list[str] = field(default_factory=list)

    @property
    def link(self) -> str:
        """Its address, with the token where it has one of its own."""
        return next(line for line in self.said if "page is at" in line).split()[4]

    @property
    def url(self) -> str:
        return self.link.partition("#")[0]

    @property
    def token(self) -> str:
        return self.link.partition("#token=")[2]

    def request(self, method, path, body=None, **headers):
        """Status, headers and body of one request."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        if body is not None:
            body, headers["Content-Type"] = json.dumps(body), "application/json"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, named, answer.read()
        finally:
            connection.close()

    def get(self, path, **headers):
        """The JSON of one request that has to succeed."""
        status, _, body = self.request("GET", path, **headers)
        assert status == 200, body
        return json.loads(body)


@contextmanager
def watch_page(folder, *, is_watching=False, **serve):
    """A page of a folder of events on a free port."""
    serve = ServeSettings(**({"serve": True, "port": 0, "ask_token": False} | serve))
    said = []
    with watch_page_of(
        serve, folder, say=said.append, show_link=lambda _: None, is_watching=is_watching
    ) as screen:
        yield WatchPage(screen, folder, said)


def look_of(number=0, seen="daisy", probability=0.9, *, width=320, height=240, looked_s=None):
    """What a camera saw."""
    grid = np.zeros((7, 7), np.float32)
    grid[2, 3] = 40.0
    figures = ClassFigures(0, seen, grid, 40.0, 0.8, (2, 3), 4.0, probability)
    picture = BgrImage(textured(width, height, number))
    at = FIRST.replace(second=number % 60)
    now_s = time.monotonic() if looked_s is None else looked_s
    return LookState(picture, at, now_s, seen, {seen: figures})


def camera_of(name="bed", look=None, **changes):
    """A camera, with its last look where it had one."""
    looked_s = None if look is None else look.looked_s
    given = {"title": f"rtsp://{name}/live", "conditions": ("daisy > 0.8",), "last": look}
    return CameraState(name, **(given | {"looked_s": looked_s} | changes))


def state_of(*cameras, began_s=None):
    """How watching goes."""
    return WatchState(time.monotonic() if began_s is None else began_s, cameras)
