"""Finds what `livecam batch` measures: clips and pictures of paths, folders, globs and lists."""

import codecs
import glob
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

from livecam.core.archive.sources import BatchSource, is_address
from livecam.core.redaction import without_credentials
from livecam.errors import SourceError
from livecam.sources.files.format import CLIP_SUFFIXES, PICTURE_SUFFIXES, is_clip
from livecam.sources.files.listing import (
    describe_nothing_found,
    describe_passed_over,
    list_files,
)
from livecam.sources.files.special_files import special_kind_of
from livecam.sources.files.timed_pictures import opens_as_clip
from livecam.sources.remote_files import list_remote
from livecam.sources.source_argument import path_of_url, with_home

FROM_STDIN = "-"


def batch_sources(
    texts: Iterable[str], read_list: Callable[[], bytes], say: Callable[[str], None]
) -> list[BatchSource]:
    """Every clip and picture once, in the order of the command line.

    Args:
        texts: paths, folders (with what lies below them), globs, addresses; - for the list.
        read_list: gives the list: names, one a line, or with a zero byte after each.
        say: receives what is passed over.

    Raises:
        SourceError: one of them means nothing that can be measured.
    """
    found: dict[str, BatchSource] = {}
    for text in texts:
        named = _listed(read_list(), say) if text == FROM_STDIN else _meant_by(text, say)
        found |= {source.name: source for source in named}
    return list(found.values())


def _listed(content: bytes, say: Callable[[str], None]) -> Iterator[BatchSource]:
    """The names of a list as they are: what is not there is reported when it is opened.

    What would be waited for without end is passed over.
    """
    content = content.removeprefix(codecs.BOM_UTF8)  # as Windows begins its texts
    separator = b"\0" if b"\0" in content else b"\n"
    for name in content.split(separator):
        text = path_of_url(os.fsdecode(name.removesuffix(b"\r")))
        special = special_kind_of(Path(text)) if text.strip() else ""
        if special:
            say(f"{text} is passed over: it is {special}")
        elif text.strip():
            yield _source(text)


def _meant_by(text: str, say: Callable[[str], None]) -> Iterable[BatchSource]:
    text = path_of_url(text)
    if is_address(text):
        return [_source(address) for address in list_remote(text)]
    if not text.strip():  # a script's variable that is not set; it would mean the current folder
        raise SourceError("a path is empty: give clips, pictures or folders.")
    path = with_home(text)
    is_folder = path.is_dir()
    pattern = str(Path(glob.escape(str(path))) / "**" / "*") if is_folder else str(path)
    try:
        listing = list_files(pattern, opens_as_clip)
    except OSError as error:
        raise SourceError(
            f"{without_credentials(text)} cannot be listed ({error.strerror}): check it."
        ) from error
    if not listing.paths:
        raise SourceError(describe_nothing_found(str(path), listing))
    passed_over = describe_passed_over(listing, str(path))
    if passed_over:
        say(f"{text}: {passed_over}")
    return [_source(str(found)) for found in listing.paths]


def _source(text: str) -> BatchSource:
    if is_address(text):
        suffix = Path(without_credentials(text)).suffix.casefold()
        return BatchSource(text, "picture" if suffix in PICTURE_SUFFIXES else "clip")
    location = os.path.abspath(text)  # noqa: PTH100  (names as given: links may lead anywhere)
    return BatchSource(location, _kind_of(Path(location)))


def _kind_of(path: Path) -> Literal["clip", "picture"]:
    """By its ending where that says it; a look into every file of a season takes long."""
    suffix = path.suffix.casefold()
    if suffix in CLIP_SUFFIXES:
        return "clip"
    return "clip" if is_clip(path) else "picture"
