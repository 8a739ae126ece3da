"""Who is told changes while livecam watches: what waits is not lost, nothing stays announced."""

import json
import sys
from pathlib import Path

import pytest
from sinks.notify.receivers import (
    JPEG,
    WebServer,
    broker,
    event_of,
    free_port,
    subscriber,
    timed,
)
from support import eventually

from livecam.errors import SettingsError
from livecam.settings.notify import NotifySettings
from livecam.sinks.notify.notifier import Notifier

CLASSES = {"bed": ("daisy", "bee"), "gate": ("rose",)}
BED, GATE, POT = (f"homeassistant/device/livecam_{name}/config" for name in ("bed", "gate", "pot"))
AVAILABILITY = "livecam/availability"
STATE = "livecam/bed/daisy/state"


@pytest.fixture
def tell(tmp_path):
    """Makes those who are told; they are closed with the test."""
    made = []

    def told(classes=CLASSES, said=None, **given):
        say = [].append if said is None else said.append
        made.append(Notifier(NotifySettings(**given), tmp_path / "events", classes, say))
        return made[-1]

    yield told
    for each in made:
        each.close()


def change(told, classes=CLASSES, **given):
    told.prepared_change(NotifySettings(**given), classes)()


def whole_event(told, number):
    told.started(event_of(number), None)
    told.ended(event_of(number, state="ended"), JPEG)
    told.finished(event_of(number, state="ended"))


def moments_of(numbers):
    return [(moment, event_of(n).event) for n in numbers for moment in ("start", "end")]


def is_announced(heard):
    return heard.last(AVAILABILITY) == b"online" and heard.last(BED)


def components(heard, topic=BED):
    return json.loads(heard.last(topic))["components"]


def folder_of(path, name):
    (path / name).mkdir()
    return path / name


def test_what_waits_for_a_broker_that_is_away_goes_to_the_new_one(tmp_path, tell):
    said = []
    told = tell(said=said, mqtt=f"mqtt://127.0.0.1:{free_port()}")
    for number in range(5):
        whole_event(told, number)
    eventually(lambda: said)
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        assert timed(lambda: change(told, mqtt=mosquitto.address)) < 2  # nobody waits for it
        whole_event(told, 5)
        eventually(lambda: heard.moments()[-1:] == moments_of([5])[-1:])
        assert heard.moments() == moments_of(range(6))
        assert is_announced(heard)
        assert heard.last(STATE) == b"OFF"


def test_another_broker_is_told_and_the_former_one_takes_everything_back(tmp_path, tell):
    with (
        broker(folder_of(tmp_path, "former")) as former,
        broker(folder_of(tmp_path, "new")) as new,
    ):
        told = tell(mqtt=former.address)
        with subscriber(former.port) as heard:
            whole_event(told, 0)
            eventually(lambda: is_announced(heard) and heard.last(STATE) == b"OFF")
            with subscriber(new.port) as heard_now:
                change(told, mqtt=new.address)
                whole_event(told, 1)
                eventually(lambda: heard_now.moments() == moments_of([1]))
                eventually(lambda: is_announced(heard_now))
            assert heard.payloads(AVAILABILITY)[-2:] == [b"online", b"offline"]
            assert heard.moments() == moments_of([0])
        with subscriber(former.port) as left:  # of what a broker keeps
            eventually(lambda: left.last(AVAILABILITY) == b"offline")
            assert {message.topic for message in left.messages} == {AVAILABILITY}


def test_with_another_user_the_same_broker_hears_offline_before_online(tmp_path, tell):
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        told = tell(mqtt=mosquitto.address)
        eventually(lambda: is_announced(heard))
        for count, user in ((3, "eva"), (5, "adam")):
            change(told, mqtt=mosquitto.address.replace("//", f"//{user}:pass@"))
            eventually(lambda n=count: len(heard.payloads(AVAILABILITY)) == n)
        whole_event(told, 0)
        eventually(lambda: heard.moments() == moments_of([0]))
        assert heard.payloads(AVAILABILITY) == [b"online", b"offline"] * 2 + [b"online"]
        assert b"" not in heard.payloads(BED)  # a device that stays is not taken away


@pytest.mark.parametrize("is_frozen", [False, True])
def test_cameras_and_classes_that_come_and_go_do_so_for_home_assistant(tmp_path, tell, is_frozen):
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        told = tell(mqtt=mosquitto.address)
        told.started(event_of(0, "rose", camera="gate"), JPEG)
        told.ended(event_of(0, "rose", "ended", camera="gate"), JPEG)
        eventually(lambda: heard.last("livecam/gate/rose/state") == b"OFF" and is_announced(heard))
        eventually(lambda: heard.last("livecam/gate/rose/picture"))
        if is_frozen:
            mosquitto.freeze()
        change(told, {"bed": ("daisy",), "pot": ("moth",)}, mqtt=mosquitto.address)
        whole_event(told, 1)
        if is_frozen:
            mosquitto.thaw()
        eventually(lambda: heard.moments() == moments_of([1]))
        assert heard.last(GATE) == b""
        assert set(components(heard, POT)) == {"moth_seen", "moth_probability", "moth_picture"}
        assert heard.last("livecam/pot/moth/state") == b"OFF"
        removing, now = (json.loads(text)["components"] for text in heard.payloads(BED)[-2:])
        assert removing["bee_seen"] == {"platform": "binary_sensor"}
        assert set(now) == {"daisy_seen", "daisy_probability", "daisy_picture"}
        assert heard.payloads(AVAILABILITY) == [b"online"]  # the connection stays
        with subscriber(mosquitto.port) as left:
            eventually(lambda: left.last(AVAILABILITY) and left.last(POT) and left.last(STATE))
            assert not [m.topic for m in left.messages if "gate" in m.topic or "bee" in m.topic]


