"""The two kinds of files: what tells them apart, and how each is made to survive a crash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from livecam.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of file.

    Attributes:
        format: what FFmpeg calls it.
        tick: the unit of its time stamps in seconds.
        crash_proof: options that bring every fifth of a second into the file by itself.
        piece_mark: bytes that stand at the beginning of each such piece.
        ordinary: options for a file that is written in one go, playable from its first bytes.
        sound_codecs: sound that is copied as it is; other sound becomes AAC.
    """

    format: str
    tick: Fraction
    piece_mark: bytes
    crash_proof: Mapping[str, str]
    ordinary: Mapping[str, str]
    sound_codecs: frozenset[str] = field(default=frozenset())


_MP4_SOUND = frozenset({"aac", "mp3", "ac3", "eac3", "opus", "alac", "flac"})

CONTAINERS: Mapping[str, Container] = {
    ".mp4": Container(
        "mp4",
        Fraction(1, 90_000),
        b"moof",
        {"movflags": "hybrid_fragmented", "frag_duration": "200000"},
        {"movflags": "faststart"},
        _MP4_SOUND,
    ),
    ".mkv": Container(
        "matroska",
        Fraction(1, 1000),
        b"\x1f\x43\xb6\x75",
        {"cluster_time_limit": "200"},
        {"cues_to_front": "1"},
        _MP4_SOUND | {"vorbis", "dts", "truehd", "pcm_s16le", "pcm_s24le"},
    ),
}


def container_of(path: Path, flag: str = "--record") -> Container:
    """The kind of file that a name asks for; `flag` is what the name was given with.

    Raises:
        SettingsError: we write no such files.
    """
    kind = CONTAINERS.get(path.suffix.casefold())
    if kind is None:
        raise SettingsError(f"{flag} {path}: the name must end in .mp4 or .mkv.")
    return kind
