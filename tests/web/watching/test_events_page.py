"""The page of events in a real browser: timeline, filter, player, keep, delete, tiles."""

import os
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from events_folder import FIRST, INTO_S, event_at, write_events
from support import eventually
from web.browser import pixels, until
from web.page_actions import faults
from web.watching.shown_events import DAY, EVENTS, cards, shown
from web.watching.pages import camera_of, look_of, state_of, watch_page

from livecam.core.conditions.expression import OTHER
from livecam.core.formatting import seen_words


@pytest.fixture
def folder(tmp_path):
    return write_events(tmp_path / "garden", EVENTS)


def is_shown(page, *starts):
    eventually(lambda: [text.split(", ")[0] for text in cards(page)] == list(starts))


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1280, 800, "light"), (1280, 800, "dark"), (360, 740, "light")]
)
def test_every_screen_fits_and_has_no_serious_fault(browser, folder, width, height, scheme):
    view = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
    with shown(browser, folder, is_watching=True, **view) as (page, served):
        served.screen.show(state_of(camera_of("bed", look_of(1)), camera_of("gate")))
        is_shown(page, "rose", "daisy", "bee", "daisy")
        until(page, "document.querySelector('.tile img')?.naturalWidth > 0")
        assert faults(page) == []
        page.get_by_role("button", name="rose").click()
        until(page, "document.querySelector('#event video')?.readyState >= 2")
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="Delete").click()
        until(page, "document.querySelector('#confirm').open")
        assert faults(page) == []


def test_pictures_of_4_to_3_are_shown_whole(browser, folder):
    with shown(browser, folder) as (page, _):
        until(page, "document.querySelector('.event img')?.naturalWidth === 160")
        assert page.evaluate(
            "getComputedStyle(document.querySelector('.event img')).objectFit"
        ) == ("contain")


def test_the_timeline_is_filtered_by_class_day_hour_and_kept(browser, folder):
    with shown(browser, folder) as (page, served):
        is_shown(page, "rose", "daisy", "bee", "daisy")
        assert page.locator("#events h3").count() == 2
        assert page.text_content("#events-count") == "4 events on 2 days"
        assert "bee, gate, 07:12:03, 18 s, 91.2 %" in cards(page)
        assert "daisy, bed, 06:12:03, 18 s, 97.0 %, cut" in cards(page)
        page.select_option("#filter-class", "daisy")
        is_shown(page, "daisy", "daisy")
        assert page.locator("#filter-class option").all_text_contents() == [
            "all (4)", "bee (1)", "daisy (2)", "rose (1)",
        ]  # fmt: skip
        page.select_option("#filter-day", "2026-07-01")
        is_shown(page, "daisy")
        eventually(page.get_by_role("button", name="07:00, 0 events").is_disabled)
        page.select_option("#filter-class", "*")
        is_shown(page, "bee", "daisy")
        page.get_by_role("button", name="07:00, 1 event").click()
        is_shown(page, "bee")
        page.get_by_label("Kept ones").check()
        page.get_by_text("No event is like that.").wait_for()
        served.request("PATCH", f"/api/events/{EVENTS[1].event}", {"kept": True})
        is_shown(page, "bee")
        served.request("PATCH", f"/api/events/{EVENTS[1].event}", {"kept": False})
        page.get_by_role("button", name="Show all").click()
        is_shown(page, "rose", "daisy", "bee", "daisy")


def brightness(page):
    return pixels(page, "#event video").mean()


def test_an_event_plays_from_its_strongest_moment_with_the_time_of_the_day(browser, folder):
    with shown(browser, folder) as (page, served):
        page.get_by_role("button", name="rose").click()
        until(page, "document.querySelector('#event video')?.readyState >= 2")
        video = "document.querySelector('#event video')"
        until(page, f"{video}.currentTime >= {INTO_S}")
        eventually(lambda: brightness(page) > 200)  # it is dark before
        page.evaluate(f"{video}.pause(); {video}.currentTime = {INTO_S + 0.5}")
        eventually(lambda: "07:12:04.2" in page.text_content("#event-clock"))
        assert page.text_content("#event-title") == "rose, bed"
        assert "rose > 0.8 in 3 of the last 4 looks" in page.text_content("#event-why")
        page.evaluate(f"{video}.currentTime = 0.2")
        eventually(lambda: brightness(page) < 100)
        page.get_by_role("button", name="Strongest moment").click()
        eventually(lambda: brightness(page) > 200)
        before = page.evaluate(f"{video}.src")
        page.get_by_role("button", name="Map").click()
        until(page, f"{video}.src.endsWith('/annotated') && {video}.readyState >= 2")
        assert before.endswith("/clean")
        with page.expect_download() as download:
            page.get_by_role("link", name="Save clip with map").click()
        assert download.value.suggested_filename == f"{EVENTS[3].event}-map.mp4"
        content = (folder / EVENTS[3].files["annotated"]).read_bytes()
        assert download.value.path().read_bytes() == content
        page.get_by_role("button", name="Older").click()
        eventually(lambda: page.text_content("#event-title") == "daisy, bed")
        assert page.evaluate("new URLSearchParams(location.search).get('event')") == EVENTS[2].event
        page.get_by_role("button", name="Close").click()
        assert page.is_hidden("#event")
        assert page.url == served.url


