"""What is impossible is refused, what is idle is told: cheap, and nothing is lost by it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import fields
from itertools import combinations
from pathlib import Path

from livecam.core.labels import Labels
from livecam.core.protocols import Source
from livecam.errors import SettingsError
from livecam.settings.schema import CameraSettings, Settings
from livecam.sinks.display_check import display_problem
from livecam.sinks.output_paths import clean_path, stats_path

Say = Callable[[str], None]


def refuse_never_found(labels: Labels, classes: Sequence[int]) -> None:
    """Raise SettingsError for a class that is never shown as a find ("other")."""
    names, finds = labels.first_names, labels.finds
    for index in classes:
        if index in labels.never_found:
            offered = ", ".join(names[i] for i in finds)
            raise SettingsError(
                f"{names[index]!r} is whatever else there is, it has no map: use one of {offered}."
            )


def refuse_same_file(source_text: str, settings: Settings) -> None:
    """Raise SettingsError where an output is the source itself or another output, forced or not."""
    output = settings.output
    files = {"SOURCE": Path(source_text)}
    if output.record is not None:
        files["--record"] = output.record
        if settings.recording.record_clean:
            files["--record-clean"] = clean_path(output.record)
        if settings.recording.record_stats:
            files["--record-stats"] = stats_path(output.record)
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
    _refuse_idle_recording(settings)
    if problem:
        say(f"no window: {problem}; going on without one")
    return False


def _refuse_idle_recording(settings: Settings) -> None:
    """Raise SettingsError where nothing is recorded, and no key could ask for it."""
    if settings.output.record is not None or settings.serve.serve:
        return
    chosen = settings.recording
    adding = {
        "--record-clean": chosen.record_clean,
        "--record-stats": chosen.record_stats,
        "--clip-before": chosen.clip_before > 0,
    }
    for flag, given in adding.items():
        if given:
            raise SettingsError(f"{flag} adds to a recording: give --record FILE as well.")


_FOR_STREAMS = frozenset({"rate", "latency", "lost", "give_up"})


def tell_idle_flags(source: Source, source_text: str, settings: Settings, say: Say) -> None:
    """Say which settings for cameras and streams were given in vain, because the source is none.

    Args:
        source: opened: only then it is known whether an address is a stream or a file.
        source_text: SOURCE as typed.
        settings: what was asked for.
        say: hears one line, or nothing.
    """
    is_stream = "://" in source_text
    if source.is_live and not is_stream:
        return
    asked = settings.camera
    heard = _FOR_STREAMS if source.is_live else frozenset()
    usual = CameraSettings()
    idle = [
        f"--{field.name.replace('_', '-')}"
        for field in fields(asked)
        if field.name not in heard and getattr(asked, field.name) != getattr(usual, field.name)
    ]
    if settings.recording.pause == "freeze" and not source.is_live:
        idle.append("--pause freeze")
    if idle:
        verb = "does" if len(idle) == 1 else "do"
        what = "is a stream" if source.is_live else "is no camera and no live stream"
        say(f"{', '.join(idle)} {verb} nothing here: {source.title} {what}")
