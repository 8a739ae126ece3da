"""Events told to a real broker: killed, started again, frozen, with passwords and with TLS."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from programs import started
from sinks.notify.receivers import (
    JPEG,
    START,
    broker,
    Broker,
    event_of,
    free_port,
    subscriber,
    timed,
)
from support import eventually

from livecam.core.notifying.back_off import BackOff
from livecam.core.notifying.mqtt_address import parse_mqtt_address
from livecam.core.notifying.topics import availability_topic
from livecam.core.watching.watch_event import event_record
from livecam.errors import SettingsError
from livecam.sinks.events.event_log import EventLog
from livecam.sinks.notify import mqtt_client
from livecam.sinks.notify.delivery import DeliveryLimits
from livecam.sinks.notify.mqtt_client import MqttClient, MqttOptions
from livecam.sinks.notify.mqtt_listener import MqttListener, MqttContent
from livecam.sinks.notify.newest_events import newest_events

QUICKLY = DeliveryLimits(back_off=BackOff(first_s=0.05, longest_s=0.2))
CLASSES = {"bed": ("daisy", "bee")}
STATE, PICTURE = "livecam/bed/daisy/state", "livecam/bed/daisy/picture"
DISCOVERY = "homeassistant/device/livecam_bed/config"


@pytest.fixture
def listening():
    """Makes listeners that are closed with the test."""
    made = []

    def listen(address, said=None, *, ca_file=None, limit_s=60.0, newest=()):
        options = MqttOptions(
            parse_mqtt_address(address), availability_topic("livecam"), ca_file,
            limit_s=limit_s, reconnect_s=(0.05, 0.2),
        )  # fmt: skip
        say = [].append if said is None else said.append
        told = MqttContent("livecam", CLASSES, newest=newest)
        made.append(MqttListener(MqttClient(options), told, say, limits=QUICKLY))
        return made[-1]

    yield listen
    for listener in made:
        listener.close()


def tell(listener, number):
    """A whole event."""
    listener.started(event_of(number), None)
    listener.updated(event_of(number, probability=0.98), JPEG + b"weak")
    listener.ended(event_of(number, state="ended", probability=0.99), JPEG + b"%d" % number)


def moments_of(numbers):
    return [(m, event_of(n).event) for n in numbers for m in ("start", "update", "end")]


def test_an_event_is_told_from_start_to_end(tmp_path, listening):
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        listener = listening(mosquitto.address)
        tell(listener, 0)
        eventually(lambda: listener.delivery.waiting == 0)
        eventually(lambda: heard.last(PICTURE) == JPEG + b"0" and heard.last(DISCOVERY))
        eventually(lambda: heard.payloads(STATE)[-2:] == [b"ON", b"OFF"])
        assert heard.moments() == moments_of([0])
        record = json.loads(heard.payloads("livecam/bed/events")[-1])
        ended = event_of(0, state="ended", probability=0.99)
        assert record == {"moment": "end", **event_record(ended)}
        assert json.loads(heard.last("livecam/bed/daisy/event")) == record
        assert heard.last("livecam/availability") == b"online"
        assert heard.last("livecam/bed/bee/state") == b"OFF"
        assert json.loads(heard.last(DISCOVERY))["device"]["name"] == "livecam bed"


def test_who_comes_later_finds_what_holds(tmp_path, listening):
    with broker(tmp_path) as mosquitto:
        listener = listening(mosquitto.address)
        tell(listener, 0)
        listener.started(event_of(1), None)
        listener.looked("bed", "daisy", 0.9712, START)
        eventually(lambda: listener.delivery.waiting == 0)
        with subscriber(mosquitto.port) as heard:
            eventually(lambda: heard.last("livecam/bed/daisy/probability") == b"0.971")
            eventually(lambda: heard.last(STATE) == b"ON" and heard.last(PICTURE))
            eventually(lambda: heard.last(DISCOVERY))
            assert heard.payloads("livecam/bed/events") == []  # what happened is not told again
            listener.close()
            eventually(lambda: heard.last("livecam/availability") == b"offline")


def test_what_holds_is_announced_also_after_a_new_start_and_a_broker_that_forgot(
    tmp_path, listening
):
    """From the list of events: the newest of each class, with its picture."""
    folder = tmp_path / "events"
    told = [event_of(0, state="ended"), event_of(2, state="cut"), event_of(1, "bee", "ended")]
    thumbnail = {event.event: f"2026-07-01/{event.event}.jpg" for event in told}
    with EventLog(folder) as log:
        (folder / "2026-07-01").mkdir()
        for event in told[:2]:
            (folder / thumbnail[event.event]).write_bytes(JPEG + event.event.encode())
        for event in (*told, event_of(3, "moth", "ended"), event_of(4, state="open")):
            log.append(replace(event, files={"thumbnail": thumbnail.get(event.event, "none.jpg")}))
    newest = newest_events(folder, CLASSES)
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        listening(mosquitto.address, newest=newest)
        eventually(lambda: heard.last("livecam/availability") == b"online")
        daisy, bee = (
            json.loads(heard.last(f"livecam/bed/{name}/event")) for name in CLASSES["bed"]
        )
        assert (daisy["event"], daisy["moment"], daisy["state"]) == (told[1].event, "end", "cut")
        assert heard.last(PICTURE) == JPEG + told[1].event.encode()
        assert bee["event"] == told[2].event
        assert heard.last("livecam/bed/bee/picture") is None
        assert (heard.last(STATE), heard.moments()) == (b"OFF", [])


def test_two_events_of_a_class_at_once_are_over_when_both_are(tmp_path, listening):
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        listener = listening(mosquitto.address)
        for number in (0, 1):
            listener.started(event_of(number), None)
        listener.ended(event_of(0, state="ended"), None)
        eventually(lambda: listener.delivery.waiting == 0)
        eventually(lambda: len(heard.moments()) == 3)
        assert heard.last(STATE) == b"ON"
        listener.ended(event_of(1, state="ended"), None)
        eventually(lambda: heard.last(STATE) == b"OFF")


def test_a_broker_that_is_away_at_the_start_and_in_between_misses_no_event(tmp_path, listening):
    """It forgets everything when it is killed; what holds is announced anew each time."""
    mosquitto, said = Broker(tmp_path), []
    listener = listening(mosquitto.address, said)
    took_s = timed(lambda: [tell(listener, number) for number in range(10)])
    eventually(lambda: said)
    heard_moments = []
    try:
        for numbers in (range(10), range(10, 30)):
            if numbers[0]:
                mosquitto.kill()
                took_s += timed(lambda n=numbers: [tell(listener, number) for number in n])
                eventually(lambda: "takes no messages" in said[-1])
            mosquitto.start()
            with subscriber(mosquitto.port) as heard:
                eventually(lambda: listener.delivery.waiting == 0)
                eventually(lambda n=numbers: heard.last(PICTURE) == JPEG + b"%d" % n[-1])
                eventually(lambda: heard.last(STATE) == b"OFF" and heard.last(DISCOVERY))
                eventually(lambda: heard.last("livecam/availability") == b"online")
            heard_moments += heard.moments()
    finally:
        mosquitto.kill()
    assert took_s < 60  # nobody waited for it
    assert (listener.delivery.lost, listener.delivery.dropped) == (0, 0)
    assert "takes no messages (connection refused): they wait." in said[0]


def test_every_moment_that_waited_arrives_in_order(tmp_path, listening):
    """A broker that keeps its port and a subscriber's session: nothing is missed and then found."""
    kept = f"persistence true\npersistence_location {tmp_path}/\nautosave_interval 1"
    with broker(tmp_path, kept, "autosave_on_changes true") as mosquitto:
        said = []
        listener = listening(mosquitto.address, said)
        with subscriber(mosquitto.port) as heard:
            eventually(lambda: heard.last(DISCOVERY) and heard.last("livecam/availability"))
            mosquitto.freeze()
            for number in range(30):
                tell(listener, number)
            mosquitto.thaw()
            eventually(lambda: len(set(heard.moments())) == 90)
            assert [*dict.fromkeys(heard.moments())] == moments_of(range(30))
            assert heard.payloads(STATE).count(b"ON") == 30


