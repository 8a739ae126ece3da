"""What messages go to in tests: a broker, a subscriber, a web server; and events to tell of."""

import json
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from programs import ENDS_WITH_THE_TESTS
from support import eventually

from livecam.core.watching.watch_event import Strongest, WatchEvent
from livecam.sinks.notify.delivery import DeliveryClock

ZONE = timezone(timedelta(hours=2))
START = datetime(2026, 7, 1, 6, 12, 3, 500_000, ZONE)
JPEG = b"\xff\xd8 a picture \xff\xd9"


def event_of(number=0, class_name="daisy", state="open", camera="bed", probability=0.97):
    """An event that began so many minutes after START."""
    start = START + timedelta(minutes=number)
    strongest = Strongest(
        start, 6.2, probability, 34.1, 5.2, 9.1, class_name, (640.0, 360.0), None, (1280, 720)
    )
    event = f"{start:%Y%m%d-%H%M%S}.500-{class_name}"
    files = {"clean": f"{start:%Y-%m-%d}/{event}.mp4"}
    end = None if state == "open" else start + timedelta(seconds=18)
    return WatchEvent(
        event, class_name, state, start, 812.5, end, None if end is None else 830.5, 35,
        strongest, files, f"{class_name} > 0.8", "rtsp://cam/", camera,
    )  # fmt: skip


@dataclass
class Waits:
    """Stands in for the time of a delivery: waits are noted, and over at once."""

    now_s: float = 0.0
    waits_s: list[float] = field(default_factory=list)

    def wait(self, condition, seconds):
        self.waits_s.append(seconds)
        self.now_s += seconds
        condition.wait(0.001)  # lets the others go on

    @property
    def clock(self):
        return DeliveryClock(lambda: self.now_s, self.wait)


class Broker:
    """Debian's mosquitto on a free port of loopback, with a settings file of its own."""

    def __init__(self, folder: Path, *lines: str, listens: str = "") -> None:
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if program is None:
            pytest.skip("the program mosquitto is missing: it is the broker")
        self._program = program
        self.port = free_port()
        self._file = folder / "mosquitto.conf"
        text = [f"listener {self.port} 127.0.0.1", listens, *lines]
        if not any("allow_anonymous" in line for line in lines):
            text.append("allow_anonymous true")
        self._file.write_text("\n".join(filter(None, text)) + "\n")
        self.process = None

    @property
    def address(self):
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            [*ENDS_WITH_THE_TESTS, self._program, "-c", self._file],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        eventually(self._answers)

    def kill(self):
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self):
        """It answers nothing from now on, and its connections stay."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def _answers(self):
        assert self.process.poll() is None, "the broker ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5):
            return True
        return False


@contextmanager
def broker(folder, *lines, **given) -> Iterator[Broker]:
    """A broker that runs as long as the block at most."""
    made = Broker(folder, *lines, **given)
    made.start()
    try:
        yield made
    finally:
        made.kill()


@dataclass
class Subscriber:
    """Gets everything that a broker has from now on."""

    client: Client
    messages: list = field(default_factory=list)

    def payloads(self, topic):
        """What came under a topic, in order."""
        return [message.payload for message in list(self.messages) if message.topic == topic]

    def moments(self, topic="livecam/bed/events"):
        """Moment and start of each event that came."""
        records = map(json.loads, self.payloads(topic))
        return [(record["moment"], record["event"]) for record in records]

    def last(self, topic):
        found = self.payloads(topic)
        return found[-1] if found else None


@contextmanager
def subscriber(port, **login) -> Iterator[Subscriber]:
    """Connected and subscribed to all topics."""
    client = Client(CallbackAPIVersion.VERSION2)
    if login:
        client.username_pw_set(**login)
    made, is_ready = Subscriber(client), threading.Event()
    client.on_message = lambda _, __, message: made.messages.append(message)
    client.on_connect = lambda *_: client.subscribe("#", qos=1)
    client.on_subscribe = lambda *_: is_ready.set()
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert is_ready.wait(60)
    try:
        yield made
    finally:
        client.disconnect()
        client.loop_stop()


class WebServer:
    """A server on loopback that answers each POST with the next of `answers`, the last for ever.

    An answer is a status, "never" (it is waited until the end), or "drop" (the connection is
    closed without a word).
    """

    def __init__(self, *answers):
        self.answers, self.bodies, self.headers = list(answers), [], []
        self.is_over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                outer.headers.append(self.headers)
                outer.bodies.append(
                    json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                )
                answer = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                if answer == "never":
                    outer.is_over.wait(120)
                elif answer == "drip":
                    while not outer.is_over.wait(0.02):
                        with suppress(OSError):
                            self.wfile.write(b"H")
                elif answer != "drop":
                    self.send_response(answer)
                    self.send_header("Location", outer.url)
                    self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def moments(self):
        return [(body["moment"], body["event"]) for body in self.bodies]


def free_port():
    """A port of loopback that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def timed(action):
    """How many seconds something takes; only to catch a hang."""
    began_s = time.monotonic()
    action()
    return time.monotonic() - began_s
