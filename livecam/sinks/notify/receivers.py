"""Who is told of events, as the settings name them: broker, web server, programs."""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from livecam.core.notifying.back_off import BackOff
from livecam.core.notifying.command_line import parse_command
from livecam.core.notifying.mqtt_address import MqttAddress, parse_mqtt_address
from livecam.core.notifying.notification import Moment, Notification
from livecam.core.notifying.topics import availability_topic
from livecam.core.redaction import is_no_word, secrets_of_url
from livecam.errors import SettingsError
from livecam.native.read_at_once import read_at_once
from livecam.settings.notify import NO_PREFIX, NotifySettings
from livecam.sinks.notify.command import CommandRunner
from livecam.sinks.notify.delivery import Delivery, DeliveryLimits
from livecam.sinks.notify.moment_listener import ALL_MOMENTS, CLOSING_S, MomentListener
from livecam.sinks.notify.mqtt_client import MqttOptions
from livecam.sinks.notify.mqtt_listener import MqttContent
from livecam.sinks.notify.newest_events import newest_events
from livecam.sinks.notify.webhook import Webhook, shown_url, webhook_problem

Say = Callable[[str], None]

COMMAND_TRIES = 3
_LONGEST_PASSWORD_BYTES = 4096


@dataclass(frozen=True, slots=True, eq=False)
class MomentReceiver:
    """A web server, or a program: gets the moments of events.

    Attributes:
        send: sends one of them.
        name: for the user, without credentials.
        closing_s: so long it may take at the end.
        moments: which ones.
        limits: how often each is tried.
        ends_when_finished: whether the end is told when the files of the event are whole.
    """

    send: Callable[[Notification], None]
    name: str
    closing_s: float = CLOSING_S
    moments: Collection[Moment] = ALL_MOMENTS
    limits: DeliveryLimits = DeliveryLimits()  # noqa: RUF009  (frozen)
    ends_when_finished: bool = False

    def opened(self, say: Say) -> MomentListener:
        """What tells it."""
        return MomentListener(
            Delivery(self.send, self.name, say, limits=self.limits),
            self.moments,
            closing_s=self.closing_s,
            ends_when_finished=self.ends_when_finished,
        )


@dataclass(frozen=True, slots=True, eq=False)
class MqttReceiver:
    """A broker.

    Attributes:
        options: how it is reached.
        content: what it is told of.
    """

    options: MqttOptions
    content: MqttContent


@dataclass(frozen=True, slots=True, eq=False)
class Receivers:
    """Who is told, as the settings name them; nothing is opened.

    Attributes:
        broker: None for none.
        others: by the setting that names them.
    """

    broker: MqttReceiver | None
    others: Mapping[str, MomentReceiver]


def receivers_of(
    settings: NotifySettings, folder: Path, classes: Mapping[str, Sequence[str]]
) -> Receivers:
    """Who is to be told of events.

    Args:
        settings: who that is.
        folder: of the events.
        classes: of each camera, by its name ("" for the only one), the classes of its events.

    Raises:
        SettingsError: a setting cannot be used.
        SinkError: the list of events cannot be read.
    """
    others: dict[str, MomentReceiver] = {}
    if settings.webhook is not None:
        others["webhook"] = _webhook(settings.webhook, settings.notify_limit)
    if settings.on_start is not None:
        others["on-start"] = _command(settings.on_start, "start", folder, settings.notify_limit)
    if settings.on_end is not None:
        others["on-end"] = _command(settings.on_end, "end", folder, settings.notify_limit)
    return Receivers(_broker(settings, folder, classes), others)


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


def _broker(
    settings: NotifySettings, folder: Path, classes: Mapping[str, Sequence[str]]
) -> MqttReceiver | None:
    if settings.mqtt is None:
        if settings.mqtt_password_file is not None or settings.mqtt_ca is not None:
            raise SettingsError("--mqtt-password-file and --mqtt-ca need a broker: add --mqtt.")
        return None
    base, prefix = settings.mqtt_topic, settings.home_assistant
    address = broker_address(settings)
    if settings.mqtt_ca is not None and not address.is_tls:
        raise SettingsError("--mqtt-ca is for encrypted connections: write mqtts:// in --mqtt.")
    options = MqttOptions(
        address, availability_topic(base), settings.mqtt_ca, limit_s=settings.notify_limit
    )
    newest = newest_events(folder, classes)
    return MqttReceiver(
        options, MqttContent(base, classes, "" if prefix == NO_PREFIX else prefix, newest)
    )


def _webhook(url: str, limit_s: float) -> MomentReceiver:
    problem = webhook_problem(url)
    if problem:
        raise SettingsError(f"--webhook {problem}.")
    return MomentReceiver(Webhook(url, limit_s=limit_s).send, shown_url(url))


def _command(text: str, moment: Moment, folder: Path, limit_s: float) -> MomentReceiver:
    command = parse_command(text, is_windows=os.name == "nt")
    return MomentReceiver(
        CommandRunner(command, folder, limit_s=limit_s).send,
        f"--on-{moment} {Path(command.program).name}",
        closing_s=limit_s + 5.0,  # the one that runs is waited for
        moments=(moment,),
        limits=DeliveryLimits(back_off=BackOff(tries=COMMAND_TRIES)),
        ends_when_finished=True,
    )


def _first_line(file: Path) -> str:
    """The password in a file.

    Raises:
        SettingsError: it cannot be read, or holds none.
    """
    try:
        text = read_at_once(file, _LONGEST_PASSWORD_BYTES).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"--mqtt-password-file {file} cannot be read ({why}).") from None
    line = text.split("\n")[0].rstrip("\r")
    if not line:
        raise SettingsError(f"--mqtt-password-file {file}: its first line has no password.")
    return line
