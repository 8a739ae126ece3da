"""Senders that are not ours, on this machine: started, killed for real and started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

import pytest
from programs import ENDS_WITH_THE_TESTS
from support import eventually

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"
NEEDS = """
import gi
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
assert Gst.ElementFactory.find("x264enc")
assert Gst.ElementFactory.find("rtph264pay")
"""


@cache
def missing(kind: str) -> str:
    """Why this kind of sender cannot be had here; "" where it can."""
    if sys.platform == "win32":
        return "groups of processes are killed as on Unix"
    if kind == "http":
        return "" if shutil.which("ffmpeg") else "ffmpeg is not installed"
    if not Path(SYSTEM_PYTHON).exists():
        return "there is no system Python with GStreamer's bindings"
    has = subprocess.run([SYSTEM_PYTHON, "-c", NEEDS], capture_output=True, check=False)
    return "GStreamer's RTSP server or its x264enc is not installed" if has.returncode else ""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def listens(port: int) -> bool:
    """Whether a server waits on this port; not tried by connecting, because ffmpeg serves one."""
    table = Path("/proc/net/tcp")
    if not table.exists():
        return True
    rows = [line.split() for line in table.read_text().splitlines()[1:]]
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


@dataclass
class Sender:
    """ffmpeg (MJPEG over HTTP) or GStreamer (H.264 over RTSP), in a group of its own."""

    kind: str
    size: tuple[int, int] = (312, 240)
    rate: int = 30
    login: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    program: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        scheme = "rtsp" if self.kind == "rtsp" else "http"
        who = ":".join(self.login) + "@" if self.login else ""
        return f"{scheme}://{who}127.0.0.1:{self.port}/garden"

    def start(self) -> None:
        python = SYSTEM_PYTHON if self.kind == "rtsp" else sys.executable
        script = HERE / f"{self.kind}_server.py"
        numbers = map(str, (self.port, *self.size, self.rate))
        self.program = subprocess.Popen(
            [*ENDS_WITH_THE_TESTS, python, str(script), *numbers, *self.login],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        )  # fmt: skip
        assert self.program.stdout is not None
        assert self.program.stdout.readline() == b"ready\n"
        eventually(lambda: listens(self.port))

    def signal(self, number: int) -> None:
        assert self.program is not None
        os.killpg(self.program.pid, number)

    def kill(self) -> None:
        """At once, as when the power fails."""
        if self.program is not None:
            self.signal(signal.SIGKILL)
            self.program.communicate()
            self.program = None

    def __enter__(self) -> Self:
        if missing(self.kind):
            pytest.skip(missing(self.kind))
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
