"""Settings of who is told: what they open, what they refuse, and what is never shown of them."""

import sys

import pytest
from cyclopts import App, CycloptsError
from sinks.notify.receivers import JPEG, WebServer, event_of
from support import eventually

from livecam.core.redaction import without_secrets
from livecam.errors import SettingsError
from livecam.settings.field_check import check_fields
from livecam.settings.notify import NotifySettings
from livecam.sinks.notify.receivers import broker_address, receivers_of, secrets_of_notify
from livecam.sinks.notify.notifier import Notifier


def opened(folder, said=None, **given):
    settings = NotifySettings(**given)
    check_fields(settings)
    return Notifier(settings, folder, {"": ("daisy",)}, [].append if said is None else said.append)


def test_nobody_is_told_by_default(tmp_path):
    found = receivers_of(NotifySettings(), tmp_path, {"": ("daisy",)})
    assert (found.broker, found.others) == (None, {})


def test_each_of_them_is_told(tmp_path):
    """The broker is away; that stops none of the others."""
    code = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    (tmp_path / "run.py").write_text(code)
    run, said = f'"{sys.executable}" "{tmp_path / "run.py"}"', []
    with WebServer(200) as server:
        told = opened(
            tmp_path, said, mqtt="mqtt://127.0.0.1:1", webhook=server.url,
            on_start=f'{run} "{tmp_path / "start"}" {{class}}',
            on_end=f'{run} "{tmp_path / "end"}" {{state}}'.replace("{state}", "{end}"),
        )  # fmt: skip
        told.started(event_of(), JPEG)
        told.ended(event_of(state="ended"), JPEG)
        told.finished(event_of(state="ended"))
        eventually(lambda: len(server.moments) == 2)
        told.close()
    assert (tmp_path / "start").read_text() == "daisy"
    assert (tmp_path / "end").read_text() == "2026-07-01T06:12:21.500+02:00"
    assert [moment for moment, _ in server.moments] == ["start", "end"]
    assert all("mqtt://127.0.0.1:1" in line for line in said)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"mqtt": "http://broker"}, "must begin with mqtt"),
        ({"mqtt": "mqtt://h/topic"}, "--mqtt-topic"),
        ({"mqtt_topic": "a/#"}, "without"),
        ({"mqtt_topic": "/a"}, "must be a topic"),
        ({"mqtt_topic": "a/"}, "must be a topic"),
        ({"home_assistant": ""}, "must be a topic"),
        ({"webhook": "server.example"}, "must be an address"),
        ({"webhook": "http://h:x/"}, "must be an address"),
        ({"on_end": "say {klass}"}, "stands for nothing"),
        ({"on_start": "say 'x"}, "not closed"),
        ({"notify_limit": 0.0}, "notify_limit"),
        ({"mqtt_password_file": "p"}, "need a broker"),
        ({"mqtt": "mqtt://h", "mqtt_ca": "ca.pem"}, "mqtts://"),
        ({"mqtt": "mqtt://h", "mqtt_password_file": "p"}, "needs the user"),
        ({"mqtt": "mqtt://eva@h", "mqtt_password_file": "missing"}, "No such file"),
        ({"mqtt": "mqtt://eva@h", "mqtt_password_file": "empty"}, "has no password"),
        ({"mqtt": "mqtt://eva@h", "mqtt_password_file": "."}, "must be the name of a file"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(tmp_path, given, why):
    (tmp_path / "empty").write_text("\n\n")
    files = {key: tmp_path / name for key, name in given.items() if key.endswith(("file", "ca"))}
    if given.get("mqtt_password_file") == ".":
        files = {"mqtt_password_file": type(tmp_path)()}
    with pytest.raises(SettingsError) as caught:
        opened(tmp_path, **{**given, **files})
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_password_comes_from_its_file_and_all_secrets_are_known(tmp_path, mark):
    file = tmp_path / "password"
    file.write_text(f"{mark}s3cret word\nanother line\n", "utf-8")
    settings = NotifySettings(
        mqtt="mqtts://eva@broker", mqtt_password_file=file,
        webhook="https://adam:pa55word@h.example/services/T0KEN?key=v4lue6",
    )  # fmt: skip
    assert broker_address(settings).password == "s3cret word"  # noqa: S105
    found = secrets_of_notify(settings)
    assert {"s3cret word", "pa55word", "v4lue6"} <= found
    assert not found & {"adam", "eva", "services", "h.example", "broker"}  # are words, too
    assert without_secrets(f"{settings.webhook} failed", found) == "https://...@... failed"


def test_words_of_addresses_stay_in_all_other_messages():
    settings = NotifySettings(
        mqtt="mqtt://livecam:flowers@broker", webhook="http://127.0.0.1:18192/livecam"
    )
    text = "livecam: 2 events of flowers on broker: livecam 0.9"
    assert without_secrets(text, secrets_of_notify(settings)) == text


def test_all_settings_are_flags_with_words():
    app = App(result_action="return_value")

    @app.default
    def take(*, notify: NotifySettings | None = None):
        return notify or NotifySettings()

    tokens = ["--mqtt", "mqtts://eva@h", "--on-end", "say {class}", "--notify-limit", "5"]
    assert app(tokens, exit_on_error=False) == NotifySettings(
        mqtt="mqtts://eva@h", on_end="say {class}", notify_limit=5.0
    )
    with pytest.raises(CycloptsError):
        app(["--mqtt", "ftp://h"], exit_on_error=False, print_error=False)
