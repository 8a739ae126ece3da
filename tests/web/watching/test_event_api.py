"""The API of the page of events: lists, counts, files with ranges, keep, delete, who may."""

from datetime import timedelta

import pytest
from events_folder import FIRST, event_at, write_events
from support import FakeClock, records
from web.watching.day_folder import HOURS, LOOKS_AN_HOUR, write_day
from web.watching.pages import watch_page

from livecam.errors import SinkError
from livecam.sinks.events.event_log import LOG_NAME, EventLog
from livecam.web.server.middleware import AccessMiddleware, AccessRules

EVENTS = [
    event_at(FIRST, "daisy", "bed"),
    event_at(FIRST + timedelta(hours=1), "bee", "gate"),
    event_at(FIRST + timedelta(days=1), "daisy", "bed", state="cut"),
]
IDS = [event.event for event in reversed(EVENTS)]
TOKEN = "an-example-of-a-secret-1234"  # noqa: S105  (of this test alone)


@pytest.fixture
def page(tmp_path):
    with watch_page(write_events(tmp_path / "garden", EVENTS)) as shown:
        yield shown


def ids(answer):
    return [event["event"] for event in answer["events"]]


def test_events_are_listed_filtered_and_paged(page):
    whole = page.get("/api/events")
    assert ids(whole) == IDS
    assert whole["more"] is False
    first = page.get("/api/events?limit=2")
    assert (ids(first), first["more"]) == (IDS[:2], True)
    assert ids(page.get(f"/api/events?limit=2&after={IDS[1]}")) == IDS[2:]
    newer = page.get(f"/api/events?limit=1&before={IDS[2]}")
    assert (ids(newer), newer["more"]) == ([IDS[1]], True)
    assert ids(page.get(f"/api/events?before={IDS[2]}")) == IDS[:2]
    assert ids(page.get(f"/api/events?before={IDS[2]}&class=daisy")) == [IDS[0]]
    assert ids(page.get(f"/api/events?before={IDS[0]}")) == []
    assert ids(page.get("/api/events?class=daisy&camera=bed&day=2026-07-01")) == [IDS[2]]
    assert ids(page.get("/api/events?hour=7")) == [IDS[1]]
    assert ids(page.get("/api/events?camera=")) == []
    counts = page.get("/api/event-counts?class=daisy")
    assert [(day["day"], day["events"]) for day in counts["days"]] == [
        ("2026-07-02", 1), ("2026-07-01", 1),
    ]  # fmt: skip
    assert counts["days"][1]["hours"][6] == 1
    assert counts["classes"] == [{"name": "bee", "events": 1}, {"name": "daisy", "events": 2}]


def test_an_event_has_what_its_line_has_without_paths(page):
    event = page.get(f"/api/events/{IDS[2]}")
    assert event == page.get("/api/events")["events"][2]
    assert (event["class"], event["camera"], event["state"]) == ("daisy", "bed", "ended")
    assert (event["day"], event["duration_s"], event["looks"]) == ("2026-07-01", 18.0, 35)
    assert event["start"] == "2026-07-01T06:12:03.500+02:00"
    assert event["strongest"]["into_s"] == 1.2
    assert event["files"]["annotated"] == f"{IDS[2]}-map.mp4"
    assert str(page.folder) not in str(event)


@pytest.mark.parametrize(
    "query", ["day=july", "day=2026-7-1", "hour=24", "hour=-1", "limit=0", "limit=9999", "kept=no!"]
)
def test_a_wrong_filter_is_one_sentence(page, query):
    status, _, body = page.request("GET", f"/api/events?{query}")
    assert status == 422
    assert b'{"detail":"' in body


def test_files_are_sent_with_ranges_and_to_be_saved(page):
    address, path = f"/api/events/{IDS[2]}/clean", page.folder / EVENTS[0].files["clean"]
    content = path.read_bytes()
    status, headers, body = page.request("GET", address)
    assert (status, headers["content-type"], body) == (200, "video/mp4", content)
    status, headers, body = page.request("GET", address, Range="bytes=10-19")
    assert (status, body) == (206, content[10:20])
    assert headers["content-range"] == f"bytes 10-19/{len(content)}"
    assert page.request("GET", address, Range="bytes=99999999-")[0] == 416
    saved = page.request("GET", f"{address}?download")[1]["content-disposition"]
    assert saved == f'attachment; filename="{IDS[2]}.mp4"'
    _, headers, body = page.request("GET", f"/api/events/{IDS[2]}/thumbnail?of=now")
    assert (headers["content-type"], body[:2]) == ("image/jpeg", b"\xff\xd8")
    assert headers["cache-control"].startswith("private, max-age=")
    assert page.request("GET", f"/api/events/{IDS[2]}/figures")[2].startswith(b'{"frame"')
    assert page.request("GET", f"/api/events/{IDS[2]}/list")[0] == 422
    path.unlink()
    assert page.request("GET", address)[0] == 404


