"""The picture on the page under mouse, wheel and fingers."""

import json

import numpy as np
import pytest
from web.browser import open_page, pixels, until
from web.page_actions import NARROW, faults, petals, wait_for_pictures, press
from support import eventually


def at_rest(page, served):
    """The share of petals in the picture when the flower has stopped turning: after two seconds."""
    wait_for_pictures(served, 20)
    return petals(pixels(page))


def drag(page, by):
    box = page.locator("#scene").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + by, steps=8)
    page.mouse.up()


def test_the_daisy_turns_under_the_mouse_and_zooms_under_the_wheel(page, served):
    served.change(overlay=False, figures=False)
    drag(page, 260)  # down: more of the top, all petals are seen
    from_above = at_rest(page, served)
    assert from_above > 0.2
    drag(page, -330)
    far = at_rest(page, served)
    assert far < 0.7 * from_above
    for _ in range(4):
        page.mouse.wheel(0, -100)
    eventually(lambda: petals(pixels(page)) > 1.3 * far)
    page.focus("#scene")
    for _ in range(8):
        page.keyboard.press("-")
    eventually(lambda: petals(pixels(page)) < 1.2 * far)


def test_one_finger_turns_and_two_zoom(browser, served):
    served.change(overlay=False, figures=False, paused=False)
    with open_page(browser, served.url, **NARROW) as page:
        box = page.locator("#scene").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        fingers = page.context.new_cdp_session(page)

        def touch(kind, apart):
            points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
            points = [] if kind == "touchEnd" else points
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        def pinch(begin, end):
            touch("touchStart", begin)
            for apart in np.linspace(begin, end, 8):
                touch("touchMove", float(apart))
            touch("touchEnd", end)

        served.request("POST", "/api/drag", {"dx_px": 0, "dy_px": 260})
        from_above = at_rest(page, served)
        assert from_above > 0.1

        def one(kind, dy):
            points = [] if kind == "touchEnd" else [{"x": x, "y": y + dy, "id": 0}]
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        one("touchStart", 0)
        for dy in np.linspace(0, -150, 8):
            one("touchMove", float(dy))
        one("touchEnd", 0)
        assert at_rest(page, served) < 0.7 * from_above

        pinch(120, 25)
        far = at_rest(page, served)
        pinch(30, 140)
        eventually(lambda: petals(pixels(page)) > 1.3 * far)
    served.change(overlay=True, figures=True)


def test_the_picture_that_fills_the_page_can_be_closed(browser, served):
    """Phones without full screen: by the button, by Esc."""
    missing = "delete Element.prototype.requestFullscreen"
    with open_page(
        browser, served.url, prepare=lambda p: p.add_init_script(missing), **NARROW
    ) as page:
        filling = "document.querySelector('#scene').classList.contains('filling')"
        press(page, "Full screen")
        until(page, filling)
        assert faults(page) == []
        page.get_by_role("button", name="Close").tap()
        until(page, f"!{filling}")
        press(page, "Full screen")
        until(page, filling)
        page.keyboard.press("Escape")
        until(page, f"!{filling}")
        assert page.is_hidden("#exit-fullscreen")


def test_a_drag_in_full_screen_is_scaled_to_the_drawn_picture(browser, served):
    sent = []

    def listen(page):
        page.on("websocket", lambda socket: socket.on("framesent", keep))

    def keep(text):
        sent.append(json.loads(text)["drag"]["dy_px"])

    view = {"width": 1200, "height": 450}
    with open_page(browser, served.url, prepare=listen, viewport=view) as page:
        page.evaluate("document.querySelector('#scene').classList.add('filling')")
        page.mouse.move(600, 100)
        page.mouse.down()
        page.mouse.move(600, 280, steps=4)  # 320 x 240 is drawn as 600 x 450
        page.mouse.up()
        eventually(
            lambda: page.evaluate("1") and sum(sent) == pytest.approx(180 * 240 / 450, abs=0.5)
        )
