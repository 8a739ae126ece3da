"""`livecam watch` through the command line: others are told of every event, and days are kept."""

import csv
import json
import signal
import subprocess
import sys

import pytest
from built_daisy import with_built_daisy
from programs import one_line, started
from sinks.notify.receivers import WebServer, broker, free_port, subscriber
from support import MAIN, WAIT_S, eventually, livecam, livecam_here, probe, program_env
from watched_garden import visits_of, write_garden

from livecam.sinks.events.event_log import read_events

EVENTS = [
    "--model", "flowers", "--when", "daisy > 0.5", "--look-every", "0", "--looks", "1/1",
    "--release", "0.5", "--before", "1", "--after", "0.5",
]  # fmt: skip
PROGRAM = """
import json, pathlib, sys
event = json.load(sys.stdin)
with open(sys.argv[1], "a") as log:
    log.write(json.dumps([event["event"], *sys.argv[2:]]) + "\\n")
"""


def test_a_broker_a_server_and_a_program_are_told_of_every_event(tmp_path):
    visits = visits_of([(20, 12), (25, 1), (30, 20)])
    write_garden(tmp_path / "garden.mp4", visits, visits[-1].last + 30)
    (tmp_path / "program.py").write_text(PROGRAM)
    on_end = f'"{sys.executable}" program.py ended.jsonl {{class}} {{clean}}'
    with (
        broker(tmp_path) as mosquitto,
        subscriber(mosquitto.port) as heard,
        WebServer(500, 200) as server,
    ):
        address = f"mqtt://eva:s3cretword@127.0.0.1:{mosquitto.port}"
        run = livecam(
            "watch", "garden.mp4", *EVENTS, "--webhook", f"{server.url}/t0ken",
            "--on-end", on_end, "--timelapse", "1",
            cwd=tmp_path, env={"LIVECAM_MQTT": address},
        )  # fmt: skip
        assert one_line(run, 0) == "livecam: 3 new events in events"
        events = list(read_events(tmp_path / "events"))
        moments = [(moment, event) for event in events for moment in ("start", "end")]
        eventually(lambda: heard.last("livecam/availability") == b"offline")
    told = [each for each in heard.moments("livecam/camera/events") if each[0] != "update"]
    assert sorted(told) == sorted(moments)
    assert heard.payloads("livecam/camera/daisy/state").count(b"ON") == 3
    assert heard.last("livecam/camera/daisy/picture").startswith(b"\xff\xd8")
    assert json.loads(heard.last("homeassistant/device/livecam_camera/config"))["components"]
    posted = [each for each in dict.fromkeys(server.moments) if each[0] != "update"]
    assert sorted(posted) == sorted(moments)
    ended = [json.loads(line) for line in (tmp_path / "ended.jsonl").read_text().splitlines()]
    assert sorted(event for event, _, _ in ended) == sorted(events)
    for _, class_name, clip in ended:
        assert class_name == "daisy"
        assert probe(tmp_path / clip).frames
    assert not any(word in run.stderr for word in ("s3cretword", "eva", "t0ken"))
    rows = [
        row
        for path in (tmp_path / "events").glob("*/counts.csv")
        for row in csv.DictReader(path.read_text().splitlines())
    ]
    assert sum(int(row["events"]) for row in rows) == 3
    assert sum(int(row["looks"]) for row in rows) == visits[-1].last + 30
    (timelapse,) = (tmp_path / "events").glob("*/timelapse.mp4")
    assert probe(timelapse).frames >= (visits[-1].last + 30) // 10


def test_watching_goes_on_and_ends_though_nobody_takes_anything(tmp_path):
    visits = visits_of([(20, 12)])
    write_garden(tmp_path / "garden.mp4", visits, visits[-1].last + 20)
    nobody = free_port()
    run = livecam_here(
        "watch", "garden.mp4", *EVENTS, "--mqtt", f"mqtt://127.0.0.1:{nobody}",
        "--webhook", f"http://127.0.0.1:{nobody}/daisy", "--on-start", "no-such-program",
        "--no-day-files", cwd=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    lines = run.stderr.splitlines()
    assert lines[-1] == "livecam: 1 new event in events"
    assert sum("takes no messages (connection refused)" in line for line in lines) == 2
    assert sum("did not reach" in line for line in lines) == 3
    assert f"http://127.0.0.1:{nobody}/... takes no messages" in run.stderr
    assert any("-daisy: begins: daisy" in line for line in lines)  # a word of the address, too
    assert any("no-such-program: no such file or directory" in line for line in lines)
    assert not list((tmp_path / "events").glob("*/counts.*"))


def test_a_broker_that_cannot_be_one_is_refused_before_anything_is_opened(tmp_path):
    run = livecam_here(
        "watch", "garden.mp4", "--when", "daisy > 0.5", "--mqtt", "mqtt://eva:s3cret/word@host",
        cwd=tmp_path,
    )  # fmt: skip
    assert "--mqtt" in one_line(run, 2)
    assert "s3cret" not in run.stderr
    assert not (tmp_path / "events").exists()


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")
def test_sighup_changes_who_is_told_and_loses_nothing_that_waits(tmp_path):
    """First the broker is away; then another one is named, and a camera of two goes."""
    settings, nobody = tmp_path / "garden.toml", free_port()
    common = 'model = "flowers"\nscene-size = "320x240"\nlook-every = 0.1\nwhen = "daisy > 0.5"\n'
    tables = {name: f'[camera.{name}]\nsource = "daisy"\n' for name in ("bed", "gate")}
    away = f'mqtt = "mqtt://127.0.0.1:{nobody}"\n'
    settings.write_text(away + common + tables["bed"] + tables["gate"])
    watching = [sys.executable, "-c", with_built_daisy() + MAIN, "watch", "garden.toml"]
    with (
        broker(tmp_path) as mosquitto,
        subscriber(mosquitto.port) as heard,
        WebServer(200) as server,
        started(watching, cwd=tmp_path, env=program_env(), stderr=subprocess.PIPE, text=True)
        as program,
    ):  # fmt: skip
        eventually(lambda: len(read_events(tmp_path / "events")) >= 2)
        first = set(read_events(tmp_path / "events"))
        settings.write_text('mqtt-password-file = "missing"\n' + common + tables["bed"])
        program.send_signal(signal.SIGHUP)
        assert "the settings stay as they are" in line_with(program, "settings")
        there = f'mqtt = "{mosquitto.address}"\nwebhook = "{server.url}"\n'
        settings.write_text(there + common + tables["bed"])
        program.send_signal(signal.SIGHUP)
        assert line_with(program, "settings").endswith("read again: 1 source\n")
        gone = next(event for event in first if "gate" in event)
        eventually(lambda: ("end", gone) in heard.moments("livecam/gate/events"))
        eventually(lambda: heard.last("homeassistant/device/livecam_bed/config"))
        eventually(lambda: heard.last("livecam/bed/daisy/state") == b"ON")
        assert not heard.last("homeassistant/device/livecam_gate/config")
        program.send_signal(signal.SIGTERM)
        assert program.wait(WAIT_S) == 143
        eventually(lambda: heard.last("livecam/availability") == b"offline")
    told = heard.moments("livecam/bed/events") + heard.moments("livecam/gate/events")
    both = {(moment, event) for event in first for moment in ("start", "end")}
    assert both == {each for each in told if each[0] != "update" and each[1] in first}
    assert "end" in {moment for moment, _ in server.moments}


def line_with(program, word):
    """The next line of the program that has a word."""
    return next(line for line in program.stderr if word in line)
