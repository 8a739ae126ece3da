"""What values several settings allow, where type and range do not say it.

Each `check_...` is a validator of cyclopts: it gets the type and the value, and raises ValueError,
whose text follows the setting's name in the error message.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from cyclopts import Parameter, Token


def parse_integer(_: object, tokens: Sequence[Token]) -> int:
    """An integer; cyclopts by itself would round a fraction."""
    text = tokens[0].value
    with suppress(ValueError):
        if "." not in text:
            return int(text)
        if float(text).is_integer():
            return int(float(text))
    raise ValueError(f'"{text}" is not a whole number.')


Integer = Annotated[int, Parameter(converter=parse_integer)]


def split_at_commas(_: object, text: str, **_options: object) -> list[str]:
    """The values of a variable like LIVECAM_CLASS; not at spaces, which names of classes have."""
    return [name.strip() for name in text.split(",")]


def split_at_semicolons(_: object, text: str, **_options: object) -> list[str]:
    """The values of a variable like LIVECAM_WHEN, whose conditions have spaces and commas."""
    return [part.strip() for part in text.split(";") if part.strip()]


def size_px(size: str) -> tuple[int, int]:
    """Width and height in pixels of a checked text like "1280x720"."""
    width, height = size.casefold().split("x")
    return int(width), int(height)


def check_file_name(_: object, name: object) -> None:
    """A name that can be one of a file, not empty."""
    check_path(_, name)
    if name is not None and str(name) in ("", "."):
        raise ValueError("must be the name of a file.")


def check_path(_: object, name: object) -> None:
    """A path without a zero byte, which no system allows."""
    if "\0" in str(name):
        raise ValueError("must be a name without a zero byte.")


def check_size(_: object, size: str | None) -> None:
    """Width and height like 1280x720."""
    if size is None:
        return
    match = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", size)
    if not match or not all(16 <= int(side) <= 7680 for side in match.groups()):
        raise ValueError("must be WIDTHxHEIGHT, like 1280x720, each from 16 to 7680.")
