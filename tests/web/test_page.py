"""The page in a real browser: controls, chart, files, dialogs, accessibility."""

import re

import cv2
import numpy as np
import pytest
from support import eventually, textured
from web.browser import open_page, pixels, until
from web.page_actions import changes, faults, wait_for_pictures, press, open_dialog, layer_lines
from web.serving import serving


def test_the_picture_moves_and_the_figures_with_it(page, served):
    changes(page, pixels(page), least=1.0)
    assert page.text_content("#class-name") == "daisy"
    assert float(page.text_content("#max")) > 10
    assert page.locator("#top li").count() == 5
    eventually(lambda: page.text_content("#status") == "live")


def test_buttons_and_keys_change_the_pixels_and_buttons_show_the_state(page, served):
    press(page, "Pause")
    eventually(lambda: page.text_content("#status") == "paused")
    with_heat = pixels(page)
    press(page, "Heat")
    without = changes(page, with_heat)
    heat = page.get_by_role("button", name=re.compile("^Heat"))
    eventually(lambda: heat.get_attribute("aria-pressed") == "false")
    page.keyboard.press("o")  # the same by the keyboard
    again = changes(page, without)
    assert np.abs(again - with_heat).mean() < 2.0
    page.keyboard.press("m")
    mirrored = changes(page, again)
    assert np.abs(mirrored[60:100, 80:120] - again[60:100, 40:80][:, ::-1]).mean() < 6.0


@pytest.mark.parametrize("key", ["\u0449", "O"])
def test_keys_of_other_layouts_by_place_and_caps_lock_is_not_shift(key, page, served):
    before = served.settings()["overlay"]
    page.evaluate(
        """key => document.body.dispatchEvent(
            new KeyboardEvent("keydown", {key, code: "KeyO", bubbles: true}))""",
        key,
    )
    eventually(lambda: served.settings()["overlay"] != before)


