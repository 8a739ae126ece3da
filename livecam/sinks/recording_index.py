"""The index of finished recordings and snapshots, for the page; ids reveal no paths."""

import hmac
import os
import re
import secrets
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from livecam.core.types import OutputFile

MAX_ITEMS = 200
# The names that output_paths.dated_path gives.
_DATED_NAME = re.compile(r"livecam_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d(_\d+)?(_clean)?\.(mp4|mkv|png)")
_KINDS = {
    ".mp4": ("video", "video/mp4"),
    ".mkv": ("video", "video/x-matroska"),
    ".png": ("picture", "image/png"),
}


class RecordingIndex:
    """The finished files of this run, and those of earlier runs in the folder.

    A file in the folder is listed only if it has a name that livecam gives and is older than this
    run: what is being written now is added when it is finished.
    """

    def __init__(self, folder: Path, *, began: datetime) -> None:
        """List a folder; `began` is when this run began."""
        self._folder, self._began = folder, began
        self._id_key = secrets.token_bytes(16)
        self._lock = threading.Lock()
        self._made: list[Path] = []

    def add(self, path: Path) -> None:
        """Add a file that was finished; one that is neither video nor picture is ignored."""
        with self._lock:
            if path.suffix.casefold() in _KINDS and path not in self._made:
                self._made.append(path)

    @property
    def made(self) -> int:
        """How many files this run has finished."""
        return len(self._made)

    def items(self) -> list[OutputFile]:
        """All files that exist, the newest first; at most MAX_ITEMS."""
        with self._lock:
            made = list(self._made)
        found = {path.absolute(): self._item(path) for path in made}
        for path in self._files_of_earlier_runs():
            found.setdefault(path.absolute(), self._item(path))
        items = [item for item in found.values() if item is not None]
        return sorted(items, key=lambda item: item.made_at, reverse=True)[:MAX_ITEMS]

    def find(self, file_id: str) -> OutputFile | None:
        """The file with this id; None where there is none."""
        return next((item for item in self.items() if item.id == file_id), None)

    def _files_of_earlier_runs(self) -> Iterator[Path]:
        try:
            for path in self._folder.iterdir():
                is_ours = _DATED_NAME.fullmatch(path.name) and not path.is_symlink()
                if is_ours and path.is_file() and path.stat().st_mtime < self._began.timestamp():
                    yield path
        except OSError:  # the folder does not exist yet, or no longer
            return

    def _item(self, path: Path) -> OutputFile | None:
        try:
            status = path.stat()
        except OSError:  # deleted meanwhile
            return None
        kind, media_type = _KINDS[path.suffix.casefold()]
        file_id = hmac.digest(self._id_key, os.fsencode(path.absolute()), "sha256").hex()[:20]
        made_at = datetime.fromtimestamp(status.st_mtime).astimezone()
        return OutputFile(file_id, path, kind, media_type, status.st_size, made_at)  # type: ignore[arg-type]
