"""Secrets in what was given are found, and left out of texts that repeat it."""

from pathlib import Path

import pytest

from livecam.core.redaction import secrets_in, secrets_of_url, without_secrets

ADDRESSES = [
    ("rtsp://eve:hunter2@cam/x.mp4", "hunter2"),
    ("http://eve:hunter/2@cam/x", "hunter/2"),
    ("http://cam/x?token=hunter2", "hunter2"),
    ("http://cam/user=eve_password=hunter2_channel=1.sdp", "hunter2"),
    ("eve:hunter2@cam", "hunter2"),
    ("RTSP:/eve:p@cam/x.mp4", "eve:p"),
]


@pytest.mark.parametrize(("value", "secret"), ADDRESSES)
def test_no_secret_of_an_address_is_in_a_text_that_repeats_it(value, secret):
    found = set(secrets_in(value))
    path = Path(value)
    for text in (value, str(path), str(path.parent), f"{path.with_suffix('')}_clean.mp4"):
        assert secret not in without_secrets(f"the file {text} does not exist", found), text


@pytest.mark.parametrize(
    "value",
    ["photos/eve@home.jpg", "C:\\eve@home.jpg", "daisy", "a:b.mp4", "", "12:30@x/y.mp4"[5:]],
)
def test_a_name_of_a_file_is_no_secret(value):
    assert list(secrets_in(value)) == []


def test_a_short_word_is_not_taken_out_of_other_words():
    assert without_secrets('invalid value "a" for token', {"a"}) == 'invalid value "..." for token'


MESSAGES = [
    "livecam: 2 new events in events",
    "livecam 0.9.0 took daisy-bed-2 of camera1-bed2-pot3 for a daisy: daisy > 0.8",
    "20260701-061203.500-daisy: begins: daisy 97 %, hook services garden 192.0.2.7",
]


@pytest.mark.parametrize(
    "behind",
    ["livecam", "daisy", "hook/services/garden/", "camera1-bed2-pot3", "events?name=daisy&n=2", ""],
)
@pytest.mark.parametrize("login", ["", "daisy:livecam@", "garden@"])
def test_words_of_an_address_stay_in_all_other_texts(login, behind):
    """The address itself is hidden, with what stands behind its server."""
    url = f"http://{login}127.0.0.1:18192/{behind}"
    found = secrets_of_url(url)
    for message in MESSAGES:
        assert without_secrets(message, found) == message
    shown = without_secrets(f"{url} is no webhook", found)
    assert login not in shown or not login
    assert behind.rstrip("/") not in shown.removesuffix("is no webhook") or not behind


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("https://adam:s3cret%2Fw@h.example/livecam", "s3cret/w"),
        ("https://adam:s3cret%2Fw@h.example/livecam", "s3cret%2Fw"),
        ("https://xoxb17a9Kq2Lm4@h.example/", "xoxb17a9Kq2Lm4"),
        ("https://h.example/livecam?token=hunter2", "hunter2"),
        ("https://h.example/livecam?xoxb17a9Kq2Lm4", "xoxb17a9Kq2Lm4"),
        (
            "https://h.example/livecam?to=3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        ),
        ("https://h.example/services/T0/B0/aQ9xZ27kLm3Tb5Wv8RcY1Dfe", "aQ9xZ27kLm3Tb5Wv8RcY1Dfe"),
        (
            "https://h.example/api/webhook/3f2504e04f8941d39a0c0305e82c3301/",
            "3f2504e04f8941d39a0c0305e82c3301",
        ),
        ("https://h.example/hook/kqzvxwpmrtbnhgfdsjlc", "kqzvxwpmrtbnhgfdsjlc"),
    ],
)
def test_a_token_in_an_address_is_hidden_also_where_it_stands_alone(url, secret):
    found = secrets_of_url(url)
    for text in (url, f"no answer for {secret}", f"GET /{secret} of h.example"):
        assert secret not in without_secrets(text, found), text


def test_an_address_that_is_none_is_hidden_as_far_as_it_is_one():
    assert "hunter2" not in without_secrets(
        "http://a:hunter2@[x", secrets_of_url("http://a:hunter2@[x")
    )
