"""Cheap checks before anything is opened: contradictions, output files, window, unused flags."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import fields
from itertools import combinations
from pathlib import Path

from livecam.core.labels import Labels
from livecam.core.protocols import Source
from livecam.errors import SettingsError
from livecam.settings.combinations import check_recording_flags
from livecam.settings.schema import CameraSettings, Settings
from livecam.sinks.display_check import display_problem
from livecam.sinks.output_paths import clean_path, stats_path

Say = Callable[[str], None]


def check_classes_have_maps(labels: Labels, classes: Sequence[int]) -> None:
    """Raise SettingsError for a class without an activation map ("other")."""
    names = labels.first_names
    for index in classes:
        if index in labels.excluded:
            offered = ", ".join(names[i] for i in labels.class_choices)
            raise SettingsError(
                f"class {names[index]!r} stands for everything else and has no activation map: "
                f"use one of {offered}."
            )


def check_files_differ(source_text: str, settings: Settings) -> None:
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
        with suppress(OSError):  # a path that cannot be examined is reported elsewhere
            same = path.resolve() == twin.resolve() or (
                path.exists() and twin.exists() and path.samefile(twin)
            )
            if same:
                raise SettingsError(f"{name} and {other} are the same file {path}: name another.")


def should_open_window(settings: Settings, say: Say) -> bool:
    """Whether to open a window; reports why where there can be none.

    Raises:
        SettingsError: a window was asked for and is impossible, or there is no other output.
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
            f"{why}, and there is no other output: add --record FILE.mp4 or --stats FILE.jsonl."
        )
    check_recording_flags(settings)
    if problem:
        say(f"no window: {problem}; continuing without one")
    return False


_FOR_STREAMS = frozenset({"rate", "latency", "lost", "give_up"})
_FOR_ADDRESSES = frozenset({"give_up"})  # a file may have been waited for, too


def report_unused_flags(source: Source, source_text: str, settings: Settings, say: Say) -> None:
    """Report settings for cameras or streams that have no effect, because the source is neither.

    Args:
        source: opened, because only then a URL is known to be a stream or a file.
        source_text: SOURCE as typed.
        settings: all of them.
        say: receives one line, or none.
    """
    is_stream = "://" in source_text
    if source.is_live and not is_stream:
        return
    asked = settings.camera
    used = _FOR_STREAMS if source.is_live else _FOR_ADDRESSES if is_stream else frozenset()
    defaults = CameraSettings()
    unused = [
        f"--{field.name.replace('_', '-')}"
        for field in fields(asked)
        if field.name not in used and getattr(asked, field.name) != getattr(defaults, field.name)
    ]
    if settings.recording.pause == "freeze" and not source.is_live:
        unused.append("--pause freeze")
    if unused:
        verb = "has" if len(unused) == 1 else "have"
        what = "is a stream" if source.is_live else "is neither a camera nor a live stream"
        say(f"{', '.join(unused)} {verb} no effect: {source.title} {what}")


def report_silent_clips(source: Source, settings: Settings, say: Say) -> None:
    """Report that the recording of a folder has no sound, although clips in it may have."""
    from livecam.sources.files.file_sequence import FileSequence

    wanted = settings.output.record is not None and settings.recording.sound == "keep"
    if wanted and isinstance(source, FileSequence) and source.has_clips:
        say(f"{source.title}: the sound of its clips is not recorded; that of a clip alone is")
