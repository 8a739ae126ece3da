"""Where things are on the page, in a real browser: on every screen, in the picture, in dialogs."""

import numpy as np
import pytest
from support import eventually
from web.browser import open_page, pixels, until
from web.page_actions import faults, open_dialog, layer_lines


KEY_LABELS_OUTSIDE = """[...document.querySelectorAll("button kbd")]
  .filter((label) => label.offsetParent)
  .filter((label) => label.getBoundingClientRect().right
    > label.closest("button").getBoundingClientRect().right)
  .map((label) => label.textContent)"""


GROUNDS = {"light": "rgb(244, 242, 238)", "dark": "rgb(18, 19, 22)"}


@pytest.mark.parametrize("size", [(1280, 800), (520, 900), (390, 844), (360, 740), (844, 390)])
def test_every_screen_fits_and_has_no_serious_fault(browser, served, size):
    view = {"width": size[0], "height": size[1]}
    with open_page(browser, served.url, viewport=view) as page:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(KEY_LABELS_OUTSIDE) == []
        page.get_by_text("Map in numbers").first.click()
        page.locator("#map td").nth(48).wait_for()
        for scheme, expected in GROUNDS.items():
            page.emulate_media(color_scheme=scheme)
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert ground == expected
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert faults(page) == []


@pytest.mark.parametrize("width", [320, 360, 390])
def test_the_map_in_numbers_is_whole_on_a_telephone(browser, served, width):
    served.change(act_max=36)
    view = {"width": width, "height": 740}
    with open_page(browser, served.url, viewport=view, has_touch=True) as page:
        page.get_by_text("Map in numbers").first.click()
        page.locator("#map td").nth(48).wait_for()
        assert page.evaluate("""() => {
          for (const cell of document.querySelectorAll("#map td")) cell.textContent = "-88.8";
          const place = document.querySelector("#map-card .scroll");
          return place.scrollWidth <= place.clientWidth;
        }""")


def test_the_dialogs_have_no_serious_fault_and_quitting_asks_first(page, served):
    page.keyboard.press("h")
    eventually(lambda: open_dialog(page) == "help")
    assert page.evaluate("document.activeElement.textContent") == "Close"
    assert "Esc" not in page.text_content("#help-rows")
    assert faults(page) == []
    page.keyboard.press("h")
    eventually(lambda: open_dialog(page) is None)
    page.keyboard.press("Shift+?")
    eventually(lambda: open_dialog(page) == "help")
    page.get_by_label("Keyboard shortcuts").focus()
    page.keyboard.press("Shift+?")
    eventually(lambda: open_dialog(page) is None)
    page.keyboard.press("q")
    eventually(lambda: open_dialog(page) == "confirm")
    assert faults(page) == []
    colour = "e => getComputedStyle(e).color"
    dialog = page.locator("#confirm")
    red = dialog.get_by_role("button", name="Quit").evaluate(colour)
    assert red == page.locator("[data-key=q]").evaluate(colour)
    assert red != dialog.get_by_role("button", name="Cancel").evaluate(colour)
    dialog.get_by_role("button", name="Cancel").click()
    eventually(lambda: open_dialog(page) is None)
    assert served.get("/healthz").status == 200


def test_the_page_writes_its_own_text_above_a_picture_without_any(page, served):
    served.change(paused=True, top_five=True, act_max=36.0, gain=0.1)
    eventually(lambda: layer_lines(page)["state"] == ["PAUSED"])

    def expected():
        figures = served.state()["figures"]
        return [
            f"daisy  {100 * figures['probability']:.1f} %",
            f"max {figures['max']:.1f}   mean {figures['mean']:.1f}",
        ]

    # The last picture before the pause may still be on its way.
    eventually(lambda: layer_lines(page)["figures"][:2] == expected())
    shown = layer_lines(page)
    assert "LiteRT" in shown["figures"][3]
    assert shown["ticks"] == ["≥36", "30", "20"]
    assert len(shown["top"]) == 5
    with_figures = pixels(page)
    served.change(figures=False, top_five=False)
    eventually(lambda: layer_lines(page)["figures"] == layer_lines(page)["top"] == [])
    assert not page.locator("#layer-bar").is_visible()
    assert np.abs(pixels(page) - with_figures).mean() < 1.0  # the text was never in the JPEG
    served.change(paused=False, figures=True)


def test_the_pages_text_is_as_large_on_a_small_picture_and_the_square_in_its_place(browser, served):
    served.change(paused=False, figures=True)
    for width, height in ((250, 600), (390, 844), (1280, 800)):
        view = {"width": width, "height": height}
        with open_page(browser, served.url, viewport=view) as page:
            size = page.evaluate(
                "parseFloat(getComputedStyle(document.querySelector('#layer')).fontSize)"
            )
            assert size >= 12
            scene = page.locator("#scene").bounding_box()
            square = page.locator("#layer-box").bounding_box()
            assert square["width"] == pytest.approx(square["height"], abs=1.5)
            middle = square["x"] + square["width"] / 2
            assert middle == pytest.approx(scene["x"] + scene["width"] / 2, abs=1.5)
            figures = page.locator("#layer-figures").bounding_box()
            assert figures["x"] >= scene["x"]
            assert figures["y"] + figures["height"] <= scene["y"] + scene["height"]


SHOW_BOXES = """async () => {
  const { showObjects } = await import("/static/picture_layer.js");
  const objects = [
    [0, 0, 620, 480], [2, 2, 300, 300], [560, 5, 78, 200], [620, 300, 20, 175], [200, 420, 90, 60],
  ].map((box, row) => ({ id: row + 1, score: 0.9, box }));
  showObjects({ figures: { objects }, settings: {}, width: 640, height: 480, waiting: false });
  const places = (query) => [...document.querySelectorAll(query)]
    .filter((one) => getComputedStyle(one).visibility === "visible")
    .map((one) => one.getBoundingClientRect().toJSON()).filter(({ width }) => width > 0);
  return {
    labels: places("#layer-objects span"), panels: places("#layer .panel"),
    picture: places("#layer-picture")[0],
  };
}"""


def meet(one, other):
    across = one["left"] < other["right"] and other["left"] < one["right"]
    return across and one["top"] < other["bottom"] and other["top"] < one["bottom"]


@pytest.mark.parametrize("width", [390, 1280])
def test_labels_lie_in_the_picture_and_on_no_panel_or_other_label(width, browser, served):
    """Before, they stood above their boxes, out of the picture or below panels."""
    with open_page(browser, served.url, viewport={"width": width, "height": 800}) as page:
        until(page, "document.querySelector('#layer-figures').children.length > 0")
        shown = page.evaluate(SHOW_BOXES)
        labels, picture = shown["labels"], shown["picture"]
        assert len(labels) >= 4
        assert len(shown["panels"]) >= 2
        for number, label in enumerate(labels):
            assert label["left"] >= picture["left"] - 0.5
            assert label["right"] <= picture["right"] + 0.5
            assert label["top"] >= picture["top"] - 0.5
            assert label["bottom"] <= picture["bottom"] + 0.5
            others = shown["panels"] + labels[number + 1 :]
            assert not any(meet(label, {**other, "left": other["left"] + 0.5,
                                        "top": other["top"] + 0.5,
                                        "right": other["right"] - 0.5,
                                        "bottom": other["bottom"] - 0.5})
                           for other in others)  # fmt: skip
