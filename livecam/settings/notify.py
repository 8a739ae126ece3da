"""Settings of `livecam watch` alone: who is told of events."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Group, Parameter
from cyclopts.validators import Number

from livecam.core.notifying.command_line import parse_command
from livecam.core.notifying.mqtt_address import parse_mqtt_address
from livecam.settings.allowed_values import check_file_name

NOTIFY = Group("Who is told", sort_key=11)
NO_PREFIX = "none"


def check_broker(_: object, text: str | None) -> None:
    """An address of a broker."""
    if text is not None:
        parse_mqtt_address(text)


def check_topic(_: object, topic: str) -> None:
    """A topic that messages can go to, without slashes at its ends."""
    if not re.fullmatch(r"[^\s/+#\0$][^+#\0]{0,99}", topic) or topic.endswith("/"):
        raise ValueError("must be a topic like livecam or garden/livecam, without + and #.")


def check_webhook(_: object, url: str | None) -> None:
    """An address that can be posted to."""
    if url is not None and not re.match(r"https?://[^\s/]", url.strip(), re.IGNORECASE):
        raise ValueError("must be an address like https://server.example/livecam.")


def check_command(_: object, text: str | None) -> None:
    """A program with its arguments and placeholders."""
    if text is not None:
        parse_command(text, is_windows=os.name == "nt")


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class NotifySettings:
    """Who is told of events, and how long each may take."""

    mqtt: Annotated[str | None, Parameter(group=NOTIFY, validator=check_broker)] = None
    """Tell this broker: mqtt://user@host, mqtts://user@host with TLS. Needs livecam[mqtt]. Other
    programs can read a password from the command line: better give it in LIVECAM_MQTT, as
    mqtt://user:password@host, or in --mqtt-password-file."""

    mqtt_password_file: Annotated[
        Path | None, Parameter(group=NOTIFY, validator=check_file_name)
    ] = None
    """The first line of this file is the password for the broker."""

    mqtt_ca: Annotated[Path | None, Parameter(group=NOTIFY, validator=check_file_name)] = None
    """Certificate (PEM) of the authority that the broker's own is of; by default the system's."""

    mqtt_topic: Annotated[str, Parameter(group=NOTIFY, validator=check_topic)] = "livecam"
    """Topic that all others are below; each livecam of a broker needs one of its own."""

    home_assistant: Annotated[str, Parameter(group=NOTIFY, validator=check_topic)] = "homeassistant"
    """Topic under which Home Assistant looks for devices; none where it is not to be told."""

    webhook: Annotated[str | None, Parameter(group=NOTIFY, validator=check_webhook)] = None
    """Post start, updates and end of every event to this address, as JSON with the picture."""

    on_start: Annotated[
        str | None,
        Parameter(group=NOTIFY, validator=check_command, allow_leading_hyphen=True),
    ] = None
    """Run this program when an event begins, like "notify-send {class}". {class}, {thumbnail} and
    others are filled in; the event is on its standard input, as JSON. There is no shell."""

    on_end: Annotated[
        str | None,
        Parameter(group=NOTIFY, validator=check_command, allow_leading_hyphen=True),
    ] = None
    """The same when an event is over and its clip is whole."""

    notify_limit: Annotated[float, Parameter(group=NOTIFY, validator=Number(gt=0, lte=3600))] = 30.0
    """Seconds that a broker, a web server or a program may take; then it is tried again."""
