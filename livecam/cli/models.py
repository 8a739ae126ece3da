"""`livecam models`: lists the models, describes a network of one's own, fetches one for later."""

from pathlib import Path

from livecam.assembly.open_model import open_model
from livecam.cli.console import print_line, say
from livecam.cli.tables import print_table
from livecam.cli.usage_errors import no_command_of_models
from livecam.errors import SettingsError
from livecam.models.availability import ModelState, TaughtState, model_states, taught_states
from livecam.models.catalogue import DEFAULT_ALPHA, MODEL_NAMES, spec_of
from livecam.models.network_options import NetworkOptions

_FEW_CLASSES = 20


def list_models() -> int:
    """Print the models, where their weights are, and the classes of those with few.

    Those that were taught are listed where their files lie in the current folder.
    """
    states, taught = model_states(), taught_states(Path())
    headings = ("model", "alpha", "classes", "size", "licence", "offline")
    print_table(headings, [*map(_row, states), *map(_taught_row, taught)])
    for state in states:
        print_line(f"weights of {_name(state)}: {state.path}{_remark(state)}")
    for state in states:
        names = state.spec.labels.first_names
        if len(names) <= _FEW_CLASSES:
            print_line(f"classes of {_name(state)}: {', '.join(names)}")
        if any(level.sure_from for level in state.spec.levels):
            levels = ", ".join(f"{100 * level.sure_from:.3g} %" for level in state.spec.levels)
            print_line(f"{_name(state)} is sure from a probability of {levels} at detail 1, 2, 3")
    for one in taught:
        print_line(f"{one.path}: {one.problem or ', '.join(one.class_names)}")
    say(f"fetch ahead of time with: livecam models fetch imagenet --alpha {DEFAULT_ALPHA}")
    return 0


def describe_network(path: Path, labels: Path | None) -> int:
    """Print what is known of a network, one's own or one that comes here; gives the exit code.

    Raises:
        SettingsError: it is a word, and no command.
        ModelError: it cannot be used; the text says why.
    """
    is_here = str(path) in MODEL_NAMES
    if path.name == str(path) and not (is_here or path.suffix or path.exists()):
        raise SettingsError(no_command_of_models(str(path), ("fetch", "measure")))
    spec = spec_of(str(path) if is_here else path, options=NetworkOptions(labels))
    print_line(f"{'model':<9} {spec.title}")
    for name, value in spec.facts.items():
        print_line(f"{name:<9} {value}")
    names = spec.labels.first_names
    shown = ", ".join(names[:_FEW_CLASSES]) + (", ..." if len(names) > _FEW_CLASSES else "")
    print_line(f"{'classes':<9} {len(names)}: {shown}")
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


def _taught_row(one: TaughtState) -> tuple[str, ...]:
    alpha = "" if one.alpha is None else f"{one.alpha:g}"
    size = "cannot be used" if one.problem else f"{one.size_bytes / 1000:.0f} kB"
    classes = str(len(one.class_names)) if one.class_names else ""
    return (str(one.path), alpha, classes, size, "", "yes" if one.is_ready else "no")


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
