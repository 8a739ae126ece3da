"""Requests to the application without a server, and what it answers them from."""

import asyncio
import threading
from datetime import datetime

from annotated_frames import annotated_frame_of
from support import picture

from livecam.models.catalogue import spec_of
from livecam.sinks.recording_index import RecordingIndex
from livecam.web.api.request_context import RequestContext
from livecam.web.api.run_info import RunInfo
from livecam.web.api.run_start import RunStart
from livecam.web.api.state_cache import StateCache
from livecam.web.server.access_token import AccessToken
from livecam.web.server.sessions import Sessions
from livecam.web.streaming.mjpeg_broadcast import MjpegBroadcast


def shown(hub, value):
    hub.show(annotated_frame_of(picture(value=value), value, value / 30))


def context_of(hub, tmp_path, token=None, model="flowers"):
    broadcast = MjpegBroadcast(hub)
    output_files = RecordingIndex(tmp_path, began=datetime.now().astimezone())
    return RequestContext(
        hub=hub,
        broadcast=broadcast,
        state_cache=StateCache(hub, broadcast.viewers, output_files),
        output_files=output_files,
        run_start=RunStart("daisy", RunInfo("daisy", "", spec_of(model).labels, turnable=False)),
        sessions=Sessions(AccessToken(token) if token else None, 8765),
    )


class Client:
    """One request to the application, without a server."""

    def __init__(
        self, application, path, kind="http", address="127.0.0.1", method="GET", headers=()
    ):
        self.sent, self.aborted, self.reads = [], threading.Event(), True
        self.transport, self.is_known = self, False
        self._received = ["websocket.connect" if kind == "websocket" else "http.request"]
        self.scope = {
            "type": kind, "method": method, "path": path, "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"", "headers": [(b"host", b"127.0.0.1"), *headers],
            "client": (address, 1), "server": ("127.0.0.1", 8765),
            "scheme": "http", "http_version": "1.1",
            "subprotocols": [], "livecam.connection": self,
        }  # fmt: skip
        self.task = asyncio.ensure_future(application(self.scope, self._receive, self._send))

    async def _receive(self):
        if not self._received:
            await asyncio.Event().wait()
        return {"type": self._received.pop()}

    async def _send(self, message):
        if not self.reads:
            await asyncio.Event().wait()
        self.sent.append(message)

    def abort(self):
        self.aborted.set()

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent)


async def response_of(application, path, *headers):
    client = Client(application, path, headers=headers)
    await client.task
    return client


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110  (nothing notifies of it)
            await asyncio.sleep(0)
