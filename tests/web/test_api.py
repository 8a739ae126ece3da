"""The API of a real server: what is read comes from the loop, commands reach it."""

import cv2
import numpy as np
import pytest
from support import eventually, probe
from web.serving import serving
from websockets.sync.client import connect

import http.client
import json
import re
import socket
from datetime import datetime, timedelta


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("served"), "--rate-limit", "20") as program:
        yield program


def test_the_state_names_the_figures_as_stats_does(served):
    state = served.state()
    assert state["figures"]["class"] == "daisy"
    assert state["figures"]["probability"] > 0.5
    assert len(state["figures"]["top"]) == 5
    assert (state["width"], state["height"]) == (640, 480)
    eventually(lambda: 0 <= served.state()["age_ms"] < 2000)


def test_the_activation_is_the_map_that_the_figures_come_from(served):
    activation = served.get("/api/activation").json
    grid = np.array(activation["grid"])
    assert grid.shape == (7, 7)
    assert grid.max() == pytest.approx(activation["max"], abs=1e-4)
    assert grid.mean() == pytest.approx(activation["mean"], abs=1e-4)
    assert np.unravel_index(grid.argmax(), grid.shape) == tuple(activation["peak"])


def test_area_and_detail_are_settings_like_others(served):
    state = served.state()
    assert (state["settings"]["area"], state["settings"]["detail"]) == ("square", 1)
    assert state["box"] == {"left": 80, "top": 0, "width": 480, "height": 480}
    answer = served.change(area="frame", detail=2)
    assert answer.json["box"] == {"left": 0, "top": 0, "width": 640, "height": 480}
    activation = served.get("/api/activation").json
    grid, (row, column) = np.array(activation["grid"]), activation["window"]
    assert grid.shape == (14, 19)
    assert (row, column) != (0, 0)
    for wrong in ({"area": "all"}, {"detail": 4}, {"detail": "2"}, {"detail": 1.5}):
        assert served.request("PATCH", "/api/settings", wrong).status == 422
    keys = [served.request("POST", "/api/key", {"key": key}).json["settings"] for key in "wgg"]
    assert [(one["area"], one["detail"]) for one in keys] == [
        ("square", 2), ("square", 3), ("square", 1),
    ]  # fmt: skip


def test_the_frame_is_a_jpeg_of_the_full_size(served):
    answer = served.get("/api/frame.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert cv2.imdecode(np.frombuffer(answer.body, np.uint8), cv2.IMREAD_COLOR).shape == (
        480,
        640,
        3,
    )


def test_a_changed_setting_is_in_the_state_of_the_response(served):
    answer = served.change(opacity=0.25, colormap="viridis", act_max="auto", class_="rose")
    settings = answer.json["settings"]
    assert answer.status == 200
    assert settings["opacity"] == 0.25
    assert settings["colormap"] == "viridis"
    assert settings["act-max"] == "auto"
    assert settings["class"] == "rose" == served.state()["figures"]["class"]
    settings = served.change(act_max=30, class_=0, opacity=0.5).json["settings"]
    assert (settings["act-max"], settings["class"]) == (30.0, "daisy")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"opacity": 1.5}, "opacity"),
        ({"gain": 0}, "gain"),
        ({"act_max": 5000}, "act-max"),
        ({"colormap": "pink"}, "colormap"),
        ({"class_": "car"}, "'car'"),
        ({"class_": "other"}, "has no map"),
        ({"class_": 99}, "99"),
        ({"nonsense": 1}, "nonsense"),
        ({"paused": "yes"}, "paused"),
    ],
)
def test_an_invalid_setting_is_refused_in_one_sentence_and_changes_nothing(served, change, words):
    before = served.settings()
    answer = served.change(**change)
    assert answer.status == 422
    assert words in answer.json["detail"]
    assert "\n" not in answer.json["detail"]
    assert served.settings() == before


def test_every_key_of_the_table_can_be_pressed(served):
    keys = [key for entry in served.get("/api/overview").json["keys"] for key in entry["keys"]]
    assert {"o", "r", "S", " "} <= set(keys)
    before = served.settings()
    assert served.request("POST", "/api/key", {"key": "o"}).json["settings"]["overlay"] is False
    assert served.request("POST", "/api/key", {"key": "o"}).json["settings"] == before
    assert served.request("POST", "/api/key", {"key": "x"}).status == 422


