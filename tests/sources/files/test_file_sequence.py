"""Pictures and clips, alone or of a folder: all of them, in order, and honest about the rest."""

import os
import struct
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from sources.files.picture_samples import animation, board, heic
from support import textured, write_clip

from livecam.assembly.calibration import calibration_of
from livecam.assembly.preflight import report_silent_clips
from livecam.errors import SourceError, SourceLostError
from livecam.settings.schema import OutputSettings, RecordingSettings, Settings
from livecam.sources.calibration_pictures import folder_squares
from livecam.sources.files.file_sequence import FileSequence, first_picture
from livecam.sources.files.listing import list_files
from livecam.sources.open_source import create_source


def corners() -> np.ndarray:
    """60 x 40, each corner in a colour of its own: red, green, blue, white from the top left."""
    bgr = np.zeros((40, 60, 3), np.uint8)
    bgr[:20, :30], bgr[:20, 30:] = (0, 0, 255), (0, 255, 0)
    bgr[20:, 30:], bgr[20:, :30] = (255, 0, 0), (255, 255, 255)
    return bgr


def jpeg_with_orientation(path: Path, bgr: np.ndarray, orientation: int) -> Path:
    """A JPEG with the EXIF tag 0x0112 in an APP1 segment right after its start."""
    jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 98])[1].tobytes()
    entry = struct.pack("<HHHHHHI", 1, 0x0112, 3, 1, 0, orientation, 0)
    tiff = b"II*\x00\x08\x00\x00\x00" + entry[:2] + entry[2:6] + struct.pack("<I", 1)
    tiff += struct.pack("<HHI", orientation, 0, 0)
    body = b"Exif\x00\x00" + tiff
    path.write_bytes(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:])
    return path


AS_STORED = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: np.rot90,
    7: lambda upright: upright[::-1, ::-1].transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}


@pytest.mark.parametrize("orientation", AS_STORED)
def test_every_exif_orientation_is_shown_upright(orientation, tmp_path):
    stored = np.ascontiguousarray(AS_STORED[orientation](corners()))
    picture = first_picture(jpeg_with_orientation(tmp_path / "p.jpg", stored, orientation))
    assert picture.shape == (40, 60, 3)
    for y, x in ((6, 6), (6, 53), (33, 53), (33, 6)):
        assert np.abs(picture[y, x].astype(int) - corners()[y, x]).max() < 12


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (np.full((5, 4), 77, np.uint8), 77),
        (np.full((5, 4), 77 * 257, np.uint16), 77),
        (np.full((5, 4, 3), 77 * 257, np.uint16), 77),
        (np.full((5, 4, 4), (77, 77, 77, 255), np.uint8), 77),
    ],
    ids=["grey", "grey of 16 bit", "colour of 16 bit", "with transparency"],
)
def test_every_kind_of_png_becomes_uint8_in_three_channels(stored, shown, tmp_path):
    cv2.imwrite(str(tmp_path / "p.png"), stored)
    picture = first_picture(tmp_path / "p.png")
    assert (picture.shape, picture.dtype) == ((5, 4, 3), np.uint8)
    assert set(np.unique(picture)) == {shown}


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".ppm", ".tif", ".jpg", ".webp"])
def test_formats_come_back_with_their_colours(suffix, tmp_path):
    cv2.imwrite(str(tmp_path / f"p{suffix}"), textured(80, 60))
    picture = first_picture(tmp_path / f"p{suffix}")
    assert np.abs(picture.astype(int) - textured(80, 60)).mean() < 4


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


def test_pictures_come_in_the_order_of_their_names_and_carry_them(tmp_path):
    for number, name in enumerate(["b.png", "a10.png", "a2.png", "C.png"]):
        cv2.imwrite(str(tmp_path / name), np.full((4, 4, 3), number, np.uint8))
    with FileSequence(str(tmp_path)) as source:
        seen = [(Path(f.name).name, int(f.bgr[0, 0, 0]), f.time_s) for f in source]
    assert seen == [("C.png", 3, 0.0), ("a10.png", 1, 1.0), ("a2.png", 2, 2.0), ("b.png", 0, 3.0)]


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


def test_an_empty_folder_is_an_error_that_tells_what_counts_as_a_picture(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(SourceError, match=r"has no picture \(.*\.png"):
        FileSequence(str(tmp_path)).__enter__()


def test_a_glob_without_a_match_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="no picture or clip matches"):
        FileSequence(str(tmp_path / "*.png")).__enter__()


