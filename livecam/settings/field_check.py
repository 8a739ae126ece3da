"""Checks the fields of a settings object that was made in Python: types, choices and ranges.

What comes from the command line or a settings file was checked before, by the same rules.
"""

import json
import math
import types
from dataclasses import fields
from numbers import Real
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from cyclopts import Parameter

from livecam.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_UNIONS = (Union, types.UnionType)


def check_fields(settings: Any) -> None:
    """Check every field of a dataclass whose fields are numbers, switches and choices.

    Raises:
        SettingsError: a value is none that the command line would take; the text names the field.
    """
    hints = get_type_hints(type(settings), include_extras=True)
    for field in fields(settings):
        _check(field.name, getattr(settings, field.name), hints[field.name])


def _check(name: str, value: Any, hint: Any) -> None:
    wanted, parameter = _parts_of(hint)
    if not _is_one(value, wanted):
        raise SettingsError(f"{name} must be {_described(wanted)}, not {value!r}.")
    validators = parameter.validator if parameter is not None else ()
    for validator in cast("Iterable[Callable[[Any, Any], None]]", validators):
        try:
            validator(wanted, value)
        except ValueError as error:
            raise SettingsError(f"{name}: {value!r} is refused: {_sentence(error)}") from None


def _parts_of(hint: Any) -> tuple[Any, Parameter | None]:
    """The type, and what is noted beside it."""
    if get_origin(hint) is not Annotated:
        return hint, None
    wanted, *notes = get_args(hint)
    return wanted, next((note for note in notes if isinstance(note, Parameter)), None)


def _is_one(value: Any, wanted: Any) -> bool:
    """Whether the value is of the type; an integer is a number, and True is none."""
    if get_origin(wanted) in _UNIONS:
        return any(_is_one(value, one) for one in get_args(wanted))
    if get_origin(wanted) is Literal:
        return any(type(value) is type(one) and value == one for one in get_args(wanted))
    if wanted is float:
        return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, wanted)


def _described(wanted: Any) -> str:
    if get_origin(wanted) in _UNIONS:
        return " or ".join(map(_described, get_args(wanted)))
    if get_origin(wanted) is Literal:
        *most, last = (json.dumps(choice) for choice in get_args(wanted))
        return f"{', '.join(most)} or {last}" if most else last
    return {float: "a number", bool: "True or False"}.get(wanted, f"{wanted.__name__}")


def _sentence(error: ValueError) -> str:
    text = str(error)
    return text if text.endswith(".") else f"{text}."