def test_the_search_finds_classes_by_any_part_of_any_name(served):
    assert [c["names"][0] for c in served.get("/api/classes?search=flower").json] == ["sunflower"]
    assert len(served.get("/api/classes").json) == 5
    assert served.get("/api/classes?search=zebra").json == []


def test_the_class_can_follow_what_is_seen(served):
    settings = served.change(class_="auto").json["settings"]
    assert settings["class"] == "auto"
    eventually(lambda: served.state()["figures"]["class"] == "daisy")
    assert served.change(class_="rose").json["settings"]["class"] == "rose"
    assert served.change(class_="daisy").json["settings"]["class"] == "daisy"


def test_the_other_class_of_a_pair_is_in_the_state(served):
    state = served.change(view="pair", class_="daisy").json
    assert state["second"]["class"] == "dandelion"  # the next one
    assert state["second"].keys() == {"class", "max", "mean", "probability"}
    assert served.change(view="colour").json["second"] is None


def test_the_figures_have_the_time_of_day(served):
    at = datetime.fromisoformat(served.state()["figures"]["at"])
    assert abs(datetime.now().astimezone() - at) < timedelta(minutes=5)


def test_a_recording_and_snapshots_are_listed_by_id_and_support_ranges(served):
    assert served.request("POST", "/api/recording", {"recording": True}).status == 200
    assert served.request("POST", "/api/recording", {"recording": True}).status == 200
    eventually(lambda: (served.state()["recording"]["seconds"] or 0) >= 1.0)
    served.request("POST", "/api/recording", {"recording": False})
    served.request("POST", "/api/snapshot", {"clean": False})
    served.request("POST", "/api/snapshot", {"clean": True})
    files = eventually(lambda: len(f := served.get("/api/recordings").json) == 3 and f)
    video = next(file for file in files if file["kind"] == "video")
    address = f"/api/recordings/{video['id']}"
    whole = served.get(address)
    assert whole.body == (served.folder / video["name"]).read_bytes()
    assert probe(served.folder / video["name"]).duration_s > 1.0
    part = served.get(address, Range="bytes=100-199")
    assert (part.status, part.body) == (206, whole.body[100:200])
    beyond = served.get(address, Range="bytes=999999999-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{len(whole.body)}")
    assert "bytes" in beyond.json["detail"]
    for ignored in ("bytes=5-1", "bytes=a-b", "x=0-1", "0-1", "bytes=1_0-2_0", "bytes=+1-2"):
        answer = served.get(address, Range=ignored)
        assert (answer.status, answer.body) == (200, whole.body), ignored
    first = served.get(address, Range="bytes=0-3, 999999999-")
    assert (first.status, first.body) == (206, whole.body[:4])
    stale = {"Range": "bytes=999999999-", "If-Range": '"of-another-file"'}
    assert served.get(address, **stale).status == 200
    about = served.request("HEAD", address, headers={"Range": "bytes=0-3"})
    assert (about.status, about.body) == (200, b"")
    for name in ("content-length", "content-type", "etag", "accept-ranges"):
        assert about.headers[name] == whole.headers[name]
    saved = served.get(address + "?download").headers["content-disposition"]
    assert saved == f'attachment; filename="{video["name"]}"'
    for file in files:
        assert str(served.folder) not in json.dumps(file)


@pytest.mark.parametrize(
    "path",
    ["/", "/static/dom.js", "/api/frame.jpg", "/api/stream.mjpg", "/api/state", "/healthz",
     "/metrics", "/api/recordings"],
)  # fmt: skip
def test_head_is_answered_as_get_is_without_the_body(served, path):
    about = served.request("HEAD", path)
    assert (about.status, about.body) == (200, b"")
    if path != "/api/stream.mjpg":  # which has no end
        assert about.headers["content-type"] == served.get(path).headers["content-type"]
    assert served.request("HEAD", "/api/key").status == 405
    assert served.request("HEAD", "/nothing").status == 404


