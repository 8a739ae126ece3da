"""The page of an archive with photographs among its clips, and on a telephone."""

import cv2
import pytest
from archive_parts import write_part
from support import textured
from web.archive_program import serving_archive
from web.browser import open_page, until


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The page of an archive of one photograph."""
    folder = tmp_path_factory.mktemp("photographs")
    picture = folder / "daisy.png"
    cv2.imwrite(str(picture), textured(64, 48))
    write_part(folder / "archive", str(picture), {"daisy": [0.9]}, look_s=0.0)
    with serving_archive(folder / "archive") as program:
        yield program


def test_a_photograph_is_shown_as_one_and_has_neither_place_nor_length(browser, served):
    """Before, it was a clip of no length, which no browser could play."""
    with open_page(browser, served.link, has_begun=False) as page:
        until(page, "document.querySelector('.event img')?.naturalWidth > 0")
        assert page.inner_text(".event .when") == "daisy.png"
        page.click(".event")
        until(page, "document.querySelector('#event-player img')?.naturalWidth > 0")
        assert page.locator("#event-player p").count() == 0
        assert page.inner_text("#event-clock") == ""
        assert page.locator("#event-figures dt").all_inner_texts()[0] == "sees"
        assert page.locator("#event-buttons button").all_inner_texts() == ["Earlier", "Later"]
        assert page.inner_text("#event-files").split() == ["Save", "picture"]


@pytest.mark.parametrize("width", [320, 390, 640, 1280])
def test_the_fields_of_dates_are_wide_enough_for_a_date(browser, served, width):
    view = {"width": width, "height": 800}
    with open_page(browser, served.link, has_begun=False, viewport=view) as page:
        for name in ("since", "until"):
            em = f"parseFloat(getComputedStyle(document.querySelector('#{name}')).fontSize)"
            assert page.evaluate(f"document.querySelector('#{name}').offsetWidth / {em}") > 9
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
