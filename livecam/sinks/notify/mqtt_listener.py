"""Tells a broker of events (MQTT): states, moments, pictures; and Home Assistant what there is."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from livecam import __version__
from livecam.core.notifying.home_assistant import discovery_message, discovery_topic
from livecam.core.notifying.notification import Moment, Notification
from livecam.core.notifying.outgoing_queue import Outgoing, WhenNewer
from livecam.core.notifying.probability_changes import ProbabilityChanges
from livecam.core.notifying.topics import OFF, ON, ONLINE, CameraTopics, availability_topic
from livecam.core.printable_text import json_text
from livecam.core.watching.watch_event import WatchEvent, event_record
from livecam.sinks.notify.delivery import Delivery, DeliveryClock, DeliveryLimits
from livecam.sinks.notify.mqtt_client import MqttClient, MqttMessage, MqttOptions

CLOSING_S = 10.0


@dataclass(frozen=True, slots=True)
class MqttTold:
    """What a broker is told of.

    Attributes:
        base: topic that all others are below.
        classes: of each camera, by its name, the classes of its events.
        discovery_prefix: where Home Assistant looks for devices; "" where it is not told.
        newest: of each class the newest event of before, which is over, and its picture.
    """

    base: str
    classes: Mapping[str, Sequence[str]]
    discovery_prefix: str = "homeassistant"
    newest: Sequence[tuple[WatchEvent, bytes | None]] = ()


class MqttListener:
    """Implements EventListener.

    What holds (states, the newest event and picture of each class, what there is) is kept here and
    announced anew at every connection: a broker that was started again may have forgotten it.
    What happens (the moments of events) waits in a queue until the broker has acknowledged it.
    """

    def __init__(
        self,
        options: MqttOptions,
        told: MqttTold,
        say: Callable[[str], None],
        *,
        limits: DeliveryLimits = DeliveryLimits(),  # noqa: B008  (frozen)
        clock: DeliveryClock = DeliveryClock(),  # noqa: B008  (frozen)
    ) -> None:
        """Begin to connect.

        Args:
            options: where the broker is.
            told: of what it is told.
            say: gets one line where something changes.
            limits: how much may wait.
            clock: for tests.

        Raises:
            SettingsError: paho-mqtt is not installed, or a certificate cannot be used.
        """
        self._told = told
        self._topics = {
            name: CameraTopics(told.base, name, classes) for name, classes in told.classes.items()
        }
        self._lock = threading.Lock()
        self._holds: dict[str, MqttMessage] = {}
        self._open: dict[str, set[str]] = {}
        self._probabilities: dict[str, ProbabilityChanges] = {}
        for topics in self._topics.values():
            for class_name in topics.classes:
                self._set(topics.state(class_name), OFF)
        for event, picture_jpeg in told.newest:
            self._hold_newest(event, picture_jpeg)
        self._client = MqttClient(options, self._announce)
        self.delivery: Delivery[MqttMessage] = Delivery(
            self._client.send, options.address.shown, say, limits=limits, clock=clock
        )
        self._client.start(self.delivery.nudge)

    def started(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """An event has begun: ON, its moment, its picture."""
        topics, name = self._topics_of(event), event.class_name
        state = topics.state(name)
        self._open.setdefault(state, set()).add(event.event)
        self._put(self._set(state, ON), "replace if stuck")
        self._tell("start", event, topics)
        self._tell_picture(topics.picture(name), picture_jpeg, event)

    def updated(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """A stronger picture has come."""
        topics = self._topics_of(event)
        self._tell("update", event, topics)
        self._tell_picture(topics.picture(event.class_name), picture_jpeg, event)

    def ended(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """It is over: its moment, its picture; OFF, where no other one of its class goes on."""
        topics, name = self._topics_of(event), event.class_name
        state = topics.state(name)
        self._tell("end", event, topics)
        self._tell_picture(topics.picture(name), picture_jpeg, event)
        still_open = self._open.setdefault(state, set())
        still_open.discard(event.event)
        if not still_open:
            self._put(self._set(state, OFF), "replace if stuck")

    def finished(self, event: WatchEvent) -> None:
        """Its files mean nothing where only the broker is."""

    def looked(self, camera: str, class_name: str, probability: float, at: datetime) -> None:
        """A probability: told where it has changed, and no older one waits beside it."""
        changes = self._probabilities.setdefault(camera, ProbabilityChanges())
        if changes.is_news(class_name, probability, at):
            topic = self._camera(camera).probability(class_name)
            self._put(self._set(topic, f"{probability:.3f}"), "replace", is_update=True)

    def close(self) -> None:
        """Send what waits, say that livecam is gone, and end the connection."""
        self.delivery.close(CLOSING_S)
        self._client.close()

    def _camera(self, name: str) -> CameraTopics:
        """The topics of a camera, also of one that was not named before."""
        return self._topics.setdefault(name, CameraTopics(self._told.base, name, ()))

    def _topics_of(self, event: WatchEvent) -> CameraTopics:
        return self._camera(event.camera)

    def _hold_newest(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """What holds of an event of before: nothing of it happens now."""
        topics, name = self._topics_of(event), event.class_name
        self._set(topics.event(name), _moment_text("end", event))
        if picture_jpeg is not None:
            self._set(topics.picture(name), picture_jpeg)

    def _tell(self, moment: Moment, event: WatchEvent, topics: CameraTopics) -> None:
        """A moment of an event; and the event, as the newest of its class."""
        text = _moment_text(moment, event)
        is_update = moment == "update"
        self._put(MqttMessage(topics.events, text), is_update=is_update)
        newest = self._set(topics.event(event.class_name), text)
        self._put(newest, "replace", is_update=is_update)

    def _tell_picture(self, topic: str, picture_jpeg: bytes | None, event: WatchEvent) -> None:
        """A picture; of one event the newest one is the strongest, and no other one waits."""
        if picture_jpeg is not None:
            message = self._set(topic, picture_jpeg)
            self._put(message, "replace", key=f"{topic} {event.event}", is_update=not event.is_over)

    def _set(self, topic: str, payload: str | bytes) -> MqttMessage:
        """From now on this holds."""
        message = MqttMessage(topic, payload, is_retained=True)
        with self._lock:
            self._holds[topic] = message
        return message

    def _put(
        self,
        message: MqttMessage,
        when_newer: WhenNewer = "keep",
        *,
        key: str = "",
        is_update: bool = False,
    ) -> None:
        key = key or (message.topic if when_newer != "keep" else "")
        self.delivery.put(Outgoing(message, message.size_bytes, is_update, key, when_newer))

    def _announce(self) -> None:
        """The broker has accepted a connection: say what there is and what holds. Paho's thread."""
        with self._lock:
            holds = list(self._holds.values())
        self._client.announce([*self._discovery(), *holds])
        online = MqttMessage(availability_topic(self._told.base), ONLINE, is_retained=True)
        self._client.announce([online])

    def _discovery(self) -> list[MqttMessage]:
        if not self._told.discovery_prefix:
            return []
        return [
            MqttMessage(
                discovery_topic(self._told.discovery_prefix, topics),
                json_text(discovery_message(topics, __version__)),
                is_retained=True,
            )
            for topics in list(self._topics.values())
            if topics.classes
        ]


def _moment_text(moment: Moment, event: WatchEvent) -> str:
    return Notification(moment, event_record(event)).json_text(has_picture=False)