def test_the_websocket_sends_the_state_and_receives_the_pointer(served):
    with connect(f"ws://127.0.0.1:{served.port}/api/live") as live:
        first = json.loads(live.recv(30))
        live.send(json.dumps({"drag": {"dx_px": 30, "dy_px": 10}}))
        live.send(json.dumps({"wheel": {"steps": 1}}))
        second = json.loads(live.recv(30))
        while second["number"] == first["number"]:  # no new picture yet
            second = json.loads(live.recv(30))
        assert second["number"] > first["number"]
        assert second["viewers"] >= 1


def metrics(served):
    return served.get("/metrics").body.decode()


def test_the_metrics_are_those_of_the_state(served):
    text = metrics(served)
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
    assert float(values["livecam_frames_total"]) > 1
    assert 0 <= float(values['livecam_class_probability{class="daisy"}']) <= 1
    assert float(values["livecam_recording"]) == 0


def first_parts(served, query, count):
    """The first parts of the stream, each its head and its body."""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    connection.request("GET", f"/api/stream.mjpg{query}")
    response = connection.getresponse()
    assert "multipart/x-mixed-replace; boundary=" in response.headers["content-type"]
    boundary = b"--" + response.headers["content-type"].partition("boundary=")[2].encode()
    data = b""
    while data.count(boundary) <= count:
        data += response.read1(65536)
    connection.close()
    parts = [part.partition(b"\r\n\r\n") for part in data.split(boundary)[1 : count + 1]]
    return [(head, body.removesuffix(b"\r\n")) for head, _, body in parts]


@pytest.mark.parametrize("query", ["", "?ahead=1&7"])
def test_the_stream_gives_whole_jpegs_that_differ(query, served):
    parts = first_parts(served, query, 3)
    assert len({jpeg for _, jpeg in parts}) == 3
    for head, jpeg in parts:
        assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).shape == (480, 640, 3)
        assert (b"Content-Length: %d" % len(jpeg) in head) == (not query)
    eventually(lambda: 'livecam_viewers{kind="picture"} 0.0' in metrics(served))


def test_a_viewer_who_leaves_a_paused_stream_is_no_longer_counted(served):
    served.change(paused=True)
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as raw:
        raw.sendall(b"GET /api/stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        eventually(lambda: 'livecam_viewers{kind="picture"} 1.0' in metrics(served))
    eventually(lambda: 'livecam_viewers{kind="picture"} 0.0' in metrics(served))
    served.change(paused=False)


def test_the_stream_alone_has_figures_and_the_plain_one_for_the_page_has_none(served):
    served.change(paused=True, overlay=False)

    def corner(query):
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        connection.request("GET", f"/api/stream.mjpg{query}")
        response = connection.getresponse()
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += response.read(1)
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])
        jpeg = np.frombuffer(response.read(length), np.uint8)
        connection.close()
        return cv2.imdecode(jpeg, cv2.IMREAD_COLOR)[10:70, 50:160].astype(int)

    plain, annotated = corner("?plain=1"), corner("")
    assert np.median(annotated) < 0.8 * np.median(plain)  # a dark panel
    still = served.get("/api/frame.jpg").body
    full = cv2.imdecode(np.frombuffer(still, np.uint8), cv2.IMREAD_COLOR)
    assert np.abs(full[10:70, 50:160].astype(int) - annotated).mean() < 2
    served.change(paused=False, overlay=True)


def test_the_frame_on_the_screen_is_judged_and_its_picture_can_be_had(served):
    assert served.get("/api/judged.jpg").status == 404
    assert served.change(judged=True).json["settings"]["judged"]

    def whole():
        found = served.state()["judgement"]
        return found if found and found["insertion_area"] is not None else None

    judgement = eventually(whole)
    assert judgement["class"] == served.state()["figures"]["class"]
    assert len(judgement["deletion"]) == len(judgement["insertion"]) == judgement["steps"] + 1
    assert judgement["done"] == 1.0
    assert judgement["deletion"][0] == judgement["insertion"][-1]
    assert judgement["probability"] == pytest.approx(judgement["deletion"][0], abs=1e-4)
    assert judgement["deletion_area"] < judgement["insertion_area"]
    answer = served.get("/api/judged.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    shown = cv2.imdecode(np.frombuffer(answer.body, np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape == (240, 240, 3)
    assert served.change(judged=False).json["judgement"] is None