def test_a_slow_broker_is_given_up_for_the_moment_and_gets_each_message_once(tmp_path, listening):
    said = []
    with broker(tmp_path) as mosquitto, subscriber(mosquitto.port) as heard:
        listener = listening(mosquitto.address, said, limit_s=0.2)
        eventually(lambda: heard.last(DISCOVERY) and listener.delivery.waiting == 0)
        mosquitto.freeze()
        tell(listener, 0)
        eventually(lambda: said)
        mosquitto.thaw()
        eventually(lambda: len(heard.moments()) == 3)
        eventually(lambda: listener.delivery.waiting == 0)
        assert heard.moments() == moments_of([0])
    assert "no acknowledgement in time" in said[0]
    assert "takes messages again" in said[1]


def test_a_killed_livecam_is_offline_by_its_last_will(tmp_path):
    code = """
import sys, time
from livecam.core.notifying.mqtt_address import parse_mqtt_address
from livecam.sinks.notify.mqtt_client import MqttClient, MqttOptions
from livecam.sinks.notify.mqtt_listener import MqttListener, MqttContent
options = MqttOptions(parse_mqtt_address(sys.argv[1]), "livecam/availability")
told = MqttContent("livecam", {"bed": ["daisy"]})
listener = MqttListener(MqttClient(options), told, print)
time.sleep(1000)
"""
    with (
        broker(tmp_path) as mosquitto,
        subscriber(mosquitto.port) as heard,
        started([sys.executable, "-c", code, mosquitto.address]) as program,
    ):
        eventually(lambda: heard.last("livecam/availability") == b"online")
        program.kill()
        eventually(lambda: heard.last("livecam/availability") == b"offline")


