"""The connection to a broker by paho-mqtt: goes on trying, and hands over one message at a time."""

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livecam.core.formatting import reason_of
from livecam.core.notifying.mqtt_address import MqttAddress
from livecam.core.notifying.topics import OFFLINE
from livecam.errors import SettingsError
from livecam.sinks.notify.delivery import NotDeliveredError
from livecam.sinks.output_paths import refuse_special

if TYPE_CHECKING:
    from paho.mqtt.client import Client

THREAD_NAME = "paho-mqtt-client-"  # paho's own of its thread; see livecam/__main__.py
KEEP_ALIVE_S = 30
_LEAVING_S = 3.0
RECONNECT_S = (1.0, 30.0)


@dataclass(frozen=True, slots=True, eq=False)
class MqttMessage:
    """One message for a broker.

    Attributes:
        topic: where it goes.
        payload: text, or a picture.
        is_retained: whether the broker keeps it for those who come later.
    """

    topic: str
    payload: str | bytes
    is_retained: bool = False

    @property
    def size_bytes(self) -> int:
        """How much memory it takes, nearly."""
        return 500 + len(self.payload)


@dataclass(frozen=True, slots=True)
class MqttOptions:
    """How a broker is reached.

    Attributes:
        address: of the broker.
        will_topic: where it says that livecam is gone, if that should end without a word.
        ca_file: of the authority that the broker's certificate is of; None for those of the system.
        limit_s: so long is waited for the broker to take a message.
        reconnect_s: the first and the longest wait until a lost connection is tried again.
    """

    address: MqttAddress
    will_topic: str
    ca_file: Path | None = None
    limit_s: float = 30.0
    reconnect_s: tuple[float, float] = RECONNECT_S