def test_keys_do_nothing_in_text_fields_or_when_switched_off(page, served):
    before = served.settings()
    page.fill("#gain", "0.1")
    page.focus("#class-search")
    page.keyboard.type("mirror")
    page.keyboard.press("Escape")
    page.locator("#class-search").blur()
    page.keyboard.press("h")
    page.get_by_label("Keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("m")
    page.keyboard.press("v")
    wait_for_pictures(served, 2)  # every command is applied by then
    assert served.settings() == before


def test_the_key_of_a_name_leads_to_the_search_for_classes(page, served):
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "class-search"
    page.keyboard.type("tulip")
    page.keyboard.press("Enter")
    eventually(lambda: served.settings()["class"] == "tulip")


def test_the_key_judges_the_frame_and_escape_takes_the_judgement_away(page, served):
    page.keyboard.press("e")
    panel = page.locator("#judgement")
    panel.get_by_text("more is better").wait_for()
    assert panel.get_by_text("less is better").is_visible()
    for curve in ("deletion", "insertion"):
        points = page.locator(f"#judgement polyline.{curve}").get_attribute("points")
        assert len(points.split()) == 29
    picture = page.locator("#judgement img")
    eventually(lambda: picture.evaluate("image => image.naturalWidth") == 240)
    button = page.get_by_role("button", name=re.compile("^Judge"))
    eventually(lambda: button.get_attribute("aria-pressed") == "true")
    page.evaluate("delete Element.prototype.requestFullscreen")  # as on some telephones
    page.keyboard.press("f")
    page.locator("#scene.filling #judgement").wait_for()
    page.keyboard.press("Escape")  # leaves full screen, and nothing else
    page.locator("#judgement-card #judgement").wait_for()
    assert served.settings()["judged"]
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    assert not served.settings()["judged"]


def test_the_class_chooser_searches_and_chooses_by_keyboard_and_pointer(page, served):
    box = page.get_by_role("combobox", name="Show the map of")
    box.fill("ros")
    page.get_by_role("option", name="rose").wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    eventually(lambda: page.text_content("#class-name") == "rose")
    box.fill("flower")
    page.get_by_role("option", name="sunflower").click()
    eventually(lambda: page.text_content("#class-name") == "sunflower")
    assert served.settings()["class"] == "sunflower"


def test_the_class_follows_what_is_seen_until_another_one_is_chosen(page, served):
    served.change(class_="tulip")
    eventually(lambda: page.text_content("#class-name") == "tulip")
    box = page.get_by_role("combobox", name="Show the map of")
    box.click()
    page.get_by_role("option", name="follows what is seen").click()
    eventually(lambda: page.text_content("#class-name") == "daisy")
    eventually(lambda: box.input_value() == "auto")
    assert served.settings()["class"] == "auto"
    box.fill("rose")
    page.get_by_role("option", name="rose").click()
    eventually(lambda: page.text_content("#class-name") == "rose")
    box.fill("aut")
    page.get_by_role("option", name="auto").wait_for()
    box.press("Enter")
    eventually(lambda: served.settings()["class"] == "auto")
    box.blur()
    page.keyboard.press("n")
    eventually(lambda: served.settings()["class"] == "dandelion")


def test_enter_without_a_search_chooses_nothing(page, served):
    box = page.get_by_role("combobox", name="Show the map of")
    box.click()
    page.get_by_role("option", name="tulip").wait_for()
    box.press("Enter")
    wait_for_pictures(served, 2)
    assert served.settings()["class"] == "daisy"


def test_a_search_without_result_says_so_and_lists_nothing(page):
    box = page.get_by_role("combobox", name="Show the map of")
    box.fill("zebra")
    page.get_by_role("status").get_by_text("no such class").wait_for()
    assert box.get_attribute("aria-expanded") == "false"
    assert faults(page) == []
    assert box.input_value() == "zebra"
    box.fill("o")
    page.get_by_role("option", name="rose").wait_for()
    assert page.text_content("#class-none") == ""
    assert faults(page) == []
    box.press("Escape")
    assert box.input_value() == "daisy"


def test_the_overlay_settings_change_and_follow_the_run(page, served):
    page.select_option("#colormap", "viridis")
    eventually(lambda: served.settings()["colormap"] == "viridis")
    page.locator("#opacity").fill("0.9")
    eventually(lambda: served.settings()["opacity"] == 0.9)
    page.get_by_label("auto").check()
    eventually(lambda: served.settings()["act-max"] == "auto")
    served.change(act_max=36, opacity=0.5, colormap="inferno")
    eventually(lambda: page.input_value("#act-max") == "36")


def test_the_map_in_numbers_is_loaded_on_demand(page, served):
    assert page.locator("#map td").count() == 0
    page.get_by_text("Map in numbers").first.click()
    page.locator("#map td").nth(48).wait_for()
    numbers = [float(text) for text in page.locator("#map td").all_text_contents()]
    assert len(numbers) == 49
    assert max(numbers) > 10
    assert page.locator("#map td.peak").count() == 1
    served.change(act_max=2 * max(numbers), gain=0.05)
    peak = "document.querySelector('#map td.peak')"
    shown = f"Number(getComputedStyle({peak}).getPropertyValue('--bright'))"
    # As bright as in the picture: exp(gain * (max - act-max)).
    until(page, f"Math.abs({shown} - Math.exp(-0.05 * Number({peak}.textContent))) < 0.02")
    assert page.get_by_role("columnheader").count() == 8
    assert page.get_by_role("rowheader").count() == 7
    page.keyboard.press("g")
    page.locator("#map td").nth(195).wait_for()
    page.keyboard.press("w")
    page.locator("#map td").nth(14 * 19 - 1).wait_for()
    assert page.get_by_role("columnheader").count() == 20
    assert page.locator("#layer-box").is_hidden()
    served.change(area="square", detail=1)


def test_the_chart_draws_both_lines(page, served):
    def drawn():
        shown = page.evaluate("""() => {
          const canvas = document.querySelector("#chart");
          const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          const near = (i, colour) => colour.every((c, k) => Math.abs(data[i + k] - c) < 24);
          const wanted = [[138, 90, 0], [106, 53, 168]];  // maximum and probability
          return wanted.map((colour) => {
            for (let i = 0; i < data.length; i += 4)
              if (data[i + 3] > 120 && near(i, colour)) return true;
            return false;
          });
        }""")
        return all(shown)

    eventually(drawn)
    expected = r"Maximum between \d+ and \d+, probability between [\d.]+ % and [\d.]+ % in"
    eventually(lambda: re.match(expected, page.get_attribute("#chart", "aria-label")))


KEYS = """keys => {
  for (const key of keys) {
    const init = {key, bubbles: true, cancelable: true};
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", init));
  }
}"""


@pytest.mark.parametrize(("place", "key"), [("#shortcuts", "q"), ("#help .button", " ")])
def test_keys_right_after_a_dialog_are_not_lost(place, key, page, served):
    """Until the next frame is drawn, the focus is still on what was hidden."""
    page.keyboard.press("h")
    eventually(lambda: open_dialog(page) == "help")
    page.focus(place)
    page.evaluate(KEYS, ["h", key])
    if key == "q":
        assert open_dialog(page) == "confirm"
    else:
        eventually(lambda: served.settings()["paused"])


def test_enter_chooses_also_when_the_field_is_left_before_the_search_is_done(page, served):
    page.evaluate("""() => {
      const field = document.querySelector("#class-search");
      field.focus();
      field.value = "tulip";
      field.dispatchEvent(new InputEvent("input"));
      field.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter"}));
      field.blur();
    }""")
    eventually(lambda: served.settings()["class"] == "tulip")


def test_every_key_has_a_description_for_screen_readers(page):
    shortcuts = page.locator("[aria-keyshortcuts]").evaluate_all(
        "all => all.map((e) => e.getAttribute('aria-keyshortcuts'))"
    )
    assert {"Space", "r", "Shift+S", "q", "h Shift+?"} <= set(shortcuts)


def test_a_change_of_class_is_marked_in_the_chart(page, served):
    served.change(class_="rose")
    eventually(lambda: re.search(r"; rose since \d+ s", page.get_attribute("#chart", "aria-label")))
    served.change(class_="daisy")
    expected = r"; rose since \d+ s.*; daisy since \d+ s"
    eventually(lambda: re.search(expected, page.get_attribute("#chart", "aria-label")))
    page.reload()
    eventually(lambda: re.search(expected, page.get_attribute("#chart", "aria-label") or ""))
    history = served.get("/api/history").json
    assert {"rose", "daisy"} <= {point["class"] for point in history}


def test_the_name_of_a_photograph_is_on_the_page(browser, tmp_path):
    for name in ("rose.png", "owl.png"):
        cv2.imwrite(str(tmp_path / name), textured(320, 240, len(name)))
    with (
        serving(tmp_path, source=str(tmp_path)) as program,
        open_page(browser, program.url, has_frames=False) as page,
    ):
        eventually(lambda: page.text_content("#layer-place") == "2 / 2  rose.png")
        assert page.locator("#layer-place").is_visible()
        assert not [line for line in layer_lines(page)["figures"] if "FPS" in line]
        assert faults(page) == []
