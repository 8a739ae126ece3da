"""Which settings file a command line names."""

import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from livecam.errors import SettingsError
from livecam.settings.precedence import WATCH


def settings_file_of(config: Path | None, tokens: Sequence[str]) -> Path | None:
    """The settings file that was named: by --config, as what is watched, or by the variable.

    Raises:
        SettingsError: two were.
    """
    watched = watched_file_of(tokens)
    if watched is not None and config is not None:
        raise SettingsError(f"{watched} and --config {config} are both settings files: give one.")
    named = os.environ.get("LIVECAM_CONFIG")
    return watched or config or (Path(named) if named else None)


def watched_file_of(tokens: Sequence[str]) -> Path | None:
    """The settings file that stands where `livecam watch` has its sources; None for none."""
    if not tokens or tokens[0] != WATCH:
        return None
    named = (
        word
        for before, word in pairwise(tokens)
        if word.casefold().endswith(".toml") and not before.startswith("--")
    )
    file = next(named, None)
    return None if file is None else Path(file)
