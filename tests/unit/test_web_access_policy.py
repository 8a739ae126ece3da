"""Names, origins, tokens, buckets: the rules of the gate, without a network."""

import pytest
from support import FakeClock

from livecam.web.server import access_policy
from livecam.web.server.rate_limit import MOST_ADDRESSES, Allowance, Buckets


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8765", "localhost", "[::1]:80", "192.168.1.7", "garden", "garden:1"]
)
def test_names_that_nobody_else_can_make_his_own_are_trusted(host):
    assert access_policy.is_trusted_host(host, {"garden"})


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "127.0.0.1.evil.example", "user@127.0.0.1", "127.0.0.1:x", "[::1",
     "127.0.0.1/x", "localhost?x", "127.0.0.1:99999", "127.0.0.1, evil.example", "garden.evil"],
)  # fmt: skip
def test_other_names_are_not(host):
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
def test_an_origin_is_ours_when_it_is_the_host_that_was_asked(origin, own):
    assert access_policy.is_own_origin(origin, "127.0.0.1:8765") is own


def test_tokens_are_long_different_and_not_in_the_cookie():
    first, second = access_policy.new_token(), access_policy.new_token()
    assert len(first) >= 32
    assert first != second
    assert first not in access_policy.session_of(first)
    assert access_policy.session_of(first) != access_policy.session_of(second)
    assert access_policy.same_secret("ä", "ä")
    assert not access_policy.same_secret("a", "ab")


def test_cookies_and_bearers_are_read():
    header = "a=1; livecam-session-8765=abc=; b=2"
    assert access_policy.cookie_in(header, access_policy.session_name(8765)) == "abc="
    assert access_policy.cookie_in(header, access_policy.session_name(8766)) == ""
    assert access_policy.cookie_in(header, "session") == ""
    assert access_policy.bearer_in("bearer  xyz") == "xyz"
    assert access_policy.bearer_in("Basic xyz") == ""


def test_a_bucket_gives_a_burst_then_a_rate():
    clock = FakeClock()
    buckets = Buckets(Allowance(burst=3, per_s=2), clock)
    assert [buckets.take("a") for _ in range(5)] == [True, True, True, False, False]
    assert buckets.take("b")
    clock.sleep(1.0)
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    clock.sleep(100.0)
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]


def test_looking_whether_a_bucket_is_empty_takes_nothing():
    clock = FakeClock()
    buckets = Buckets(Allowance(burst=1, per_s=1), clock)
    assert [buckets.is_empty("a") for _ in range(3)] == [False] * 3
    assert buckets.take("a")
    assert buckets.is_empty("a")
    clock.sleep(1.0)
    assert not buckets.is_empty("a")


def test_addresses_are_bounded():
    buckets = Buckets(Allowance(1, 0.001), FakeClock())
    for number in range(3 * MOST_ADDRESSES):
        buckets.take(str(number))
    assert len(buckets._buckets) == MOST_ADDRESSES
