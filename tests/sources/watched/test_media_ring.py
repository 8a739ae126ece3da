"""The last seconds in bounded memory."""

import pytest

from livecam.core.watching.kept_media import KeptMedia, MediaFormat
from livecam.sources.watched.media_ring import MediaRing

CAMERA = MediaFormat(identity="a")


def filled(ring, seconds, *, key_every=10, size=1000, media_format=CAMERA, from_s=0.0):
    """Ten pictures a second."""
    for number in range(round(seconds * 10)):
        time_s = from_s + number / 10
        is_key = number % key_every == 0
        ring.add(KeptMedia(b"", time_s, time_s, 0.1, size, is_key=is_key), media_format)
    return ring


def times_s(ring, from_s):
    return [round(media.time_s, 3) for media, _ in ring.since(from_s)]


def test_it_begins_with_the_key_picture_at_or_before_a_time():
    ring = filled(MediaRing(10.0, 1 << 30), 5.0)
    assert times_s(ring, 2.0)[0] == 2.0
    assert times_s(ring, 2.9)[0] == 2.0
    assert times_s(ring, 2.9)[-1] == 4.9
    assert times_s(ring, -7.0)[0] == 0.0


def test_older_seconds_go_but_never_so_that_less_than_what_is_kept_is_there():
    ring = MediaRing(2.0, 1 << 30)
    for number in range(100):
        time_s = number / 10
        ring.add(KeptMedia(b"", time_s, time_s, 0.1, 1, is_key=number % 10 == 0), CAMERA)
        held = times_s(ring, -1.0)
        assert held[0] <= max(0.0, time_s - 2.0)
        assert held[0] > time_s - 3.0 - 1e-6
    assert ring.size_bytes == len(held)


@pytest.mark.parametrize("key_every", [10, 10_000])
def test_no_more_bytes_are_held_than_are_allowed_also_without_key_pictures(key_every):
    ring = MediaRing(1000.0, 20_000)
    for number in range(1000):
        time_s = number / 10
        ring.add(KeptMedia(b"", time_s, time_s, 0.1, 1000, is_key=number % key_every == 0), CAMERA)
        assert ring.size_bytes <= 20_000
    if key_every == 10:
        assert times_s(ring, 0.0)[-1] == 99.9
    else:  # it begins anew with the next key picture
        assert times_s(ring, 0.0) == []
        filled(ring, 1.0, from_s=100.0)
        assert times_s(ring, 0.0)[0] == 100.0


def test_what_does_not_fit_into_one_file_with_the_newest_is_left_out():
    ring = filled(MediaRing(100.0, 1 << 30), 3.0)
    filled(ring, 2.0, media_format=MediaFormat(identity="a"), from_s=3.0)  # another connection
    assert times_s(ring, 0.0)[0] == 0.0
    filled(ring, 2.0, media_format=MediaFormat(identity="b"), from_s=5.0)  # another size
    assert times_s(ring, 0.0)[0] == 5.0


def test_before_the_first_key_picture_nothing_is_held():
    ring = MediaRing(10.0, 1 << 30)
    ring.add(KeptMedia(b"", 0.0, 0.0, 0.1, 10), CAMERA)
    ring.add(KeptMedia(b"", 0.0, 0.0, 0.1, 10, is_video=False), CAMERA)
    assert times_s(ring, 0.0) == []
    assert ring.size_bytes == 0
