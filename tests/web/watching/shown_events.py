"""A folder of four events, and the page of events in a browser."""

from contextlib import contextmanager
from datetime import timedelta

from events_folder import FIRST, event_at
from web.browser import open_page
from web.watching.pages import watch_page

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENTS = [
    event_at(FIRST, "daisy", "bed"),
    event_at(FIRST + HOUR, "bee", "gate", probability=0.912),
    event_at(FIRST + DAY, "daisy", "bed", state="cut"),
    event_at(FIRST + DAY + HOUR, "rose", "bed"),
]


@contextmanager
def shown(browser, folder, *, is_watching=False, path="", **options):
    with (
        watch_page(folder, is_watching=is_watching) as served,
        open_page(browser, served.url + path, has_begun=False, **options) as page,
    ):
        yield page, served


def cards(page):
    return page.locator(".event").evaluate_all("all => all.map((e) => e.ariaLabel)")
