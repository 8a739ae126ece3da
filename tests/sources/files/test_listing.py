"""Names, folders and globs: which files a source means."""

import os
from pathlib import Path

import cv2
import pytest
from PIL import Image
from sources.files.phone import PHONE, phone_folder
from sources.files.picture_samples import board
from support import textured

from livecam.assembly.calibration import calibration_of
from livecam.errors import SourceError
from livecam.sources.calibration_pictures import folder_squares
from livecam.sources.files.file_sequence import FileSequence
from livecam.sources.files.listing import list_files
from livecam.sources.open_source import create_source


@pytest.mark.parametrize("name", ["Gänseblümchen 花 🌼.png", "two  spaces .png", "-dash.png"])
def test_any_name_can_be_opened(name, tmp_path):
    (tmp_path / name).write_bytes(cv2.imencode(".png", textured(20, 10))[1].tobytes())
    with FileSequence(str(tmp_path / name)) as source:
        (frame,) = source
    assert frame.name == str(tmp_path / name)
    assert source.title == name


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_name_that_is_no_text_can_be_opened(tmp_path):
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.png")
    Path(name).write_bytes(cv2.imencode(".png", textured(20, 10))[1].tobytes())
    with FileSequence(str(tmp_path)) as source:
        (frame,) = source
    assert frame.name == name


def test_a_glob_may_go_down_into_folders(tmp_path):
    for name in ("x/1.png", "x/y/2.png", "z/3.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = list_files(str(tmp_path / "**" / "*"), lambda _: False)
    assert [path.name for path in found.paths] == ["1.png", "2.png"]


def test_a_folder_whose_name_looks_like_a_glob_is_that_folder(tmp_path):
    folder = tmp_path / "party [2026]"
    folder.mkdir()
    cv2.imwrite(str(folder / "p.png"), textured(8, 8))
    with FileSequence(str(folder)) as source:
        assert source.frame_count == 1


def test_a_glob_without_a_match_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="no picture or clip matches"):
        FileSequence(str(tmp_path / "*.png")).__enter__()


def test_a_folder_of_folders_says_where_the_pictures_are(tmp_path):
    phone_folder(tmp_path / "DCIM" / "100APPLE")
    (tmp_path / "DCIM" / "MISC").mkdir()
    with pytest.raises(SourceError, match=r"100APPLE \(5\)") as caught:
        create_source(str(tmp_path / "DCIM")).__enter__()
    assert repr(str(tmp_path / "DCIM" / "**" / "*")) in str(caught.value)
    assert "MISC" not in str(caught.value)
    with create_source(str(tmp_path / "DCIM" / "**" / "*")) as source:
        assert len(list(source)) == len(PHONE)
        assert source.notice == ""


def test_a_glob_without_a_match_says_what_there_is(tmp_path):
    phone_folder(tmp_path)
    with pytest.raises(SourceError, match=r"no picture or clip matches .*1 \.JPG") as caught:
        create_source(str(tmp_path / "*.jpeg")).__enter__()
    assert "in quotes" not in str(caught.value)
    with pytest.raises(SourceError, match="there is no folder"):
        create_source(str(tmp_path / "nowhere" / "*.jpg")).__enter__()


def test_a_glob_whose_quotes_the_shell_has_left_is_understood(tmp_path):
    phone_folder(tmp_path)
    for quote in "'\"":
        with create_source(f"{quote}{tmp_path / '*.JPG'}{quote}") as source:
            assert len(list(source)) == 1


def test_the_home_folder_may_be_meant_in_quotes(tmp_path, monkeypatch):
    phone_folder(tmp_path / "photos")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    for text in ("~/photos", "~/photos/IMG_*", "~/photos/IMG_0001.JPG"):
        with create_source(text) as source:
            assert next(iter(source)).bgr.shape == (120, 120, 3)


def test_a_name_that_begins_with_a_tilde_is_that_file_where_it_exists(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(board()).save("~a.png")
    with create_source("~a.png") as source:
        assert len(list(source)) == 1


def test_calibration_takes_the_files_of_a_folder_as_a_source_does(tmp_path):
    phone_folder(tmp_path)
    (tmp_path / "IMG_0003.JPG").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("text")
    (tmp_path / "._IMG_0001.JPG").write_bytes(b"\0\x05\x16\x07" + bytes(400))
    said = []
    calibration_of(tmp_path, said.append)
    assert len(folder_squares(tmp_path, said.append)) == 5
    assert "1 .txt" in said[0]
    assert "1 of 6 files cannot be read" in said[1]


def test_a_glob_is_called_as_typed_without_the_folders_above_its_own(tmp_path, monkeypatch):
    """Before, 'photos/**/*' was called *."""
    (tmp_path / "photos" / "bee").mkdir(parents=True)
    (tmp_path / "photos" / "bee" / "notes.txt").write_text("x")
    cv2.imwrite(str(tmp_path / "photos" / "bee" / "a.png"), textured(20, 10))
    monkeypatch.chdir(tmp_path)
    for typed in ("photos/**/*", "**/*", "*/bee/*", "photos/bee/*.png", "photos/b*/[a]*"):
        expected = typed.removeprefix("photos/") if typed == "photos/bee/*.png" else typed
        with FileSequence(typed) as source:
            assert source.title == expected
    with FileSequence(str(tmp_path / "photos" / "**" / "*")) as source:
        assert source.title == "photos/**/*"
        assert source.notice.startswith("passed over: 1 .txt")
    with FileSequence("photos/bee") as source:
        assert source.title == "bee"
