"""What a broker has to keep: of each topic the newest message, said again at every connection."""

import threading
from collections.abc import Iterable
from dataclasses import replace

from livecam.sinks.notify.mqtt_client import MqttMessage


class HeldMessages:
    """The messages that hold, by topic; may be asked and changed from any thread."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._lock = threading.Lock()
        self._by_topic: dict[str, MqttMessage] = {}

    def __contains__(self, topic: str) -> bool:
        """Whether anything holds of a topic."""
        return topic in self._by_topic

    def all(self) -> list[MqttMessage]:
        """All of them."""
        with self._lock:
            return list(self._by_topic.values())

    def set(self, topic: str, payload: str | bytes) -> MqttMessage:
        """From now on this holds."""
        message = MqttMessage(topic, payload, is_retained=True)
        with self._lock:
            self._by_topic[topic] = message
        return message

    def drop(self, topics: Iterable[str]) -> None:
        """Of these topics nothing holds any more."""
        with self._lock:
            for topic in topics:
                self._by_topic.pop(topic, None)

    def move(self, base: str, now: str) -> None:
        """Let everything below one topic hold below another."""
        with self._lock:
            moved = [moved_message(each, base, now) for each in self._by_topic.values()]
            self._by_topic = {message.topic: message for message in moved}


def emptied(topic: str) -> MqttMessage:
    """What lets a broker keep nothing of a topic."""
    return MqttMessage(topic, "", is_retained=True)


def moved_topic(topic: str, base: str, now: str) -> str:
    """A topic below one topic as it is below another; any other one as it is."""
    return f"{now}{topic.removeprefix(base)}" if topic.startswith(f"{base}/") else topic


def moved_message(message: MqttMessage, base: str, now: str) -> MqttMessage:
    """The same for a message, which is itself where nothing changes."""
    topic = moved_topic(message.topic, base, now)
    return message if topic == message.topic else replace(message, topic=topic)