def titles(page, button, count):
    """What is shown after each press of a button, and whether it can be pressed once more."""
    button = page.get_by_role("button", name=button, exact=True)
    found = []
    for _ in range(count):
        before = page.url
        eventually(button.is_enabled)
        button.click()
        eventually(lambda was=before: page.url != was)
        found.append(page.text_content("#event-title"))
    return found


def test_a_link_to_an_event_opens_it_between_its_neighbours(browser, folder):
    with shown(browser, folder, path=f"?event={EVENTS[1].event}") as (page, _):
        eventually(lambda: page.text_content("#event-title") == "bee, gate")
        until(page, "document.querySelector('#event video')?.readyState >= 2")
        assert titles(page, "Newer", 2) == ["daisy, bed", "rose, bed"]
        eventually(page.get_by_role("button", name="Older", exact=True).is_enabled)
        eventually(page.get_by_role("button", name="Newer", exact=True).is_disabled)
        assert titles(page, "Older", 3) == ["daisy, bed", "bee, gate", "daisy, bed"]
        eventually(page.get_by_role("button", name="Older", exact=True).is_disabled)
        assert titles(page, "Newer", 1) == ["bee, gate"]
        eventually(page.get_by_role("button", name="Newer", exact=True).is_enabled)
        page.select_option("#filter-day", "2026-07-01")
        eventually(page.get_by_role("button", name="Newer", exact=True).is_disabled)
        assert page.get_by_role("button", name="Older", exact=True).is_enabled()


def test_a_link_to_an_event_that_the_list_has_not_loaded_has_neighbours(browser, folder):
    write_events(folder, thumbnails_only(folder, 200), files=False)
    with shown(browser, folder, path=f"?event={EVENTS[0].event}") as (page, _):
        eventually(lambda: page.text_content("#event-title") == "daisy, bed")
        assert len(cards(page)) < 200
        assert titles(page, "Newer", 2)
        eventually(page.get_by_role("button", name="Older", exact=True).is_enabled)


def test_keeping_is_marked_and_deleting_is_asked(browser, folder):
    event = EVENTS[3]
    clip = folder / event.files["clean"]
    with shown(browser, folder) as (page, _):
        page.get_by_role("button", name="rose").click()
        keep = page.get_by_role("button", name="Keep", exact=True)
        keep.click()
        eventually(lambda: keep.get_attribute("aria-pressed") == "true")
        eventually(lambda: any("rose" in text and "kept" in text for text in cards(page)))
        assert clip.with_suffix(".keep").exists()
        page.get_by_role("button", name="Delete").click()
        until(page, "document.querySelector('#confirm').open")
        assert clip.name in page.text_content("#confirm-words")
        page.locator("#confirm").get_by_role("button", name="Cancel").click()
        until(page, "!document.querySelector('#confirm').open")
        assert clip.exists()
        page.get_by_role("button", name="Delete").click()
        page.locator("#confirm").get_by_role("button", name="Delete").click()
        is_shown(page, "daisy", "bee", "daisy")
        assert not list(folder.glob(f"*/{event.event}*"))
        assert page.is_hidden("#event")


def thumbnails_only(folder, count):
    """So many events, whose thumbnails are one file by many names."""
    events = [
        event_at(FIRST + timedelta(minutes=7 * n), files={"thumbnail": ""}) for n in range(count)
    ]
    one = folder.parent / "one.jpg"
    shutil.copy(folder / EVENTS[0].files["thumbnail"], one)
    named = []
    for event in events:
        name = f"{event.start:%Y-%m-%d}/{event.event}.jpg"
        (folder / name).parent.mkdir(exist_ok=True)
        os.link(one, folder / name)
        named.append(replace(event, files={"thumbnail": name}))
    return named


