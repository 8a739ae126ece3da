"""What Home Assistant is told of the cameras, and what it is told when one of them goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from livecam import __version__
from livecam.core.notifying.home_assistant import (
    discovery_message,
    discovery_topic,
    without_components,
)
from livecam.core.notifying.topics import CameraTopics
from livecam.core.printable_text import json_text
from livecam.sinks.notify.mqtt_client import MqttMessage


@dataclass(frozen=True, slots=True)
class Discovery:
    """The messages that announce cameras.

    Attributes:
        by_topic: each message, by where it goes.
    """

    by_topic: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, prefix: str, cameras: Iterable[CameraTopics]) -> "Discovery":
        """Of these cameras; none where `prefix`, below which Home Assistant looks, is ""."""
        found = {
            discovery_topic(prefix, topics): discovery_message(topics, __version__)
            for topics in cameras
            if prefix and topics.classes
        }
        return cls(found)

    def messages(self) -> list[MqttMessage]:
        """All of them."""
        return [_message(topic, content) for topic, content in self.by_topic.items()]

    def withdrawal(self) -> list[MqttMessage]:
        """What takes all of them back."""
        return [MqttMessage(topic, "", is_retained=True) for topic in self.by_topic]

    def changes_since(self, before: "Discovery") -> list[MqttMessage]:
        """What says the difference: devices that went, entities that went, and all that is new."""
        gone = {t: content for t, content in before.by_topic.items() if t not in self.by_topic}
        messages = Discovery(gone).withdrawal()
        for topic, content in self.by_topic.items():
            former = before.by_topic.get(topic)
            if former is not None and former["components"].keys() - content["components"].keys():
                messages.append(_message(topic, without_components(content, former)))
            if former != content:
                messages.append(_message(topic, content))
        return messages


def _message(topic: str, content: Mapping[str, Any]) -> MqttMessage:
    text = json_text(content)
    return MqttMessage(topic, text, is_retained=True)
