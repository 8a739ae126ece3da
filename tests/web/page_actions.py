"""What tests do on a page, and what they check there."""

import re

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from web.browser import pixels
from support import eventually

NARROW = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


def press(page, name):
    page.get_by_role("button", name=re.compile(f"^{name}")).click()


def changes(page, before, least=4.0):
    """Wait until the picture differs from `before`; returns the new one."""

    def new_picture():
        now = pixels(page)
        return [now] if np.abs(now - before).mean() > least else []

    return eventually(new_picture)[0]


def wait_for_pictures(served, count):
    """Wait until `count` more pictures were made."""
    number = served.state()["number"]
    eventually(lambda: served.state()["number"] >= number + count)


def petals(picture):
    """How much of the picture is white: the flower's petals."""
    return float((picture.min(axis=2) > 150).mean())


def faults(page):
    """What axe finds that is serious: rule, impact, places."""
    return [
        (v["id"], v["impact"], [node["html"] for node in v["nodes"]])
        for v in Axe().run(page).response["violations"]
        if v["impact"] in {"serious", "critical"}
    ]


def open_dialog(page):
    """The id of the dialog that is open; None without one."""
    return page.evaluate("document.querySelector('dialog[open]')?.id")


def layer_lines(page):
    """What the page writes above the picture, by place."""
    places = ("figures", "state", "top", "ticks", "waiting")
    return {place: page.locator(f"#layer-{place} > *").all_text_contents() for place in places}
