"""The tests' own browser: one that has stopped to answer harms no test after it."""

import pytest
from support import eventually
from web.browser import chromium


@pytest.fixture(scope="module")
def browser():
    with chromium() as program:
        yield program


def page_that_works(context):
    page = context.new_page()
    page.set_content("<h1>a daisy</h1>")
    return page


@pytest.mark.parametrize("silent", ["browser", "driver"])
def test_one_that_does_not_answer_to_close_is_ended_and_replaced(browser, silent):
    with browser.context(close_s=0.2) as context:
        page_that_works(context)
        first = browser.program.process
        (first if silent == "browser" else first.parent()).suspend()
    eventually(lambda: not first.is_running() or first.status() == "zombie")
    with browser.context() as context:
        assert page_that_works(context).text_content("h1") == "a daisy"
    assert browser.program.process != first


def test_what_waits_for_an_answer_for_ever_gets_an_error(browser):
    from playwright.sync_api import Error

    with (
        pytest.raises(Error, match="closed"),
        browser.context() as context,
        browser.program.killed_after(0.2),
    ):
        page_that_works(context).evaluate("new Promise(() => 0)")
    with browser.context() as context:
        assert page_that_works(context).text_content("h1") == "a daisy"


def test_one_that_answers_is_kept(browser):
    programs = []
    for _ in range(2):
        with browser.context() as context:
            page_that_works(context)
            programs.append(browser.program)
    assert programs[0] is programs[1]