def test_a_folder_that_may_not_be_entered_is_an_error_with_the_reason(tmp_path, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(SourceError, match="Permission denied"):
        FileSequence(str(tmp_path)).__enter__()


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


def test_real_photographs_of_any_kind_are_read(shared):
    with FileSequence(str(shared / "photos" / "other")) as source:
        seen = [frame.bgr.shape for frame in source]
    assert len(seen) == source.frame_count >= 20


# --- folders of pictures and clips ---


def _phone(folder: Path) -> Path:
    """What a telephone leaves: pictures, an animation and a clip."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(board()).save(folder / "IMG_0001.JPG")
    (folder / "IMG_0002.HEIC").write_bytes(heic(board(), 64))
    write_clip(folder / "IMG_0004.MOV", [textured(64, 48, n) for n in range(3)], [0.0, 0.1, 0.2])
    first, *others = animation(3)
    first.save(
        folder / "IMG_0005.GIF", save_all=True, append_images=others, duration=[200, 300, 100]
    )
    first.save(folder / "IMG_0006.PNG")
    return folder


PHONE = [
    ("IMG_0001.JPG", 0.0, 1.0),
    ("IMG_0002.HEIC", 1.0, 1.0),
    ("IMG_0004.MOV", 2.0, 0.1),
    ("IMG_0004.MOV", 2.1, 0.1),
    ("IMG_0004.MOV", 2.2, 0.1),
    ("IMG_0005.GIF", 2.3, 0.2),
    ("IMG_0005.GIF", 2.5, 0.3),
    ("IMG_0005.GIF", 2.8, 0.1),
    ("IMG_0006.PNG", 2.9, 1.0),
]


@pytest.mark.parametrize("pattern", ["", "*", "IMG_*"])
def test_a_folder_takes_every_picture_and_clip_in_the_order_of_names(pattern, tmp_path):
    _phone(tmp_path)
    with create_source(str(tmp_path / pattern)) as source:
        seen = [(Path(f.name).name, f.time_s, f.duration_s) for f in source]
        assert source.notice == ""
        assert (source.frame_count, source.rate, source.holds_last) == (None, None, True)
    assert [name for name, _, _ in seen] == [name for name, _, _ in PHONE]
    assert [time_s for _, time_s, _ in seen] == pytest.approx([time_s for _, time_s, _ in PHONE])
    assert [long_s for _, _, long_s in seen] == pytest.approx([long_s for _, _, long_s in PHONE])


def test_a_window_closes_after_a_clip_that_comes_last(tmp_path):
    _phone(tmp_path)
    (tmp_path / "IMG_0006.PNG").unlink()
    (tmp_path / "IMG_0005.GIF").unlink()
    with create_source(str(tmp_path)) as source:
        assert not source.holds_last


def test_an_animation_alone_has_its_own_times(tmp_path):
    _phone(tmp_path)
    with create_source(str(tmp_path / "IMG_0005.GIF")) as source:
        assert (source.frame_count, source.rate) == (3, None)
        assert [f.time_s for f in source] == pytest.approx([0.0, 0.2, 0.5])


def test_an_animation_of_one_picture_is_a_picture(tmp_path):
    for name in ("a.gif", "b.webp", "c.avif"):
        animation(1)[0].save(tmp_path / name)
    with create_source(str(tmp_path)) as source:
        assert [f.time_s for f in source] == [0.0, 1.0, 2.0]


def test_a_recording_of_a_folder_with_clips_says_that_it_has_no_sound(tmp_path):
    _phone(tmp_path)
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
    _phone(tmp_path)
    for name in ("IMG_0001.AAE", "a.txt", "b.txt"):
        (tmp_path / name).write_text("text")
    (tmp_path / "data.bin").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "no ending").touch()
    _phone(tmp_path / "more")
    with create_source(str(tmp_path)) as source:
        assert len({f.name for f in source}) == 5
        notice = source.notice
    for part in ("2 .txt", "1 .AAE", "1 .bin", "1 without an ending", "1 folder", "**"):
        assert part in notice
    assert "\n" not in notice


def test_files_of_unknown_endings_are_taken_for_what_they_are(tmp_path):
    _phone(tmp_path)
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


def test_a_damaged_clip_in_a_folder_is_named_after_all_the_others(tmp_path):
    _phone(tmp_path)
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


def test_a_folder_of_folders_says_where_the_pictures_are(tmp_path):
    _phone(tmp_path / "DCIM" / "100APPLE")
    (tmp_path / "DCIM" / "MISC").mkdir()
    with pytest.raises(SourceError, match=r"100APPLE \(5\)") as caught:
        create_source(str(tmp_path / "DCIM")).__enter__()
    assert repr(str(tmp_path / "DCIM" / "**" / "*")) in str(caught.value)
    assert "MISC" not in str(caught.value)
    with create_source(str(tmp_path / "DCIM" / "**" / "*")) as source:
        assert len(list(source)) == len(PHONE)
        assert source.notice == ""


def test_a_glob_without_a_match_says_what_there_is(tmp_path):
    _phone(tmp_path)
    with pytest.raises(SourceError, match=r"no picture or clip matches .*1 \.JPG") as caught:
        create_source(str(tmp_path / "*.jpeg")).__enter__()
    assert "in quotes" not in str(caught.value)
    with pytest.raises(SourceError, match="there is no folder"):
        create_source(str(tmp_path / "nowhere" / "*.jpg")).__enter__()


def test_a_glob_whose_quotes_the_shell_has_left_is_understood(tmp_path):
    _phone(tmp_path)
    for quote in "'\"":
        with create_source(f"{quote}{tmp_path / '*.JPG'}{quote}") as source:
            assert len(list(source)) == 1


def test_the_home_folder_may_be_meant_in_quotes(tmp_path, monkeypatch):
    _phone(tmp_path / "photos")
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
    _phone(tmp_path)
    (tmp_path / "IMG_0003.JPG").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("text")
    (tmp_path / "._IMG_0001.JPG").write_bytes(b"\0\x05\x16\x07" + bytes(400))
    said = []
    calibration_of(tmp_path, said.append)
    assert len(folder_squares(tmp_path, said.append)) == 5
    assert "1 .txt" in said[0]
    assert "1 of 6 files cannot be read" in said[1]
