"""The view of a day on the page of events: hours, maps, time-lapse."""

from collections import Counter

import pytest
from events_folder import FIRST, event_at, write_events
from support import eventually
from web.browser import until
from web.page_actions import faults
from web.watching.day_folder import HOURS, LOOKS_AN_HOUR, write_day
from web.watching.shown_events import EVENTS, cards, shown

REFRESH_MS = 60_000  # so often the page looks for new records of the day (day_view.js)


@pytest.fixture
def folder(tmp_path):
    return write_events(tmp_path / "garden", EVENTS)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A folder with the records of a day of two cameras, for tests that only look; the events."""
    folder = write_events(tmp_path_factory.mktemp("recorded") / "garden", EVENTS)
    events = write_day(folder, "bed", ("daisy", "barn spider"))
    write_day(folder, "gate", ("bee",), size=(480, 270))
    return folder, events


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1280, 800, "light"), (1280, 800, "dark"), (360, 740, "light")]
)
def test_a_day_fits_every_screen_and_has_no_serious_fault(browser, recorded, width, height, scheme):
    view = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
    with shown(browser, recorded[0], **view) as (page, _):
        page.select_option("#filter-day", "2026-07-01")
        page.get_by_role("heading", name="The day: Wed, July 1, 2026").wait_for()
        until(page, "document.querySelectorAll('.day-camera').length === 2")
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_date_of_the_chosen_day_is_shown_whole(browser, tmp_path):
    longest = FIRST.replace(month=9, day=30)
    folder = write_events(tmp_path / "garden", [event_at(longest, "daisy", "bed")])
    with shown(browser, folder, viewport={"width": 1280, "height": 800}) as (page, _):
        page.select_option("#filter-day", "2026-09-30")
        width, natural = page.evaluate("""() => {
            const select = document.querySelector("#filter-day");
            const width = select.offsetWidth;
            select.style.maxWidth = "none"; // then a list is as wide as its longest text
            return [width, select.offsetWidth];
        }""")
        assert page.locator("#filter-day option:checked").inner_text().startswith("Wed, September")
        assert width == natural


def test_a_day_has_its_hours_its_maps_and_its_time_lapse(browser, recorded):
    folder, events = recorded
    told = {name: Counter() for name in ("daisy", "barn spider")}
    for event in events:
        told[event.class_name][event.start.hour] += 1
    looks = LOOKS_AN_HOUR * len(HOURS)
    with shown(browser, folder) as (page, _):
        eventually(lambda: cards(page))
        assert page.is_hidden("#day")
        page.get_by_role("button", name="Wed, July 1, 2026").click()
        page.get_by_role("heading", name="The day: Wed, July 1, 2026").wait_for()
        assert page.locator(".day-camera h3").all_text_contents() == ["bed", "gate"]
        page.select_option("#filter-camera", "bed")
        until(page, "document.querySelectorAll('.day-camera').length === 1")
        for name, hours in told.items():
            words = ", ".join(f"{hour:02}:00 {hours[hour]}" for hour in sorted(hours))
            row = page.get_by_role("img", name=f"{name} by hour: {words}")
            heights = row.locator("span").evaluate_all(
                "all => all.map((e) => parseFloat(getComputedStyle(e, '::after').height))"
            )
            most = max(count for of in told.values() for count in of.values())
            tallest = row.evaluate("(e) => e.firstChild.clientHeight")
            wanted = [tallest * hours[hour] / most for hour in range(24)]
            assert heights == pytest.approx(wanted, abs=1)
        look = page.get_by_role(
            "img", name=f"Map of the day. Where daisy was seen: mean of {looks} looks"
        )
        eventually(lambda: look.evaluate("(e) => e.naturalWidth") == 320)
        video = "document.querySelector('.day video')"
        until(page, f"{video}.readyState >= 1")
        assert page.evaluate(f"{video}.duration") == pytest.approx(looks / 24, abs=0.1)
        page.evaluate(f"{video}.play()")
        until(page, f"{video}.currentTime > 0.1")
        page.get_by_role("button", name="All days").click()
        eventually(lambda: page.is_hidden("#day"))
        assert page.evaluate("document.activeElement.id") == "filter-day"


def test_a_time_lapse_that_grows_is_not_begun_anew_while_it_plays(browser, folder):
    write_day(folder, "bed", ("daisy",), hours=range(5, 12))
    with shown(browser, folder, prepare=lambda page: page.clock.install()) as (page, _):
        eventually(lambda: cards(page))
        page.get_by_role("button", name="Wed, July 1, 2026").click()
        video = "document.querySelector('.day video')"
        until(page, f"{video}?.readyState >= 1")
        page.evaluate(f"window.first = {video}; {video}.currentTime = 0.5")
        write_day(folder, "bed", ("daisy",), hours=range(12, 16))
        page.clock.fast_forward(REFRESH_MS)
        looks = 11 * LOOKS_AN_HOUR
        until(
            page,
            f"document.querySelector('.day figcaption')?.textContent.endsWith('{looks} looks')",
        )
        assert page.evaluate(f"window.first === {video}")
        assert page.evaluate(f"{video}.currentTime") == pytest.approx(0.5, abs=0.05)
