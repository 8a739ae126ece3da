"""The page of an archive: what its API says, and a real browser that finds and plays a moment."""

import json
import os
import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import cv2
import numpy as np
import pytest
from archive_parts import write_part
from support import picture, write_clip
from web.archive_program import serving_archive
from web.browser import open_page, until

from livecam.errors import SettingsError

HIGH, LOW = 0.9, 0.1
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture(scope="module")
def garden(tmp_path_factory):
    """A clip with daisies at 2-4 s on one day, one that is gone on the next."""
    folder = tmp_path_factory.mktemp("garden")
    clip = folder / "bed <1>.webm"
    frames = [picture(320, 240, value=40 + 10 * (n // 10)) for n in range(60)]
    write_clip(clip, frames, [n / 10 for n in range(60)], codec="libvpx-vp9")
    daisy = [HIGH if 2 <= n < 4 else LOW for n in range(6)]
    july = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
    size = (320, 240)
    classes = {"daisy": daisy, "barn spider": [LOW] * 6}
    write_part(folder / "archive", str(clip), classes, start=july, size=size)
    gone = str(folder / "gone.mp4")
    write_part(folder / "archive", gone, classes, start=july.replace(day=3), size=size)
    return folder / "archive"


@pytest.fixture(scope="module")
def served(garden):
    with serving_archive(garden) as program:
        yield program


def found(served, condition: str, **query: str):
    query = "&".join(f"{k}={quote(v)}" for k, v in {"find": condition, **query}.items())
    return served.get(f"/api/moments?{query}", Cookie=served.cookie)


def test_moments_of_a_condition_with_their_days(served):
    page = found(served, "Daisy > 0.8 for 2s").json
    assert page["condition"] == "daisy > 0.8 for 2 s"
    assert (page["count"], page["seconds"], page["more"]) == (2, 4.0, False)
    assert [(m["clip"], m["start_s"], m["end_s"], m["playable"]) for m in page["moments"]] == [
        ("bed <1>.webm", 2.0, 4.0, True), ("gone.mp4", 2.0, 4.0, False)
    ]  # fmt: skip
    assert [(d["day"], d["moments"], d["seconds"]) for d in page["days"]] == [
        ("2026-07-01", 1, 2.0), ("2026-07-03", 1, 2.0)
    ]  # fmt: skip
    assert page["moments"][0]["figures"][0] == {
        "class_name": "daisy", "probability": pytest.approx(HIGH), "max": pytest.approx(36),
        "mean": pytest.approx(3.6), "logit": pytest.approx(9),
    }  # fmt: skip
    always = found(served, "daisy > 0.8", since="0001-01-01", until="9999-12-31").json
    assert always["moments"] == found(served, "daisy > 0.8").json["moments"]
    later = found(served, "daisy > 0.8", since="2026-07-02").json
    assert [m["clip"] for m in later["moments"]] == ["gone.mp4"]
    second = found(served, "daisy > 0.8", first="1", limit="1").json
    assert [m["number"] for m in second["moments"]] == [1]


def test_picture_and_clip_of_a_moment(served):
    page = found(served, "daisy > 0.8").json
    place = f"/api/moments/{page['search']}/0"
    answer = served.get(f"{place}/picture.jpg", Cookie=served.cookie)
    assert answer.headers["content-type"] == "image/jpeg"
    shown = cv2.imdecode(np.frombuffer(answer.body, np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape == (240, 320, 3)
    assert abs(float(shown[:, :20].mean()) - 60) < 5  # the frame at 2 s, beside its map
    part = served.get(f"{place}/clip", Cookie=served.cookie, Range="bytes=0-3")
    assert (part.status, part.body, part.headers["content-type"]) == (
        206, b"\x1aE\xdf\xa3", "video/webm"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/moments?find=dasy%20%3E%200.8", 400, "did you mean daisy?"),
        ("/api/moments?find=daisy", 400, "is no condition"),
        ("/api/moments?find=daisy%3E0.8&since=soon", 400, "is no time"),
        ("/api/moments", 422, "find"),
        ("/api/moments/0123456789abcdef/0/clip", 404, "not there any more"),
        ("/api/moments/0123456789abcdef/0/picture.jpg", 404, "search again"),
        ("/api/moments/..%2f..%2fetc/0/clip", 404, ""),
    ],
)
def test_what_cannot_be_found_is_said(served, path, status, said):
    answer = served.get(path, Cookie=served.cookie)
    assert answer.status == status
    assert said in json.dumps(answer.json)


def test_clips_that_are_gone_have_neither_picture_nor_clip(served):
    search = found(served, "daisy > 0.8").json["search"]
    for file in ("picture.jpg", "clip"):
        assert served.get(f"/api/moments/{search}/1/{file}", Cookie=served.cookie).status == 404


def test_without_the_token_nothing_is_shown(served):
    for path in ("/api/archive", "/api/moments?find=daisy%3E0.8"):
        assert served.get(path).status == 401
    assert served.get("/healthz").status == 200


def test_a_browser_finds_moments_and_plays_one_at_its_second(browser, served):
    refused = ("Failed to load resource: the server responded with a status of 400",)
    with open_page(browser, served.link, has_begun=False, expected_errors=refused) as page:
        until(page, "document.querySelector('.event img')?.naturalWidth > 0")
        assert page.input_value("#condition") == "daisy > 0.8"
        assert "barn spider" in page.inner_text("#search-help")
        assert page.locator("#days button:enabled").count() == 2
        assert "clip is gone" in page.inner_text("#events")
        page.fill("#condition", "daisy > 0.8 for 2s")
        page.press("#condition", "Enter")
        until(page, "location.search.includes('for+2s')")
        until(page, "document.querySelectorAll('.event').length === 2")
        page.click(".event >> nth=0")
        until(page, "document.querySelector('video')?.currentTime >= 2")
        assert page.evaluate("document.querySelector('video').currentTime") < 6.5
        assert page.inner_text("#event-title") == "bed <1>.webm"
        page.click("text=Later")
        until(page, "document.querySelector('#event-player p')?.textContent.includes('moved')")
        page.click("#close-event")
        assert page.is_hidden("#event")
        page.fill("#condition", "dasy > 0.8")
        page.press("#condition", "Enter")
        until(page, "document.querySelector('#search-error').textContent.includes('daisy?')")
        assert page.locator(".event").count() == 0
        assert page.is_hidden("#days")
        assert page.inner_text("#events-count") == ""


def test_a_moment_that_is_played_stops_at_its_end_and_who_plays_on_is_not_stopped(browser, served):
    with open_page(browser, served.link, has_begun=False) as page:
        until(page, "document.querySelectorAll('.event').length === 2")
        page.click(".event >> nth=0")
        until(page, "document.querySelector('video')?.currentTime >= 4")
        until(page, "document.querySelector('video').paused")
        assert page.evaluate("document.querySelector('video').currentTime") < 5.9
        page.evaluate("document.querySelector('video').play()")
        until(page, "document.querySelector('video').ended")
        page.click("text=From its beginning")
        until(page, "!document.querySelector('video').ended")
        until(page, "document.querySelector('video').paused")
        assert 4 <= page.evaluate("document.querySelector('video').currentTime") < 5.9


def test_the_page_can_be_used_by_everybody(browser, served):
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        with open_page(browser, served.link, has_begun=False, color_scheme=scheme) as page:
            until(page, "document.querySelector('.event img')?.naturalWidth > 0")
            page.click(".event >> nth=0")
            until(page, "document.querySelector('video') !== null")
            problems = Axe().run(page).response["violations"]
            assert not problems, [(p["id"], p["nodes"][0]["html"]) for p in problems]


OLD, NEW, NEWEST = "aaaa00000000", "bbbb00000000", "cccc00000000"


def about(classes: list[str], **others: object) -> dict:
    return {"title": "flowers", "classes": classes, "looks_per_second": 1.0, **others}


def test_of_several_settings_the_last_ones_are_shown_and_said(tmp_path):
    from livecam.assembly.archive_page import SearchedArchive
    from livecam.core.archive.archive_search import SearchText

    said = []
    for settings, value in ((OLD, LOW), (NEW, HIGH)):
        write_part(tmp_path, "/clips/a.mp4", {"daisy": [value] * 3}, settings=settings)
    archive = SearchedArchive(tmp_path, said.append)
    assert f"shown first is what was measured last, {NEW}" in said[0]
    answer = archive.search(SearchText("daisy > 0.5"))
    assert len(answer.moments) == 1
    assert archive.search(SearchText("daisy > 0.50")) is answer
    assert archive.search(SearchText("daisy > 0.5", settings=OLD)).moments == ()
    write_part(tmp_path, "/clips/b.mp4", {"daisy": [HIGH] * 3}, settings=NEW)
    assert len(archive.search(SearchText("daisy > 0.5")).moments) == 2  # it has grown
    write_part(tmp_path, "/clips/a.mp4", {"rose": [HIGH] * 3}, settings=NEWEST)
    assert archive.overview().settings == NEWEST
    assert archive.overview().classes == ("rose",)
    assert [one.settings for one in archive.overview(OLD).tables] == [NEWEST, NEW, OLD]
    with pytest.raises(SettingsError, match="has no --settings dddd"):
        archive.overview("dddd")
    archive.close()


@contextmanager
def page_of(program, browser, width: int = 1200, **given):
    """The page of an archive in a browser."""
    viewport = {"width": width, "height": 900}
    with open_page(browser, program.link, has_begun=False, viewport=viewport, **given) as page:
        until(page, "document.querySelectorAll('.event').length > 0")
        yield page


def test_the_page_says_which_settings_are_shown_and_offers_the_others(browser, tmp_path):
    write_part(
        tmp_path, "/c/a.mp4", {"rose": [HIGH] * 3}, settings=OLD, about=about(["rose"], grid=True)
    )
    write_part(tmp_path, "/c/a.mp4", {"daisy": [HIGH] * 3}, settings=NEW, about=about(["daisy"]))
    refused = ("Failed to load resource: the server responded with a status of 400",)
    with (
        serving_archive(tmp_path) as program,
        page_of(program, browser, expected_errors=refused) as page,
    ):
        shown = page.locator("#tables option").all_inner_texts()
        assert shown == [
            f"{NEW}: flowers, for daisy, 1 look a second, 1 part",
            f"{OLD}: flowers, for rose, 1 look a second, with maps, 1 part",
        ]
        assert page.input_value("#tables") == NEW
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/tables.png")
        page.fill("#condition", "rose > 0.5")
        page.press("#condition", "Enter")
        until(page, "document.querySelector('#search-error').textContent.includes('no class')")
        page.fill("#condition", "seen != other")
        page.select_option("#tables", OLD)
        until(page, "document.querySelector('#search-help').textContent.includes('Classes: rose')")
        until(page, f"location.search.includes('{OLD}')")
        page.reload()
        until(page, "document.querySelectorAll('.event').length === 1")
        assert page.input_value("#tables") == OLD
        page.select_option("#tables", NEW)
        until(page, "!location.search.includes('settings')")
        write_part(tmp_path, "/c/b.mp4", {"tulip": [HIGH]}, settings=NEWEST, about=about(["tulip"]))
        page.goto(page.url.partition("?")[0])
        until(page, f"document.querySelector('#tables').value === '{NEWEST}'")


@pytest.fixture(scope="module")
def many_days(tmp_path_factory):
    """The page of an archive of 150 days, of which every third has a moment, and the last."""
    folder = tmp_path_factory.mktemp("many_days")
    for day in range(0, 150, 3):
        start = datetime(2026, 4, 1, 12, tzinfo=UTC) + timedelta(days=day)
        looks = [HIGH] * (1 + day % 5)
        write_part(folder, f"/clips/{day}.mp4", {"daisy": looks}, start=start)
    write_part(folder, "/clips/z.mp4", {"daisy": [HIGH]}, start=start + timedelta(days=2))
    with serving_archive(folder) as program:
        yield program


@pytest.mark.parametrize(("width", "bars", "named"), [(1200, 150, 8), (420, 22, 5)])
def test_all_bars_of_many_days_lie_in_their_box(browser, many_days, width, bars, named):
    with page_of(many_days, browser, width) as page:
        assert page.locator("#days button").count() == bars
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/days-{width}.png")
        inside = """() => {
          const box = document.querySelector('#days').getBoundingClientRect();
          const ends = [...document.querySelectorAll('#days span')].map((one) => {
            const range = document.createRange();
            range.selectNodeContents(one);
            return [one, range].map((of) => of.getBoundingClientRect());
          }).flat();
          return ends.every((end) => end.left >= box.left - 1 && end.right <= box.right + 1
            || end.width === 0);
        }"""
        assert page.evaluate(inside)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        narrow = (
            "Math.min(...[...document.querySelectorAll('#days button')].map(b => b.offsetWidth))"
        )
        assert page.evaluate(narrow) >= 4
        texts = page.locator("#days span:last-child").all_inner_texts()
        assert 2 <= sum(map(bool, texts)) <= named
        buttons = page.locator("#days button").all()
        counts = [re.search(r": (\d+) moment", one.get_attribute("title")) for one in buttons]
        total = sum(int(count[1]) for count in counts if count)
        assert total == 51
        page.set_viewport_size({"width": 300 if width > 500 else 1200, "height": 900})
        until(page, f"document.querySelectorAll('#days button').length !== {bars}")
        assert page.evaluate(inside)


def test_an_archive_that_cannot_be_read_is_said_at_once(tmp_path, capsys):
    from livecam.cli.app import main

    (tmp_path / "manifest.jsonl").touch()
    assert main(["serve", str(tmp_path), "--port", "0"]) == 3
    assert "is empty" in capsys.readouterr().err
    assert main(["serve", str(tmp_path), "--class", "daisy"]) == 2
    assert re.search(r"--class .* archive", capsys.readouterr().err)
