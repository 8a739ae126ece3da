"""A small web server on this machine, for the sources that read from an address."""

import base64
import http.server
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import cv2
from support import textured

PARTS = [cv2.imencode(".jpg", textured(64, 48, seed))[1].tobytes() for seed in range(5)]
ANNA = "Basic " + base64.b64encode(b"anna:s3cret").decode()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves a table of files, ranges included, and some addresses that behave oddly.

    /live           pictures without end, as web cameras send them
    /live/7         the same, closed after 7
    /silent         nothing at all, until the server closes
    /silent/7       7 pictures, then nothing
    /half/NAME      the promise of a whole file, and half of it
    /whole/NAME     a file from a server that knows no ranges
    /promise/NAME   a file, and the promise of far more than any file has
    /endless/NAME   a file of which nobody says how long it is
    /until_closed/NAME  the same, as servers of HTTP 1.0 send it
    /locked/NAME    a file for anna with the password s3cret
    """

    files: dict[str, bytes]
    closing: threading.Event

    def do_GET(self):
        _, how, name, *_ = f"{self.path.partition('?')[0]}/".split("/")
        if how in ("live", "silent"):
            self.send_pictures(int(name or (0 if how == "silent" else 1_000_000)))
            if how == "silent":
                self.closing.wait(30)
            return
        body = self.files.get(f"/{name or how}")
        if body is None:
            self.send_error(404)
        elif how == "locked" and self.headers.get("Authorization") != ANNA:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="clips"')
            self.end_headers()
        elif how == "half":
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2])
        elif how in ("whole", "promise"):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) if how == "whole" else 1 << 62))
            self.end_headers()
            self.wfile.write(body)
        elif how == "until_closed":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)
        elif how == "endless":
            self.protocol_version = "HTTP/1.1"
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n")
        else:
            self.send_file(body)

    def send_file(self, body):
        span = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")
        first, last = int(span[0]), int(span[1] or len(body) - 1)
        self.send_response(206)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        self.wfile.write(body[first : last + 1])

    def send_pictures(self, count):
        if not count:
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        for number in range(count):
            if self.closing.is_set():  # the server dies, and its connections with it
                return
            jpeg = PARTS[number % len(PARTS)]
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            self.wfile.write(head.encode() + jpeg + b"\r\n")

    def log_message(self, *_):
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A reader that has seen enough hangs up: no mishap."""


@contextmanager
def serving(files: dict[str, bytes], port: int = 0) -> Iterator[str]:
    """The host and port of a server on this machine; no proxy stands between."""
    closing = threading.Event()
    handler = type("Files", (Handler,), {"files": files, "closing": closing})
    direct = {k: v for k, v in os.environ.items() if not k.casefold().endswith("_proxy")}
    with (
        mock.patch.dict(os.environ, direct, clear=True),
        QuietServer(("127.0.0.1", port), handler) as server,
    ):
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            closing.set()
            server.shutdown()
            thread.join()
