"""Flags that take a file, given a named pipe: nobody waits for a writer that may never come."""

import os

import cv2
import pytest
from support import textured

from livecam.assembly.read_boxes import read_boxes
from livecam.cli.app import main
from livecam.core.notifying.mqtt_address import parse_mqtt_address
from livecam.errors import ModelError, SettingsError
from livecam.models.formats.label_files import read_labels
from livecam.settings.notify import NotifySettings
from livecam.sinks.notify.mqtt_client import MqttClient, MqttOptions
from livecam.sinks.notify.receivers import broker_address

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")


@pytest.fixture
def pipe(tmp_path):
    os.mkfifo(tmp_path / "p")
    return tmp_path / "p"


def test_labels(pipe):
    with pytest.raises(ModelError, match=r"p cannot be read \(nobody writes into this pipe"):
        read_labels(pipe)


def test_boxes(pipe):
    with pytest.raises(SettingsError, match=r"--boxes .*p cannot be read \(nobody writes"):
        read_boxes(pipe)


def test_passwords(pipe):
    settings = NotifySettings(mqtt="mqtt://eva@broker", mqtt_password_file=pipe)
    with pytest.raises(SettingsError, match=r"p cannot be read \(nobody writes"):
        broker_address(settings)


def test_certificates(pipe):
    pytest.importorskip("paho.mqtt")
    options = MqttOptions(parse_mqtt_address("mqtts://broker"), "livecam/state", pipe)
    with pytest.raises(SettingsError, match=r"--mqtt-ca .*p is no ordinary file"):
        MqttClient(options)


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (["--weights", "p"], 6, "the weights file p is no ordinary file: check --weights."),
        (["--model", "p"], 6, "the network p cannot be used"),
        (["--config", "p"], 2, "the settings file p is a pipe"),
    ],
)
def test_weights_networks_and_settings(flags, code, words, pipe, monkeypatch, capsys):
    monkeypatch.chdir(pipe.parent)
    cv2.imwrite("a.png", textured(64, 48))
    assert main(["a.png", "--no-window", "--stats", "out.jsonl", *flags]) == code
    assert words in capsys.readouterr().err
