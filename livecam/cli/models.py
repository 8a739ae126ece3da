"""`livecam models`: what there is, and fetching ahead of time."""

from rich.console import Console
from rich.table import Column, Table

from livecam.cli.console import say
from livecam.engines.choose import open_model
from livecam.models.catalogue import spec_of
from livecam.models.overview import ModelState, model_states


def list_models() -> int:
    """Print the table of models."""
    table = Table("model", "alpha", "classes", Column("weights", overflow="fold"))
    for name in ("licence", "offline"):
        table.add_column(name, no_wrap=True)
    for state in model_states():
        table.add_row(*_row(state))
    Console().print(table)
    say("fetch ahead of time with: livecam models fetch imagenet --alpha 0.75")
    return 0


def fetch_model(name: str, alpha: float | None) -> int:
    """Fetch the weights and convert them, so that everything is ready without a network."""
    model = open_model(spec_of(name, alpha), engine="litert", say=say)
    say(f"{model.spec.title} is ready to be used offline")
    return 0


def _row(state: ModelState) -> tuple[str, ...]:
    spec = state.spec
    if state.size_mb is None:
        place, ready = "not fetched yet", "no"
    else:
        place, ready = f"{state.path} ({state.size_mb:.1f} MB)", "yes"
    return (spec.name, f"{spec.alpha:g}", str(len(spec.labels.names)), place, spec.licence, ready)
