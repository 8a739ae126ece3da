"""The page in a real browser: controls, chart, files, dialogs, accessibility."""

import os
import re
import signal

import numpy as np
import pytest
from support import eventually, probe
from web.browser import open_page, pixels, until
from web.page_actions import changes, faults, wait_for_pictures, press
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


def test_a_recording_made_from_the_page_plays_in_the_page_with_its_duration(page, served):
    press(page, "Record")
    eventually(lambda: page.text_content("#status") == "recording")
    eventually(lambda: (served.state()["recording"]["seconds"] or 0) >= 2.0)
    press(page, "Record")
    page.get_by_role("button", name=re.compile("Play recording")).first.click()
    until(page, "document.querySelector('#player video')?.readyState >= 2")
    video = "document.querySelector('#player video')"
    (name,) = [file.name for file in served.folder.glob("livecam_*.mp4")]
    made = probe(served.folder / name)
    assert page.evaluate(f"{video}.duration") == pytest.approx(made.duration_s, abs=0.05)
    assert made.duration_s >= 2.0
    assert made.duration_s == pytest.approx(made.frames / 30, abs=0.05)
    assert page.evaluate(f"[{video}.videoWidth, {video}.videoHeight]") == [320, 240]
    page.evaluate(f"{video}.pause(); {video}.currentTime = {made.duration_s / 2}")
    until(page, f"!{video}.seeking && {video}.readyState >= 2")
    assert pixels(page, "#player video").std() > 10
    assert faults(page) == []
    page.evaluate(f"{video}.currentTime = 0; {video}.play()")
    until(page, f"{video}.currentTime > 0.3")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Save recording")).first.click()
    assert download.value.suggested_filename == name
    assert download.value.path().read_bytes() == (served.folder / name).read_bytes()


def test_a_file_that_the_browser_cannot_play_is_reported(page, served):
    path = served.folder / "livecam_2024-05-06_07-08-09.mkv"
    path.write_bytes(b"no video")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    page.reload(wait_until="domcontentloaded")
    row = page.locator("#files li").filter(has=page.locator(f"[title='{path.name}']"))
    row.get_by_role("button").click()
    page.get_by_text(f"This browser cannot play {path.name}").wait_for()
    path.unlink()


def test_two_users_who_press_record_at_once_both_record(browser, page, served):
    """Neither page knows yet of the other: one that did would stop the recording by this button."""
    with open_page(browser, served.url) as other:
        served.process.send_signal(signal.SIGSTOP)
        try:
            press(page, "Record")
            press(other, "Record")
        finally:
            served.process.send_signal(signal.SIGCONT)
        eventually(lambda: page.text_content("#status") == "recording")
        eventually(lambda: other.text_content("#status") == "recording")
        press(other, "Record")
        eventually(lambda: page.text_content("#status") == "live")


def test_a_snapshot_is_listed_and_shown(page, served):
    press(page, "Snapshot")
    page.get_by_role("button", name=re.compile("View snapshot")).first.click()
    until(page, "document.querySelector('#player img')?.naturalWidth === 320")


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


KEY_LABELS_OUTSIDE = """[...document.querySelectorAll("button kbd")]
  .filter((label) => label.offsetParent)
  .filter((label) => label.getBoundingClientRect().right
    > label.closest("button").getBoundingClientRect().right)
  .map((label) => label.textContent)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (520, 900), (390, 844), (360, 740), (844, 390)])
def test_every_screen_fits_and_has_no_serious_fault(browser, served, scheme, size):
    view = {"width": size[0], "height": size[1]}
    with open_page(browser, served.url, viewport=view, color_scheme=scheme) as page:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(KEY_LABELS_OUTSIDE) == []
        page.get_by_text("Map in numbers").first.click()
        page.locator("#map td").nth(48).wait_for()
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(244, 242, 238)", "dark": "rgb(18, 19, 22)"}[scheme]
        assert faults(page) == []


def open_dialog(page):
    return page.evaluate("document.querySelector('dialog[open]')?.id")


def test_the_dialogs_have_no_serious_fault_and_quitting_asks_first(page, served):
    page.keyboard.press("h")
    eventually(lambda: open_dialog(page) == "help")
    assert page.evaluate("document.activeElement.textContent") == "Close"
    assert "Esc" not in page.text_content("#help-rows")
    assert faults(page) == []
    page.keyboard.press("Escape")
    eventually(lambda: open_dialog(page) is None)
    page.keyboard.press("q")
    eventually(lambda: open_dialog(page) == "quit")
    assert faults(page) == []
    colour = "e => getComputedStyle(e).color"
    dialog = page.locator("#quit")
    red = dialog.get_by_role("button", name="Quit").evaluate(colour)
    assert red == page.locator("[data-key=q]").evaluate(colour)
    assert red != dialog.get_by_role("button", name="Cancel").evaluate(colour)
    dialog.get_by_role("button", name="Cancel").click()
    eventually(lambda: open_dialog(page) is None)
    assert served.get("/healthz").status == 200


def test_every_key_has_a_description_for_screen_readers(page):
    shortcuts = page.locator("[aria-keyshortcuts]").evaluate_all(
        "all => all.map((e) => e.getAttribute('aria-keyshortcuts'))"
    )
    assert {"Space", "r", "Shift+S", "q", "h Shift+?"} <= set(shortcuts)


def test_quit_in_the_dialog_ends_the_program(browser, tmp_path):
    with serving(tmp_path) as program:
        context = browser.new_context()
        page = context.new_page()
        page.goto(program.url, wait_until="domcontentloaded")
        page.get_by_role("button", name=re.compile("^Quit")).click()
        page.locator("#quit").get_by_role("button", name="Quit").click()
        assert program.process.wait(60) == 0
        context.close()


def test_the_token_is_asked_for_taken_from_the_link_and_hidden(browser, tmp_path):
    with serving(tmp_path, "--token", "a-token-for-the-page-77") as guarded:
        context = browser.new_context()
        page = context.new_page()
        page.goto(guarded.url, wait_until="domcontentloaded")
        page.get_by_role("textbox", name="Token").wait_for()
        for _ in range(3):
            page.keyboard.press("Escape")
        assert faults(page) == []
        page.get_by_role("textbox", name="Token").fill("a-wrong-one")
        page.get_by_role("button", name="Open").click()
        page.get_by_text("the token is wrong").wait_for()
        page.get_by_role("textbox", name="Token").fill(guarded.token)
        page.get_by_role("button", name="Open").click()
        until(page, "document.querySelector('#picture').naturalWidth > 0")
        context.close()
        with open_page(browser, guarded.link) as page:
            assert page.url == guarded.url
            assert guarded.token not in page.evaluate("document.cookie + location.href")


def test_the_page_says_when_it_has_lost_the_connection(browser, tmp_path):
    with serving(tmp_path) as program:
        context = browser.new_context()
        page = context.new_page()
        page.goto(program.url, wait_until="domcontentloaded")
        until(page, "document.querySelector('#picture').naturalWidth > 0")
        program.stop()
        page.get_by_text("The connection is lost.").wait_for()
        assert page.text_content("#status") == "not connected"
        context.close()
