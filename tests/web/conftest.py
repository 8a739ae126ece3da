"""A browser, and a running livecam that most tests of the page share."""

import pytest
from web.browser import chromium, open_page
from web.serving import serving


@pytest.fixture(scope="module")
def browser():
    with chromium() as program:
        yield program


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(
        tmp_path_factory.mktemp("served"), "--scene-size", "320x240", "--rate-limit", "10"
    ) as program:
        yield program


@pytest.fixture
def page(browser, served):
    served.change(paused=False, overlay=True, figures=True, class_="daisy", mirror=False)
    with open_page(browser, served.url) as shown:
        yield shown
