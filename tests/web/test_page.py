"""The page in a real browser: controls, chart, files, dialogs, accessibility."""

import os
import re
import signal

import cv2
import numpy as np
import pytest
from sources.stream_server import serving as stream_server
from support import eventually, probe, textured
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


def test_a_recording_made_from_the_page_plays_in_the_page_with_its_duration(page, served):
    press(page, "Record")
    eventually(lambda: page.text_content("#status") == "recording")
    eventually(lambda: (served.state()["recording"]["seconds"] or 0) >= 2.0)
    press(page, "Stop")
    page.get_by_role("button", name=re.compile("^Record")).wait_for()
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
    row.get_by_role("button", name="Play").click()
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
        press(other, "Stop")
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


def open_dialog(page):
    return page.evaluate("document.querySelector('dialog[open]')?.id")


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


def test_quit_in_the_dialog_ends_the_program(browser, tmp_path):
    with serving(tmp_path) as program, browser.context() as context:
        page = context.new_page()
        page.goto(program.url, wait_until="domcontentloaded")
        page.get_by_role("button", name=re.compile("^Quit")).click()
        page.evaluate("""() => {  // asked again before the first dialog has said that it is closed
          document.querySelector("#confirm [value=cancel]").click();
          document.querySelector("[data-key=q]").click();
        }""")
        page.locator("#confirm").get_by_role("button", name="Quit").click()
        assert program.process.wait(60) == 0
        page.get_by_text("livecam has ended.").wait_for()
        eventually(lambda: page.text_content("#status") == "ended")
        with serving(tmp_path, "--port", str(program.port)):  # it goes on by itself
            eventually(lambda: page.text_content("#status") == "live")
            page.get_by_text("livecam has ended.").wait_for(state="hidden")


def test_the_token_is_asked_for_taken_from_the_link_and_hidden(browser, tmp_path):
    with (
        serving(tmp_path, "--token", "a-token-for-the-page-77") as guarded,
        browser.context() as context,
    ):
        page = context.new_page()
        logins = []  # counted by the token that they have, not with those of the address
        page.on("request", lambda request: logins.append(request.headers.get("authorization")))
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
        assert {f"Bearer {token}" for token in ("a-wrong-one", guarded.token)} <= set(logins)
        with open_page(browser, guarded.link) as page:
            assert page.url == guarded.url
            assert guarded.token not in page.evaluate("document.cookie + location.href")


def test_the_page_says_when_it_has_lost_the_connection(browser, tmp_path):
    with serving(tmp_path) as program, browser.context() as context:
        page = context.new_page()
        page.goto(program.url, wait_until="domcontentloaded")
        until(page, "document.querySelector('#picture').naturalWidth > 0")
        until(page, "document.querySelector('#fps').textContent.includes('.')")
        program.process.kill()
        page.get_by_text("The connection is lost.").wait_for()
        eventually(lambda: page.text_content("#status") == "not connected")
        eventually(lambda: page.text_content("#old") == "old figures: the connection is lost")
        assert faults(page) == []


def layer_lines(page):
    """What the page writes above the picture, by place."""
    places = ("figures", "state", "top", "ticks", "waiting")
    return {place: page.locator(f"#layer-{place} > *").all_text_contents() for place in places}


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


def test_a_stopped_program_says_that_it_ends(browser, tmp_path):
    with serving(tmp_path) as program, browser.context() as context:
        page = context.new_page()
        page.goto(program.url, wait_until="domcontentloaded")
        until(page, "document.querySelector('#fps').textContent.includes('.')")
        program.stop(signal.SIGTERM)
        page.get_by_text("livecam has ended.").wait_for()
        eventually(lambda: page.text_content("#old") == "old figures: livecam has ended")


def test_a_file_has_name_length_and_size_and_is_deleted_when_the_user_agrees(browser, tmp_path):
    small = ("--scene-size", "320x240", "--rate-limit", "10")
    with serving(tmp_path, *small, "--record-stats") as program:
        program.request("POST", "/api/recording", {"recording": True})
        eventually(lambda: (program.state()["recording"]["seconds"] or 0) >= 2.0)
        program.request("POST", "/api/recording", {"recording": False})
        (path,) = eventually(
            lambda: [p for p in tmp_path.glob("livecam_*.mp4") if p.stat().st_size]
        )
        other = tmp_path / "holiday.mp4"
        other.write_bytes(b"private")
        with open_page(browser, program.url) as page:
            row = page.locator("#files li")
            eventually(lambda: re.search(r"recording, 0:0[2-9], [\d.]+ [kM]B", row.inner_text()))
            assert path.name in row.inner_text()
            row.get_by_role("button", name="Delete").click()
            eventually(lambda: open_dialog(page) == "confirm")
            figures = path.with_suffix(".jsonl")
            assert figures.exists()
            assert f"{path.name} and {figures.name} (its figures)" in page.text_content(
                "#confirm-words"
            )
            assert faults(page) == []
            page.locator("#confirm").get_by_role("button", name="Cancel").click()
            eventually(lambda: open_dialog(page) is None)
            assert path.exists()
            row.get_by_role("button", name="Delete").click()
            page.locator("#confirm").get_by_role("button", name="Delete").click()
            eventually(lambda: not path.exists() and not figures.exists())
            page.get_by_text("None yet.").wait_for()
        assert other.exists()


def test_the_file_that_is_being_recorded_is_neither_listed_nor_deleted(browser, tmp_path):
    with serving(tmp_path, "--scene-size", "320x240", "--record", "running.mp4") as program:
        eventually(lambda: (program.state()["recording"]["seconds"] or 0) > 0.5)
        assert program.get("/api/recordings").json == []
        for guess in ("running.mp4", str(tmp_path / "running.mp4")):
            assert program.request("DELETE", f"/api/recordings/{guess}").status == 404
        program.stop()
        assert probe(tmp_path / "running.mp4").frames > 0


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


def test_all_logins_are_ended_from_the_page(browser, tmp_path):
    with (
        serving(tmp_path, "--token", "a-token-for-the-page-77") as guarded,
        browser.context() as context,
    ):
        page = context.new_page()
        page.goto(guarded.link, wait_until="domcontentloaded")
        until(page, "document.querySelector('#fps').textContent.includes('.')")
        page.get_by_role("button", name="End all logins").click()
        page.locator("#confirm").get_by_role("button", name="End them").click()
        page.get_by_role("textbox", name="Token").wait_for()
        page.get_by_text("until livecam is started again").wait_for()
        page.get_by_role("textbox", name="Token").fill(guarded.token)
        page.get_by_role("button", name="Open").click()
        until(page, "document.querySelector('#fps').textContent.includes('.')")


def test_the_figures_of_a_lost_source_are_marked_old(browser, tmp_path):
    with (
        stream_server({}) as address,
        serving(tmp_path, "--give-up", "600", source=f"http://{address}/silent/7") as program,
        open_page(browser, program.url, has_frames=False) as page,
    ):
        eventually(lambda: page.text_content("#old") == "old figures: the source is lost")
        assert page.locator("#figures.old").count() == 1
        assert faults(page) == []


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
