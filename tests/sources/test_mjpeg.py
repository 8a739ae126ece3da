"""Web cameras that divide their pictures in odd ways; redirects, passwords, what is no stream."""

import base64
import hashlib
import http.server
import re
import threading

import cv2
import numpy as np
import pytest
from support import only_frames, textured

from livecam.errors import SourceError, SourceLostError
from livecam.settings.schema import CameraSettings
from livecam.sources.live.connection import SourceAbsentError
from livecam.sources.stream import connect, create_stream_source

JPEGS = [cv2.imencode(".jpg", textured(64, 48, seed))[1].tobytes() for seed in range(8)]
TYPE, MARK = b"Content-Type: image/jpeg\r\n", b"--frame\r\n"


def of_length(jpeg, more=0):
    return b"Content-Length: %d\r\n" % (len(jpeg) + more)


PARTS = {
    "as it should be": lambda d: MARK + TYPE + of_length(d) + b"\r\n" + d + b"\r\n",
    "no boundary before the first": lambda d: TYPE + of_length(d) + b"\r\n" + d + b"\r\n" + MARK,
    "a length that is too large": lambda d: MARK + TYPE + of_length(d, 20) + b"\r\n" + d + b"\r\n",
    "a length that is too small": lambda d: MARK + TYPE + of_length(d, -50) + b"\r\n" + d + b"\r\n",
    "neither length nor line break": lambda d: MARK + TYPE + b"\r\n" + d,
    "of type jpg": lambda d: MARK + TYPE.replace(b"jpeg", b"jpg") + b"\r\n" + d + b"\r\n",
    "of no type": lambda d: MARK + of_length(d) + b"\r\n" + d + b"\r\n",
    "no head at all": lambda d: MARK + b"\r\n" + d + b"\r\n",
    "line feeds alone": lambda d: b"--frame\nContent-Type: image/jpeg\n\n" + d + b"\n",
    "without dashes": lambda d: b"frame\r\n" + TYPE + of_length(d) + b"\r\n" + d + b"\r\n",
    "with a tail of zeros": lambda d: (
        MARK + TYPE + of_length(d) + b"\r\n" + d + bytes(20) + b"\r\n"
    ),
    "one after another": lambda d: d,
}
TYPES = {
    "multipart": "multipart/x-mixed-replace;boundary=frame",
    "multipart without a boundary": "multipart/x-mixed-replace",
    "motion": "video/x-motion-jpeg",
    "page": "text/html",
    "none": "",
}


class Camera(http.server.BaseHTTPRequestHandler):
    """/PARTS/TYPE gives the pictures; some other paths behave oddly."""

    def do_GET(self):
        kind, _, rest = self.path.strip("/").partition("/")
        kind = kind.replace("_", " ")
        if kind in PARTS:
            self.send_pictures(PARTS[kind], TYPES[rest.replace("_", " ")])
        elif kind == "headless":
            self.wfile.write(b"".join(map(PARTS["as it should be"], JPEGS)))
            self.close_connection = True
        elif kind == "moved":
            self.answer(302, [("Location", "/as_it_should_be/multipart")])
        elif kind == "digest" and not self.is_digest_right():
            self.answer(401, [("WWW-Authenticate", 'Digest realm="eye", nonce="n", qop="auth"')])
        elif kind == "basic" and self.headers.get("Authorization") != basic("anna", "s3:c@et"):
            self.answer(401, [("WWW-Authenticate", 'Basic realm="eye"')])
        elif kind in ("digest", "basic"):
            self.send_pictures(PARTS["as it should be"], TYPES["multipart"])
        elif kind == "busy":
            self.answer(503, [])
        else:
            body = {"page": b"<!DOCTYPE html><p>eye", "dash.mpd": b'<?xml version="1.0"?><MPD>'}
            self.answer(200, [("Content-Type", "text/html")], body[kind])

    def answer(self, code, heads, body=b""):
        self.send_response(code)
        for head in heads:
            self.send_header(*head)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_digest_right(self):
        said = self.headers.get("Authorization", "")
        part = dict(re.findall(r'(\w+)="?([^",]+)"?', said))
        if not part:
            return False
        secret = md5("anna:eye:s3:c@et")
        path = md5(f"GET:{part['uri']}")
        whole = f"{secret}:n:{part['nc']}:{part['cnonce']}:auth:{path}"
        return part["response"] == md5(whole)

    def send_pictures(self, part, content_type):
        self.send_response(200)
        if content_type:
            self.send_header("Content-Type", content_type)
        self.end_headers()
        for jpeg in JPEGS:
            self.wfile.write(part(jpeg))

    def log_message(self, *_):
        pass


def md5(text):
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture(scope="module")
def camera():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Camera) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def seen(address):
    """The pictures until the camera hangs up."""
    frames = []
    every = CameraSettings(latency="every", give_up=0.0)
    with create_stream_source(address, every) as source:
        assert source.is_live
        with pytest.raises(SourceLostError):
            frames.extend(only_frames(source))
    return [frame.bgr for frame in frames]


@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize("parts", PARTS)
def test_every_picture_is_there_however_they_are_divided(parts, content_type, camera):
    pictures = seen(f"http://{camera}/{parts}/{content_type}".replace(" ", "_"))
    assert len(pictures) == len(JPEGS)
    for bgr, jpeg in zip(pictures, JPEGS, strict=True):
        decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert np.abs(bgr.astype(int) - decoded).mean() < 15  # others differ by 60


def test_a_camera_that_sends_no_head_of_http(camera):
    assert len(seen(f"http://{camera}/headless")) == len(JPEGS)


@pytest.mark.parametrize("path", ["moved", "anna:s3:c%40et@/basic", "anna:s3:c%40et@/digest"])
def test_redirects_and_passwords(path, camera):
    login, at, path = path.rpartition("@/")
    assert len(seen(f"http://{login}{'@' * bool(at)}{camera}/{path}")) == len(JPEGS)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("page", "web page"),
        ("dash.mpd", r"DASH list .*\.m3u8"),
        ("basic", "server returned 401 unauthorized"),
        ("digest", "server returned 401"),
    ],
)
def test_what_will_not_become_a_stream_is_told_in_its_own_words(path, words, camera):
    with pytest.raises(SourceError, match=words) as caught:
        connect(f"http://anna:wr0ng@{camera}/{path}")
    assert not isinstance(caught.value, SourceAbsentError)
    assert "wr0ng" not in str(caught.value)


def test_a_camera_that_is_busy_is_waited_for(camera):
    with pytest.raises(SourceAbsentError, match="server returned 503"):
        connect(f"http://{camera}/busy")
