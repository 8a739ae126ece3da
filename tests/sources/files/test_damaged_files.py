"""Damaged, locked and vanished pictures and clips: told by name, after all that is whole."""

import os
import socket
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from sources.files.phone import PHONE, phone_folder
from support import textured

from livecam.errors import SourceError, SourceLostError
from livecam.sources.files.file_sequence import FileSequence
from livecam.sources.open_source import create_source


def _broken(path: Path, how: str) -> Path:
    whole = cv2.imencode(path.suffix, textured(300, 200))[1].tobytes()
    path.write_bytes({"empty": b"", "text": b"no picture", "half": whole[: len(whole) // 2]}[how])
    return path


@pytest.mark.parametrize("how", ["text", "half"])
@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_broken_picture_in_a_folder_is_named_after_the_good_ones(how, suffix, tmp_path):
    for name in ("a.png", "z.png"):
        cv2.imwrite(str(tmp_path / name), textured(8, 8))
    _broken(tmp_path / f"m{suffix}", how)
    seen = []
    with pytest.raises(SourceLostError) as caught, FileSequence(str(tmp_path)) as source:
        seen.extend(source)
    assert [(Path(f.name).name, f.index) for f in seen] == [("a.png", 0), ("z.png", 1)]
    assert "1 of 3 pictures" in str(caught.value)
    assert f"m{suffix}" in str(caught.value)


def test_many_broken_pictures_are_counted_and_three_are_named(tmp_path):
    cv2.imwrite(str(tmp_path / "good.png"), textured(8, 8))
    for number in range(7):
        _broken(tmp_path / f"bad{number}.png", "text")
    with (
        FileSequence(str(tmp_path)) as source,
        pytest.raises(SourceLostError, match=r"7 of 8 .* and 4 more") as caught,
    ):
        list(source)
    assert "bad2.png" in str(caught.value)
    assert "bad3.png" not in str(caught.value)


@pytest.mark.parametrize(
    ("how", "reason"), [("empty", "is empty"), ("text", "is damaged"), ("half", "is damaged")]
)
def test_a_single_broken_picture_is_an_error_of_opening_with_the_reason(how, reason, tmp_path):
    path = _broken(tmp_path / "p.jpg", how)
    with pytest.raises(SourceError, match=reason) as caught, FileSequence(str(path)) as source:
        list(source)
    assert "p.jpg" in str(caught.value)


def test_a_picture_that_goes_before_it_is_read_is_told_as_gone(tmp_path):
    path = tmp_path / "p.png"
    cv2.imwrite(str(path), textured(8, 8))
    with FileSequence(str(path)) as source:
        path.unlink()
        with pytest.raises(SourceError, match="is gone"):
            list(source)


def test_a_folder_of_nothing_but_broken_pictures_is_an_error_of_opening(tmp_path):
    for name in ("a.png", "b.png"):
        _broken(tmp_path / name, "text")
    with pytest.raises(SourceError, match="each of 2 files"), FileSequence(str(tmp_path)) as source:
        list(source)


def test_the_picture_libraries_say_nothing_on_standard_error(tmp_path, capfd):
    for suffix in (".png", ".jpg", ".webp", ".tif"):
        _broken(tmp_path / f"p{suffix}", "half")
    with pytest.raises(SourceError), FileSequence(str(tmp_path)) as source:
        list(source)
    assert capfd.readouterr().err == ""


def test_real_damaged_pictures_are_told(shared):
    for name in ("daisy_header_only.jpg", "zero_bytes.jpg"):
        path = shared / "video" / "damaged" / name
        with pytest.raises(SourceError, match=name), FileSequence(str(path)) as source:
            list(source)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
@pytest.mark.parametrize("pattern", ["", "*"])
def test_what_cannot_be_read_whatever_it_is_is_named(pattern, tmp_path):
    cv2.imwrite(str(tmp_path / "a.jpg"), textured(64, 48))
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        with FileSequence(str(tmp_path / pattern)) as files:
            notice = files.notice
            assert len(list(files)) == 1
    assert notice == (
        "passed over: gone.png (a link to nothing), pipe.jpg (a named pipe), s (a socket)"
    )
    (tmp_path / "a.jpg").unlink()
    with (
        pytest.raises(SourceError, match=r"gone.png \(a link to nothing\)"),
        FileSequence(str(tmp_path / pattern)),
    ):
        pass


def test_a_locked_picture_is_named_and_missed(tmp_path, monkeypatch):
    for name in ("a.jpg", "b.jpg", "c"):
        cv2.imwrite(str(tmp_path / "x.jpg"), textured(64, 48))
        (tmp_path / "x.jpg").rename(tmp_path / name)
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name == "a.jpg")
    monkeypatch.setattr(Path, "read_bytes", _locked)
    with FileSequence(str(tmp_path)) as files:
        notice = files.notice
        with pytest.raises(SourceLostError, match="1 of 2 pictures could not be read"):
            list(files)
    assert "b.jpg (no permission to read it), c (no permission to read it)" in notice


def _locked(path):
    if path.name != "a.jpg":
        raise PermissionError(13, "Permission denied")
    with path.open("rb") as file:
        return file.read()


def test_a_damaged_clip_in_a_folder_is_named_after_all_the_others(tmp_path):
    phone_folder(tmp_path)
    (tmp_path / "IMG_0003.MP4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(200))
    (tmp_path / "IMG_0003.JPG").write_bytes(b"no picture")
    seen = []
    with (
        pytest.raises(SourceLostError, match=r"2 of 7 files .*IMG_0003\.JPG, .*IMG_0003\.MP4"),
        create_source(str(tmp_path)) as source,
    ):
        seen.extend(source)
    assert [Path(f.name).name for f in seen] == [name for name, _, _ in PHONE]


def test_an_animation_that_was_cut_off_gives_what_it_has_and_is_told(tmp_path):
    rng = np.random.default_rng(0)
    pictures = [Image.fromarray(rng.integers(0, 255, (60, 80, 3), np.uint8)) for _ in range(6)]
    pictures[0].save(tmp_path / "a.png", save_all=True, append_images=pictures[1:])
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    seen = []
    with (
        pytest.raises(SourceLostError, match=r"is damaged after picture \d"),
        create_source(str(tmp_path / "a.png")) as source,
    ):
        seen.extend(source)
    assert 1 <= len(seen) < 6
