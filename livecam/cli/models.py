"""`livecam models`: what there is, and fetching ahead of time."""

from rich.console import Console
from rich.table import Table

from livecam.cli.console import say
from livecam.engines.choose import open_model
from livecam.models.catalogue import spec_of
from livecam.models.overview import ModelState, model_states


def list_models() -> int:
    """Print the table of models."""
    states = model_states()
    table = Table("model", "alpha", "classes", "size", "licence", "offline")
    for state in states:
        table.add_row(*_row(state))
    Console().print(table)
    for folder in sorted({str(state.path.parent) for state in states}):
        print(f"weights in {folder}")
    say("fetch ahead of time with: livecam models fetch imagenet --alpha 0.75")
    return 0


def fetch_model(name: str, alpha: float | None) -> int:
    """Fetch the weights and convert them, so that everything is ready without a network."""
    model = open_model(spec_of(name, alpha), engine="litert", say=say)
    say(f"{model.spec.title} is ready to be used offline")
    return 0


def _row(state: ModelState) -> tuple[str, ...]:
    spec = state.spec
    size = "not fetched" if state.size_mb is None else f"{state.size_mb:.1f} MB"
    ready = "yes" if state.is_ready else "no"
    alpha, classes = f"{spec.alpha:g}", str(len(spec.labels.names))
    return (spec.name, alpha, classes, size, spec.licence, ready)
