"""A real Chromium that opens the page."""

import base64
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
import pytest
from support import eventually

FLAGS = ["--no-sandbox", "--disable-gpu", "--mute-audio", "--force-color-profile=srgb"]
FLAGS += ["--autoplay-policy=no-user-gesture-required"]
WAIT_MS = 180_000.0

_PIXELS = """([selector, width, height]) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  pen.drawImage(document.querySelector(selector), 0, 0, width, height);
  return canvas.toDataURL("image/png").split(",")[1];
}"""


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("the program chromium is missing: it is the browser of these tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def open_page(
    browser: Any,
    url: str,
    *,
    prepare: Callable[[Any], Any] = lambda _: None,
    expected_errors: tuple[str, ...] = (),
    has_frames: bool = True,
    has_begun: bool = True,
    **options: Any,
) -> Iterator[Any]:
    """A page that shows the picture; an error on its console fails the test.

    Args:
        browser: from `chromium`.
        url: of the page.
        prepare: is called with the page before it is opened.
        expected_errors: how errors begin that are expected.
        has_begun: whether the run has begun; else the page only says what is waited for.
        has_frames: whether the source gives frames, so that there is a rate.
        options: of the browser's context.
    """
    options.setdefault("viewport", {"width": 1280, "height": 800})
    context = browser.new_context(**options)
    context.set_default_timeout(WAIT_MS)
    errors: list[str] = []
    try:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        prepare(page)
        page.goto(url, wait_until="domcontentloaded")
        if has_begun:
            until(page, "document.querySelector('#picture').naturalWidth > 0")
        if has_begun and has_frames:
            until(page, "document.querySelector('#fps').textContent.includes('.')")
        yield page
    finally:
        context.close()  # a page left over would go on showing pictures beside the next tests
    assert not [text for text in errors if not text.startswith(expected_errors or ("\0",))]


def until(page: Any, expression: str) -> Any:
    """The value of a JavaScript expression as soon as it is truthy.

    Playwright's own wait_for_function is refused by the page's policy against evaluated scripts.
    A page that is being left raises an error: the next one answers.
    """
    from playwright.sync_api import Error

    def value() -> Any:
        try:
            return page.evaluate(expression)
        except Error as error:
            if "Execution context was destroyed" not in str(error):
                raise
            return None

    def description() -> str:
        shown = page.evaluate("document.body.innerText.slice(0, 300)")
        return f"{expression} on {page.url}: {shown}"

    return eventually(value, told=description)


def pixels(
    page: Any, selector: str = "#picture", width: int = 160, height: int = 120
) -> np.ndarray:
    """What the page shows, as int16 RGB [height, width, 3]."""
    png = base64.b64decode(page.evaluate(_PIXELS, [selector, width, height]))
    bgr = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB).astype(np.int16)
