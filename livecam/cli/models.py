"""`livecam models` and `livecam models fetch`: lists the models, and fetches one for later."""

from livecam.assembly.open_model import open_model
from livecam.cli.console import say
from livecam.cli.tables import print_table
from livecam.models.availability import ModelState, model_states
from livecam.models.catalogue import DEFAULT_ALPHA, spec_of

_FEW_CLASSES = 20


def list_models() -> int:
    """Print the models, where their weights are, and the classes of those with few."""
    states = model_states()
    headings = ("model", "alpha", "classes", "size", "licence", "offline")
    print_table(headings, map(_row, states))
    for state in states:
        print(f"weights of {_name(state)}: {state.path}{_remark(state)}")
    for state in states:
        names = state.spec.labels.first_names
        if len(names) <= _FEW_CLASSES:
            print(f"classes of {_name(state)}: {', '.join(names)}")
    say(f"fetch ahead of time with: livecam models fetch imagenet --alpha {DEFAULT_ALPHA}")
    return 0


def fetch_model(name: str, alpha: float | None) -> int:
    """Fetch the weights and convert them, so that the model works offline; gives the exit code.

    Raises:
        LivecamError: there is no such model, or it cannot be fetched or converted.
    """
    # LiteRT is the engine whose file is made ahead of time; the user did not name one.
    model = open_model(
        spec_of(name, alpha),
        engine="litert",
        say=lambda text: say(text.removesuffix(" (as requested)")),
    )
    say(f"{model.spec.title} is ready to be used offline")
    return 0


def _name(state: ModelState) -> str:
    return f"{state.spec.name} {state.spec.alpha:g}"


def _remark(state: ModelState) -> str:
    if state.problem:
        return f" ({state.problem})"
    return "" if state.is_ready else " (missing)"


def _row(state: ModelState) -> tuple[str, ...]:
    spec = state.spec
    size = "not fetched" if state.size_mb is None else state.problem or f"{state.size_mb:.1f} MB"
    ready = "yes" if state.is_ready else "no"
    alpha, classes = f"{spec.alpha:g}", str(len(spec.labels.names))
    return (spec.name, alpha, classes, size, spec.licence, ready)
