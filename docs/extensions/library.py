"""What `livecam.open_model` gives, found by its annotation."""

import typing

import livecam


def opened_model() -> str:
    """The documentation of the class, wherever it lies."""
    cls = typing.get_type_hints(livecam.open_model)["return"]
    name = f"{cls.__module__}.{cls.__qualname__}"
    directive = f".. autoclass:: {name}()\n   :members: labels, class_choices, measure\n"
    return f"```{{eval-rst}}\n{directive}```\n"
