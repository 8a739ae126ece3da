"""What is impossible is refused before anything is opened: cheap, and nothing is lost by it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import combinations
from pathlib import Path

from livecam.errors import SettingsError
from livecam.models.catalogue import ModelSpec
from livecam.settings import Settings
from livecam.sinks.display import display_problem
from livecam.sinks.files import clean_path, figures_path

Say = Callable[[str], None]


def refuse_never_found(spec: ModelSpec, classes: Sequence[int]) -> None:
    """Raise SettingsError for a class that is never shown as a find ("other")."""
    for index in classes:
        if index in spec.never_found:
            finds = [n for i, n in enumerate(spec.labels.first_names) if i not in spec.never_found]
            name = spec.labels.first_names[index]
            raise SettingsError(f"{name!r} is no find: use one of {', '.join(finds)}.")


def refuse_same_file(source_text: str, settings: Settings) -> None:
    """Raise SettingsError where an output is the source itself or another output, forced or not."""
    output = settings.output
    files = {"SOURCE": Path(source_text)}
    if output.record is not None:
        files["--record"] = output.record
        if settings.recording.record_clean:
            files["--record-clean"] = clean_path(output.record)
        if settings.recording.record_stats:
            files["--record-stats"] = figures_path(output.record)
    if output.stats not in (None, "-"):
        files["--stats"] = Path(str(output.stats))
    for (name, path), (other, twin) in combinations(files.items(), 2):
        with suppress(OSError):  # a name that cannot be looked up is judged elsewhere
            same = path.resolve() == twin.resolve() or (
                path.exists() and twin.exists() and path.samefile(twin)
            )
            if same:
                raise SettingsError(f"{name} and {other} are the same file {path}: name another.")


def wants_window(settings: Settings, say: Say) -> bool:
    """Whether to open a window; says so where there can be none.

    Raises:
        SettingsError: a window was asked for and cannot be had, or nothing would be left to do.
    """
    wanted, output = settings.window.window, settings.output
    problem = display_problem() if wanted is not False else None
    if wanted is not False and problem is None:
        return True
    if wanted:
        raise SettingsError(f"no window can be opened: {problem}. Leave --window out.")
    if output.record is None and output.stats is None and not settings.serve.serve:
        why = f"no window can be opened: {problem}" if problem else "--no-window leaves no window"
        raise SettingsError(
            f"{why}, and nothing else to do was named: add --record FILE.mp4 or --stats FILE.jsonl."
        )
    if problem:
        say(f"no window: {problem}; going on without one")
    return False
