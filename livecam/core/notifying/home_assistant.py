"""Home Assistant's MQTT discovery: the message that makes a camera a device with its entities.

Source: "MQTT", section "Device discovery payload", with "MQTT binary sensor", "MQTT sensor" and
"MQTT image" of Home Assistant's documentation; it takes such messages since release 2024.12, and
passes over what it does not know yet: `default_entity_id` it has from 2025.10 on, for `object_id`.
"""

import re
from collections.abc import Mapping
from typing import Any

from livecam.core.notifying.topics import CameraTopics, availability_topic, topic_part

_TOPIC_ID = "livecam"


def discovery_topic(prefix: str, topics: CameraTopics) -> str:
    """Where the message goes, retained.

    Args:
        prefix: the one under which Home Assistant looks for devices.
        topics: of the camera.
    """
    return f"{prefix}/device/{_device_id(topics)}/config"


def discovery_message(topics: CameraTopics, version: str) -> dict[str, Any]:
    """The device of a camera: for every class a binary sensor, its probability and its picture.

    Args:
        topics: of the camera.
        version: of livecam.
    """
    components: dict[str, Any] = {}
    for name in topics.classes:
        part = topics.class_id(name)
        components[f"{part}_seen"] = _binary_sensor(topics, name)
        components[f"{part}_probability"] = _sensor(topics, name)
        components[f"{part}_picture"] = _image(topics, name)
    return {
        "device": {
            "identifiers": [_device_id(topics)],
            "name": f"livecam {topics.camera}".strip(),
            "manufacturer": "livecam",
            "model": "Class activation maps of a camera",
            "sw_version": version,
        },
        "origin": {"name": "livecam", "sw_version": version},
        "availability_topic": availability_topic(topics.base),
        "components": components,
    }


def without_components(message: Mapping[str, Any], former: Mapping[str, Any]) -> dict[str, Any]:
    """The message of a device that takes back the entities which only a former one of it has.

    Of these it has the platform alone, which removes them; the message itself follows.

    Args:
        message: what the device has now.
        former: what it had before.
    """
    gone = {
        name: {"platform": entity["platform"]}
        for name, entity in former["components"].items()
        if name not in message["components"]
    }
    return {**message, "components": {**message["components"], **gone}}


def _device_id(topics: CameraTopics) -> str:
    """Of this camera of this livecam: several may tell one broker under topics of their own."""
    base = topic_part(topics.base)
    return f"{base}_{topics.id}" if base == _TOPIC_ID else f"{_TOPIC_ID}_{base}_{topics.id}"


def _entity(
    topics: CameraTopics, class_name: str, platform: str, kind: str, ending: str
) -> dict[str, Any]:
    """What every entity has.

    Args:
        topics: of the camera.
        class_name: what it is about.
        platform: what it is: "sensor", ...
        kind: distinguishes the entities of a class.
        ending: of its name, behind the class.
    """
    device, part = _device_id(topics), topics.class_id(class_name)
    id_of_entity = re.sub("[^a-z0-9_]", "_", f"{device}_{part}_{ending}".strip("_").lower())
    return {
        "platform": platform,
        "unique_id": f"{device}_{part}_{kind}",
        "default_entity_id": f"{platform}.{id_of_entity}",
        "name": f"{class_name} {ending}".strip(),
    }


def _binary_sensor(topics: CameraTopics, class_name: str) -> dict[str, Any]:
    return {
        **_entity(topics, class_name, "binary_sensor", "seen", ""),
        "icon": "mdi:flower",
        "state_topic": topics.state(class_name),
        "json_attributes_topic": topics.event(class_name),
        "qos": 1,
    }


def _sensor(topics: CameraTopics, class_name: str) -> dict[str, Any]:
    return {
        **_entity(topics, class_name, "sensor", "probability", "probability"),
        "icon": "mdi:flower-outline",
        "state_topic": topics.probability(class_name),
        "value_template": "{{ (value | float * 100) | round(1) }}",
        "unit_of_measurement": "%",
        "state_class": "measurement",
    }


def _image(topics: CameraTopics, class_name: str) -> dict[str, Any]:
    return {
        **_entity(topics, class_name, "image", "picture", "picture"),
        "image_topic": topics.picture(class_name),
        "content_type": "image/jpeg",
    }
