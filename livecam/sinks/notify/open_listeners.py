"""The listeners that the settings name."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from livecam.core.notifying.back_off import BackOff
from livecam.core.notifying.command_line import parse_command
from livecam.core.notifying.mqtt_address import MqttAddress, parse_mqtt_address
from livecam.core.notifying.notification import Moment
from livecam.core.notifying.topics import availability_topic
from livecam.core.redaction import is_no_word, secrets_of_url
from livecam.core.watching.listener import EventListener
from livecam.errors import SettingsError
from livecam.settings.notify import NO_PREFIX, NotifySettings
from livecam.sinks.notify.command import CommandRunner
from livecam.sinks.notify.delivery import Delivery, DeliveryLimits
from livecam.sinks.notify.moment_listener import MomentListener
from livecam.sinks.notify.mqtt_client import MqttOptions
from livecam.sinks.notify.mqtt_listener import MqttListener, MqttTold
from livecam.sinks.notify.newest_events import newest_events
from livecam.sinks.notify.webhook import Webhook, shown_url, webhook_problem

Say = Callable[[str], None]

COMMAND_TRIES = 3
_LONGEST_PASSWORD_BYTES = 4096


def open_listeners(
    settings: NotifySettings, folder: Path, classes: Mapping[str, Sequence[str]], say: Say
) -> list[EventListener]:
    """Those who are told of events, none of whom has to be there already.

    Args:
        settings: who that is.
        folder: of the events.
        classes: of each camera, by its name ("" for the only one), the classes of its events.
        say: gets one line where something changes.

    Raises:
        SettingsError: a setting cannot be used, or paho-mqtt is not installed.
    """
    opened: list[EventListener] = []
    with ExitStack() as undo:
        for listener in _opened(settings, folder, classes, say):
            undo.callback(listener.close)
            opened.append(listener)
        undo.pop_all()
    return opened


def secrets_of_notify(settings: NotifySettings) -> set[str]:
    """What must never be printed: of the addresses of broker and web server, and of the password.

    An ordinary word in them goes with the address alone: it would go from all other texts, too.

    Raises:
        SettingsError: the file of the password cannot be read.
    """
    found: set[str] = set()
    if settings.mqtt is not None:
        password = broker_address(settings).password
        found |= secrets_of_url(settings.mqtt) | ({password} if is_no_word(password) else set())
    if settings.webhook is not None:
        found |= secrets_of_url(settings.webhook)
    return found


def broker_address(settings: NotifySettings) -> MqttAddress:
    """The address of --mqtt, with the password of --mqtt-password-file.

    Raises:
        SettingsError: there is no user for the password, or its file cannot be read.
    """
    address, file = parse_mqtt_address(settings.mqtt or ""), settings.mqtt_password_file
    if file is None:
        return address
    if not address.user:
        raise SettingsError("--mqtt-password-file needs the user in --mqtt: mqtt://user@host.")
    return replace(address, password=_first_line(file))


def _opened(
    settings: NotifySettings, folder: Path, classes: Mapping[str, Sequence[str]], say: Say
) -> Iterator[EventListener]:
    if settings.mqtt is not None:
        yield _mqtt(settings, folder, classes, say)
    elif settings.mqtt_password_file is not None or settings.mqtt_ca is not None:
        raise SettingsError("--mqtt-password-file and --mqtt-ca need a broker: add --mqtt.")
    if settings.webhook is not None:
        yield _webhook(settings.webhook, settings.notify_limit, say)
    for text, moment in ((settings.on_start, "start"), (settings.on_end, "end")):
        if text is not None:
            yield _command(text, moment, folder, settings.notify_limit, say)  # type: ignore[arg-type]


def _mqtt(
    settings: NotifySettings, folder: Path, classes: Mapping[str, Sequence[str]], say: Say
) -> MqttListener:
    base, prefix = settings.mqtt_topic, settings.home_assistant
    address = broker_address(settings)
    if settings.mqtt_ca is not None and not address.is_tls:
        raise SettingsError("--mqtt-ca is for encrypted connections: write mqtts:// in --mqtt.")
    options = MqttOptions(
        address, availability_topic(base), settings.mqtt_ca, limit_s=settings.notify_limit
    )
    newest = newest_events(folder, classes)
    told = MqttTold(base, classes, "" if prefix == NO_PREFIX else prefix, newest)
    return MqttListener(options, told, say)


def _webhook(url: str, limit_s: float, say: Say) -> MomentListener:
    problem = webhook_problem(url)
    if problem:
        raise SettingsError(f"--webhook {problem}.")
    return MomentListener(Delivery(Webhook(url, limit_s=limit_s).send, shown_url(url), say))


def _command(text: str, moment: Moment, folder: Path, limit_s: float, say: Say) -> MomentListener:
    command = parse_command(text, is_windows=os.name == "nt")
    runner = CommandRunner(command, folder, limit_s=limit_s)
    limits = DeliveryLimits(back_off=BackOff(tries=COMMAND_TRIES))
    name = f"--on-{moment} {Path(command.program).name}"
    delivery = Delivery(runner.send, name, say, limits=limits)
    closing_s = limit_s + 5.0  # the one that runs is waited for
    return MomentListener(delivery, (moment,), closing_s=closing_s, ends_when_finished=True)


def _first_line(file: Path) -> str:
    """The password in a file.

    Raises:
        SettingsError: it cannot be read, or holds none.
    """
    try:
        # A pipe must not make the start wait for somebody who writes into it.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as opened:
            text = opened.read(_LONGEST_PASSWORD_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"--mqtt-password-file {file} cannot be read ({why}).") from None
    line = text.split("\n")[0].rstrip("\r")
    if not line:
        raise SettingsError(f"--mqtt-password-file {file}: its first line has no password.")
    return line