def test_thousands_of_events_are_loaded_as_they_come_into_sight(browser, folder):
    write_events(folder, thumbnails_only(folder, 3000), files=False)
    pictures = []

    def prepare(page):
        page.on("request", note)

    def note(request):
        if "/thumbnail" in request.url:
            pictures.append(request.url)

    with shown(browser, folder, prepare=prepare) as (page, _):
        eventually(lambda: page.text_content("#events-count").startswith("3004 events"))
        first = page.locator(".event").count()
        assert 60 <= first <= 240
        assert len(pictures) <= first
        until(page, "window.scrollTo(0, document.body.scrollHeight) || 1")
        eventually(lambda: page.locator(".event").count() > first)
        for _ in range(6):
            before = page.locator(".event").count()
            page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
            eventually(lambda n=before: page.locator(".event").count() > n)
        page.select_option("#filter-day", "2026-07-01")
        eventually(lambda: page.locator("#events h3").count() == 1)


def test_an_event_that_begins_and_ends_is_shown_by_itself(browser, folder):
    going_on = event_at(FIRST + 2 * DAY, "tulip", state="open", end=None, end_s=None,
                        files={"thumbnail": EVENTS[0].files["thumbnail"]})  # fmt: skip
    with shown(browser, folder, is_watching=True) as (page, served):
        served.screen.show(state_of(camera_of("bed", look_of(1))))
        eventually(lambda: page.text_content("#status") == "watching")
        page.evaluate("window.same = true")
        write_events(folder, [going_on], files=False)
        is_shown(page, "tulip", "rose", "daisy", "bee", "daisy")
        eventually(lambda: page.text_content("#status") == "1 event")
        page.get_by_role("button", name="tulip").click()
        page.get_by_text("It goes on").wait_for()
        assert page.get_by_role("button", name="Delete").is_disabled()
        over = event_at(FIRST + 2 * DAY, "tulip")
        write_events(folder, [over])
        until(page, "document.querySelector('#event video')?.readyState >= 2")
        eventually(lambda: page.text_content("#status") == "watching")
        assert page.evaluate("window.same")


def test_tiles_show_cameras_and_one_click_enlarges(browser, tmp_path):
    with shown(browser, tmp_path / "events", is_watching=True) as (page, served):
        page.get_by_text("None yet. One appears here").wait_for()
        gate = camera_of("gate", waiting_for="rtsp://gate/live does not open")
        served.screen.show(state_of(camera_of("bed", look_of(1)), gate))
        bed = page.locator(".tile").first
        eventually(lambda: "sees daisy; daisy 90.0 %" in bed.inner_text())
        page.get_by_text("rtsp://gate/live does not open").wait_for()
        assert page.text_content("#status") == "waiting for a camera"
        until(page, "document.querySelector('.tile img')?.naturalWidth === 320")
        before = bed.bounding_box()["width"]
        bed.click()
        eventually(lambda: bed.bounding_box()["width"] > 1.4 * before)
        served.screen.show(state_of(camera_of("bed", look_of(2)), gate))
        until(page, "document.querySelector('.tile img').src.includes('side=1280&number=2')")
        page.keyboard.press("Escape")
        eventually(lambda: bed.bounding_box()["width"] == pytest.approx(before, abs=2))


def test_what_no_class_fits_is_something_else_on_every_page(browser, tmp_path):
    with shown(browser, tmp_path / "events", is_watching=True) as (page, served):
        served.screen.show(state_of(camera_of("bed", look_of(1, OTHER))))
        page.get_by_text(seen_words(None, is_sure=True)).wait_for()


def test_a_folder_without_events_says_so(browser, tmp_path):
    with shown(browser, write_events(tmp_path / "garden", [])) as (page, _):
        page.get_by_text("This folder has no events.").wait_for()
        assert page.text_content("#source") == "garden"
        assert page.is_hidden("#cameras")
        assert faults(page) == []


def test_the_token_is_asked_for_and_taken_from_the_link(browser, folder):
    with (
        watch_page(folder, ask_token=True) as served,
        browser.context() as context,
    ):
        page = context.new_page()
        page.goto(served.url, wait_until="domcontentloaded")
        page.get_by_role("textbox", name="Token").fill(served.token)
        with page.expect_navigation():  # the page is loaded anew
            page.get_by_role("button", name="Open").click()
        is_shown(page, "rose", "daisy", "bee", "daisy")
        page.get_by_role("button", name="End all logins").click()
        page.locator("#confirm").get_by_role("button", name="End them").click()
        page.get_by_role("textbox", name="Token").wait_for()
