"""Pictures: upright, in order, whatever their format, and honest about broken ones."""

import os
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from support import textured

from livecam.errors import SourceError, SourceLostError
from livecam.sources.files.listing import list_files
from livecam.sources.files.file_sequence import FileSequence, first_picture


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
