"""The API sends text of any source, and never answers 500 for it."""

import json
import os

import cv2
import pytest
from support import eventually, textured
from web.serving import serving

pytestmark = pytest.mark.skipif(os.name == "nt", reason="names are text there")
NAME = os.fsdecode("a\x1b[2J\u202e\n".encode() + b"\xff\xed\xa0\x80.png")
SHOWN = r"a\u001b[2J\u202e\n\udcff\udced\udca0\udc80.png"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    cv2.imwrite(str(folder / "plain.png"), textured(320, 240))
    (folder / "plain.png").rename(folder / NAME)
    with serving(folder, source=NAME) as program:
        yield program


def test_the_name_of_the_source_is_sent_printable(served):
    assert served.get("/api/overview").json["source"] == SHOWN
    assert served.state()["figures"]["picture"] == SHOWN
    assert served.get("/api/activation").json["picture"] == SHOWN


@pytest.mark.parametrize(
    "path",
    ["overview", "state", "activation", "frame.jpg", "classes", "recordings", "history",
     "classes?search=%ED%A0%80%00", "recordings/%ED%A0%80", "recordings/%00"],
)  # fmt: skip
def test_nothing_that_is_read_is_an_error_of_the_server(path, served):
    assert served.get(f"/api/{path}").status in (200, 404, 422)
    assert served.get("/metrics").status == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "settings", {"\ud800": 1}),
        ("PATCH", "settings", {"class": "\ud800\x1b"}),
        ("PATCH", "settings", {"view": "\ud800\x00"}),
        ("PATCH", "settings", {"class": "x" * 101}),
        ("POST", "key", {"key": "\ud800"}),
        ("POST", "key", {"k\udfffey": "x" * 5000}),
        ("POST", "recording", {"recording": "\ud800"}),
        ("POST", "login", {"token": "\ud800" * 20}),
    ],
)
def test_nothing_that_is_sent_is_an_error_of_the_server(method, path, body, served):
    answer = served.request(method, f"/api/{path}", body)
    assert 400 <= answer.status < 500, answer.body
    assert not {"\x1b", "\x00", "\ud800"} & set(json.loads(answer.body)["detail"])
    assert not [line for line in served.stderr_lines if "failed to answer" in line]


def test_a_file_of_such_a_name_is_downloaded(tmp_path):
    folder = tmp_path / os.fsdecode(b"out\xff\x1b")
    folder.mkdir()
    name = os.fsdecode(b"r\xff\n\x1b.mp4")
    flags = ["--record", name, "--scene-size", "160x120", "--rate-limit", "20"]
    with serving(folder, *flags) as program:
        program.request("POST", "/api/recording", {"recording": False})
        (file,) = eventually(lambda: program.get("/api/recordings").json)
        assert file["name"] == r"r\udcff\n\u001b.mp4"
        answer = program.get(f"/api/recordings/{file['id']}?download")
        assert answer.status == 200
        assert len(answer.body) == file["size_bytes"]
        assert program.state()["notice"] is not None
