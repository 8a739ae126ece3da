"""Discovery messages have the fields that Home Assistant documents, and no others."""

import re

import pytest
from support import ROOT

from livecam.core.notifying.home_assistant import (
    discovery_message,
    discovery_topic,
    without_components,
)
from livecam.core.notifying.topics import CameraTopics, topic_part

_AVAILABILITY = {
    "availability", "availability_mode", "availability_template", "availability_topic",
    "payload_available", "payload_not_available",
}  # fmt: skip
_EVERY_ENTITY = _AVAILABILITY | {
    "platform", "device", "enabled_by_default", "encoding", "entity_category", "entity_picture",
    "icon", "json_attributes_template", "json_attributes_topic", "name", "default_entity_id", "qos",
    "unique_id",
}  # fmt: skip
DOCUMENTED = {
    "device discovery": _AVAILABILITY
    | {"device", "origin", "components", "command_topic", "state_topic", "qos", "encoding"},
    "device": {
        "configuration_url", "connections", "hw_version", "identifiers", "manufacturer", "model",
        "model_id", "name", "serial_number", "suggested_area", "sw_version", "via_device",
    },
    "origin": {"name", "sw_version", "support_url"},
    "binary_sensor": _EVERY_ENTITY
    | {"device_class", "expire_after", "force_update", "off_delay", "payload_off", "payload_on",
       "state_topic", "value_template"},
    "sensor": _EVERY_ENTITY
    | {"device_class", "expire_after", "force_update", "last_reset_value_template", "options",
       "state_class", "state_topic", "suggested_display_precision", "unit_of_measurement",
       "value_template"},
    "image": _EVERY_ENTITY
    | {"content_type", "image_encoding", "image_topic", "url_template", "url_topic"},
}  # fmt: skip
"""Fields by component, of the pages "MQTT", "MQTT binary sensor", "MQTT sensor" and "MQTT image" of
Home Assistant's documentation, read in November 2026."""

REQUIRED = {
    "binary_sensor": {"platform", "unique_id", "state_topic"},
    "sensor": {"platform", "unique_id", "state_topic"},
    "image": {"platform", "unique_id", "image_topic"},
}
TOPIC = re.compile(r"homeassistant/device/[a-zA-Z0-9_-]+/config")
TOPICS = CameraTopics("livecam", "flower bed", ("daisy", "barn spider"))


def test_a_camera_is_a_device_with_documented_fields_alone():
    message = discovery_message(TOPICS, "1.2.3")
    assert message.keys() <= DOCUMENTED["device discovery"]
    assert message.keys() >= {"device", "origin", "components"}
    assert message["device"].keys() <= DOCUMENTED["device"]
    assert message["device"]["identifiers"] == ["livecam_flower_bed"]
    assert message["origin"].keys() <= DOCUMENTED["origin"]
    assert message["origin"]["name"]
    assert TOPIC.fullmatch(discovery_topic("homeassistant", TOPICS))
    for entity in message["components"].values():
        kind = entity["platform"]
        assert REQUIRED[kind] <= entity.keys() <= DOCUMENTED[kind]


def test_every_class_has_its_sensor_its_probability_and_its_picture():
    entities = discovery_message(TOPICS, "1")["components"]
    assert list(entities) == [
        "daisy_seen", "daisy_probability", "daisy_picture",
        "barn_spider_seen", "barn_spider_probability", "barn_spider_picture",
    ]  # fmt: skip
    assert entities["daisy_seen"]["state_topic"] == "livecam/flower_bed/daisy/state"
    assert entities["barn_spider_picture"]["image_topic"] == TOPICS.picture("barn spider")
    assert entities["daisy_probability"]["unit_of_measurement"] == "%"


def test_the_ids_of_entities_are_those_that_the_documentation_names():
    """An entity's own id says which domain it is of; `object_id` is no field any more."""
    found = {
        entity["platform"]: entity["default_entity_id"]
        for entity in discovery_message(CameraTopics("livecam", "bed", ("Daisy-1",)), "1")[
            "components"
        ].values()
    }
    assert found == {
        "binary_sensor": "binary_sensor.livecam_bed_daisy_1",
        "sensor": "sensor.livecam_bed_daisy_1_probability",
        "image": "image.livecam_bed_daisy_1_picture",
    }
    bed = discovery_message(CameraTopics("livecam", "bed", ("daisy",)), "1")["components"]
    page = (ROOT / "docs" / "tell_others.md").read_text("utf-8")
    assert f"/{bed['daisy_picture']['default_entity_id']}\n" in page


def test_an_entity_that_went_is_taken_back_by_its_platform_alone():
    former = discovery_message(TOPICS, "1")
    now = discovery_message(CameraTopics("livecam", "flower bed", ("daisy",)), "1")
    taken_back = without_components(now, former)["components"]
    assert {name: of for name, of in taken_back.items() if name in now["components"]} == now[
        "components"
    ]
    assert taken_back["barn_spider_seen"] == {"platform": "binary_sensor"}
    assert taken_back["barn_spider_picture"] == {"platform": "image"}
    assert taken_back.keys() == former["components"].keys()


def test_no_two_entities_of_two_livecams_have_one_id():
    cameras = [
        CameraTopics(base, camera, ("a b", "a_b", "a/b"))
        for base in ("livecam", "garden/livecam")
        for camera in ("", "bed")
    ]
    messages = [discovery_message(topics, "1") for topics in cameras]
    ids = [entity["unique_id"] for each in messages for entity in each["components"].values()]
    assert len(set(ids)) == len(ids) == 4 * 9
    assert len({discovery_topic("h", topics) for topics in cameras}) == 4


@pytest.mark.parametrize("name", ["daisy", "a/b+c#d", "Gänseblümchen", "///", "", "$SYS", "a b"])
def test_a_name_becomes_one_level_of_a_topic(name):
    assert re.fullmatch(r"[A-Za-z0-9_-]+", topic_part(name))
    topics = CameraTopics("livecam", name, (name,))
    assert topics.state(name).count("/") == 3
