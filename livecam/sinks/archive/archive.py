"""An archive on disk: part files that are there whole or not at all, and the manifest of them."""

import os
import re
from collections.abc import Collection, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from livecam.core.archive.manifest import (
    MANIFEST_FILE,
    MANIFEST_FORMAT,
    PARTS_FOLDER,
    Manifest,
    PartEntry,
    read_manifest,
    settings_line,
)
from livecam.core.format_version import later_format
from livecam.errors import SettingsError
from livecam.sinks.archive.part_table import is_whole_part, without_sources
from livecam.sinks.output_locks import OutputBusyError, lock_output
from livecam.sinks.whole_file import not_written, write_whole

if TYPE_CHECKING:
    from io import FileIO

FLAG = "--out"

NO_DAY = "__HIVE_DEFAULT_PARTITION__"
"""What stands for the day of a clip that does not say when it was taken: readers see null."""

_OWN_PART = re.compile(r"[0-9a-f]{16}-\d{4,}-[0-9a-f]{12}\.parquet")
_HALF_WRITTEN = re.compile(rf"\.{_OWN_PART.pattern}\..+")


class Archive:
    """A folder with parts and manifest, inside a with statement; one program at a time writes it.

    A part is on the disk before the manifest says so, and what it replaces is deleted afterwards:
    whenever the program is killed, every row that the manifest knows is there once.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is made where it is missing."""
        self._folder = folder
        self._stack = ExitStack()
        self._file: FileIO | None = None
        self._entries: dict[str, PartEntry] = {}
        self._settings: dict[str, Mapping[str, Any]] = {}

    @property
    def manifest(self) -> Manifest:
        """What is known now."""
        return Manifest(self._entries, self._settings)

    def __enter__(self) -> Self:
        """Read the manifest, and remove what a killed run left.

        Raises:
            SettingsError: the folder is something else, another program writes it, or a newer
                livecam has.
            SinkError: it cannot be written.
        """
        path = self._folder / MANIFEST_FILE
        self._check_is_ours()
        try:
            (self._folder / PARTS_FOLDER).mkdir(parents=True, exist_ok=True)
            self._stack.callback(self._locked(path).release)
            read = _read_whole_lines(path)
            self._check_is_not_later(read)
            self._entries, self._settings = dict(read.entries), dict(read.settings)
            # Nothing is held back: what a full disk has refused is not written later.
            self._file = self._stack.enter_context(path.open("ab", buffering=0))
            self._remove_leftovers()
        except OSError as error:
            self._stack.close()
            raise not_written(self._folder, FLAG, error) from error
        except SettingsError:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Close the manifest, and let others write."""
        self._file = None
        self._stack.close()

    def describe_settings(self, settings: str, about: Mapping[str, Any]) -> None:
        """Say what a hash of settings stands for, unless that is what was said last.

        Raises:
            SinkError: it cannot be written.
        """
        if self._settings.get(settings) != about:
            self._append(settings_line(settings, about))
            self._settings[settings] = about

    def add(self, entry: PartEntry, part: bytes | None = None) -> None:
        """Keep a part: its file first, then its entry; a file that it replaces goes.

        Args:
            entry: its state, and its file where it has one.
            part: the file's content; None where it has none.

        Raises:
            SinkError: it cannot be written; nothing has changed then.
        """
        before = self._entries.get(entry.key)
        if part is not None:
            path = self._folder / entry.part
            try:
                path.parent.mkdir(exist_ok=True)
            except OSError as error:
                raise not_written(path, FLAG, error) from error
            write_whole(path, part, FLAG)
            _keep_names(path.parent)
        self._append(entry.to_line())
        self._entries[entry.key] = entry
        if before is not None and before.part and before.part != entry.part:
            with suppress(OSError):  # left over then: the next run removes it
                (self._folder / before.part).unlink()

    def has_part(self, entry: PartEntry) -> bool:
        """Whether the file of an entry is there, with its beginning and its end.

        It may have been deleted since, or cut off by a copy that broke off.
        """
        return not entry.part or is_whole_part(self._folder / entry.part)

    def forget(self, key: str, names: Collection[str]) -> None:
        """Take the rows of some sources out of a part, which goes with the last of them.

        Of one that cannot be read any more only the sources are taken out.

        Raises:
            SinkError: it cannot be read or written.
        """
        entry = self._entries[key]
        left = tuple(of for of in entry.sources if of.source not in names)
        if not left:
            self.add(replace(entry, state="removed", sources=(), part="", rows=0))
            return
        if not self.has_part(entry):
            self.add(replace(entry, sources=left))
            return
        try:
            part, rows = without_sources(self._folder / entry.part, names)
        except OSError as error:
            raise not_written(self._folder / entry.part, FLAG, error) from error
        self.add(replace(entry, sources=left, rows=rows), part)

    def _append(self, line: str) -> None:
        if self._file is None:
            raise RuntimeError("an Archive is used inside a with statement")
        whole_bytes, left = os.fstat(self._file.fileno()).st_size, line.encode()
        try:
            while left:
                left = left[self._file.write(left) :]
            os.fsync(self._file.fileno())
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(whole_bytes)
            raise not_written(self._folder / MANIFEST_FILE, FLAG, error) from error

    def _check_is_ours(self) -> None:
        """Raise SettingsError for a folder of something else: nothing is written among it."""
        try:
            names = {entry.name for entry in os.scandir(self._folder)}
        except FileNotFoundError:
            return
        except NotADirectoryError:
            raise SettingsError(f"{FLAG} {self._folder} is a file: name a folder.") from None
        except OSError as error:
            raise not_written(self._folder, FLAG, error) from error
        if names and MANIFEST_FILE not in names and PARTS_FOLDER not in names:
            raise SettingsError(
                f"{FLAG} {self._folder} has other things in it and is no archive: name an empty "
                "or a new folder."
            )

    def _check_is_not_later(self, read: Manifest) -> None:
        """Raise SettingsError for a manifest of a newer livecam: it would not know our lines."""
        if later := later_format(f"{FLAG} {self._folder}", read.format, MANIFEST_FORMAT):
            raise SettingsError(later)

    def _locked(self, path: Path) -> Any:
        try:
            return lock_output(path)
        except OutputBusyError:
            raise SettingsError(
                f"{FLAG} {self._folder} is being written by another livecam: wait for it, or name "
                "another folder."
            ) from None

    def _remove_leftovers(self) -> None:
        """Parts that the manifest does not know, and halves: a run was killed between the two."""
        known = {entry.part for entry in self._entries.values()}
        for path in (self._folder / PARTS_FOLDER).glob("day=*/*"):
            is_part = _OWN_PART.fullmatch(path.name) is not None
            is_unknown = path.relative_to(self._folder).as_posix() not in known
            if (is_part and is_unknown) or _HALF_WRITTEN.fullmatch(path.name):
                path.unlink(missing_ok=True)


def part_name(day: str, key: str) -> str:
    """Where the file of a part lies, from the archive's folder on, with /.

    Args:
        day: like 2026-07-01; "" where nobody knows.
        key: of the part.
    """
    return f"{PARTS_FOLDER}/day={day or NO_DAY}/{key}.parquet"


def _read_whole_lines(path: Path) -> Manifest:
    """The manifest; a last line that was cut off is removed.

    Raises:
        OSError: it cannot be read or mended.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return read_manifest(())
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        os.truncate(path, len(whole))
    return read_manifest(whole.decode("utf-8", "replace").splitlines())


def _keep_names(folder: Path) -> None:
    """Have the names in a folder on the medium, where the system can be asked for that."""
    if os.name != "posix":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
