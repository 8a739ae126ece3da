"""Short representations of values that hold arrays: kind and shape instead of all numbers."""

from dataclasses import fields
from typing import Any

import numpy as np

MANY = 6  # elements of a tuple; more are counted, not shown


class ShortRepr:
    """Gives a dataclass (with `repr=False`) a representation of one short line."""

    __slots__ = ()

    def __repr__(self) -> str:
        shown = (f"{f.name}={short(getattr(self, f.name))}" for f in fields(self) if f.repr)  # type: ignore[arg-type]
        return f"{type(self).__name__}({', '.join(shown)})"


def short(value: Any) -> str:
    """A value in a few words: an array as "float32[7, 7]", a long tuple as "1000 items"."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{list(value.shape)}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple | list | dict) and len(value) > MANY:
        return f"{len(value)} items"
    return repr(value)
