"""When a photograph was taken: from its EXIF, with a zone only where one is named."""

from datetime import datetime, timedelta, timezone
from io import BytesIO

import pytest
from PIL import Image
from support import textured

from livecam.sources.files.exif_time import time_taken
from livecam.sources.files.file_sequence import FileSequence

TAKEN = datetime(2026, 5, 3, 14, 7, 9)  # noqa: DTZ001  (a camera's clock)


def photograph(path, **texts):
    """A small picture with these texts in its EXIF."""
    tags = {"taken": 0x9003, "zone": 0x9011, "sub_seconds": 0x9291}
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({tags[name]: text for name, text in texts.items()})
    Image.fromarray(textured(64, 48)).save(path, exif=exif.tobytes())
    return path


def taken(path):
    with FileSequence(str(path)) as files:
        return [frame.taken_at for frame in files]


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_the_time_that_a_photograph_names_is_taken(tmp_path, suffix):
    named = photograph(tmp_path / f"a{suffix}", taken="2026:05:03 14:07:09", zone="+02:00")
    assert taken(named) == [TAKEN.replace(tzinfo=timezone(timedelta(hours=2)))]


def test_without_a_zone_none_is_made_up(tmp_path):
    (at,) = taken(photograph(tmp_path / "a.jpg", taken="2026:05:03 14:07:09"))
    assert at == TAKEN
    assert at.isoformat() == "2026-05-03T14:07:09"


def test_fractions_of_a_second_are_taken(tmp_path):
    path = photograph(tmp_path / "a.jpg", taken="2026:05:03 14:07:09", sub_seconds="25", zone="Z")
    (at,) = taken(path)
    assert at.isoformat() == "2026-05-03T14:07:09.250000+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "    :  :     :  :  ",
        "0000:00:00 00:00:00",
        "1970:01:01 00:00:00",
        "9999:12:31 23:00:00",
    ],
)
def test_a_clock_that_was_never_set_says_nothing(tmp_path, text):
    assert taken(photograph(tmp_path / "a.jpg", taken=text, zone="+02:00")) == [None]


@pytest.mark.parametrize("zone", ["", "   :  ", "+99:00", "local"])
def test_a_zone_that_is_none_is_left_out(tmp_path, zone):
    (at,) = taken(photograph(tmp_path / "a.jpg", taken="2026:05:03 14:07:09", zone=zone))
    assert at == TAKEN


def test_damaged_exif_costs_no_picture(tmp_path):
    path = photograph(tmp_path / "a.jpg", taken="2026:05:03 14:07:09")
    encoded = path.read_bytes().replace(b"Exif\0\0II", b"Exif\0\0XX")
    encoded = encoded.replace(b"Exif\0\0MM", b"Exif\0\0XX")
    path.write_bytes(encoded)
    assert taken(path) == [None]
    assert time_taken(b"Exif", "JPEG") is None


def test_a_picture_without_exif_needs_no_second_look(monkeypatch):
    buffer = BytesIO()
    Image.fromarray(textured(64, 48)).save(buffer, "JPEG")
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("looked at again"))
    assert time_taken(buffer.getvalue(), "JPEG") is None
