"""What the page draws above the picture, as pixels and places of a real browser."""

import math

import cv2
import numpy as np
import pytest
from support import eventually

CROSS_ALONE = (
    "#picture, #layer > :not(#layer-picture), #layer-picture > :not(#layer-cross)"
    "{ visibility: hidden } #scene { background: #f00 !important }"
)
ADD_STYLE = """style => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets.push(sheet);
}"""
SHOW_JUDGEMENT = """async area => {
    const { showJudgement } = await import(new URL("judgement.js", document.querySelector(
        "script[type=module]").src));
    const judgement = {
        class: "daisy", probability: 0.9, number: 0, done: 0.67, steps: 28,
        deletion: [0.9], insertion: [0.1], deletion_area: area, insertion_area: area,
    };
    showJudgement({ settings: { judged: false }, judgement });
    const panel = document.querySelector("#judgement");
    const name = document.querySelector("#layer-place");
    const before = name.textContent;
    name.textContent = "photo.jpg";
    const said = {
        colour: getComputedStyle(panel.children[1]).color, text: panel.children[1].textContent,
        card: !document.querySelector("#judgement-card").hidden,
        place: panel.getBoundingClientRect().toJSON(),
        scene: document.querySelector("#scene").getBoundingClientRect().toJSON(),
        name: name.getBoundingClientRect().toJSON(),
    };
    name.textContent = before;
    showJudgement({ settings: { judged: false }, judgement: null });
    return said;
}"""
FILL_PAGE = """on => {
    document.querySelector("#scene").classList.toggle("filling", on);
    document.querySelector("#scene").dispatchEvent(new Event("fillingchange"));
}"""


def middles(extent):
    """First and last row and column that are mostly so, in pixels: their middles."""
    return [np.flatnonzero(extent.mean(axis) > 0.5).mean() for axis in (0, 1)]


@pytest.mark.parametrize("letters_px", [12, 24])
def test_the_line_of_the_cross_is_in_the_middle_of_its_edge(letters_px, page, served):
    """The line was not in the middle of its black edge, by rounding."""
    cross = page.locator("#layer-cross")
    eventually(cross.is_visible)
    style = f"{CROSS_ALONE} #layer {{ font-size: {letters_px}px !important }}"
    page.evaluate(ADD_STYLE, style)
    served.change(paused=True)
    eventually(lambda: page.text_content("#status") == "paused")
    box = cross.bounding_box()
    clip = {"x": math.floor(box["x"]) - 2, "y": math.floor(box["y"]) - 2}
    clip |= {"width": math.ceil(box["width"]) + 4, "height": math.ceil(box["height"]) + 4}
    shot = cv2.imdecode(np.frombuffer(page.screenshot(clip=clip), np.uint8), cv2.IMREAD_COLOR)
    served.change(paused=False)
    white, drawn = shot.min(axis=2) > 200, (shot.max(axis=2) < 60) | (shot.min(axis=2) > 200)
    assert middles(white) == middles(drawn)
    assert white.sum() > 10


def judgement_shown(page, area):
    """Place, colour and words of the panel with these areas; the picture is not the server's."""
    jpeg = cv2.imencode(".jpg", np.zeros((8, 8, 3), np.uint8))[1].tobytes()
    page.route("**/api/judged.jpg*", lambda route: route.fulfill(body=jpeg))
    return page.evaluate(SHOW_JUDGEMENT, area)


def test_until_the_areas_are_known_the_panel_says_so_in_grey(page, served):
    page.evaluate(FILL_PAGE, True)
    waiting, done = (judgement_shown(page, area) for area in (None, 0.5))
    page.evaluate(FILL_PAGE, False)
    assert waiting["text"] == "judging 67 %"
    assert waiting["colour"] == "rgb(208, 208, 212)"
    assert done["colour"] == "rgb(255, 130, 110)"


@pytest.mark.parametrize(
    "viewport", [{"width": 1280, "height": 800}, {"width": 390, "height": 844}]
)
def test_the_judged_frame_hides_nothing_of_the_picture_but_in_full_screen(viewport, page, served):
    """On a telephone it lay on the flower."""
    page.set_viewport_size(viewport)
    beside = judgement_shown(page, 0.5)
    page.evaluate(FILL_PAGE, True)
    full = judgement_shown(page, 0.5)
    page.evaluate(FILL_PAGE, False)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert beside["card"]
    scene, place = beside["scene"], beside["place"]
    assert place["top"] >= scene["bottom"] or place["left"] >= scene["right"]
    assert place["height"] > 100
    assert not full["card"]
    assert full["place"]["bottom"] < full["name"]["top"] < viewport["height"]
    assert full["place"]["height"] > 100


def test_a_pair_of_classes_is_named_in_the_colours_of_its_maps(page, served):
    served.change(view="pair", class_="daisy")
    second = page.locator("#layer-figures .second")
    eventually(lambda: second.count() == 1 and second.inner_text().startswith("dandelion"))
    ramp = page.evaluate("getComputedStyle(document.querySelector('#layer-ramp')).backgroundImage")
    assert ramp.count("linear-gradient") == 2
    served.change(view="colour")
    eventually(lambda: second.count() == 0)
    ramp = page.evaluate("getComputedStyle(document.querySelector('#layer-ramp')).backgroundImage")
    assert ramp.count("linear-gradient") == 1


SHOW_FIGURES = """approximate => Promise.all([
    import(new URL("figures.js", document.querySelector("script[type=module]").src)),
    import(new URL("picture_layer.js", document.querySelector("script[type=module]").src)),
    fetch("/api/state").then(answer => answer.json()),
]).then(([figures, layer, state]) => {
    state.figures.approximate = approximate;
    state.settings.figures = true;
    state.waiting = "";
    figures.showFigures(state);
    layer.showLayer(state);
    return [
        document.querySelector("#map-kind").checkVisibility(),
        document.querySelector("#layer-figures").innerText.includes("approximate map (gradient)"),
    ];
})"""


@pytest.mark.parametrize("approximate", [False, True])
def test_an_approximate_map_is_called_so_on_card_and_picture(approximate, page, served):
    assert page.evaluate(SHOW_FIGURES, approximate) == [approximate, approximate]
