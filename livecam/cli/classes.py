"""`livecam classes [SEARCH]`: the classes of a model by number, name, kind and synset."""

import shlex
from collections.abc import Iterator, Sequence

from livecam.core.labels import Labels
from livecam.core.printable_text import json_text, quoted
from livecam.errors import SettingsError
from livecam.models.catalogue import spec_of
from livecam.models.imagenet_labels import imagenet_labels

_NAMED = 3


def list_classes(search: str, model: str, *, as_json: bool) -> int:
    """Print the classes, one a line, best matches first; gives the exit code.

    Args:
        search: words or a number; "" for all.
        model: whose classes.
        as_json: as JSON, for programs.

    Raises:
        SettingsError: none matches, or there is no such model.
    """
    labels = spec_of(model).labels
    found = labels.search(search)
    if not found:
        raise SettingsError(_nothing_found(labels, search, model))
    if as_json:
        print(json_text([_entry(labels, index) for index in found], indent=1))
        return 0
    for line in _lines(labels, found):
        print(line)
    return 0


def _nothing_found(labels: Labels, search: str, model: str) -> str:
    """That none matches, and what comes near, or which other model has such classes."""
    everything = imagenet_labels()
    elsewhere = [] if model == "imagenet" else everything.search(search)
    if elsewhere and not search.strip().isdecimal():
        named = ", ".join(everything.first_names[index] for index in elsewhere[:_NAMED])
        more = ", ..." if len(elsewhere) > _NAMED else ""
        return (
            f"{model} has no class {quoted(search)}; imagenet has {named}{more}: "
            f"'livecam classes {shlex.quote(search)}' lists them, and without --model {model} "
            "they are looked for."
        )
    try:
        labels.index_of(search)
    except SettingsError as error:  # says what comes near
        return str(error)
    return f"no class of {model} matches {quoted(search)}."


def _entry(labels: Labels, index: int) -> dict[str, object]:
    """A class for programs; `synset` and `kind` only where the model's classes have them."""
    entry: dict[str, object] = {
        "index": index,
        "name": labels.first_names[index],
        "names": list(labels.names[index]),
    }
    if labels.synsets:
        entry |= {"kind": labels.kind_of(index), "synset": labels.synsets[index]}
    return entry


def _lines(labels: Labels, found: Sequence[int]) -> Iterator[str]:
    """One line a class, so that it can be searched: number, synset, name, kind, other names."""
    rows = [
        (
            str(index),
            labels.synsets[index] if labels.synsets else "",
            labels.names[index][0],
            labels.kind_of(index),
            ", ".join(labels.names[index][1:]),
        )
        for index in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True) if width)
        yield "  ".join(cells).rstrip()
