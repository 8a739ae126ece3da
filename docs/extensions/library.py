"""Classes of the library that are found by the annotations of its calls, wherever they lie."""

import typing

import livecam


def opened_model() -> str:
    """The documentation of what `livecam.open_model` gives."""
    return _class(
        typing.get_type_hints(livecam.open_model)["return"], "labels, class_choices, measure"
    )


def heat_settings() -> str:
    """The documentation of what `livecam.annotate` takes as `heat`."""
    hint = typing.get_type_hints(livecam.annotate)["heat"]
    (cls,) = (option for option in typing.get_args(hint) if option is not type(None))
    return _class(cls, "")


def _class(cls: type, members: str) -> str:
    name = f"{cls.__module__}.{cls.__qualname__}"
    return f"```{{eval-rst}}\n.. autoclass:: {name}()\n   :members: {members}\n```\n"
