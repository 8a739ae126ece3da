"""Where things are on the page of events: at 200 % zoom, with long names."""

from events_folder import FIRST, event_at, write_events
from web.browser import open_page, until
from web.watching.pages import watch_page

LONG = "Great_spotted_woodpecker_of_the_very_long_name_that_somebody_typed_without_a_space"
LINES_OF_FILTER = """[...document.querySelectorAll("#filter label[for]")].map((label) => {
  const [of, control] = [label, label.control].map((one) => one.getBoundingClientRect());
  return Math.abs(of.top + of.bottom - control.top - control.bottom) / 2;
})"""


def test_long_names_are_whole_and_a_label_stands_beside_its_list(browser, tmp_path):
    events = [event_at(FIRST, LONG, "bed"), event_at(FIRST.replace(hour=9), "rose", "pot")]
    folder = write_events(tmp_path / "garden", events)
    view = {"width": 640, "height": 450}  # as 1280 x 900 at 200 %
    with (
        watch_page(folder, is_watching=False) as served,
        open_page(browser, served.url, has_begun=False, viewport=view) as page,
    ):
        until(page, "document.querySelectorAll('.event').length === 2")
        for width in (640, 720, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert max(page.evaluate(LINES_OF_FILTER)) < 3
        page.locator(".event").last.click()
        page.get_by_role("button", name="Delete").click()
        until(page, "document.querySelector('#confirm').open")
        assert page.evaluate("""(() => {
          const dialog = document.querySelector("#confirm");
          return dialog.scrollWidth <= dialog.clientWidth;
        })()""")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
