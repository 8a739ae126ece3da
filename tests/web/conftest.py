"""A browser, and the program that most tests of the page look at."""

import pytest
from web.browser import chromium, looking
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
    with looking(browser, served.url) as shown:
        yield shown
