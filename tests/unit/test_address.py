"""What SOURCE means, and what of an address may be shown."""

import pytest

from livecam.errors import SourceError
from livecam.sources.address import parse_address, without_credentials
from livecam.sources.opening import source_for


@pytest.mark.parametrize("text", ["0", "1", "12", "/dev/video0", "/dev/video12"])
def test_numbers_and_devices_are_cameras(text):
    assert parse_address(text).kind == "camera"


@pytest.mark.parametrize(
    "text", ["rtsp://h/x", "RTSP://h/x", "rtsps://h", "http://h/a.mp4", "https://h/", "rtmp://h/x"]
)
def test_addresses_are_streams(text):
    address = parse_address(text)
    assert (address.kind, address.text) == ("stream", text)


def test_the_word_daisy_is_the_scene_even_where_a_folder_has_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "daisy").mkdir()
    assert parse_address("daisy").kind == "daisy"
    assert parse_address("./daisy").kind == "stills"


@pytest.mark.parametrize("name", ["a.png", "A.JPG", "b.jpeg", "c.webp", "d.tiff", "e.bmp"])
def test_picture_names_are_stills_whether_they_exist_or_not(name, tmp_path):
    assert parse_address(str(tmp_path / name)).kind == "stills"


@pytest.mark.parametrize("name", ["a.mp4", "b.mkv", "c.gif", "no-suffix", "photo.heic"])
def test_other_files_that_exist_are_clips(name, tmp_path):
    (tmp_path / name).touch()
    assert parse_address(str(tmp_path / name)).kind == "clip"


@pytest.mark.parametrize("text", ["photos/*.jpg", "photos/*", "photo?.png", "photo[12].png"])
def test_globs_are_stills(text):
    assert parse_address(text).kind == "stills"


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path):
    (tmp_path / "clip [2026].mp4").touch()
    assert parse_address(str(tmp_path / "clip [2026].mp4")).kind == "clip"


@pytest.mark.parametrize("text", ["", " ", "nothing-here", "12345678901", "-1", "²", "٣", "/dev/x"])
def test_all_else_is_refused_with_what_would_do(text, monkeypatch):
    monkeypatch.setattr("livecam.sources.cameras._system_cameras", list)
    with pytest.raises(SourceError, match="give a camera's number"):
        source_for(text)


def test_a_name_that_the_system_refuses_is_told_and_shortened():
    with pytest.raises(SourceError, match=r"nn\.\.\. cannot be looked up") as caught:
        parse_address("n" * 9000)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://anna:s3cret@host/live", "rtsp://host/live"),
        ("rtsp://anna:s3cret@host:554/live", "rtsp://host:554/live"),
        ("rtsp://anna@host/live", "rtsp://host/live"),
        ("rtsp://anna:p@ss@host/live", "rtsp://host/live"),
        ("http://host/clip.mp4?token=s3cret", "http://host/clip.mp4"),
        ("http://host/clip.mp4#s3cret", "http://host/clip.mp4"),
        ("http://anna:s3cret@[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://host/plain", "http://host/plain"),
        # What is no proper address hides its secrets all the same.
        ("rtsp://anna:pa#ss@host/live", "rtsp://host/live"),
        ("rtsp://anna:pa/ss@host/live", "rtsp://host/live"),
        ("rtsp://anna:pa?ss@host/live", "rtsp://host/live"),
        ("http://anna:s3cret@host:port/x?token=s3cret", "http://host:port/x"),
        ("http://[::1/x", "http://[::1/x"),
    ],
)
def test_credentials_and_queries_are_never_shown(address, shown):
    assert without_credentials(address) == shown
