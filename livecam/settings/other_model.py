"""Leaves out what a weaker source, mostly a settings file, says of another model than is asked for.

`--model flowers --config low_power.toml`: the file's alpha is one of imagenet, and a network of
one's own has labels that no other model has.
"""

from collections.abc import Callable, Sequence
from typing import get_args

from cyclopts import ArgumentCollection

from livecam.settings.model import ModelName

FOR_IMAGENET = ("alpha", "weights")
NAMED = get_args(ModelName)
FOR_FILES = ("labels", "preprocess", "channel-order", "input-size")
_DEMO_RANK = 1.5  # the demo's own model: weaker than what was typed, stronger than any file


def leave_out_other_model(
    commands: Sequence[str], arguments: ArgumentCollection, rank: Callable[[str], int]
) -> list[str]:
    """Take settings of another model from the arguments where one was asked for more strongly.

    Args:
        commands: the command that was given.
        arguments: all settings with what each was given.
        rank: of the source of a value, 0 for the strongest.

    Returns:
        A line for each that was left out.
    """
    by_name = {argument.name.removeprefix("--"): argument for argument in arguments}
    model = by_name.get("model")
    if model is None:
        return []
    if model.tokens:
        chosen, strength = model.tokens[0].value, float(rank(model.tokens[0].source))
    else:
        chosen, strength = "flowers" if "demo" in commands else "imagenet", _DEMO_RANK
    lines = []
    for name in (*FOR_IMAGENET, *FOR_FILES):
        owner = "imagenet" if name in FOR_IMAGENET else "a network of your own"
        if name in FOR_IMAGENET:
            is_own = chosen == "imagenet"
        else:  # where nothing names a model, the run says that these need one
            is_own = chosen not in NAMED or not (model.tokens or "demo" in commands)
        given = [] if is_own else by_name[name].tokens
        if given and rank(given[0].source) > strength:
            source = given[0].keyword if given[0].source == "env" else given[0].source
            lines.append(f"{name} of {source} is left out: it is for {owner}, not for {chosen}")
            given.clear()
    return lines
