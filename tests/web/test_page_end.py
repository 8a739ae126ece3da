"""The page in a real browser where the run, the connection or a login ends."""

import re
import signal

import pytest
from sources.stream_server import serving as stream_server
from support import eventually
from web.browser import open_page, until
from web.page_actions import faults
from web.serving import QUIET, serving

MAX_RETRY_MS = 8000  # so long the page waits at most until it tries again (live_socket.js)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A page that asks for a token."""
    flags = (*QUIET, "--token", "a-token-for-the-page-77")
    with serving(tmp_path_factory.mktemp("guarded"), *flags) as program:
        yield program


def test_quit_in_the_dialog_ends_the_program(browser, tmp_path):
    with serving(tmp_path, *QUIET) as program, browser.context() as context:
        page = context.new_page()
        page.clock.install()
        page.goto(program.url, wait_until="domcontentloaded")
        page.get_by_role("button", name=re.compile("^Quit")).click()
        page.evaluate("""() => {  // asked again before the first dialog has said that it is closed
          document.querySelector("#confirm [value=cancel]").click();
          document.querySelector("[data-key=q]").click();
        }""")
        page.locator("#confirm").get_by_role("button", name="Quit").click()
        assert program.process.wait(60) == 0
        page.get_by_text("livecam has ended.").wait_for()
        eventually(lambda: page.text_content("#status") == "ended")
        with serving(tmp_path, *QUIET, "--port", program.port):  # it goes on by itself
            page.clock.fast_forward(MAX_RETRY_MS)
            eventually(lambda: page.text_content("#status") == "live")
            page.get_by_text("livecam has ended.").wait_for(state="hidden")


def test_the_token_is_asked_for_taken_from_the_link_and_hidden(browser, guarded):
    with browser.context() as context:
        page = context.new_page()
        logins = []  # counted by the token that they have, not with those of the address
        page.on("request", lambda request: logins.append(request.headers.get("authorization")))
        page.goto(guarded.url, wait_until="domcontentloaded")
        page.get_by_role("textbox", name="Token").wait_for()
        for _ in range(3):
            page.keyboard.press("Escape")
        assert faults(page) == []
        page.get_by_role("textbox", name="Token").fill("a-wrong-one")
        page.get_by_role("button", name="Open").click()
        page.get_by_text("the token is wrong").wait_for()
        page.get_by_role("textbox", name="Token").fill(guarded.token)
        page.get_by_role("button", name="Open").click()
        until(page, "document.querySelector('#picture').naturalWidth > 0")
        assert {f"Bearer {token}" for token in ("a-wrong-one", guarded.token)} <= set(logins)
        with open_page(browser, guarded.link) as page:
            assert page.url == guarded.url
            assert guarded.token not in page.evaluate("document.cookie + location.href")


def test_the_page_says_when_it_has_lost_the_connection(browser, tmp_path):
    with serving(tmp_path, *QUIET) as program, browser.context() as context:
        page = context.new_page()
        page.goto(program.url, wait_until="domcontentloaded")
        until(page, "document.querySelector('#picture').naturalWidth > 0")
        until(page, "document.querySelector('#fps').textContent.includes('.')")
        program.process.kill()
        page.get_by_text("The connection is lost.").wait_for()
        eventually(lambda: page.text_content("#status") == "not connected")
        eventually(lambda: page.text_content("#old") == "old figures: the connection is lost")
        assert faults(page) == []


def test_a_stopped_program_says_that_it_ends(browser, tmp_path):
    with serving(tmp_path, *QUIET) as program, browser.context() as context:
        page = context.new_page()
        page.goto(program.url, wait_until="domcontentloaded")
        until(page, "document.querySelector('#fps').textContent.includes('.')")
        program.stop(signal.SIGTERM)
        page.get_by_text("livecam has ended.").wait_for()
        eventually(lambda: page.text_content("#old") == "old figures: livecam has ended")


def test_all_logins_are_ended_from_the_page(browser, guarded):
    with browser.context() as context:
        page = context.new_page()
        page.goto(guarded.link, wait_until="domcontentloaded")
        until(page, "document.querySelector('#fps').textContent.includes('.')")
        page.get_by_role("button", name="End all logins").click()
        page.locator("#confirm").get_by_role("button", name="End them").click()
        page.get_by_role("textbox", name="Token").wait_for()
        page.get_by_text("until livecam is started again").wait_for()
        page.get_by_role("textbox", name="Token").fill(guarded.token)
        page.get_by_role("button", name="Open").click()
        until(page, "document.querySelector('#fps').textContent.includes('.')")


def test_the_figures_of_a_lost_source_are_marked_old(browser, tmp_path):
    with (
        stream_server({}) as address,
        serving(tmp_path, "--give-up", "600", source=f"http://{address}/silent/7") as program,
        open_page(browser, program.url, has_frames=False) as page,
    ):
        eventually(lambda: page.text_content("#old") == "old figures: the source is lost")
        assert page.locator("#figures.old").count() == 1
        assert faults(page) == []
