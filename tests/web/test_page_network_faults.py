"""The page when the network fails, requests are slow, or the program is started again."""

import re

import numpy as np
import pytest
from web.browser import open_page, pixels, until
from web.page_actions import wait_for_pictures
from web.proxy import proxied
from web.serving import serving
from support import ROOT, eventually

from livecam.web.api.page_socket import MAX_SILENCE_S

# What the browser itself logs about a failed connection.
NETWORK_ERRORS = ("Failed to load resource", "WebSocket connection")
RECORD_LINES = """
  window.paths = [];
  const { beginPath, lineTo, moveTo } = CanvasRenderingContext2D.prototype;
  Object.assign(CanvasRenderingContext2D.prototype, {
    beginPath() { window.paths.push([]); return beginPath.call(this); },
    lineTo(x, y) { window.paths.at(-1).push(x); return lineTo.call(this, x, y); },
    moveTo(x, y) { window.paths.at(-1).push(x); return moveTo.call(this, x, y); },
  });
"""


SOONER = "from livecam.web.api import page_socket\npage_socket.MAX_SILENCE_S = 0.5\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """As for all pages, but the server is silent for half a second at most, not for five."""
    flags = ("--scene-size", "320x240", "--rate-limit", "10")
    with serving(tmp_path_factory.mktemp("served"), *flags, before=SOONER) as program:
        yield program


SCRIPT = (ROOT / "livecam" / "web" / "static" / "live_socket.js").read_text("utf-8")
SILENCE_MS = int(re.search(r"(?<=SILENCE_MS = )(\d+)", SCRIPT)[1])
"""So long the page waits for a word of the server (live_socket.js)."""
MAX_RETRY_MS = 8000
"""So long it waits at most until it connects again (live_socket.js)."""
CHECK_MS = 2000
"""So often it looks whether its picture moves (picture.js)."""
RELOAD_MS = 3000
"""So soon it is loaded anew where it could not begin (page_start.js)."""


def with_a_clock(page):
    """The page's time can be put forward; else it passes as usual."""
    page.clock.install()


def test_the_page_waits_longer_than_the_server_is_silent():
    assert SILENCE_MS > 2 * 1000 * MAX_SILENCE_S


def moves(page):
    before = pixels(page)
    eventually(lambda: np.abs(pixels(page) - before).mean() > 1.0)


def hold(held, route):
    """Hold a request back until the test continues it."""
    held.append(route)


@pytest.mark.parametrize("reset", [True, False], ids=["reset", "ended"])
def test_a_stream_that_is_cut_off_is_restarted(browser, served, reset):
    states = []

    def keep(text):
        states.append(text)

    def prepare(page):
        with_a_clock(page)
        page.on("websocket", lambda live: live.on("framereceived", keep))

    with (
        proxied(served.port) as proxy,
        open_page(browser, proxy.url, prepare=prepare, expected_errors=NETWORK_ERRORS) as page,
    ):
        moves(page)
        assert proxy.cut(b"/api/stream.mjpg", reset=reset) == 1

        def is_restarted():
            before = len(states)  # meanwhile the figures go on: it is the picture that is missing
            eventually(lambda: page.evaluate("1") and len(states) > before)
            page.clock.fast_forward(CHECK_MS)
            return page.evaluate("document.querySelector('#picture').src.endsWith('&2')")

        eventually(is_restarted)
        until(page, "document.querySelector('#picture').naturalWidth > 0")
        moves(page)
        eventually(lambda: page.text_content("#status") == "live")


def test_a_frozen_network_is_reported_and_the_page_reconnects(browser, served):
    with (
        proxied(served.port) as proxy,
        open_page(browser, proxy.url, prepare=with_a_clock, expected_errors=NETWORK_ERRORS) as page,
    ):
        eventually(lambda: page.text_content("#status") == "live")
        proxy.freeze()
        page.clock.fast_forward(SILENCE_MS)
        page.get_by_text("The connection is lost.").wait_for()
        eventually(lambda: page.text_content("#status") == "not connected")
        proxy.unfreeze()
        eventually(lambda: page.text_content("#status") == "live")
        moves(page)


