"""Names of classes: `labels.txt`, with or without numbers, and `metadata.json`."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from livecam.core.labels import Labels
from livecam.errors import ModelError
from livecam.native.read_at_once import read_at_once

BESIDE = ("labels.txt", "metadata.json")
"""What is looked for beside a network."""

_NUMBERED = re.compile(r"(\d+)[\s:,]+(\S.*)")
_LARGEST_BYTES = 4_000_000


def labels_for(classes: int, file: Path | None, beside: Path, own: Sequence[str] = ()) -> Labels:
    """The classes of a network.

    Args:
        classes: how many it tells apart.
        file: that the user named; None for what lies beside the network.
        beside: the network's own file or folder.
        own: names that came inside of it.

    Raises:
        ModelError: the file cannot be read, or has another number of names.
    """
    found, where = list(own), beside
    if file is not None:
        found, where = read_labels(file), file
    elif not found:
        folder = beside if beside.is_dir() else beside.parent
        files = [folder / name for name in BESIDE if (folder / name).is_file()]
        if files:
            found, where = read_labels(files[0]), files[0]
    if len(found) == 1 and classes == 2:  # of one output, which says yes or no
        found = [f"not {found[0]}", *found]
    if not found:
        found = [f"class {number}" for number in range(classes)]
    if len(found) != classes:
        raise ModelError(
            f"{where} names {len(found)} classes, and the network {beside} has {classes}: give "
            "the right names with --labels FILE, one a line."
        )
    return Labels(tuple((name,) for name in found))


def read_labels(path: Path) -> list[str]:
    """The names in a file, in order.

    Raises:
        ModelError: it cannot be read, or holds none.
    """
    try:
        text = read_at_once(path, _LARGEST_BYTES).decode("utf-8-sig")
        names = names_of_metadata(json.loads(text)) if text.lstrip().startswith("{") else _of(text)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise ModelError(f"the labels {path} cannot be read ({reason}): check --labels.") from error
    if not names:
        raise ModelError(f"the labels {path} hold no names: one a line is what is read.")
    return names


def names_of_metadata(document: Any) -> list[str]:
    """The names in Teachable Machine's metadata; none where it has none."""
    labels = document.get("labels") if isinstance(document, dict) else None
    return [str(name) for name in labels] if isinstance(labels, list) else []


def _of(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    numbered = [_NUMBERED.fullmatch(line) for line in lines]
    if all(match and int(match[1]) == number for number, match in enumerate(numbered)):
        return [match[2] for match in numbered if match]
    return lines
