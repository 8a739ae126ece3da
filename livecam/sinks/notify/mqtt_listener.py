"""Tells a broker of events (MQTT): states, moments, pictures; and Home Assistant what there is."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from livecam.core.notifying.notification import Moment, Notification
from livecam.core.notifying.outgoing_queue import Outgoing, WhenNewer
from livecam.core.notifying.probability_changes import ProbabilityChanges
from livecam.core.notifying.topics import OFF, ON, ONLINE, CameraTopics, availability_topic
from livecam.core.watching.watch_event import WatchEvent, event_record
from livecam.sinks.notify.delivery import THREAD_NAME, Delivery, DeliveryClock, DeliveryLimits
from livecam.sinks.notify.held_messages import (
    HeldMessages,
    emptied,
    moved_message,
    moved_topic,
)
from livecam.sinks.notify.mqtt_client import MqttClient, MqttMessage, MqttOptions
from livecam.sinks.notify.mqtt_discovery import Discovery
from livecam.sinks.notify.newest_events import PicturedEvent

CLOSING_S = 10.0


@dataclass(frozen=True, slots=True)
class MqttContent:
    """What a broker is told of.

    Attributes:
        base: topic that all others are below.
        classes: of each camera, by its name, the classes of its events.
        discovery_prefix: where Home Assistant looks for devices; "" where it is not told.
        newest: of each class the newest event of before, which is over, and its picture.
        going_on: events that have begun before this broker is told of any.
    """

    base: str
    classes: Mapping[str, Sequence[str]]
    discovery_prefix: str = "homeassistant"
    newest: Sequence[PicturedEvent] = ()
    going_on: Sequence[PicturedEvent] = ()

    @property
    def topics(self) -> dict[str, CameraTopics]:
        """The topics of each camera, by its name."""
        return {name: CameraTopics(self.base, name, of) for name, of in self.classes.items()}


class MqttListener:
    """Implements EventListener.

    What holds (states, the newest event and picture of each class, what there is) is kept here and
    announced anew at every connection: a broker that was started again may have forgotten it.
    What happens (the moments of events) waits in a queue until the broker has acknowledged it.
    """

    def __init__(
        self,
        client: MqttClient,
        content: MqttContent,
        say: Callable[[str], None],
        *,
        limits: DeliveryLimits = DeliveryLimits(),  # noqa: B008  (frozen)
        clock: DeliveryClock = DeliveryClock(),  # noqa: B008  (frozen)
    ) -> None:
        """Begin to connect.

        Args:
            client: of the broker, not started.
            content: what it is told of.
            say: gets one line where something changes.
            limits: how much may wait.
            clock: for tests.
        """
        self._content, self._topics = content, content.topics
        self._held = HeldMessages()
        self._open: dict[str, set[str]] = {}
        self._probabilities: dict[str, ProbabilityChanges] = {}
        self._hold_what_is_known()
        self._client = client
        self._leaving: list[threading.Thread] = []
        self.delivery: Delivery[MqttMessage] = Delivery(
            client.send, client.options.address.shown, say, limits=limits, clock=clock
        )
        client.start(self._announce, self.delivery.nudge)

    @property
    def options(self) -> MqttOptions:
        """How the broker is reached; of the present connection the time limit alone may change."""
        return self._client.options

    @options.setter
    def options(self, options: MqttOptions) -> None:
        self._client.options = options

    def change(self, content: MqttContent, client: MqttClient | None) -> None:
        """Tell of this from now on, and by this connection; returns at once.

        What waits goes by the new connection. The former one says that livecam is gone, and takes
        back what it has announced where the new one is to another broker, or below another topic.

        Args:
            content: what the broker is told of now.
            client: not started; None for the present one.
        """
        former, before = self._content, self._discovery()
        taken_back = self._withdrawal()
        self._content, self._topics = content, content.topics
        gone = self._drop_gone(former)
        self._move(former.base, content.base)
        held = {message.topic for message in self._held.all()}
        self._hold_what_is_known()
        place = self._client.options.address.place
        is_elsewhere = client is not None and (
            former.base != content.base or client.options.address.place != place
        )
        if client is not None:
            self._replace_client(client, former.base, taken_back if is_elsewhere else [])
        if not is_elsewhere:
            new = [message for message in self._held.all() if message.topic not in held]
            for message in (*gone, *self._discovery().changes_since(before), *new):
                self._put(message)

    def withdraw(self) -> None:
        """Take back what was announced: the broker is told of nothing any more. Close it then."""
        messages = self._withdrawal()
        self._content = replace(self._content, classes={})
        self._topics, self._held = {}, HeldMessages()
        for message in messages:
            self._put(message)

    def started(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """An event has begun: ON, its moment, its picture."""
        topics, name = self._topics_of(event), event.class_name
        state = topics.state(name)
        self._open.setdefault(state, set()).add(event.event)
        self._put(self._held.set(state, ON), "replace if stuck")
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
            self._put(self._held.set(state, OFF), "replace if stuck")

    def finished(self, event: WatchEvent) -> None:
        """Its files mean nothing where only the broker is."""

    def looked(self, camera: str, class_name: str, probability: float, at: datetime) -> None:
        """A probability: told where it has changed, and no older one waits beside it."""
        changes = self._probabilities.setdefault(camera, ProbabilityChanges())
        if changes.is_news(class_name, probability, at):
            topic = self._camera(camera).probability(class_name)
            self._put(self._held.set(topic, f"{probability:.3f}"), "replace", is_update=True)

    def close(self) -> None:
        """Send what waits, say that livecam is gone, and end the connection."""
        self.delivery.close(CLOSING_S)
        self._client.close()
        for thread in self._leaving:
            thread.join(CLOSING_S)

    def _replace_client(
        self, client: MqttClient, base: str, taken_back: Sequence[MqttMessage]
    ) -> None:
        """Let another connection do it. The former one ends first: "offline" before "online".

        Args:
            client: not started.
            base: below which the topics were so far.
            taken_back: what the former connection sends last.
        """
        former, self._client, now = self._client, client, self._content.base
        earlier = [thread for thread in self._leaving if thread.is_alive()]

        def replace_former() -> None:
            for thread in earlier:
                thread.join()
            former.close(taken_back)
            client.start(self._announce, self.delivery.nudge)

        def moved(outgoing: Outgoing[MqttMessage]) -> Outgoing[MqttMessage]:
            content = moved_message(outgoing.content, base, now)
            return replace(outgoing, content=content, key=moved_topic(outgoing.key, base, now))

        self.delivery.change(client.send, client.options.address.shown, moved)
        thread = threading.Thread(target=replace_former, name=THREAD_NAME, daemon=True)
        self._leaving = [*earlier, thread]
        thread.start()

    def _hold_what_is_known(self) -> None:
        """What holds before anything happens, as far as it is not known better."""
        for topics in self._topics.values():
            for class_name in topics.classes:
                self._hold(topics.state(class_name), OFF)
        for event, picture_jpeg in self._content.newest:
            self._hold_event("end", event, picture_jpeg)
        for event, picture_jpeg in self._content.going_on:
            state = self._topics_of(event).state(event.class_name)
            self._open.setdefault(state, set()).add(event.event)
            self._held.set(state, ON)
            self._hold_event("start", event, picture_jpeg)

    def _drop_gone(self, former: MqttContent) -> list[MqttMessage]:
        """Hold nothing of the cameras and classes that went; gives what clears it at the broker.

        Topics are still those below the former base.
        """
        now = [replace(topics, base=former.base) for topics in self._topics.values()]
        kept = frozenset[str]().union(*(topics.of_classes for topics in now))
        named = frozenset[str]().union(*(topics.of_classes for topics in former.topics.values()))
        gone = [
            message.topic
            for message in self._held.all()
            if message.topic in named - kept or not any(each.has(message.topic) for each in now)
        ]
        self._held.drop(gone)
        self._open = {state: of for state, of in self._open.items() if state not in gone}
        return list(map(emptied, gone))

    def _move(self, base: str, now: str) -> None:
        """Let what holds be below another topic."""
        self._held.move(base, now)
        self._open = {moved_topic(state, base, now): of for state, of in self._open.items()}

    def _withdrawal(self) -> list[MqttMessage]:
        """What takes back everything that was announced."""
        held = (emptied(message.topic) for message in self._held.all())
        return [*self._discovery().withdrawal(), *held]

    def _camera(self, name: str) -> CameraTopics:
        """The topics of a camera, also of one that was not named before."""
        return self._topics.setdefault(name, CameraTopics(self._content.base, name, ()))

    def _topics_of(self, event: WatchEvent) -> CameraTopics:
        return self._camera(event.camera)

    def _hold_event(self, moment: Moment, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """What holds of an event of before: nothing of it happens now."""
        topics, name = self._topics_of(event), event.class_name
        if self._hold(topics.event(name), _moment_text(moment, event)) and picture_jpeg is not None:
            self._held.set(topics.picture(name), picture_jpeg)

    def _hold(self, topic: str, payload: str) -> bool:
        """From now on this holds, unless something does already; says whether it is this."""
        if topic in self._held:
            return False
        self._held.set(topic, payload)
        return True

    def _tell(self, moment: Moment, event: WatchEvent, topics: CameraTopics) -> None:
        """A moment of an event; and the event, as the newest of its class."""
        text = _moment_text(moment, event)
        is_update = moment == "update"
        self._put(MqttMessage(topics.events, text), is_update=is_update)
        newest = self._held.set(topics.event(event.class_name), text)
        self._put(newest, "replace", is_update=is_update)

    def _tell_picture(self, topic: str, picture_jpeg: bytes | None, event: WatchEvent) -> None:
        """A picture; of one event the newest one is the strongest, and no other one waits."""
        if picture_jpeg is not None:
            message = self._held.set(topic, picture_jpeg)
            self._put(message, "replace", key=f"{topic} {event.event}", is_update=not event.is_over)

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
        online = MqttMessage(availability_topic(self._content.base), ONLINE, is_retained=True)
        self._client.announce([*self._discovery().messages(), *self._held.all(), online])

    def _discovery(self) -> Discovery:
        return Discovery.of(self._content.discovery_prefix, list(self._topics.values()))


def _moment_text(moment: Moment, event: WatchEvent) -> str:
    return Notification(moment, event_record(event)).json_text(has_picture=False)
