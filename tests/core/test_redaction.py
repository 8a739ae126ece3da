"""Secrets in what was given are found, and left out of texts that repeat it."""

from pathlib import Path

import pytest

from livecam.core.redaction import secrets_in, without_secrets

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
