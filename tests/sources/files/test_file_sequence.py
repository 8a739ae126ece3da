"""Pictures and clips, alone or of a folder: all of them, in order, and honest about the rest."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from sources.files.phone import PHONE, phone_folder
from sources.files.picture_samples import animation, board
from support import textured, write_clip

from livecam.assembly.preflight import report_silent_clips
from livecam.errors import SourceError
from livecam.settings.schema import OutputSettings, RecordingSettings, Settings
from livecam.sources.files.file_sequence import FileSequence
from livecam.sources.open_source import create_source


def test_pictures_come_in_the_order_of_their_names_and_carry_them(tmp_path):
    for number, name in enumerate(["b.png", "a10.png", "a2.png", "C.png"]):
        cv2.imwrite(str(tmp_path / name), np.full((4, 4, 3), number, np.uint8))
    with FileSequence(str(tmp_path)) as source:
        seen = [(Path(f.name).name, int(f.bgr[0, 0, 0]), f.time_s) for f in source]
    assert seen == [("C.png", 3, 0.0), ("a10.png", 1, 1.0), ("a2.png", 2, 2.0), ("b.png", 0, 3.0)]


def test_an_empty_folder_is_an_error_that_tells_what_counts_as_a_picture(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(SourceError, match=r"has no picture \(.*\.png"):
        FileSequence(str(tmp_path)).__enter__()


def test_a_folder_that_may_not_be_entered_is_an_error_with_the_reason(tmp_path, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(SourceError, match="Permission denied"):
        FileSequence(str(tmp_path)).__enter__()


def test_real_photographs_of_any_kind_are_read(shared):
    with FileSequence(str(shared / "photos" / "other")) as source:
        seen = [frame.bgr.shape for frame in source]
    assert len(seen) == source.frame_count >= 20


# --- folders of pictures and clips ---


@pytest.mark.parametrize("pattern", ["", "*", "IMG_*"])
def test_a_folder_takes_every_picture_and_clip_in_the_order_of_names(pattern, tmp_path):
    phone_folder(tmp_path)
    with create_source(str(tmp_path / pattern)) as source:
        seen = [(Path(f.name).name, f.time_s, f.duration_s) for f in source]
        assert source.notice == ""
        assert (source.frame_count, source.rate, source.holds_last) == (None, None, True)
    assert [name for name, _, _ in seen] == [name for name, _, _ in PHONE]
    assert [time_s for _, time_s, _ in seen] == pytest.approx([time_s for _, time_s, _ in PHONE])
    assert [long_s for _, _, long_s in seen] == pytest.approx([long_s for _, _, long_s in PHONE])


def test_a_window_closes_after_a_clip_that_comes_last(tmp_path):
    phone_folder(tmp_path)
    (tmp_path / "IMG_0006.PNG").unlink()
    (tmp_path / "IMG_0005.GIF").unlink()
    with create_source(str(tmp_path)) as source:
        assert not source.holds_last


def test_an_animation_alone_has_its_own_times(tmp_path):
    phone_folder(tmp_path)
    with create_source(str(tmp_path / "IMG_0005.GIF")) as source:
        assert (source.frame_count, source.rate) == (3, None)
        assert [f.time_s for f in source] == pytest.approx([0.0, 0.2, 0.5])


def test_an_animation_of_one_picture_is_a_picture(tmp_path):
    for name in ("a.gif", "b.webp", "c.avif"):
        animation(1)[0].save(tmp_path / name)
    with create_source(str(tmp_path)) as source:
        assert [f.time_s for f in source] == [0.0, 1.0, 2.0]


def test_a_recording_of_a_folder_with_clips_says_that_it_has_no_sound(tmp_path):
    phone_folder(tmp_path)
    recorded = Settings(output=OutputSettings(record=tmp_path / "out.mp4"))
    for name, settings, lines in (
        ("", recorded, 1),
        ("*.JPG", recorded, 0),
        ("", Settings(), 0),
        ("", replace(recorded, recording=RecordingSettings(sound="drop")), 0),
    ):
        said = []
        with create_source(str(tmp_path / name)) as source:
            report_silent_clips(source, settings, said.append)
        assert len(said) == lines


def test_what_is_no_picture_and_no_clip_is_passed_over_with_a_line(tmp_path):
    phone_folder(tmp_path)
    for name in ("IMG_0001.AAE", "a.txt", "b.txt"):
        (tmp_path / name).write_text("text")
    (tmp_path / "data.bin").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "no ending").touch()
    phone_folder(tmp_path / "more")
    with create_source(str(tmp_path)) as source:
        assert len({f.name for f in source}) == 5
        notice = source.notice
    for part in ("2 .txt", "1 .AAE", "1 .bin", "1 without an ending", "1 folder", "**"):
        assert part in notice
    assert "\n" not in notice


def test_files_of_unknown_endings_are_taken_for_what_they_are(tmp_path):
    phone_folder(tmp_path)
    (tmp_path / "IMG_0001.JPG").rename(tmp_path / "a.THM")
    (tmp_path / "IMG_0004.MOV").rename(tmp_path / "b.LRV")
    (tmp_path / "IMG_0002.HEIC").rename(tmp_path / "c")
    write_clip(tmp_path / "x.nut", [textured(64, 48, n) for n in range(2)], [0.0, 0.1])
    with create_source(str(tmp_path)) as source:
        assert {Path(f.name).name for f in source} > {"a.THM", "b.LRV", "c", "x.nut"}


def test_what_macos_keeps_beside_files_is_no_damage_and_not_told(tmp_path):
    for name in ("a.jpg", "b.png"):
        Image.fromarray(board()).save(tmp_path / name)
        (tmp_path / f"._{name}").write_bytes(b"\0\x05\x16\x07\0\2\0\0" + bytes(4088))
    (tmp_path / "._c.jpg").write_bytes(bytes(4096))
    (tmp_path / "renamed.jpg").write_bytes(b"\0\x05\x16\x07\0\2\0\0" + bytes(4088))
    (tmp_path / ".DS_Store").write_bytes(b"\0\0\0\1Bud1" + bytes(4088))
    (tmp_path / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(4088))
    Image.fromarray(board()).save(tmp_path / "._really.jpg")
    with create_source(str(tmp_path)) as source:
        assert [Path(f.name).name for f in source] == ["._really.jpg", "a.jpg", "b.png"]
        assert source.notice == ""


def test_such_a_file_alone_is_told_with_the_name_of_the_picture(tmp_path):
    path = tmp_path / "._a.jpg"
    path.write_bytes(b"\0\x05\x16\x07\0\2\0\0" + bytes(4088))
    with pytest.raises(SourceError, match=r"what macOS keeps .*: give a\.jpg"):
        list(create_source(str(path)).__enter__())
