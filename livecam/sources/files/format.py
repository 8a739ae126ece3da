"""Finds out what a file is by its first bytes, because endings lie (a HEIC that is called .jpg)."""

import re
from pathlib import Path
from typing import Literal

from livecam.sources.files.special_files import special_kind_of

HEAD_BYTES = 512

Format = Literal[
    "AppleDouble", "AVIF", "BMP", "clip", "EXR", "GIF", "HEIC", "ICO", "JPEG", "JPEG 2000", "PFM",
    "PNG", "PNM", "PSD", "QOI", "Radiance HDR", "Sun raster", "TGA", "TIFF", "WebP", "",
    "DjVu", "JPEG XL", "JPEG XR", "PDF", "PostScript", "SVG", "XCF",
]  # fmt: skip
"""AppleDouble: what macOS writes beside a file (._name) where a disk cannot hold its attributes.
Those of the last line are known and cannot be read."""

UNREADABLE_FORMATS: dict[Format, str] = {
    "DjVu": "a DjVu document",
    "JPEG XL": "a JPEG XL (.jxl)",
    "JPEG XR": "a JPEG XR",
    "PDF": "a PDF document",
    "PostScript": "a PostScript document",
    "SVG": "a drawing (SVG)",
    "XCF": "a GIMP file (XCF)",
}
"""What a person may call a picture and no reader here can open, in words."""

PICTURE_SUFFIXES = frozenset(
    {".apng", ".avif", ".avifs", ".bmp", ".dib", ".exr", ".gif", ".hdr", ".heic", ".heif", ".hif"}
    | {".ico"}
    | {".j2k", ".jfif", ".jp2", ".jpe", ".jpeg", ".jpg", ".mpo", ".pbm", ".pfm", ".pgm", ".pic"}
    | {".png", ".pnm", ".ppm", ".psd", ".qoi", ".ras", ".tga", ".tif", ".tiff", ".webp"}
)

CLIP_SUFFIXES = frozenset(
    {".3gp", ".avi", ".flv", ".h264", ".m2ts", ".m4v", ".mjpeg", ".mjpg", ".mkv", ".mov", ".mp4"}
    | {".mpeg", ".mpg", ".mts", ".ogv", ".webm", ".wmv"}
)

_JPEG_AFTER_JPEG = frozenset({".mjpeg", ".mjpg"})
"""A clip that is nothing but pictures one after the other."""

_RAW_SUFFIXES = frozenset(
    {".3fr", ".arw", ".cr2", ".dcr", ".dng", ".erf", ".iiq", ".kdc", ".mef", ".mos", ".nef"}
    | {".nrw", ".pef", ".rwl", ".sr2", ".srf", ".srw"}
)
"""A camera's raw files begin as a TIFF does; a reader of TIFF finds the thumbnail in them."""

_SIGNATURES: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"v/1\x01", "EXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"#?RGBE", "Radiance HDR"),
    (b"PF\n", "PFM"),
    (b"Pf\n", "PFM"),
    (b"\x59\xa6\x6a\x95", "Sun raster"),
    (b"\0\x05\x16\x07", "AppleDouble"),
    (b"\0\x05\x16\0", "AppleDouble"),
    (b"8BPS", "PSD"),
    (b"qoif", "QOI"),
    (b"\0\0\1\0", "ICO"),
    (b"AT&TFORM", "DjVu"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"II\xbc", "JPEG XR"),
    (b"%PDF-", "PDF"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),  # with a preview
    (b"gimp xcf", "XCF"),
    (b"\x1aE\xdf\xa3", "clip"),  # Matroska, WebM
    (b"FLV\1", "clip"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "clip"),  # ASF: .wmv
    (b"\0\0\1\xba", "clip"),  # MPEG programme stream
)

_PNM = re.compile(rb"P[1-6][ \t\r\n#]")
_BMP_HEADER_BYTES = frozenset({12, 40, 52, 56, 64, 108, 124})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
_TS_PACKET_BYTES = 188


def format_of(head: bytes, suffix: str = "") -> Format:
    """The format of a file that begins with these bytes (HEAD_BYTES or more); "" where unknown.

    Args:
        head: its first bytes.
        suffix: its ending, which tells a camera's raw file from a TIFF.
    """
    if suffix.casefold() in _RAW_SUFFIXES:
        return ""
    if suffix.casefold() in _JPEG_AFTER_JPEG:
        return "clip"
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            return found
    if head[4:8] == b"ftyp":
        return _format_of_brands(head)
    found = _format_of_structure(head)
    if not found and suffix.casefold() == ".svg" and is_text(head):  # after long comments
        return "SVG"
    return "TGA" if not found and suffix.casefold() == ".tga" else found  # it has no signature


def format_of_file(path: Path) -> Format:
    """The same for a file; "" also where it cannot be read."""
    return format_of(read_head(path), path.suffix)


def is_clip(path: Path) -> bool:
    """Whether a file is read as a clip, not as a picture: its bytes decide, else its ending."""
    found, suffix = format_of_file(path), path.suffix.casefold()
    return found == "clip" or (found == "" and suffix not in PICTURE_SUFFIXES)


def read_head(path: Path) -> bytes:
    """The first bytes of a file; b"" where it cannot be read.

    Nothing is taken out of a pipe: it would be missing where the pipe is read.
    """
    if special_kind_of(path):
        return b""
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except (OSError, ValueError):
        return b""


def is_picture_format(found: Format) -> bool:
    """Whether it is the format of pictures."""
    return found not in {"", "clip", "AppleDouble", *UNREADABLE_FORMATS}


def is_text(head: bytes) -> bool:
    """Whether a file that begins so is text, which FFmpeg would draw as a picture of a terminal."""
    return bool(head) and not set(head) & _NO_TEXT


_NO_TEXT = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1a\x1b")


def _format_of_structure(head: bytes) -> Format:
    """The format of a file whose first bytes alone do not tell."""
    riff_form = head[8:12] if head.startswith(b"RIFF") else b""
    is_bmp = int.from_bytes(head[14:18], "little") in _BMP_HEADER_BYTES
    packet_starts = head[:1] + head[_TS_PACKET_BYTES : _TS_PACKET_BYTES + 1]
    found: dict[Format, bool] = {
        "WebP": riff_form == b"WEBP",
        "clip": riff_form == b"AVI " or packet_starts == b"GG",
        "BMP": head.startswith(b"BM") and is_bmp,
        "PNM": _PNM.match(head) is not None,
        "SVG": is_text(head) and b"<svg" in head,
    }
    return next((name for name, is_it in found.items() if is_it), "")


def _format_of_brands(head: bytes) -> Format:
    """A file of boxes (ISO 14496-12) says in its first one what it is: major and other brands.

    A HEIC of moving pictures (major brand hevc or msf1) is read as a clip.
    """
    box = head[: int.from_bytes(head[:4], "big")]
    major = box[8:12]
    brands = {box[i : i + 4] for i in range(16, len(box), 4)}
    if major in _AVIF_BRANDS or (major in {b"mif1", b"msf1", b"miaf"} and brands & _AVIF_BRANDS):
        return "AVIF"
    return "HEIC" if major in _HEIC_BRANDS else "clip"
