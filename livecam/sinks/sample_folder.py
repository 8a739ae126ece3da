"""Samples on disk: each is a picture in the folder of its class, whole and there at once.

The folder is all that is kept of teaching: a killed program loses no sample that it has counted,
and goes on with them. A sample is thrown out by deleting its file.
"""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

import cv2

from livecam.core.types import BgrImage
from livecam.errors import SettingsError, SinkError
from livecam.sinks.output_locks import OutputBusyError, OutputLock, lock_output
from livecam.sinks.output_paths import made_folder

FLAG = "--samples"
_LOCKED = "samples"
"""The name in the folder whose lock stands for all samples; there is no such file."""

HOLD = re.compile(r"hold(\d+)_")
"""How the name of a sample that a key took begins (core/teaching/samples.py)."""

_FORBIDDEN = set('/\\:*?"<>|\0') | {chr(code) for code in range(32)}
"""What no file system, or not each, allows in a name."""


def class_name_problem(name: str) -> str:
    """Why a class cannot have this name, as the end of a sentence; "" where it can."""
    if not name.strip() or name.startswith(".") or name != name.strip():
        return "is no name for a folder"
    if set(name) & _FORBIDDEN:
        return 'has a sign that no folder may have (/ \\ : * ? " < > |)'
    return "" if len(name.encode()) <= 100 else "is too long"


class SampleFolder:
    """Writes samples, as the only program that does; a context manager.

    Two that took samples at once would number their holds alike: one would replace the other's.
    """

    def __init__(self, folder: Path, fsync: Callable[[int], None] = os.fsync) -> None:
        """Nothing is made or locked yet."""
        self.folder, self._fsync = folder, fsync
        self._lock: OutputLock | None = None
        self._is_new = False

    def __enter__(self) -> Self:
        """Make the folder and lock it.

        Raises:
            SettingsError: another livecam takes samples into it.
            SinkError: it cannot be made.
        """
        self._is_new = not self.folder.exists()
        made_folder(self.folder, FLAG)
        try:
            self._lock = lock_output(self.folder / _LOCKED)
        except OutputBusyError:
            raise SettingsError(
                f"another livecam takes samples into {self.folder}: end it, or give another {FLAG}."
            ) from None
        return self

    def __exit__(self, *_: object) -> None:
        """Give the folder free; one that was made here and has got no sample goes again."""
        if self._lock is not None:
            self._lock.release()
        if self._is_new:
            with suppress(OSError):  # there are samples in it
                self.folder.rmdir()

    @property
    def problem(self) -> str:
        """Why the file system gives no locks; "" where it does."""
        return "" if self._lock is None else self._lock.problem

    def save(self, class_name: str, bgr: BgrImage, stem: str) -> Path:
        """Write one sample; when this returns, it is on the disk.

        Args:
            class_name: of the class, which names its folder.
            bgr: uint8 [height, width, 3], written without loss.
            stem: of its file's name; a sample of the same name is replaced.

        Returns:
            The file.

        Raises:
            SinkError: it could not be written.
        """
        folder = self.folder / class_name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{stem}.png"
            self._write(path, cv2.imencode(".png", bgr)[1].tobytes())
        except OSError as error:
            raise SinkError(
                f"the sample of {class_name} could not be written into {folder} "
                f"({error.strerror or error}): free some space, or give another --samples FOLDER."
            ) from error
        return path

    def _write(self, path: Path, content: bytes) -> None:
        """Write it whole; on a full disk nothing of it is left."""
        part = path.with_name(f".{path.name}.part")
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                self._fsync(file.fileno())
            part.replace(path)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise

    def last_hold(self) -> int:
        """How often keys were held in all runs before; 0 where none has left a sample."""
        names = (path.name for path in self.folder.glob("*/hold*_*.png"))
        found = (HOLD.match(name) for name in names)
        return max((int(match[1]) for match in found if match), default=0)
