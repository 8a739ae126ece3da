"""The command `livecam models` with its arguments and help texts."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from livecam.cli.measure_command import measure_offset_of_model
from livecam.cli.shared_flags import Alpha

models_app = App(name="models", help="List the models, or say what is known of a network.")
models_app.config = ()  # none of the settings applies here


@models_app.default
def list_all(
    path: Annotated[
        Path | None,
        Parameter(help="A model, or a network of your own; without it all are listed."),
    ] = None,
    /,
    *,
    labels: Annotated[Path | None, Parameter(help="Names of its classes, one a line.")] = None,
) -> int:
    """List the models, or say what is known of one, or of a network of your own."""
    from livecam.cli.models import describe_network, list_models

    return list_models() if path is None else describe_network(path, labels)


@models_app.command
def fetch(
    model: Annotated[str, Parameter(help="imagenet or flowers.")],
    /,
    *,
    alpha: Alpha = None,
) -> int:
    """Fetch a model's weights and convert them ahead of time."""
    from livecam.cli.models import fetch_model

    return fetch_model(model, alpha)


models_app.command(measure_offset_of_model, name="measure")
