"""`livecam run --serve` on a screen: window and page are two views of one run."""

import json
import re
import sys
import urllib.error
import urllib.request

import numpy as np
import pytest
from end_to_end.desktop import missing_programs
from support import eventually

pytest.importorskip("fastapi", reason="the page's packages are not installed")
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]


def asked(address, body=None):
    """What the page's server answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  (our own)
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code not in {503, 504}:  # no picture yet; or it will be obeyed a little later
            raise
        return None


def test_keys_of_the_page_change_the_window_and_keys_of_the_window_the_page(desktop, start):
    program = start("daisy", "--serve", "--no-token", "--port", "0", "--act-max", "-100")
    lines = iter(program.stderr.readline, "")
    page = next(found[1] for line in lines if (found := re.search(r"page is at (\S+)", line)))
    eventually(lambda: desktop.picture().std() > 20)

    def settings():
        return eventually(lambda: asked(page + "api/state"))["settings"]

    assert settings()["overlay"]
    asked(page + "api/key", {"key": "o"})
    eventually(lambda: not settings()["overlay"])
    asked(page + "api/key", {"key": " "})  # still pictures can be compared
    eventually(lambda: settings()["paused"])
    plain = desktop.picture().astype(int)
    asked(page + "api/key", {"key": "o"})
    eventually(lambda: np.abs(desktop.picture().astype(int) - plain).mean() > 20)
    desktop.press("m")
    eventually(lambda: settings()["mirror"])
    desktop.press("q")
    _, talk = program.communicate(timeout=60)
    assert program.returncode == 0
    assert "Traceback" not in talk
