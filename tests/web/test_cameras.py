"""The list of cameras on the page, with two cameras behind drivers that draw their pictures."""

import json

import cv2
import pytest
from support import eventually
from web.browser import open_page, pixels, until
from web.serving import serving
import itertools

TWO_CAMERAS = """
import time
from types import SimpleNamespace
import numpy as np
from livecam.sources.camera import camera_source, listing

NAMES = {0: "Built-in camera", 2: "Microscope"}
listing._enumerate_cameras = lambda *_: [
    SimpleNamespace(index=n, backend=200, name=name, path=f"/dev/video{n}", vid=1, pid=1)
    for n, name in NAMES.items()
]
listing.query_modes = lambda _: None

class Driver:
    def __init__(self, device):
        self.blue = str(device)[-1] == "2"
        self.count = 0
    def isOpened(self): return True
    def read(self):
        time.sleep(0.05)
        self.count += 1
        size, colour = ((120, 160), (200, 60, 20)) if self.blue else ((240, 320), (20, 60, 200))
        picture = np.full((*size, 3), colour, np.uint8)
        picture[:8, :8] = self.count % 250
        return True, picture
    def get(self, _): return 20.0
    def set(self, *_): return True
    def getBackendName(self): return "V4L2"
    def release(self): pass

camera_source.create_camera_source.__kwdefaults__["open_driver"] = lambda device, _: Driver(device)
"""
LATE = f"""{TWO_CAMERAS}
tries = []
Driver.isOpened = lambda _: tries.append(0) or len(tries) > 2
"""
"""The camera is attached after two tries."""

TOKEN = "an-example-for-the-cameras"  # noqa: S105  (of this test alone)
SHOWN = "document.querySelector('#camera').selectedOptions[0]?.textContent"


@pytest.fixture(scope="module")
def cameras(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cameras")
    with serving(folder, "--token", TOKEN, source="0", before=TWO_CAMERAS) as program:
        yield program


def asked(program, method, path, body=None):
    return program.request(method, path, body, {"Authorization": f"Bearer {TOKEN}"})


def test_the_api_lists_the_cameras_and_switches(cameras):
    listed = asked(cameras, "GET", "/api/cameras").json
    assert listed == [
        {"number": 0, "name": "Built-in camera", "shown": True},
        {"number": 2, "name": "Microscope", "shown": False},
    ]
    refused = asked(cameras, "POST", "/api/camera", {"number": 5})
    assert refused.status == 422
    assert "0 (Built-in camera), 2 (Microscope)" in refused.json["detail"]
    after = asked(cameras, "POST", "/api/camera", {"number": 2}).json
    assert [entry["shown"] for entry in after] == [False, True]
    eventually(lambda: asked(cameras, "GET", "/api/state").json["source"] == "Microscope")
    after = asked(cameras, "POST", "/api/camera", {"number": 0}).json
    assert [entry["shown"] for entry in after] == [True, False]
    eventually(lambda: asked(cameras, "GET", "/api/state").json["source"] == "Built-in camera")
    eventually(lambda: any("now showing Microscope" in line for line in cameras.stderr_lines))


def test_the_page_shows_the_chosen_camera_and_other_pages_follow(browser, cameras):
    with open_page(browser, cameras.link) as page, open_page(browser, cameras.link) as other:
        until(page, f"{SHOWN} === '0: Built-in camera'")
        red = lambda: pixels(page)[60, 10, 0] > pixels(page)[60, 10, 2]  # noqa: E731
        eventually(red)
        page.select_option("#camera", "2")
        for viewer in (page, other):
            until(viewer, f"{SHOWN} === '2: Microscope'")
            until(viewer, "document.title.startsWith('Microscope')")
        blue = lambda: pixels(page)[60, 10, 2] > pixels(page)[60, 10, 0]  # noqa: E731
        eventually(blue)
        page.select_option("#camera", "0")
        until(other, f"{SHOWN} === '0: Built-in camera'")


def recorded_s(program):
    return asked(program, "GET", "/api/state").json["recording"]["seconds"] or 0.0


def test_a_recording_goes_on_with_the_other_cameras_pictures(cameras):
    asked(cameras, "POST", "/api/camera", {"number": 0})
    asked(cameras, "POST", "/api/recording", {"recording": True})
    eventually(lambda: recorded_s(cameras) >= 1.0)
    asked(cameras, "POST", "/api/camera", {"number": 2})
    eventually(lambda: asked(cameras, "GET", "/api/state").json["source"] == "Microscope")
    until_s = recorded_s(cameras) + 1.0
    eventually(lambda: recorded_s(cameras) >= until_s)
    asked(cameras, "POST", "/api/recording", {"recording": False})
    (path,) = eventually(lambda: [p for p in cameras.folder.glob("*.mp4") if decoded(p)])
    pictures = decoded(path)
    corners = [picture[120, 20] for picture in pictures]  # outside of the heat
    assert corners[0][2] > corners[0][0]  # red
    assert corners[-1][0] > corners[-1][2]  # blue
    changes = sum((a[0] > a[2]) != (b[0] > b[2]) for a, b in itertools.pairwise(corners))
    assert changes == 1
    assert {picture.shape[:2] for picture in pictures} == {(240, 320)}


def decoded(path):
    """The pictures of a recording; none while it is not finished."""
    video, pictures = cv2.VideoCapture(str(path)), []
    while True:
        success, picture = video.read()
        if not success:
            return pictures
        pictures.append(picture)


def test_a_camera_that_is_not_attached_yet_is_waited_for(tmp_path):
    """`serving` goes on when pictures flow."""
    with serving(tmp_path, source="0", before=LATE) as program:
        assert program.state()["source"] == "camera 0"
    told = [line for line in program.stderr_lines if "does not open" in line]
    assert len(told) == 1
    assert told[0].startswith("livecam: camera 0 does not open (")
    assert told[0].strip().endswith("; waiting for it")


def test_without_a_token_there_is_no_choice(tmp_path):
    with serving(tmp_path, source="0", before=TWO_CAMERAS) as program:
        assert program.get("/api/overview").json["cameras"] is False
        refused = program.get("/api/cameras")
        assert refused.status == 403
        assert "--no-token" in json.dumps(refused.json)
