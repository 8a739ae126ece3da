"""The container formats, MP4 and Matroska: muxer options for writing safely and for the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from livecam.errors import SettingsError


@dataclass(frozen=True, slots=True)
class ContainerFormat:
    """A container format.

    Attributes:
        name: FFmpeg's name of the muxer.
        time_base: the unit of time stamps in seconds.
        fragment_start: bytes that begin each fragment (MP4) or cluster (Matroska).
        crash_safe_options: muxer options that write a complete fragment every 0.2 s.
        copy_options: the same for packets of a camera, of which the first ones may only be needed
            to decode others: an edit list leaves them out.
        final_options: muxer options of a finished file, which has its index in front.
        sound_codecs: codecs of sound that is copied; other sound is encoded as AAC.
    """

    name: str
    time_base: Fraction
    fragment_start: bytes
    crash_safe_options: Mapping[str, str]
    copy_options: Mapping[str, str]
    final_options: Mapping[str, str]
    sound_codecs: frozenset[str]


_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"})
_MP4_SOUND = frozenset({"aac", "mp3", "ac3", "eac3", "opus", "alac", "flac"})

CONTAINER_FORMATS: Mapping[str, ContainerFormat] = {
    ".mp4": ContainerFormat(
        "mp4",
        Fraction(1, 90_000),
        b"moof",
        {"movflags": "hybrid_fragmented", "frag_duration": "200000"},
        {"movflags": "hybrid_fragmented+delay_moov", "frag_duration": "200000"},
        {"movflags": "faststart"},
        _MP4_SOUND,
    ),
    ".mkv": ContainerFormat(
        "matroska",
        Fraction(1, 1000),
        b"\x1f\x43\xb6\x75",
        {"cluster_time_limit": "200"},
        {"cluster_time_limit": "200"},
        {"cues_to_front": "1"},
        _MP4_SOUND | {"vorbis", "dts", "truehd", "pcm_s16le", "pcm_s24le"},
    ),
}


def container_format_of(path: Path, flag: str = "--record") -> ContainerFormat:
    """The container format for a file name; `flag` is the option that gave the name.

    Raises:
        SettingsError: the suffix is none that can be written.
    """
    found = CONTAINER_FORMATS.get(path.suffix.casefold())
    if found is None:
        pictures = path.suffix.casefold() in _PICTURES and flag == "--record"
        way_out = " Annotated pictures: --save-pictures FOLDER." if pictures else ""
        raise SettingsError(f"{flag} {path}: the name must end in .mp4 or .mkv.{way_out}")
    return found
