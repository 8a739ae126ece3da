"""The API of a real server: what is read comes from the loop, commands reach it."""

import cv2
import numpy as np
import pytest
from support import eventually, probe
from web.serving import serving
from websockets.sync.client import connect

import json
import socket


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("served")) as program:
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
    assert served.get(address, Range="bytes=999999999-").status == 416
    saved = served.get(address + "?download").headers["content-disposition"]
    assert saved == f'attachment; filename="{video["name"]}"'
    for file in files:
        assert str(served.folder) not in json.dumps(file)


def test_the_websocket_sends_the_state_and_receives_the_pointer(served):
    with connect(f"ws://127.0.0.1:{served.port}/api/live") as live:
        first = json.loads(live.recv(10))
        live.send(json.dumps({"drag": {"dx_px": 30, "dy_px": 10}}))
        live.send(json.dumps({"wheel": {"steps": 1}}))
        second = json.loads(live.recv(10))
        while second["number"] == first["number"]:  # no new picture yet
            second = json.loads(live.recv(10))
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
