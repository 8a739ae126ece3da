"""What `livecam find` writes: clips that were cut out, and the contact sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from livecam.assembly.archived_clips import ArchivedClips
from livecam.assembly.finding import Found
from livecam.core.archive.found_moment import FoundMoment
from livecam.core.formatting import counted
from livecam.sinks.contact_sheet import (
    MOST_PICTURES,
    SHOWN_WIDTH_PX,
    ContactSheet,
    SheetPicture,
)
from livecam.sinks.new_files import NewFiles
from livecam.sinks.output_paths import numbered_stems
from livecam.sinks.recording.container_format import CONTAINER_FORMATS
from livecam.sinks.whole_file import write_whole
from livecam.sources.archive.opened_archive import Counting
from livecam.sources.remote_files import local_copy

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How work reports that takes long, and whether it is to stop.

    Attributes:
        counting: shows how far it is.
        say: gets a line for the user.
        stop_asked: whether to end after the moment in hand.
    """

    counting: Counting
    say: Say
    stop_asked: Callable[[], bool] = lambda: False


def cut_moments(found: Found, folder: Path, progress: Progress, *, force: bool) -> int:
    """Cut every moment out of its clip; those that are there already are left as they are.

    Gives how many clips could not be read.

    Args:
        found: the moments.
        folder: made where it is missing.
        progress: how it reports.
        force: whether files that are there are replaced.

    Raises:
        SinkError: the disk failed.
    """
    copied = encoded = there = 0
    names = names_of(found.moments)
    with (
        NewFiles() as new,
        ArchivedClips(found.archive.folder, progress.say, copied=local_copy) as clips,
        progress.counting("cutting", len(found.moments)) as advance,
    ):
        new.make_folder(folder, "--clips")  # each clip is whole: only an empty folder is removed
        pairs = zip(found.moments, names, strict=True)
        for moment, name in sorted(pairs, key=_source_of):  # each clip is opened once
            if progress.stop_asked():
                break
            if not force and _is_there(folder / name):
                there += 1
            elif (cut := clips.cut(moment, folder / name)) is not None:
                copied, encoded = copied + cut.is_copied, encoded + (not cut.is_copied)
            advance()
    known = f", {there} were there already" if there else ""
    progress.say(
        f"{counted(copied + encoded, 'clip')} in {folder}: {copied} copied, {encoded} encoded "
        f"because no key frame begins them{known}"
    )
    return clips.unread


def _source_of(pair: tuple[FoundMoment, str]) -> str:
    return pair[0].source


def _is_there(path: Path) -> bool:
    return any(path.with_name(path.name + suffix).exists() for suffix in CONTAINER_FORMATS)


def names_of(moments: Sequence[FoundMoment]) -> list[str]:
    """A name for each, the same at every run: the clip's, and the time where it begins."""
    names: list[str] = []
    taken: set[str] = set()
    for moment in moments:
        stem = f"{Path(moment.source).stem}_{moment.start_s:.2f}s"
        # There may be clips of one name in several folders.
        name = next(name for name in numbered_stems(stem) if name not in taken)
        taken.add(name)
        names.append(name)
    return names


def write_sheet(found: Found, path: Path, progress: Progress) -> int:
    """Write the contact sheet; gives how many clips could not be read.

    Raises:
        SinkError: it cannot be written.
    """
    sheet = ContactSheet(path, found.title)
    shown = found.moments[:MOST_PICTURES]
    missing = 0
    with (
        ArchivedClips(found.archive.folder, progress.say, copied=local_copy) as clips,
        progress.counting("looking at the moments", len(shown)) as advance,
    ):
        for moment in shown:
            if progress.stop_asked():
                break
            scale = found.archive.map_scale
            picture = clips.thumbnail_of(moment, SHOWN_WIDTH_PX, found.area, scale)
            missing += picture is None
            sheet.add(moment, SheetPicture(picture, clips.path_of(moment.source)))
            advance()
    notes = list(found.archive.notices)
    if shown and all(one.strongest.grid is None for one in shown):
        notes.append("without maps: the archive was measured without --grid")
    write_whole(path, sheet.html(found.moments, notes), "--sheet")
    without = f", {missing} missing" if missing else ""
    progress.say(f"{path}: {counted(len(shown) - missing, 'picture')}{without}")
    return clips.unread
