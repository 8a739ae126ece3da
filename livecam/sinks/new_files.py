"""Files and folders that are removed again where not all of what belongs together was written."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Self

from livecam.sinks.output_paths import made_folder


class NewFiles:
    """Remembers what was new; removes it where an error ends the with statement.

    What stood there before stays, replaced or not, and so does a folder that holds anything else.
    """

    def __init__(self) -> None:
        """Nothing was written yet."""
        self._files: list[Path] = []
        self._folders: list[Path] = []

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Keep everything, or remove what was new."""
        if kind is None:
            return
        for path in self._files:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        for folder in reversed(self._folders):
            with suppress(OSError):  # there is something in it, or it was never made
                folder.rmdir()

    def make_folder(self, folder: Path, flag: str) -> None:
        """Make a folder where it is missing, with those that it lies in.

        Args:
            folder: its path.
            flag: names the setting that asked for it, in errors.

        Raises:
            SinkError: it cannot be made.
        """
        missing = [one for one in (folder, *folder.parents) if not os.path.lexists(one)]
        self._folders += reversed(missing)
        made_folder(folder, flag)

    def expect(self, path: Path) -> Path:
        """The path, which is written next."""
        if not os.path.lexists(path):
            self._files.append(path)
        return path
