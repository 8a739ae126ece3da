"""Pictures of pages, for the scripts that make the documentation's: Chromium, and what was said."""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt


@contextmanager
def opened_page(address: str, width_px: int, height_px: int) -> Iterator[Any]:
    """A page in Chromium, as Playwright has it; the browser is closed at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width_px, "height": height_px})
        page.goto(address)
        yield page
        browser.close()


def picture_of(page: Any, *, whole: bool = False) -> npt.NDArray[np.uint8]:
    """What a page shows, or the whole of it: uint8 [height, width, 3], blue first."""
    shot = page.screenshot(full_page=whole)
    picture = cv2.imdecode(np.frombuffer(shot, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


@contextmanager
def serving(command: list[str], folder: str | os.PathLike[str]) -> Iterator[str]:
    """The address of the page that a program serves; the program is ended at the end."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=folder) as program:
        try:
            said = (re.search(r"http://\S+", line) for line in program.stderr or ())
            yield next(found[0] for found in said if found)
        finally:
            program.terminate()
            program.communicate()


def make_what_is_asked_for(
    description: str | None,
    make_clips: Callable[[Path], object],
    make_pictures: Callable[[Path], object],
) -> None:
    """Make the clips that a tutorial begins with (`--clips FOLDER`), else its pictures."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--clips", type=Path, metavar="FOLDER", help="make the clips, nothing else")
    clips = parser.parse_args().clips
    if clips is not None:
        make_clips(clips)
        return
    with tempfile.TemporaryDirectory() as name:
        make_pictures(Path(name))