def test_a_pause_is_no_lost_connection_and_the_age_continues_after_a_reload(browser, served):
    served.change(paused=True)
    eventually(lambda: served.state()["age_ms"] > 1000)
    received = []

    def keep(text):
        received.append(text)

    def listen(page):
        page.on("websocket", lambda live: live.on("framereceived", keep))

    with open_page(browser, served.url, prepare=listen, has_frames=False) as page:
        until(page, "document.querySelector('#age').textContent.endsWith(' s')")
        assert float(page.text_content("#age").removesuffix(" s")) >= 1.0
        # Nothing has changed: this is how the page knows that the server is there.
        eventually(lambda: page.evaluate("1") and len(received) >= 5)
        eventually(lambda: page.text_content("#status") == "paused")
        assert page.is_hidden("#lost")
        age_s = float(page.text_content("#age").removesuffix(" s"))
        assert age_s >= 3.0
        page.reload(wait_until="domcontentloaded")
        until(page, "document.querySelector('#age').textContent.includes('s')")
        assert float(page.text_content("#age").removesuffix(" s")) >= age_s
    served.change(paused=False)


def test_a_late_history_is_drawn_before_the_first_points(browser, served):
    held = []

    def prepare(page):
        page.add_init_script(RECORD_LINES)
        page.route("**/api/history", lambda route: hold(held, route))

    with open_page(browser, served.url, prepare=prepare) as page:
        eventually(lambda: held)
        until(page, "window.paths.some((xs) => xs.length > 4)")
        held[0].continue_()
        until(page, "window.paths.some((xs) => xs.length > 8)")
        until(page, "(window.paths = []) && true")
        paths = until(page, "window.paths.filter((xs) => xs.length > 8).length > 3 && window.paths")
        for xs in paths:
            assert xs == sorted(xs)


def test_enter_right_after_typing_chooses_what_was_typed(browser, served):
    with open_page(browser, served.url) as page:
        box = page.get_by_role("combobox", name="Show the map of")
        box.focus()
        page.get_by_role("option", name="daisy").wait_for()
        held = []
        page.route("**/api/classes**", lambda route: hold(held, route))
        page.keyboard.type("tulip")
        page.keyboard.press("Enter")
        whole = "search=tulip"  # one request a letter, but for letters that come at once
        eventually(lambda: page.evaluate("1") and any(whole in r.request.url for r in held))
        assert box.input_value() == "tulip"
        for route in held:
            route.continue_()
        eventually(lambda: page.text_content("#class-name") == "tulip")
        page.unroute("**/api/classes**")
    served.change(class_="daisy")


def test_after_a_restart_the_page_shows_the_settings_of_the_new_run(browser, tmp_path):
    """Also where its pictures have smaller numbers than those that the page has seen."""
    with serving(tmp_path, "--scene-size", "160x120") as first:
        port = first.port
        with open_page(
            browser, first.url, prepare=with_a_clock, expected_errors=NETWORK_ERRORS
        ) as page:
            page.locator("#opacity").fill("0.9")
            eventually(lambda: first.settings()["opacity"] == 0.9)
            page.locator("#opacity").blur()
            eventually(lambda: first.state()["number"] > 100)
            first.stop()
            slow = ("--scene-size", "160x120", "--rate-limit", "1")
            with serving(tmp_path, "--port", port, *slow) as second:
                page.clock.fast_forward(MAX_RETRY_MS)
                eventually(lambda: page.text_content("#status") == "live")
                until(page, "document.querySelector('#opacity').value === '0.5'")
                assert second.state()["number"] < 100


def test_a_refused_history_does_not_reload_the_page(browser, served):
    asked, loaded = [], []

    def refuse(route):
        asked.append(route)
        route.fulfill(status=429)

    def prepare(page):
        with_a_clock(page)
        page.route("**/api/history", refuse)
        page.on("request", lambda r: r.is_navigation_request() and loaded.append(r.url))

    with open_page(browser, served.url, prepare=prepare, expected_errors=NETWORK_ERRORS) as page:
        eventually(lambda: page.evaluate("1") and asked)
        page.evaluate("window.same = true")
        for _ in range(3):
            page.clock.fast_forward(RELOAD_MS)
            wait_for_pictures(served, 2)  # by then a new page would have been asked for
            moves(page)
        assert page.evaluate("window.same")
        assert len(loaded) == 1
