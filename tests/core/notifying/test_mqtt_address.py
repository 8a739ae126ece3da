"""Addresses of brokers: what they mean, and that no password is ever shown."""

import pytest

from livecam.core.notifying.mqtt_address import parse_mqtt_address


@pytest.mark.parametrize(
    ("text", "parts", "shown"),
    [
        ("mqtt://broker.local", ("broker.local", 1883, False, "", ""), "mqtt://broker.local"),
        ("broker.local", ("broker.local", 1883, False, "", ""), "mqtt://broker.local"),
        ("broker:1884", ("broker", 1884, False, "", ""), "mqtt://broker:1884"),
        ("mqtts://broker/", ("broker", 8883, True, "", ""), "mqtts://broker"),
        ("MQTTS://eva:a%2Fb%40c@h:1", ("h", 1, True, "eva", "a/b@c"), "mqtts://h:1"),
        ("eva:secret@broker", ("broker", 1883, False, "eva", "secret"), "mqtt://broker"),
        ("mqtt://[::1]:1884", ("::1", 1884, False, "", ""), "mqtt://[::1]:1884"),
    ],
)
def test_an_address_has_these_parts(text, parts, shown):
    address = parse_mqtt_address(text)
    found = (address.host, address.port, address.is_tls, address.user, address.password)
    assert found == parts
    assert address.shown == shown
    assert not address.password or address.password not in repr(address)


@pytest.mark.parametrize(
    "text",
    [
        "", "http://broker", "mqtt://", "mqtt://eva:s3cret@", "mqtt://h:0", "mqtt://h:99999",
        "mqtt://h:s3cret", "mqtt://h/s3cret", "mqtt://eva:s3cret/x@h", "mqtt://h?s3cret=1",
        "mqtt://[::1", "a b",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_repeating_it(text):
    with pytest.raises(ValueError, match="mqtt://") as caught:
        parse_mqtt_address(text)
    assert "s3cret" not in str(caught.value)
