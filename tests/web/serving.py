"""A real `livecam serve` in a process of its own, and a client for its API."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from built_daisy import with_built_daisy
from programs import started
from support import MAIN, eventually, program_env


# On a busy machine the loop may need longer than two seconds to apply an event.
WITH_LONG_TIMEOUT = """
from livecam.web.api.routes import commands
commands.APPLY_TIMEOUT_S = 25.0
"""

# What is sent to a client who does not read soon waits in the server, also small pictures.
WITH_SMALL_BUFFERS = """
from livecam.web.server import listener
listener.SEND_BUFFER_BYTES = 4096
"""

# Few small pictures, for tests of requests: the server's own work takes time from theirs.
QUIET = ("--scene-size", "160x120", "--rate-limit", "10")


@dataclass(frozen=True)
class Response:
    """A response of the server."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class LivecamProcess:
    """A running `livecam serve`."""

    process: subprocess.Popen[str]
    folder: Path
    given_token: str = ""
    stderr_lines: list[str] = field(default_factory=list)

    @property
    def link(self) -> str:
        """The URL that was printed, with the token that was printed or given."""
        printed = next(
            found[1]
            for line in self.stderr_lines
            if (found := re.search(r"page is at (\S+)", line))
        )
        return f"{printed}#token={self.given_token}" if self.given_token else printed

    @property
    def url(self) -> str:
        return self.link.partition("#")[0]

    @property
    def port(self) -> int:
        return int(urlsplit(self.url).port or 0)

    @property
    def token(self) -> str:
        return self.link.partition("#token=")[2]

    @property
    def cookie(self) -> str:
        """A Cookie header with the session of a new login."""
        answer = self.request("POST", "/api/login", {"token": self.token})
        assert answer.status == 204, answer.body
        return answer.headers["set-cookie"].partition(";")[0]

    def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Response:
        """One request; a body other than bytes is sent as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            response_headers = {name.lower(): value for name, value in response.getheaders()}
            return Response(response.status, response_headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Response:
        return self.request("GET", path, headers=headers)

    def state(self) -> dict[str, Any]:
        return self.get("/api/state").json

    def settings(self) -> dict[str, Any]:
        return self.state()["settings"]

    def change(self, **settings: Any) -> Response:
        named = {name.rstrip("_").replace("_", "-"): value for name, value in settings.items()}
        return self.request("PATCH", "/api/settings", named)

    def stop(self, number: int = signal.SIGINT) -> float:
        """Stop the program; returns the seconds until its summary was printed."""
        before, began = len(self.stderr_lines), time.monotonic()
        self.process.send_signal(number)
        eventually(lambda: any("frames in" in line for line in self.stderr_lines[before:]))
        took_s = time.monotonic() - began
        self.process.wait(30)
        return took_s


@contextmanager
def serving(
    folder: Path,
    *arguments: object,
    source: str = "daisy",
    guarded: bool = False,
    before: str = "",
) -> Iterator[LivecamProcess]:
    """Serve the daisy, or another source, on a free port; ready when frames are processed.

    Args:
        folder: where it runs.
        arguments: of the command line.
        source: what is served.
        guarded: whether the page asks for a token, as it does by itself.
        before: lines of Python that the program runs first.
    """
    daisy = with_built_daisy() if source == "daisy" else ""
    command = [
        sys.executable,
        "-c",
        before + WITH_LONG_TIMEOUT + daisy + MAIN,
        "serve",
        source,
        "--model",
        "flowers",
    ]
    command += ["--threads", "1", *map(str, arguments)]
    command += [] if "--port" in arguments else ["--port", "0"]
    asks = guarded or {"--token", "--token-file", "--no-token"} & set(arguments)
    command += [] if asks else ["--no-token"]
    given = str(arguments[arguments.index("--token") + 1]) if "--token" in arguments else ""
    streams = {"stderr": subprocess.PIPE, "text": True}
    with started(command, cwd=folder, env=program_env(), **streams) as process:
        served = LivecamProcess(process, folder, given)
        with read_lines(process, served.stderr_lines):
            eventually(
                lambda: "page is at" in "".join(served.stderr_lines) or process.poll() is not None
            )
            assert process.poll() is None, served.stderr_lines
            eventually(lambda: served.get("/healthz").status == 200)
            yield served


def connected_without_reading(port: int, request: str) -> socket.socket:
    """A client of the system's smallest buffer that has sent a request."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    raw.connect(("127.0.0.1", port))
    raw.sendall(request.encode())
    return raw


def read_to_the_end(raw: socket.socket) -> bytes:
    """All bytes until the server closes the connection."""
    answer = b""
    with suppress(ConnectionResetError):
        while piece := raw.recv(65536):
            answer += piece
    return answer


@contextmanager
def read_lines(process: "subprocess.Popen[str]", lines: list[str]) -> Iterator[None]:
    """Read what a program says on standard error, in a thread; it is ended with the block."""
    assert process.stderr is not None
    reader = threading.Thread(target=lambda: lines.extend(process.stderr), daemon=True)
    reader.start()
    try:
        yield
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)
        reader.join(30)


def client_ports(served: LivecamProcess) -> set[int]:
    """The ports of this machine that the program has an open connection with."""
    connections = psutil.Process(served.process.pid).net_connections("tcp")
    return {connection.raddr.port for connection in connections if connection.raddr}
