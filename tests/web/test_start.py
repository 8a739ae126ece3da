"""The page before the run begins: it answers at once, and says what is waited for."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

from sources.stream_server import serving as streaming
from programs import started
from support import eventually, livecam, livecam_here, program_env
from web.browser import open_page
from web.serving import read_lines

from livecam.core.types import Waiting
from livecam.web.api.run_start import RunStart

FAILED = ("Failed to load resource",)  # what a browser says of each answer 503
EXAMPLE = "an-example-of-a-secret-1234"


@contextmanager
def starting(folder, source, *arguments, model="flowers"):
    """`livecam serve` of a source that need not open; gives the page's address, process, lines."""
    command = [sys.executable, "-m", "livecam", "serve", source, "--model", model, "--port", "0"]
    streams, lines = {"stderr": subprocess.PIPE, "text": True}, []
    with (
        started([*command, *arguments], cwd=folder, env=program_env(), **streams) as program,
        read_lines(program, lines),
    ):
        address = eventually(
            lambda: next(iter(re.findall(r"page is at (\S+?/)[#\s]", "".join(lines))), None)
        )
        yield address, program, lines


def get(address, path, token=""):
    """Status and body of one request."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request("GET", f"/{path}", headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def test_without_the_camera_the_page_answers_and_says_what_is_waited_for(tmp_path, browser):
    camera = f"http://127.0.0.1:{closed_port()}/video.mjpg"
    with starting(tmp_path, camera, "--no-token") as (address, program, lines):
        eventually(lambda: "does not open" in get(address, "api/overview")[1])
        status, text = get(address, "healthz")
        assert status == 503
        assert json.loads(text)["detail"] == "livecam is starting: the source does not open."
        status, text = get(address, "api/state")
        assert status == 503
        assert camera in text
        assert "waiting for" in text
        assert get(address, "api/recordings") == (200, "[]")
        assert get(address, "api/classes")[0] == 503
        with open_page(browser, address, has_begun=False, expected_errors=FAILED) as page:
            page.wait_for_selector("#lost:not([hidden])")
            assert "does not open" in page.inner_text("#lost")
            assert page.inner_text("#status") == "starting"
            assert page.locator("#layer-bar").is_hidden()  # a panel with nothing in it
        program.send_signal(signal.SIGINT)
        assert program.wait(30) == 130
        assert "Traceback" not in "".join(lines)


def test_the_page_goes_on_by_itself_when_the_camera_is_there(tmp_path, browser):
    port = closed_port()
    camera = f"http://127.0.0.1:{port}/live"
    with (
        starting(tmp_path, camera, "--no-token") as (address, _, _),
        open_page(browser, address, has_begun=False, expected_errors=FAILED) as page,
    ):
        page.wait_for_selector("#lost:not([hidden])")
        with streaming({}, port=port):
            page.wait_for_selector("#lost", state="hidden")
            eventually(lambda: page.inner_text("#status") == "live")
            assert get(address, "healthz")[0] == 200


def test_before_the_run_the_token_is_needed_as_later(tmp_path):
    camera = f"http://127.0.0.1:{closed_port()}/video.mjpg"
    with starting(tmp_path, camera, "--token", EXAMPLE) as (address, _, _):
        assert get(address, "api/overview")[0] == 401
        assert get(address, "api/overview", EXAMPLE)[0] == 503
        assert camera not in get(address, "healthz")[1]
        assert get(address, "")[0] == 200


def test_a_source_that_is_refused_ends_the_page_as_well(tmp_path):
    camera = f"http://127.0.0.1:{closed_port()}/video.mjpg"
    run = livecam("serve", camera, "--model", "flowers", "--port", 0, "--give-up", 0, cwd=tmp_path)
    assert run.returncode == 3
    assert "Traceback" not in run.stderr


def test_a_clip_that_is_not_there_is_still_one_line(tmp_path):
    run = livecam_here("serve", "missing.mp4", "--model", "flowers", "--port", 0, cwd=tmp_path)
    assert run.returncode == 3
    assert len(run.stderr.strip().splitlines()) == 1


def test_strangers_do_not_read_where_the_camera_is():
    start = RunStart("rtsp://10.0.0.9/live")
    assert start.public_words() == "livecam is starting: opening the source."
    start.waiting = Waiting(0.0, "rtsp://10.0.0.9/live does not open (no host 10.0.0.9)", 7.0, 1.2)
    assert start.public_words() == "livecam is starting: the source does not open."
    assert start.words().endswith("does not open (no host 10.0.0.9); waiting for 7 s, "
                                  "next try in 2 s.")  # fmt: skip
    start.waiting = Waiting(0.0, "loading the model")
    assert start.words() == start.public_words() == "livecam is starting: loading the model."