@pytest.mark.parametrize(
    "path",
    ["..%2f..%2fetc%2fpasswd/clean", "x/clean", "20260701-061203.500-x/clean", "%00/thumbnail",
     "20260701-061203.500-daisy%2f..%2f..%2f../figures"],
)  # fmt: skip
def test_what_is_no_event_is_not_found(page, path):
    assert page.request("GET", f"/api/events/{path}")[0] == 404
    event = path.rpartition("/")[0]
    assert page.request("GET", f"/api/events/{event}")[0] == 404
    assert page.request("PATCH", f"/api/events/{event}", {"kept": True})[0] == 404
    assert page.request("DELETE", f"/api/events/{event}")[0] == 404


def test_an_event_is_kept_and_no_longer(page):
    address, mark = f"/api/events/{IDS[2]}", page.folder / "2026-07-01" / f"{IDS[2]}.keep"
    assert page.request("PATCH", address, {"kept": True})[0] == 200
    assert mark.exists()
    assert ids(page.get("/api/events?kept=true")) == [IDS[2]]
    assert page.get(address)["kept"] is True
    assert page.request("PATCH", address, {"kept": False})[0] == 200
    assert not mark.exists()
    assert page.request("PATCH", address, {"kept": "yes"})[0] == 422


def test_an_event_is_deleted_with_its_files(page):
    before = page.get("/api/watch-state")["revision"]
    assert page.request("DELETE", f"/api/events/{IDS[2]}")[0] == 204
    assert not list(page.folder.glob(f"2026-07-01/{IDS[2]}*"))
    assert ids(page.get("/api/events")) == IDS[:2]
    assert page.get("/api/watch-state")["revision"] > before
    assert page.request("DELETE", f"/api/events/{IDS[2]}")[0] == 404
    last = records((page.folder / LOG_NAME).read_text())[-1]
    assert (last["event"], last["state"]) == (IDS[2], "deleted")


OPEN = event_at(FIRST + timedelta(days=2), state="open", end=None, end_s=None)


def test_an_event_that_a_killed_program_left_open_is_cut(tmp_path):
    """Before, it went on for ever: it could be neither played nor deleted."""
    with watch_page(write_events(tmp_path / "garden", [OPEN])) as page:
        event = page.get(f"/api/events/{OPEN.event}")
        assert (event["state"], event["files"]["clean"]) == ("cut", f"{OPEN.event}.mp4")
        assert any(f"now cut: {OPEN.event}" in line for line in page.said)
        assert page.request("DELETE", f"/api/events/{OPEN.event}")[0] == 204


def test_an_event_of_a_program_that_runs_goes_on(tmp_path):
    folder = write_events(tmp_path / "garden", [OPEN])
    with EventLog(folder), watch_page(folder) as page:
        assert page.get(f"/api/events/{OPEN.event}")["state"] == "open"
        assert len(page.said) == 1


def test_a_folder_that_cannot_be_written_is_shown_all_the_same(tmp_path, monkeypatch):
    def full(*_, **__):
        raise SinkError("the disk is full.")

    monkeypatch.setattr("livecam.assembly.open_watch_page.close_open_events", full)
    with watch_page(write_events(tmp_path / "garden", [OPEN])) as page:
        assert page.get(f"/api/events/{OPEN.event}")["state"] == "open"
        assert any("shown as going on: the disk is full." in line for line in page.said)


def test_below_a_program_that_writes_the_list_nothing_is_deleted(page):
    with EventLog(page.folder):
        status, _, body = page.request("DELETE", f"/api/events/{IDS[2]}")
    assert status == 409
    assert b"livecam watch writes into garden" in body


def test_without_the_token_nothing_is_shown_and_nothing_changed(tmp_path):
    folder = write_events(tmp_path / "garden", EVENTS)
    with watch_page(folder, ask_token=True, token=TOKEN) as page:
        own = {"Authorization": f"Bearer {TOKEN}"}
        for path in ("events", "event-counts", "watch", "watch-state", f"events/{IDS[0]}",
                     f"events/{IDS[0]}/clean", f"events/{IDS[0]}/thumbnail"):  # fmt: skip
            assert page.request("GET", f"/api/{path}")[0] == 401, path
            assert page.request("GET", f"/api/{path}", **own)[0] == 200, path
        for method, body in (("DELETE", None), ("PATCH", {"kept": True})):
            assert page.request(method, f"/api/events/{IDS[0]}", body)[0] == 401
        assert page.request("GET", "/")[0] == page.request("GET", "/healthz")[0] == 200
        status, headers, _ = page.request("POST", "/api/login", {"token": TOKEN})
        assert status == 204
        cookie = {"Cookie": headers["set-cookie"].partition(";")[0]}
        assert page.get("/api/watch", **cookie)["asks_token"] is True
        assert page.request("DELETE", "/api/logins", **cookie)[0] == 200
        assert page.request("GET", "/api/watch", **cookie)[0] == 401
    assert not list(folder.glob("*/*.keep"))


