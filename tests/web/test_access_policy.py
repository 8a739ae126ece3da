"""Host names, origins, tokens and cookies: the rules of access, without a network."""

import pytest
from livecam.web.server import access_policy


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8765", "localhost", "[::1]:80", "192.168.1.7", "garden", "garden:1"]
)
def test_addresses_and_own_names_are_trusted(host):
    assert access_policy.is_trusted_host(host, {"garden"})


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "127.0.0.1.evil.example", "user@127.0.0.1", "127.0.0.1:x", "[::1",
     "127.0.0.1/x", "localhost?x", "127.0.0.1:99999", "127.0.0.1, evil.example", "garden.evil"],
)  # fmt: skip
def test_other_host_names_are_not_trusted(host):
    assert not access_policy.is_trusted_host(host, {"garden"})


@pytest.mark.parametrize(
    ("origin", "own"),
    [
        ("http://127.0.0.1:8765", True),
        ("https://127.0.0.1:8765", True),
        ("HTTP://127.0.0.1:8765", True),
        ("http://127.0.0.1:8766", False),
        ("http://localhost:8765", False),
        ("null", False),
        ("", False),
        ("127.0.0.1:8765", False),
        ("ftp://127.0.0.1:8765", False),
    ],
)
def test_an_origin_is_the_same_when_it_is_the_requested_host(origin, own):
    assert access_policy.is_same_origin(origin, "127.0.0.1:8765") is own


def test_secrets_of_any_letters_can_be_compared():
    assert access_policy.secrets_match("ä", "ä")
    assert not access_policy.secrets_match("a", "ab")


def test_cookies_and_bearer_tokens_are_read():
    header = "a=1; livecam-session-8765=abc=; b=2"
    assert access_policy.cookies_in(header, "livecam-session-8765") == ["abc="]
    assert access_policy.cookies_in(header, "livecam-session-8766") == []
    assert access_policy.cookies_in(header, "session") == []
    assert access_policy.cookies_in("a=1; b=2; a=3", "a") == ["1", "3"]
    assert access_policy.bearer_token_in("bearer  xyz") == "xyz"
    assert access_policy.bearer_token_in("Basic xyz") == ""