def test_a_wrong_password_is_told_and_never_shown(tmp_path, listening):
    passwords = tmp_path / "passwords"
    passwords.touch(mode=0o700)
    login = {"username": "eva", "password": "s3cret/word"}
    command = ["mosquitto_passwd", "-b", passwords, *login.values()]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("the program mosquitto_passwd is missing: it is part of the broker")
    rules = ("allow_anonymous false", f"password_file {passwords}", "user root")
    said = []
    with broker(tmp_path, *rules) as mosquitto:
        host = f"127.0.0.1:{mosquitto.port}"
        wrong = listening(f"mqtt://eva:wr0ng@{host}", said)
        tell(wrong, 0)
        eventually(lambda: said)
        assert "not authorized" in said[0] or "bad user name" in said[0]
        wrong.close()
        right = listening(f"mqtt://eva:s3cret%2Fword@{host}", said)
        with subscriber(mosquitto.port, **login) as heard:
            tell(right, 1)
            eventually(lambda: heard.moments() == moments_of([1]))
    assert not any(word in line for line in said for word in ("wr0ng", "s3cret", "eva"))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """An authority, and a broker's certificate of it for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("certificates")
    sign = "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out cert.pem"
    steps = [
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=authority -days 2",
        "req -newkey rsa:2048 -nodes -keyout key.pem -out request.pem -subj /CN=broker",
        f"{sign} -days 2 -extfile names",
    ]
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    for step in steps:
        try:
            subprocess.run(["openssl", *step.split()], cwd=folder, check=True, capture_output=True)
        except FileNotFoundError:
            pytest.skip("the program openssl is missing: it makes the certificates")
    (folder / "key.pem").chmod(0o644)
    return folder


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # paho's open socket
def test_an_encrypted_connection_is_checked_against_the_authority(
    tmp_path, listening, certificates
):
    files = f"certfile {certificates}/cert.pem\nkeyfile {certificates}/key.pem\nuser root"
    said = []
    with broker(tmp_path, listens=files) as mosquitto:
        address = mosquitto.address.replace("mqtt://", "mqtts://")
        stranger = listening(address, said)
        tell(stranger, 0)
        eventually(lambda: said)
        assert "certificate verify failed" in said[0]
        assert stranger.delivery.delivered == 0
        listener = listening(address, ca_file=certificates / "ca.pem")
        tell(listener, 1)
        eventually(lambda: listener.delivery.waiting == 0)
        assert listener.delivery.delivered


def test_a_file_that_is_no_certificate_is_refused(tmp_path, listening):
    for file in (tmp_path / "missing.pem", tmp_path / "text.pem"):
        (tmp_path / "text.pem").write_text("no certificate")
        with pytest.raises(SettingsError, match="--mqtt-ca"):
            listening("mqtts://127.0.0.1", ca_file=file)


def test_a_missing_package_is_told_with_the_line_that_brings_it(listening, monkeypatch):
    monkeypatch.setitem(mqtt_client.sys.modules, "paho.mqtt.client", None)
    with pytest.raises(SettingsError, match=r'pip install "livecam\[mqtt\]"'):
        listening("mqtt://127.0.0.1")


def test_leaving_does_not_wait_for_a_broker_that_is_not_there(listening):
    said = []
    listener = listening(f"mqtt://127.0.0.1:{free_port()}", said)
    tell(listener, 0)
    assert timed(listener.close) < 60
    assert said[-1].startswith(f"{listener.delivery.lost} messages did not reach mqtt://")