def test_another_site_reads_and_changes_nothing(page):
    foreign = {"Origin": "http://evil.example"}
    assert page.request("DELETE", f"/api/events/{IDS[0]}", **foreign)[0] == 403
    assert page.request("GET", "/api/events", Host="evil.example")[0] == 421
    embedded = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert page.request("GET", f"/api/events/{IDS[0]}/thumbnail", **embedded)[0] == 403
    assert ids(page.get("/api/events")) == IDS


def test_the_page_has_the_same_security_headers(page):
    _, headers, body = page.request("GET", "/")
    assert b"<title>livecam events</title>" in body
    assert "default-src 'none'; script-src 'self'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


def test_many_pictures_of_the_timeline_are_no_flood():
    """A fast hand scrolls by hundreds of them; other requests keep their limit."""
    middleware = AccessMiddleware(None, AccessRules(clock=FakeClock()))

    def allowed(path, *, changes=False):
        return [middleware._is_within_limits(path, "me", changes=changes) for _ in range(600)]

    assert all(allowed(f"/api/events/{IDS[0]}/thumbnail"))
    assert not all(allowed(f"/api/events/{IDS[0]}/clean"))
    assert not all(allowed(f"/api/events/{IDS[0]}/thumbnail", changes=True))


def test_a_day_has_counts_maps_and_a_time_lapse_of_each_camera(tmp_path):
    folder = tmp_path / "garden"
    write_events(folder, [event_at(camera="the pot_2")])
    events = write_day(folder, "the pot_2", ("daisy", "barn spider"))
    write_day(folder, "", ("bee",))
    (folder / "2026-07-01" / "timelapse_2.mp4").write_bytes(b"the second film")
    (folder / "2026-07-01" / "counts.unreadable.json").write_text("no record")
    with watch_page(folder) as page:
        day = page.get("/api/days/2026-07-01")
        plain, pot = day["cameras"]
        assert (plain["camera"], pot["camera"]) == ("", "the pot_2")
        assert [film["file"] for film in plain["timelapses"]] == [
            "timelapse.mp4",
            "timelapse_2.mp4",
        ]
        assert [film["file"] for film in pot["timelapses"]] == ["timelapse-the_pot_2.mp4"]
        assert sum(hour["events"] for hour in pot["hours"]) == len(events)
        assert {hour["class"] for hour in pot["hours"]} == {"daisy", "barn spider"}
        files = {of["class"]: of["file"] for of in pot["maps"]}
        assert files["barn spider"] == "map-barn_spider-the_pot_2.jpg"
        assert [of["looks"] for of in pot["maps"]] == 2 * [LOOKS_AN_HOUR * len(HOURS)]
        status, headers, body = page.request("GET", f"/api/days/2026-07-01/{files['daisy']}")
        assert (status, headers["content-type"], body[:2]) == (200, "image/jpeg", b"\xff\xd8")
        film = "/api/days/2026-07-01/timelapse.mp4"
        status, headers, body = page.request("GET", film, Range="bytes=4-7")
        assert (status, headers["content-type"], body) == (206, "video/mp4", b"ftyp")
        assert page.get("/api/days/2026-07-02") == {"day": "2026-07-02", "cameras": []}


@pytest.fixture(scope="module")
def day_page(tmp_path_factory):
    """The page of a day that has files of others among its own."""
    outside = tmp_path_factory.mktemp("day")
    folder = outside / "garden"
    write_day(folder, "", ("bee",))
    (outside / "away.jpg").write_bytes(b"elsewhere")
    (folder / "2026-07-01" / "map-away.jpg").symlink_to(outside / "away.jpg")
    (folder / "2026-07-01" / "x.mp4").write_bytes(b"another film")
    with watch_page(folder) as page:
        yield page


@pytest.mark.parametrize(
    "name",
    ["counts.json", "..%2Fevents.jsonl", "map-%2e%2e.jpg", "map-away.jpg", "map-none.jpg", "x.mp4"],
)
def test_of_a_day_no_other_files_are_given(day_page, name):
    assert day_page.request("GET", "/api/days/2026-07-01/map-bee.jpg")[0] == 200
    assert day_page.request("GET", f"/api/days/2026-07-01/{name}")[0] == 404


@pytest.mark.parametrize("day", ["0", "1782856800", "2026-7-1", "2026-02-30", "july"])
def test_what_is_no_day_is_refused(day_page, day):
    assert day_page.request("GET", f"/api/days/{day}")[0] == 422