class MqttClient:
    """Connects in a thread of paho's, for ever; messages are handed over in another one.

    A message counts as taken when the broker has acknowledged it. One that was handed over and
    not acknowledged is sent again by paho after reconnecting, so it is not handed over twice.

    Attributes:
        options: where it connects, and how.
    """

    def __init__(self, options: MqttOptions) -> None:
        """Connect to nothing yet.

        Args:
            options: where to connect, and how.

        Raises:
            SettingsError: paho-mqtt is not installed, or the authority's file cannot be used.
        """
        self.options = options
        self._on_connected: Callable[[], None] = lambda: None
        self._on_ready: Callable[[], None] = lambda: None
        self._changed = threading.Condition()
        self._is_connected = self._is_closed = False
        self._problem = ""  # none is known yet: the first connection is on its way
        self._acknowledged: deque[int] = deque(maxlen=100)
        self._handed_over: tuple[MqttMessage, int] | None = None
        self._client = _created(options)
        self._client.on_connect = self._connected
        self._client.on_connect_fail = self._connect_failed
        self._client.on_disconnect = self._disconnected
        self._client.on_publish = self._published

    def start(self, on_connected: Callable[[], None], on_ready: Callable[[], None]) -> None:
        """Begin to connect, unless it is closed by now; a broker that is away is tried again.

        Args:
            on_connected: called in paho's thread whenever the broker has accepted the connection;
                what it announces comes before all else.
            on_ready: called after `on_connected`: messages are taken from now on.
        """
        if self._is_closed:
            return
        self._on_connected, self._on_ready = on_connected, on_ready
        address = self.options.address
        self._client.connect_async(address.host, address.port, KEEP_ALIVE_S)
        self._client.loop_start()

    def send(self, message: MqttMessage) -> None:
        """Hand over a message and wait for the broker's acknowledgement.

        Raises:
            NotDeliveredError: there is no connection, or no acknowledgement in time. Called again
                with the same message it goes on waiting.
        """
        until_s = time.monotonic() + self.options.limit_s
        self._wait_until(lambda: self._is_connected, until_s, "no connection in time")
        number = self._hand_over(message)
        self._wait_until(
            lambda: number in self._acknowledged, until_s, "no acknowledgement in time"
        )
        with self._changed:
            self._handed_over = None
            self._changed.notify_all()

    def announce(self, messages: Iterable[MqttMessage]) -> None:
        """Hand over what holds as long as there is this connection; the next one brings it anew."""
        for message in messages:
            self._client.publish(message.topic, message.payload, qos=0, retain=message.is_retained)

    def close(self, last: Sequence[MqttMessage] = ()) -> None:
        """Say that livecam is gone, and end the connection; takes a bounded time.

        Args:
            last: messages that are sent before, where there is a connection.
        """
        if self._is_connected:
            gone = MqttMessage(self.options.will_topic, OFFLINE, is_retained=True)
            self._wait_while_leaving(lambda: self._handed_over is None)
            number = [self._publish(message) for message in (*last, gone)][-1]
            self._wait_while_leaving(lambda: number in self._acknowledged)
        self._is_closed = True
        self._client.disconnect()
        self._set_problem("the connection was ended")  # nobody waits for it any longer
        # Paho's thread may be looking up a name, which nothing ends.
        stopping = threading.Thread(target=self._client.loop_stop, name=THREAD_NAME, daemon=True)
        stopping.start()
        stopping.join(_LEAVING_S)

    def _wait_while_leaving(self, is_so: Callable[[], bool]) -> None:
        with suppress(NotDeliveredError):
            self._wait_until(is_so, time.monotonic() + _LEAVING_S, "")

    def _wait_until(self, is_so: Callable[[], bool], until_s: float, too_late: str) -> None:
        """Wait for something, as long as there is a connection, or the first one may come."""
        with self._changed:
            while not is_so():
                left_s = until_s - time.monotonic()
                if self._problem:
                    raise NotDeliveredError(self._problem)
                if left_s <= 0:
                    raise NotDeliveredError(too_late)
                self._changed.wait(left_s)

    def _hand_over(self, message: MqttMessage) -> int:
        """Give the message to paho, unless it has it; gives its number there."""
        if self._handed_over is not None and self._handed_over[0] is message:
            return self._handed_over[1]
        with self._changed:
            self._acknowledged.clear()
        number = self._publish(message)
        self._handed_over = message, number
        return number

    def _publish(self, message: MqttMessage) -> int:
        """Give a message to paho; gives its number there.

        Without the lock: paho's thread holds one of its own while it calls `_published`.
        """
        topic, payload, retain = message.topic, message.payload, message.is_retained
        return int(self._client.publish(topic, payload, qos=1, retain=retain).mid)

    def _connected(self, _: Any, __: Any, ___: Any, reason: Any, ____: Any) -> None:
        if self._is_closed:
            return
        if reason.is_failure:
            self._set_problem(f"it answers: {str(reason).lower()}")
            return
        self._on_connected()
        with self._changed:
            self._is_connected, self._problem = True, ""
            self._changed.notify_all()
        self._on_ready()

    def _connect_failed(self, _: Any, __: Any) -> None:
        error = sys.exc_info()[1]  # paho calls this while it handles it, and does not hand it over
        self._set_problem("no connection" if error is None else reason_of(error))

    def _disconnected(self, _: Any, __: Any, ___: Any, reason: Any, ____: Any) -> None:
        if self._is_connected:  # else `_connected` knows better why
            self._set_problem(f"the connection ended: {str(reason).lower()}")

    def _published(self, _: Any, __: Any, number: int, ___: Any, ____: Any) -> None:
        with self._changed:
            self._acknowledged.append(number)
            self._changed.notify_all()

    def _set_problem(self, problem: str) -> None:
        with self._changed:
            self._is_connected, self._problem = False, problem
            self._changed.notify_all()


def _created(options: MqttOptions) -> "Client":
    """Paho's client, not connected.

    Raises:
        SettingsError: it is not installed, or the authority's file cannot be used.
    """
    try:
        from paho.mqtt.client import Client
        from paho.mqtt.enums import CallbackAPIVersion
    except ImportError:
        raise SettingsError(
            '--mqtt needs the package paho-mqtt: pip install "livecam[mqtt]"'
        ) from None
    address = options.address
    client = Client(CallbackAPIVersion.VERSION2)
    if address.user:
        client.username_pw_set(address.user, address.password or None)
    if address.is_tls:
        if options.ca_file is not None:  # a pipe without a writer would be waited for for ever
            refuse_special(options.ca_file, "--mqtt-ca")
        try:
            client.tls_set(None if options.ca_file is None else str(options.ca_file))
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"--mqtt-ca {options.ca_file} cannot be used ({reason_of(error)}): give the "
                "certificate of the broker's authority, as PEM."
            ) from None
    wait_s: tuple[Any, Any] = options.reconnect_s  # paho's types know whole seconds only
    client.reconnect_delay_set(*wait_s)
    client.will_set(options.will_topic, OFFLINE, qos=1, retain=True)
    return client
