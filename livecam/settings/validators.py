"""What a setting may be, where a type and a range do not say it. Each raises ValueError."""

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from cyclopts import Parameter, Token

LARGEST_ACT_MAX = 1000  # far beyond what any network says; the scale stays readable


def alpha_exists(_: object, alpha: float | None) -> None:
    """One of the widths that there are weights for."""
    if alpha not in (None, 1.0, 0.75, 0.5, 0.25):
        raise ValueError("must be one of 1.0, 0.75, 0.5, 0.25.")


def at_least_one(_: object, classes: tuple[str, ...]) -> None:
    """A class at the least."""
    if not classes:
        raise ValueError("must name at least one class.")


def split_at_commas(_: object, text: str, **_options: object) -> list[str]:
    """Names of classes have spaces in them."""
    return [name.strip() for name in text.split(",")]


def whole(_: object, tokens: Sequence[Token]) -> int:
    """A whole number: by itself cyclopts would round a fraction."""
    text = tokens[0].value
    with suppress(ValueError):
        if "." not in text:
            return int(text)
        if float(text).is_integer():
            return int(float(text))
    raise ValueError(f'"{text}" is no whole number.')


Whole = Annotated[int, Parameter(converter=whole)]


def not_empty(_: object, name: object) -> None:
    """A name is not empty."""
    no_zero_byte(_, name)
    if name is not None and str(name) in ("", "."):
        raise ValueError("must be the name of a file.")


def no_zero_byte(_: object, name: object) -> None:
    """No system has a name with a zero byte in it."""
    if "\0" in str(name):
        raise ValueError("must be a name without a zero byte.")


def host_is_named(_: object, host: str) -> None:
    """An address to serve on."""
    if not host:
        raise ValueError("must be an address: 127.0.0.1, or 0.0.0.0 for the network.")


def hosts_are_named(_: object, names: tuple[str, ...]) -> None:
    """Names without scheme and port, as in a link between // and :."""
    for name in names:
        if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", name):
            raise ValueError(f"{name!r} must be a name alone, like camera.example.org.")


def size_makes_sense(_: object, size: str | None) -> None:
    """Width and height like 1280x720."""
    if size is None:
        return
    match = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", size)
    if not match or not all(16 <= int(side) <= 7680 for side in match.groups()):
        raise ValueError("must be WIDTHxHEIGHT, like 1280x720, each from 16 to 7680.")


def fourcc_makes_sense(_: object, fourcc: str | None) -> None:
    """Four letters."""
    if fourcc is not None and not re.fullmatch(r"[ -~]{4}", fourcc):
        raise ValueError("must be four letters, like MJPG or YUYV.")


def exposure_makes_sense(_: object, exposure: "float | str | None") -> None:
    """A number or auto."""
    if exposure not in (None, "auto") and not math.isfinite(float(exposure)):
        raise ValueError('must be a number or "auto".')


def act_max_makes_sense(_: object, act_max: "float | str") -> None:
    """A number within reason, or auto."""
    if act_max != "auto" and not abs(float(act_max)) <= LARGEST_ACT_MAX:
        raise ValueError(f'must be from -{LARGEST_ACT_MAX} to {LARGEST_ACT_MAX}, or "auto".')


def token_is_long(_: object, token: str | None) -> None:
    """Long enough not to be guessed, and safe in a link."""
    if token is not None and not re.fullmatch(r"[A-Za-z0-9._~-]{16,200}", token):
        raise ValueError("must be 16 to 200 letters, digits or any of . _ ~ -.")
