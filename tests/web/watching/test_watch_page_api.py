"""Watched cameras on the page: their state, their pictures, the WebSocket and /healthz."""

import json

import cv2
import numpy as np
import pytest
from events_folder import event_at, write_events
from support import FakeClock
from web.watching.pages import camera_of, look_of, state_of, watch_page
from websockets.sync.client import connect

from livecam.core.view import View
from livecam.core.watching.drawn_look import draw_look
from livecam.web.watching.watch_hub import WatchHub

VIEW = View(class_index=0, class_cycle=(0,))


@pytest.fixture
def page(tmp_path):
    with watch_page(tmp_path / "events", is_watching=True) as shown:
        shown.screen.draw_with(lambda look: draw_look(look, VIEW))
        yield shown


def picture_of(page, number=0, query=""):
    status, headers, body = page.request("GET", f"/api/watched/{number}/frame.jpg{query}")
    assert (status, headers["content-type"]) == (200, "image/jpeg"), body
    return cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR)


def test_cameras_are_shown_with_what_they_saw(page):
    assert page.get("/api/watch") == page.get("/api/watch") | {"watching": True, "title": "events"}
    page.screen.show(
        state_of(camera_of("bed", look_of(1), open_events=("x",), events=3), camera_of("gate"))
    )
    bed, gate = page.get("/api/watch-state")["cameras"]
    assert (bed["name"], bed["title"], bed["number"]) == ("bed", "rtsp://bed/live", 1)
    assert (bed["seen"], bed["classes"]) == ("daisy", {"daisy": 0.9})
    assert (bed["width"], bed["height"], bed["going_on"], bed["events"]) == (320, 240, ["x"], 3)
    assert bed["at"] == "2026-07-01T06:12:01.500+02:00"
    assert (gate["number"], gate["at"], gate["seen"]) == (0, None, "")
    assert page.request("GET", "/api/watched/1/frame.jpg")[0] == 503
    assert page.request("GET", "/api/watched/2/frame.jpg")[0] == 404


def test_a_picture_has_its_map_and_the_size_that_is_asked_for(page):
    look = look_of(4)
    page.screen.show(state_of(camera_of("bed", look)))
    shown = picture_of(page)
    assert shown.shape == (240, 320, 3)
    heat = np.abs(shown.astype(int) - look.frame).mean(axis=2)
    assert heat[90, 160] > heat[:, :30].mean() + 10  # the largest cell; outside of the square
    assert picture_of(page, query="?side=64").shape == (48, 64, 3)
    for side in (63, 4000):
        assert page.request("GET", f"/api/watched/0/frame.jpg?side={side}")[0] == 422


def test_a_picture_that_stands_still_is_the_same_picture(page):
    page.screen.show(state_of(camera_of("bed", look_of(1))))
    page.screen.show(state_of(camera_of("bed", look_of(2), is_still=True)))
    (bed,) = page.get("/api/watch-state")["cameras"]
    assert (bed["number"], bed["still"]) == (1, True)
    assert bed["at"] == "2026-07-01T06:12:02.500+02:00"  # and that it was seen is shown
    page.screen.show(state_of(camera_of("bed", look_of(3))))
    assert page.get("/api/watch-state")["cameras"][0]["number"] == 2


def test_a_picture_is_drawn_only_when_somebody_looks(page):
    drawn = []
    page.screen.draw_with(lambda look: drawn.append(look) or look.frame)
    for number in range(5):
        page.screen.show(state_of(camera_of("bed", look_of(number))))
    assert drawn == []
    for _ in range(3):
        picture_of(page)
    assert len(drawn) == 1


def test_the_websocket_tells_what_changes_in_cameras_and_events(page):
    page.screen.show(state_of(camera_of("bed", look_of(1))))
    with connect(f"ws{page.url.removeprefix('http')}api/live") as live:
        state = json.loads(live.recv(60))
        assert state["cameras"][0]["number"] == 1
        page.screen.show(state_of(camera_of("bed", look_of(2))))
        state = json.loads(live.recv(60))
        assert state["cameras"][0]["number"] == 2
        write_events(page.folder, [event_at(state="open", end=None, end_s=None)], files=False)
        while not json.loads(live.recv(60))["going_on"]:
            pass
        write_events(page.folder, [event_at()], files=False)
        while json.loads(live.recv(60))["going_on"]:
            pass


def test_a_state_that_is_the_same_is_told_once():
    hub, told = WatchHub(is_watching=True), []
    hub.on_change(lambda: told.append(hub.number))
    look = look_of(1)
    for _ in range(10):
        hub.show(state_of(camera_of("bed", look)))
    assert len(told) == 1
    hub.show(state_of(camera_of("bed", look, waiting_for="the source is lost")))
    assert len(told) == 2


def test_health_is_red_until_the_first_state_and_where_a_camera_was_not_looked_at_for_a_minute():
    clock = FakeClock(1000.0)
    hub = WatchHub(is_watching=True, clock=clock)
    assert hub.problem() == "livecam is starting."
    bed, gate = camera_of("bed", look_of(looked_s=1000.0)), camera_of("gate")
    hub.show(state_of(bed, gate, began_s=1000.0))
    clock.sleep(60.0)
    assert hub.problem() == ""
    clock.sleep(1.0)
    assert hub.problem() == "a camera was not looked at for 61 s."
    hub.show(state_of(camera_of("bed", look_of(2, looked_s=1061.0)), gate, began_s=1000.0))
    assert hub.problem() != ""  # there is still the other one
    hub.show(state_of(bed, camera_of("gate", is_over=True), began_s=1000.0))
    assert hub.problem() == "a camera was not looked at for 61 s."
    assert WatchHub(is_watching=False).problem() == ""


def test_healthz_answers_as_services_ask(page, tmp_path):
    status, _, body = page.request("GET", "/healthz")
    assert (status, json.loads(body)["detail"]) == (503, "livecam is starting.")
    page.screen.show(state_of(camera_of("bed", look_of(1))))
    assert page.get("/healthz") == {"status": "ok"}
    page.screen.show(state_of(camera_of("bed", look_of(2, looked_s=-1000.0)), began_s=-2000.0))
    assert page.request("GET", "/healthz")[0] == 503
    assert "not looked at" in page.get("/api/watch-state")["problem"]
    with watch_page(write_events(tmp_path / "old", []), is_watching=False) as old:
        assert old.get("/healthz") == {"status": "ok"}


def test_without_serve_there_is_no_page(tmp_path):
    with watch_page(tmp_path, serve=False) as page:
        assert page.screen is None
        assert page.said == []


def test_the_metrics_are_those_of_the_cameras(page):
    waiting = camera_of("gate", waiting_for="it does not open", events=2)
    page.screen.show(state_of(camera_of("bed", look_of(1)), waiting))
    status, _, body = page.request("GET", "/metrics")
    values = dict(line.rsplit(" ", 1) for line in body.decode().splitlines() if line[0] != "#")
    assert status == 200
    assert float(values['livecam_class_probability{camera="bed",class="daisy"}']) == 0.9
    assert float(values['livecam_camera_waiting{camera="gate"}']) == 1
    assert float(values['livecam_camera_events_total{camera="gate"}']) == 2
    assert 0 <= float(values['livecam_camera_unseen_seconds{camera="bed"}']) < 600
    assert float(values["livecam_events_going_on"]) == 0
