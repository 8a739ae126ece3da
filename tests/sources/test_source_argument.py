"""What SOURCE means, and what of an address may be shown."""

import sys

import pytest

from livecam.cli.app import main
from livecam.core.redaction import without_credentials
from livecam.errors import SourceError
from livecam.sources.source_argument import SourceArgument, parse_source_argument
from livecam.sources.open_source import create_source

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="/dev/video is Linux's")


@pytest.mark.parametrize("text", ["0", "1", "12", "/dev/video0", "/dev/video12"])
def test_numbers_and_devices_are_cameras(text):
    assert parse_source_argument(text).kind == "camera"


@linux_only
def test_a_name_that_leads_to_a_device_is_a_camera(tmp_path):
    link = tmp_path / "usb-Logitech-video-index0"
    link.symlink_to("/dev/video7")
    assert parse_source_argument(str(link)).kind == "camera"
    unplugged = "/dev/v4l/by-id/usb-Logitech-video-index0"
    assert parse_source_argument(unplugged) == SourceArgument("camera", unplugged)


@pytest.mark.parametrize(
    "text", ["rtsp://h/x", "RTSP://h/x", "rtsps://h", "http://h/a.mp4", "https://h/", "rtmp://h/x"]
)
def test_addresses_are_streams(text):
    address = parse_source_argument(text)
    assert (address.kind, address.text) == ("stream", text)


@pytest.mark.parametrize(
    "text",
    ["rtsp://", "rtsp:///x", "http://", "https://:443/x", "rtsp://eva:secret@/x", "rtmp://?a"],
)
def test_an_address_of_nobody_is_refused_at_once(text):
    """It was waited for as a camera that may come yet."""
    with pytest.raises(SourceError, match="names no machine") as caught:
        parse_source_argument(text)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["udp://@:1234", "udp://:1234", "tcp://:1?listen", "rtsp://[::1]/x"]
)
def test_this_machine_may_be_left_out_where_it_is_meant(text):
    assert parse_source_argument(text).kind == "stream"


def test_the_word_daisy_is_the_scene_even_where_a_folder_has_that_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "daisy").mkdir()
    assert parse_source_argument("daisy").kind == "daisy"
    assert parse_source_argument("./daisy").kind == "files"


@pytest.mark.parametrize(
    "name", ["a.png", "A.JPG", "b.jpeg", "c.webp", "d.tiff", "e.bmp", "f.gif", "g.heic"]
)
def test_picture_names_are_files_whether_they_exist_or_not(name, tmp_path):
    assert parse_source_argument(str(tmp_path / name)).kind == "files"


@pytest.mark.parametrize("name", ["a.mp4", "b.mkv", "no-suffix"])
def test_other_files_that_exist_are_clips(name, tmp_path):
    (tmp_path / name).touch()
    assert parse_source_argument(str(tmp_path / name)).kind == "clip"


@pytest.mark.parametrize("text", ["photos/*.jpg", "photos/*", "photo?.png", "photo[12].png"])
def test_globs_are_files(text):
    assert parse_source_argument(text).kind == "files"


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path):
    (tmp_path / "clip [2026].mp4").touch()
    assert parse_source_argument(str(tmp_path / "clip [2026].mp4")).kind == "clip"


@pytest.mark.parametrize("text", ["", " ", "nothing-here", "12345678901", "-1", "²", "٣", "/dev/x"])
def test_all_else_is_refused_with_what_would_do(text, monkeypatch):
    monkeypatch.setattr("livecam.sources.camera.listing._enumerate_cameras", lambda *_: [])
    with pytest.raises(SourceError, match="give a camera's number"):
        create_source(text)


def test_a_name_that_the_system_refuses_is_told_and_shortened():
    with pytest.raises(SourceError, match=r"nn\.\.\. cannot be looked up") as caught:
        parse_source_argument("n" * 9000)
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
        ("rtsp://user:12/34@host/x", "rtsp://host/x"),
        ("rtsp://user:12#34@host", "rtsp://host"),
        ("rtsp://user:12?34@host", "rtsp://host"),
        ("rtsp://user:se@cr/et@host/x", "rtsp://host/x"),
        ("rtps://user:s3cret@host/x", "rtps://host/x"),
        ("srt://user:s3cret@host:9000", "srt://host:9000"),
        ("  rtsp://user:s3cret@host/x", "rtsp://host/x"),
        ("rtsp:/user:s3cret@host/x?token=s3cret", "rtsp:/host/x"),
        ("user:s3cret@host/x", "...@host/x"),
        ("RTSP://host/user=admin_password=s3_cret_channel=1.sdp", "rtsp://host/user=..."),
        ("rtsp://host/user=admin&Password=s3cret&channel=1.sdp?real", "rtsp://host/user=..."),
        ("http://host/cam/pwd=s3cret/live", "http://host/cam/pwd=..."),
        ("host/token=s3cret", "host/token=..."),
        # What is no address stays as it is.
        ("photos/a#1 [b]?.png", "photos/a#1 [b]?.png"),
        ("C:/clips/a.mp4", "C:/clips/a.mp4"),
    ],
)
def test_credentials_and_queries_are_never_shown(address, shown):
    assert without_credentials(address) == shown


@pytest.mark.parametrize(
    "text",
    [
        "rtps://anna:s3cret@host/x",
        "srt://anna:s3cret@host",
        "rtsp:/anna:s3cret@host/x.jpg",
        "rtps://anna:s3*cret@host/x",
        "anna:s3cret@host/x",
        "anna:s3cret@host",
        "anna:s3cret@host/*.jpg",
        "anna:s3cret@host/x.jpg",
        "anna:s3cret@host/" + "n" * 9000,
        "host/user=anna_password=s3cret.sdp",
    ],
)
def test_no_message_about_a_source_repeats_its_credentials(text, monkeypatch):
    monkeypatch.setattr("livecam.sources.camera.listing._enumerate_cameras", lambda *_: [])
    with pytest.raises(SourceError) as caught:
        create_source(text).__enter__()
    assert "s3" not in str(caught.value)
    assert "anna" not in str(caught.value)


def test_an_address_of_an_unknown_kind_is_told_which_there_are():
    with pytest.raises(SourceError, match=r"srt://host is no address .* rtsp://, "):
        create_source("srt://host")


def test_blanks_around_an_address_do_not_matter_and_those_of_a_files_name_do(tmp_path):
    assert parse_source_argument(" rtsp://h/x ").text == "rtsp://h/x"
    assert parse_source_argument(" 0 ").kind == "camera"
    name = tmp_path / " a.mp4 "
    name.touch()
    assert parse_source_argument(str(name)).text == str(name)


def test_a_complaint_about_the_command_line_repeats_no_credentials(capsys):
    assert main(["clip.mp4", "rtsp://anna:s3cret@host/x"]) == 2
    assert main(["--size", "rtsp://anna:s3cret@host/x"]) == 2
    assert main(["--size=rtsp://anna:s3cret@host/x"]) == 2
    told = capsys.readouterr().err
    assert "rtsp://host/x" in told
    assert "s3cret" not in told
