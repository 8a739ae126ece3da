"""What values a setting allows, where its type and range do not say it.

Each `check_...` is a validator of cyclopts: it gets the type and the value, and raises ValueError,
whose text follows the setting's name in the error message.
"""

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from cyclopts import Parameter, Token

LARGEST_ACT_MAX = 1000  # far beyond any activation of a network; the scale stays readable


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


def size_px(size: str) -> tuple[int, int]:
    """Width and height in pixels of a checked text like "1280x720"."""
    width, height = size.casefold().split("x")
    return int(width), int(height)


def check_alpha(_: object, alpha: float | None) -> None:
    """A width multiplier that Keras has weights for."""
    if alpha not in (None, 1.0, 0.75, 0.5, 0.25):
        raise ValueError("must be one of 1.0, 0.75, 0.5, 0.25.")


def check_classes(_: object, classes: tuple[str, ...]) -> None:
    """At least one class."""
    if not classes:
        raise ValueError("must name at least one class.")


def check_file_name(_: object, name: object) -> None:
    """A name that can be one of a file, not empty."""
    check_path(_, name)
    if name is not None and str(name) in ("", "."):
        raise ValueError("must be the name of a file.")


def check_path(_: object, name: object) -> None:
    """A path without a zero byte, which no system allows."""
    if "\0" in str(name):
        raise ValueError("must be a name without a zero byte.")


def check_host(_: object, host: str) -> None:
    """An address to serve on, not empty."""
    if not host:
        raise ValueError("must be an address: 127.0.0.1, or 0.0.0.0 for the network.")


def check_host_names(_: object, names: tuple[str, ...]) -> None:
    """Host names without scheme and port, as in a URL between // and :."""
    for name in names:
        if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", name):
            raise ValueError(f"{name!r} must be a name alone, like camera.example.org.")


def check_size(_: object, size: str | None) -> None:
    """Width and height like 1280x720."""
    if size is None:
        return
    match = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", size)
    if not match or not all(16 <= int(side) <= 7680 for side in match.groups()):
        raise ValueError("must be WIDTHxHEIGHT, like 1280x720, each from 16 to 7680.")


def check_fourcc(_: object, fourcc: str | None) -> None:
    """Four printable ASCII characters."""
    if fourcc is not None and not re.fullmatch(r"[ -~]{4}", fourcc):
        raise ValueError("must be four letters, like MJPG or YUYV.")


def check_exposure(_: object, exposure: "float | str | None") -> None:
    """A finite number, or auto."""
    if exposure not in (None, "auto") and not math.isfinite(float(exposure)):
        raise ValueError('must be a number or "auto".')


def check_act_max(_: object, act_max: "float | str") -> None:
    """A number within LARGEST_ACT_MAX, or auto."""
    if act_max != "auto" and not abs(float(act_max)) <= LARGEST_ACT_MAX:
        raise ValueError(f'must be from -{LARGEST_ACT_MAX} to {LARGEST_ACT_MAX}, or "auto".')


def check_token(_: object, token: str | None) -> None:
    """Long enough not to be guessed, and safe in a URL."""
    if token is not None and not re.fullmatch(r"[A-Za-z0-9._~-]{16,200}", token):
        raise ValueError("must be 16 to 200 letters, digits or any of . _ ~ -.")
