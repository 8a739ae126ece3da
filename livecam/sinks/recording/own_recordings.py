"""Tells a recording as --record made it from everything else: cuts, copies, renamed files."""

import hashlib
import itertools
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from livecam.core.name_pattern import NamePattern
from livecam.native.ffmpeg_url import file_url

NAME_DIGEST = "name_digest"
"""Of the comment in a recording: under which name of which --record it was made."""

HAS_FIGURES = "has_figures"
"""Of the comment: whether the figures beside it were made with it."""

_DIGITS = 16


@dataclass(frozen=True, slots=True)
class OwnRecording:
    """What a recording says of itself.

    Attributes:
        has_figures: whether the figures beside it were made with it.
    """

    has_figures: bool


def name_digest(pattern: Path, path: Path) -> str:
    """The digest of a name of --record and of the file's own name; it tells nobody the names.

    Args:
        pattern: names of recordings, %% for a percent sign; folders before a date do not count.
        path: the annotated video.
    """
    is_fixed = [not NamePattern(part).is_dated for part in pattern.parts]
    fixed = len(list(itertools.takewhile(bool, is_fixed[:-1])))
    names = pattern.parts[fixed:]
    text = "/".join((*names, *path.parts[-len(names) :]))
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:_DIGITS]


def own_recording(video: Path, pattern: Path, path: Path) -> OwnRecording | None:
    """What a video says where it is as livecam recorded it, under this very name; else None.

    Other programs copy the comment into what they make of a recording. That has another name, or
    lacks the time of creation, which FFmpeg leaves out, or has not as many frames.

    Args:
        video: the file.
        pattern: names of recordings, as in `name_digest`.
        path: the annotated video that it belongs to, or itself.
    """
    about = _comment(video)
    if about.get(NAME_DIGEST) != name_digest(pattern, path):
        return None
    return OwnRecording(bool(about.get(HAS_FIGURES)))


def _comment(video: Path) -> Mapping[str, Any]:
    """What a video says of itself; nothing where another program made it, or changed it."""
    try:
        with av.open(file_url(video)) as container:
            tags = {key.casefold(): text for key, text in container.metadata.items()}
            frames = container.streams.video[0].frames if container.streams.video else 0
    except (av.error.FFmpegError, OSError, ValueError):
        return {}
    about = None
    with suppress(ValueError):
        about = json.loads(tags.get("comment", ""))
    if not isinstance(about, dict) or "creation_time" not in tags:
        return {}
    # Some formats do not say how many frames there are, nor does the comment of a killed recording.
    return about if not frames or about.get("frames", frames) == frames else {}
