"""The address of a broker: mqtt://user:password@host:port, mqtts:// with TLS."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"mqtt": 1883, "mqtts": 8883}
_EXAMPLE = "write it like mqtt://user@broker.local or mqtts://user@broker.local:8883"


@dataclass(frozen=True, slots=True)
class MqttAddress:
    """Where a broker is, and as whom to log in.

    Attributes:
        host: its name or address.
        port: of TCP.
        is_tls: whether the connection is encrypted.
        user: "" for nobody.
        password: "" for none; never shown.
    """

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def place(self) -> tuple[str, int]:
        """Which broker it is: its host and port."""
        return self.host, self.port

    @property
    def shown(self) -> str:
        """As it may be shown: without user and password."""
        scheme = "mqtts" if self.is_tls else "mqtt"
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[scheme] else f":{self.port}"
        return f"{scheme}://{host}{port}"


def parse_mqtt_address(text: str) -> MqttAddress:
    """The parts of an address; a name without a scheme is that of a host.

    Raises:
        ValueError: it is none; the text says why, and repeats nothing of it.
    """
    text = text.strip()
    if re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE) is None:
        text = f"mqtt://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(f"is no address of a broker: {_EXAMPLE}.") from None
    if parts.scheme not in _PORTS:
        raise ValueError(f"must begin with mqtt:// or mqtts://: {_EXAMPLE}.")
    if not parts.hostname or re.search(r"\s", parts.hostname) or port == 0:
        raise ValueError(f"names no host: {_EXAMPLE}.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            f"has something behind the host ({_EXAMPLE}); a topic goes to --mqtt-topic, and in a "
            "password each of / ? # is written as %2F %3F %23."
        )
    return MqttAddress(
        parts.hostname,
        port or _PORTS[parts.scheme],
        parts.scheme == "mqtts",
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
