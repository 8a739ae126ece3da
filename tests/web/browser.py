"""A real Chromium that opens the page."""

import base64
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import cv2
import numpy as np
import psutil
import pytest
from support import WAIT_S, eventually

FLAGS = ["--no-sandbox", "--disable-gpu", "--mute-audio", "--force-color-profile=srgb"]
FLAGS += ["--autoplay-policy=no-user-gesture-required"]
WAIT_MS = 1000.0 * WAIT_S
CLOSE_S = 20.0
"""Longer than this no answer to "close" is waited for: it has been seen that none ever came."""
CONTEXT_S = WAIT_S + 60.0
"""Less than the limit of a test (pyproject.toml), whose signal Playwright does not survive."""

_PIXELS = """([selector, width, height]) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  pen.drawImage(document.querySelector(selector), 0, 0, width, height);
  return canvas.toDataURL("image/png").split(",")[1];
}"""


class Program:
    """A running Chromium, and Playwright's program that speaks to it."""

    def __init__(self, executable: str) -> None:
        from playwright.sync_api import sync_playwright

        self._is_killed = False
        mark = f"--livecam-tests={uuid.uuid4().hex}"
        self._playwright = sync_playwright().start()
        try:
            self.chromium = self._playwright.chromium.launch(
                executable_path=executable, args=[*FLAGS, mark], timeout=WAIT_MS
            )
            self.process = _child_with(mark)
            self._driver = self.process.parent()
        except BaseException:
            self._playwright.stop()
            raise

    @property
    def is_running(self) -> bool:
        """Whether it takes new pages."""
        return not self._is_killed and self.chromium.is_connected()

    def kill(self) -> None:
        """End both; whatever waits for an answer of theirs gets an error instead."""
        self._is_killed = True
        for process in (self.process, self._driver):
            with suppress(psutil.NoSuchProcess):
                process.kill()

    @contextmanager
    def killed_after(self, wait_s: float) -> Iterator[None]:
        """End both if the block takes so long."""
        timer = threading.Timer(wait_s, self.kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def close(self, what: Any, wait_s: float = CLOSE_S) -> None:
        """Close one of its contexts, or the browser: in bounded time, and without an error."""
        from playwright.sync_api import Error

        with self.killed_after(wait_s), suppress(Error):
            what.close()

    def stop(self) -> None:
        """End both in order."""
        self.close(self.chromium)
        with self.killed_after(CLOSE_S):
            self._playwright.stop()


def _child_with(mark: str) -> psutil.Process:
    """The program that was started with this argument, however deep below this process."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if mark in child.cmdline():
                return child
    raise AssertionError("Chromium does not run")


class Browser:
    """A headless Chromium; one that has stopped to answer is replaced for the next test."""

    def __init__(self, executable: str) -> None:
        self._executable = executable
        self._program: Program | None = None

    @property
    def program(self) -> Program:
        """One that runs."""
        if self._program is None or not self._program.is_running:
            self.stop()
            self._program = Program(self._executable)
        return self._program

    @contextmanager
    def context(self, *, close_s: float = CLOSE_S, **options: Any) -> Iterator[Any]:
        """A context of its own (cookies, size, colours): one left open would disturb later tests.

        Args:
            close_s: how long it may take to close it, in seconds.
            options: of Playwright's `new_context`.
        """
        program = self.program
        with program.killed_after(CONTEXT_S):
            context = program.chromium.new_context(**options)
            context.set_default_timeout(WAIT_MS)
            try:
                yield context
            finally:
                program.close(context, close_s)

    def stop(self) -> None:
        """End it."""
        if self._program is not None:
            self._program.stop()
            self._program = None


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser."""
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("the program chromium is missing: it is the browser of these tests")
    browser = Browser(executable)
    try:
        yield browser
    finally:
        browser.stop()


@contextmanager
def open_page(
    browser: Browser,
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
    errors: list[str] = []
    with browser.context(**options) as context:
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
    unexpected = [text for text in errors if not text.startswith(expected_errors or ("\0",))]
    assert unexpected == []


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
