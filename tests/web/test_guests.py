"""Guests look at the live picture without a token, and change, record, delete and end nothing."""

import json
from dataclasses import replace

import pytest
from support import eventually
from web.browser import WAIT_MS, until
from web.serving import QUIET, serving
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from livecam.cli.app import main
from livecam.settings.schema import ServeSettings
from livecam.web.server.listener import open_listener
from livecam.web.server.printed_link import link_for_telephones

TOKEN = "an-example-of-a-secret-1234"  # noqa: S105
OWNER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def open_day(tmp_path_factory):
    """A page that guests may look at."""
    flags = (*QUIET, "--guests", "--token", TOKEN)
    with serving(tmp_path_factory.mktemp("guests"), *flags) as program:
        yield program


@pytest.mark.parametrize(
    "path",
    ["/", "/api/overview", "/api/state", "/api/activation", "/api/history", "/api/frame.jpg",
     "/api/classes?search=rose"],
)  # fmt: skip
def test_what_is_to_be_seen_needs_no_token(open_day, path):
    assert open_day.get(path).status == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/key", {"key": "q"}), ("PATCH", "/api/settings", {"mirror": True}),
        ("POST", "/api/recording", {"recording": True}), ("POST", "/api/snapshot", {}),
        ("DELETE", "/api/logins", None), ("DELETE", "/api/recordings/a.mp4", None),
        ("POST", "/api/overview", {}), ("POST", "/api/wheel", {"steps": 1}),
        ("GET", "/api/recordings", None), ("GET", "/api/recordings/a.mp4", None),
        ("GET", "/api/cameras", None), ("GET", "/metrics", None),
        ("GET", "/api/../api/recordings", None), ("GET", "/api/overview/../recordings", None),
    ],
)  # fmt: skip
def test_everything_else_does(open_day, method, path, body):
    before = open_day.settings()
    assert open_day.request(method, path, body).status == 401
    assert open_day.settings() == before


def test_the_owner_does_as_before(open_day):
    mirror = not open_day.settings()["mirror"]
    answer = open_day.request("PATCH", "/api/settings", {"mirror": mirror}, OWNER)
    assert answer.json["settings"]["mirror"] == mirror
    mine = open_day.get("/api/overview", **OWNER).json
    theirs = open_day.get("/api/overview").json
    assert (mine["may_change"], mine["turnable"]) == (True, True)
    assert (theirs["may_change"], theirs["turnable"], theirs["cameras"]) == (False, False, False)
    assert [entry["name"] for entry in theirs["keys"]] == ["Full screen"]


def test_the_socket_shows_the_figures_and_takes_no_pointer(open_day):
    address = open_day.url.replace("http", "ws") + "api/live"
    with connect(address) as socket:
        assert json.loads(socket.recv())["figures"]["class"] == "daisy"
        socket.send(json.dumps({"wheel": {"steps": 1}}))
        with pytest.raises(ConnectionClosed):
            list(socket)


def test_without_the_flag_nobody_looks(tmp_path):
    with serving(tmp_path, *QUIET, "--token", TOKEN) as program:
        assert program.get("/api/state").status == 401


def test_both_addresses_are_said(open_day):
    (line,) = [line for line in open_day.stderr_lines if "guests" in line]
    assert line.strip() == f"livecam: guests may look at {open_day.url}"


def test_the_page_of_a_guest_has_no_button_that_changes_anything(open_day, browser):
    with browser.context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(open_day.url)
        until(page, "document.querySelector('#class-name').textContent === 'daisy'")
        shown = page.locator("button:visible").all_inner_texts()
        assert [text.split("\n")[0] for text in shown] == ["Full screen"]
        assert not page.locator("input:visible, select:visible").count()
        before, sent = open_day.settings(), []
        page.on("request", lambda request: sent.append(request.method))
        for key in ("m", "q", "r", "Escape"):
            page.keyboard.press(key)
        assert page.evaluate("fetch('/api/state').then((answer) => answer.status)") == 200
        assert set(sent) == {"GET"}  # the last one is our own
        assert open_day.settings() == before


def test_the_page_of_the_owner_has_all_of_them(open_day, browser):
    with browser.context() as context:
        page = context.new_page()
        page.goto(open_day.link if "#" in open_day.link else f"{open_day.url}#token={TOKEN}")
        page.get_by_role("button", name="Mirror").wait_for(timeout=WAIT_MS)
        eventually(lambda: page.get_by_role("button", name="End all logins").is_visible())


def test_guests_and_no_token_exclude_each_other(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["serve", "daisy", "--guests", "--no-token"]) == 2
    assert "give one of them" in capsys.readouterr().err


def test_the_pages_of_events_and_archives_have_no_guests(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["watch", "daisy", "--when", "daisy > 0.5", "--serve", "--guests"]) == 2
    assert "--guests is no setting of livecam watch" in capsys.readouterr().err


def test_the_qr_code_is_that_of_the_guests():
    network = ServeSettings(host="0.0.0.0", port=0, token=TOKEN, guests=True)  # noqa: S104
    with open_listener(network) as listener:
        assert link_for_telephones(listener) == listener.address
    with open_listener(replace(network, guests=False)) as listener:
        assert link_for_telephones(listener) == ""  # the token is a secret of the owner's
    with open_listener(replace(network, host="127.0.0.1")) as listener:
        assert link_for_telephones(listener) == ""