def test_below_another_topic_everything_is_there_and_nothing_stays_below_the_former(tmp_path, tell):
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        told = tell(mqtt=mosquitto.address)
        whole_event(told, 0)
        eventually(lambda: is_announced(heard) and heard.moments() == moments_of([0]))
        mosquitto.freeze()
        whole_event(told, 1)
        told.started(event_of(2), JPEG)
        change(told, mqtt=mosquitto.address, mqtt_topic="garden/cam")
        mosquitto.thaw()
        below = "garden/cam/bed"
        everywhere = lambda: heard.moments() + heard.moments(f"{below}/events")  # noqa: E731
        eventually(lambda: {*moments_of([0, 1]), ("start", event_of(2).event)} <= {*everywhere()})
        eventually(lambda: heard.last("garden/cam/availability") == b"online")
        eventually(lambda: heard.last(f"{below}/daisy/state") == b"ON")
        told.ended(event_of(2, state="ended"), None)
        eventually(lambda: heard.last(f"{below}/daisy/state") == b"OFF")
        with subscriber(mosquitto.port) as left:
            eventually(lambda: left.last("garden/cam/availability") == b"online")
            former = {m.topic for m in left.messages if m.topic.startswith("livecam")}
            assert former == {AVAILABILITY}
            assert left.last(AVAILABILITY) == b"offline"
            assert left.last(BED) is None
            assert left.last("homeassistant/device/livecam_garden_cam_bed/config")


def test_a_broker_that_is_not_to_be_told_any_more_gets_what_waits_and_forgets(tmp_path, tell):
    said = []
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        told = tell(said=said, mqtt=mosquitto.address)
        eventually(lambda: is_announced(heard))
        mosquitto.freeze()
        whole_event(told, 0)
        change(told)
        mosquitto.thaw()
        whole_event(told, 1)
        eventually(lambda: heard.last(AVAILABILITY) == b"offline")
        assert heard.moments() == moments_of([0])
        assert (heard.last(BED), heard.last(STATE)) == (b"", b"")
    assert said == []


def test_a_broker_that_is_new_knows_of_the_event_that_goes_on(tmp_path, tell):
    told = tell()
    told.started(event_of(0), JPEG)
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        change(told, mqtt=mosquitto.address)
        eventually(lambda: heard.last(STATE) == b"ON" and is_announced(heard))
        assert heard.last("livecam/bed/daisy/picture") == JPEG
        told.ended(event_of(0, state="ended"), JPEG)
        eventually(lambda: heard.last(STATE) == b"OFF")
        assert heard.moments() == [("end", event_of(0).event)]


def test_another_discovery_prefix_takes_the_former_messages_back(tmp_path, tell):
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        told = tell(mqtt=mosquitto.address)
        eventually(lambda: is_announced(heard))
        change(told, mqtt=mosquitto.address, home_assistant="ha")
        eventually(lambda: heard.last(BED.replace("homeassistant", "ha")))
        eventually(lambda: heard.last(BED) == b"" == heard.last(GATE))
        change(told, mqtt=mosquitto.address, home_assistant="none")
        eventually(lambda: heard.last(BED.replace("homeassistant", "ha")) == b"")


def test_a_change_right_before_the_end_leaves_no_connection_behind(tmp_path, tell):
    """The former connection is still ending when the new one is closed."""
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        told = tell(mqtt=mosquitto.address)
        eventually(lambda: is_announced(heard))
        mosquitto.freeze()  # so that ending takes a moment
        change(told, mqtt=mosquitto.address.replace("//", "//eva:pass@"))
        told.close()
        mosquitto.thaw()
        eventually(lambda: heard.last(AVAILABILITY) == b"offline")
        assert heard.payloads(AVAILABILITY) == [b"online", b"offline"]


def test_what_waits_for_a_web_server_goes_to_its_new_address_once(tell):
    with WebServer("drop") as former, WebServer(200) as new:
        said = []
        told = tell(said=said, webhook=former.url)
        for number in range(3):
            whole_event(told, number)
        eventually(lambda: said)
        change(told, webhook=new.url)
        whole_event(told, 3)
        eventually(lambda: len(new.moments) == 8)
        told.close()
        assert new.moments == moments_of(range(4))
    assert said[-1] == f"{new.url.removesuffix('hook')}... takes messages again."


def test_another_program_is_run_from_now_on(tmp_path, tell):
    code = "import sys; open(sys.argv[1], 'a').write(sys.argv[2] + '\\n')"
    (tmp_path / "note.py").write_text(code)

    def noting_in(name):
        return f'"{sys.executable}" "{tmp_path / "note.py"}" "{tmp_path / name}" {{event}}'

    told = tell(on_end=noting_in("first"))
    whole_event(told, 0)
    eventually(lambda: lines_of(tmp_path / "first"))
    change(told, on_end=noting_in("second"))
    whole_event(told, 1)
    eventually(lambda: lines_of(tmp_path / "second"))
    change(told)
    whole_event(told, 2)
    told.close()
    assert lines_of(tmp_path / "first") == [event_of(0).event]
    assert lines_of(tmp_path / "second") == [event_of(1).event]


def lines_of(path: Path):
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.parametrize(
    "wrong",
    [
        {"mqtt": "mqtt://eva@h", "mqtt_password_file": Path("missing")},
        {"mqtt": "mqtts://h", "mqtt_ca": Path("missing.pem")},
        {"webhook": "http://h:x/"},
    ],
)
def test_what_cannot_be_used_changes_nothing(tell, wrong):
    with WebServer(200) as server:
        told = tell(webhook=server.url)
        with pytest.raises(SettingsError):
            change(told, **wrong)
        whole_event(told, 0)
        eventually(lambda: server.moments == moments_of([0]))
